"""The monitor hears everything."""

from __future__ import annotations

from chassis.broker import Listener
from monitor.handlers import SeeEvents
from schemas.events import (
    AssessmentCompleted,
    CompletionParked,
    CredentialIssued,
    CredentialStatusChanged,
    CredentialVerified,
    IssuanceRefused,
    OfferingPublished,
    OrganisationRegistered,
)


def listen(listener: Listener, see: SeeEvents) -> None:
    """Have every event seen."""

    @listener.on(AssessmentCompleted, group="monitor.assessment-completed")
    async def on_assessments_completed(events: list[AssessmentCompleted]) -> None:
        """See what the bridge accepted."""
        await see(events)

    @listener.on(CredentialIssued, group="monitor.credential-issued")
    async def on_credentials_issued(events: list[CredentialIssued]) -> None:
        """See what the issuer sealed."""
        await see(events)

    @listener.on(IssuanceRefused, group="monitor.issuance-refused")
    async def on_issuances_refused(events: list[IssuanceRefused]) -> None:
        """See what the issuer refused."""
        await see(events)

    @listener.on(CompletionParked, group="monitor.completion-parked")
    async def on_completions_parked(events: list[CompletionParked]) -> None:
        """See what was set aside."""
        await see(events)

    @listener.on(CredentialStatusChanged, group="monitor.credential-status-changed")
    async def on_statuses_changed(events: list[CredentialStatusChanged]) -> None:
        """See what was revoked, suspended or reinstated."""
        await see(events)

    @listener.on(CredentialVerified, group="monitor.credential-verified")
    async def on_credentials_verified(events: list[CredentialVerified]) -> None:
        """See what was verified, and how it ended."""
        await see(events)

    @listener.on(OfferingPublished, group="monitor.offering-published")
    async def on_offerings_published(events: list[OfferingPublished]) -> None:
        """See what is on offer."""
        await see(events)

    @listener.on(OrganisationRegistered, group="monitor.organisation-registered")
    async def on_organisations_registered(events: list[OrganisationRegistered]) -> None:
        """See who awards."""
        await see(events)
