"""Count verifications, and tell the house: decisions and codes, neither the credential nor the person."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from chassis.broker import Publisher
from chassis.documents import PendingEvent
from chassis.metrics import Metrics
from chassis.outbox import pending_event
from schemas.events import CredentialVerified, Verification
from schemas.faults import Unavailable
from verifier.domain.report import Report
from verifier.domain.verdicts import CheckId

_MOST_WAITING = 1000
_PAUSE_SECONDS = 5.0


class AnnouncedCounts:
    """Metrics at once, `CredentialVerified` when Kafka takes it. No answer waits; what is too much is lost."""

    def __init__(self, publisher: Publisher, metrics: Metrics, clock: Callable[[], datetime]) -> None:
        self._publisher = publisher
        self._metrics = metrics
        self._clock = clock
        self._waiting: asyncio.Queue[PendingEvent] = asyncio.Queue(_MOST_WAITING)

    def count(self, report: Report, milliseconds: float) -> None:
        """Count one; neither blocks nor raises."""
        decision = {"decision": report.decision.value}
        self._metrics.verifications.add(1, decision)
        self._metrics.verification.record(milliseconds / 1000, decision)
        if not self._waiting.full():
            self._waiting.put_nowait(pending_event(self._event(report, milliseconds)))

    async def run(self) -> None:
        """Publish what was counted, for as long as the service runs."""
        while True:
            batch = [await self._waiting.get()]
            while not self._waiting.empty() and len(batch) < _MOST_WAITING:
                batch.append(self._waiting.get_nowait())
            while True:
                try:
                    await self._publisher.publish(batch)
                    break
                except Unavailable:
                    await asyncio.sleep(_PAUSE_SECONDS)

    def _event(self, report: Report, milliseconds: float) -> CredentialVerified:
        verification = uuid4()
        organisation = report.check(CheckId.ISSUER_TRUST).evidence.get("organisation")
        return CredentialVerified(
            id=verification,
            source="/verifier",
            subject=str(verification),
            time=self._clock(),
            data=Verification(
                decision=report.decision,
                codes=tuple(code.value for code in report.codes),
                format=report.credential.format if report.credential else None,
                organisation=str(organisation) if organisation else None,
                milliseconds=milliseconds,
            ),
        )
