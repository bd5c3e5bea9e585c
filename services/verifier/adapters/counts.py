"""Count verifications, and tell the house: decisions and codes, neither the credential nor the person."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from chassis.broker import Publisher
from chassis.documents import PendingEvent
from chassis.metrics import Metrics
from chassis.outbox import pending_event
from schemas.events import CredentialVerified, Decision, Verification
from schemas.faults import Unavailable
from verifier.domain.report import Report
from verifier.domain.verdicts import CheckId

GATHERING_SECONDS = 1.0
"""Verifications that end alike within this are told together: a house that verifies thousands tells a few facts."""
_MOST_KINDS = 1000
_PAUSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Kind:
    """What verifications have in common that are told together."""

    decision: Decision
    codes: tuple[str, ...]
    format: str | None
    organisation: str | None


@dataclass(slots=True)
class _Alike:
    """Verifications of one kind that have not been told."""

    times: int = 0
    milliseconds: float = 0.0
    trace: Context = field(default_factory=copy_context)
    """That of the first."""


class AnnouncedCounts:
    """Metrics at once, `CredentialVerified` when Kafka takes it. No answer waits; what is too much is lost."""

    def __init__(self, publisher: Publisher, metrics: Metrics, clock: Callable[[], datetime]) -> None:
        self._publisher = publisher
        self._metrics = metrics
        self._clock = clock
        self._waiting: dict[_Kind, _Alike] = {}
        self._counted = asyncio.Event()
        self._so_far: Counter[str] = Counter()
        metrics.count_verifications(lambda: self._so_far)

    def count(self, report: Report, milliseconds: float) -> None:
        """Count one; neither blocks nor raises."""
        decision = report.decision.value
        self._so_far[decision] += 1
        self._metrics.verification.record(milliseconds / 1000, {"decision": decision})
        kind = _kind(report)
        if kind not in self._waiting and len(self._waiting) >= _MOST_KINDS:
            return
        alike = self._waiting.setdefault(kind, _Alike())
        alike.times += 1
        alike.milliseconds += milliseconds
        self._counted.set()

    async def run(self) -> None:
        """Publish what was counted, for as long as the service runs."""
        while True:
            await self._counted.wait()
            await asyncio.sleep(GATHERING_SECONDS)
            self._counted.clear()
            waiting, self._waiting = self._waiting, {}
            await self._publish([alike.trace.run(self._pending, kind, alike) for kind, alike in waiting.items()])

    async def _publish(self, batch: list[PendingEvent]) -> None:
        while True:
            try:
                await self._publisher.publish(batch)
            except Unavailable:
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                return

    def _pending(self, kind: _Kind, alike: _Alike) -> PendingEvent:
        verification = uuid4()
        return pending_event(
            CredentialVerified(
                id=verification,
                source="/verifier",
                subject=str(verification),
                time=self._clock(),
                data=Verification(
                    decision=kind.decision,
                    codes=kind.codes,
                    format=kind.format,
                    organisation=kind.organisation,
                    milliseconds=alike.milliseconds / alike.times,
                    times=alike.times,
                ),
            )
        )


def _kind(report: Report) -> _Kind:
    organisation = report.check(CheckId.ISSUER_TRUST).evidence.get("organisation")
    return _Kind(
        decision=report.decision,
        codes=tuple(code.value for code in report.codes),
        format=report.credential.format if report.credential else None,
        organisation=str(organisation) if organisation else None,
    )
