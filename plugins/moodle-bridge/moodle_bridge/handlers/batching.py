"""Taking in several deliveries at once: each comes to what it would have come to alone."""

from __future__ import annotations

from collections.abc import Sequence

from moodle_bridge.domain import translate
from moodle_bridge.domain.batches import Kind, read_batch
from moodle_bridge.handlers.accepting import AcceptCompletions, AcceptedDelivery, Delivery
from moodle_bridge.handlers.correcting import AcceptCorrection, CorrectionReceipt
from moodle_bridge.ports import Clock, Digest, RegisteredPlatform
from schemas.faults import Fault, Unavailable

Result = AcceptedDelivery | CorrectionReceipt | Fault
"""What came of one delivery: a fault is a value here, so that the others are accepted."""


class AcceptBatch:
    """Accept the completions of a batch together, then its corrections in their order."""

    def __init__(self, accept: AcceptCompletions, correct: AcceptCorrection, *, digest: Digest, clock: Clock) -> None:
        self._accept = accept
        self._correct = correct
        self._digest = digest
        self._clock = clock

    async def __call__(self, platform: RegisteredPlatform, body: bytes) -> Sequence[Result]:
        """What came of each, in order.

        Raises `Malformed` for what is no batch, `Unavailable`: some may have been accepted, and the same again does no
        harm.
        """
        items = read_batch(body).items
        results: dict[int, Result] = {}
        deliveries: dict[int, Delivery] = {}
        for place, item in enumerate(items):
            if item.kind is Kind.COMPLETION:
                try:
                    deliveries[place] = self._delivery(item.body.encode("utf-8", "surrogatepass"))
                except Fault as fault:
                    results[place] = fault
        accepted = await self._accept(platform, list(deliveries.values()), returning=True)
        results |= dict(zip(deliveries, accepted, strict=True))
        for place, item in enumerate(items):
            if item.kind is Kind.CORRECTION:
                results[place] = await self._corrected(platform, item.body.encode("utf-8", "surrogatepass"))
        return [results[place] for place in range(len(items))]

    def _delivery(self, body: bytes) -> Delivery:
        return Delivery(translate.told(translate.read(body, self._clock())), self._digest(body))

    async def _corrected(self, platform: RegisteredPlatform, body: bytes) -> Result:
        try:
            return await self._correct(platform, body)
        except Unavailable:
            raise
        except Fault as fault:
            return fault
