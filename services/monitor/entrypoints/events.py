"""The monitor hears everything."""

from __future__ import annotations

from chassis.broker import Listener
from monitor.handlers import SeeEvents
from schemas.events import (
    AssessmentCompleted,
    CompletionCorrected,
    CompletionParked,
    CorrectionDecided,
    CredentialIssued,
    CredentialStatusChanged,
    CredentialVerified,
    Event,
    IssuanceRefused,
    OfferingPublished,
    OrganisationRegistered,
)

HEARD: tuple[type[Event], ...] = (
    AssessmentCompleted,
    CredentialIssued,
    IssuanceRefused,
    CompletionParked,
    CompletionCorrected,
    CorrectionDecided,
    CredentialStatusChanged,
    CredentialVerified,
    OfferingPublished,
    OrganisationRegistered,
)


def listen(listener: Listener, see: SeeEvents) -> None:
    """Have every event seen."""
    for kind in HEARD:

        @listener.on(kind, group=f"monitor.{kind.topic.removeprefix('laurel.').replace('.', '-')}")
        async def on_events(events: list[Event]) -> None:
            """See what passed by."""
            await see(events)
