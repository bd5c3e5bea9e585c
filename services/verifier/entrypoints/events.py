"""What the verifier hears: organisations that announce themselves, and credentials whose state changed."""

from __future__ import annotations

from chassis.broker import Listener
from schemas.events import CredentialStatusChanged, OrganisationRegistered
from verifier.handlers import ForgetStatusLists, RecordStatuses, TrustOrganisations


def listen(
    listener: Listener, trust: TrustOrganisations, record: RecordStatuses, forget: ForgetStatusLists
) -> Listener:
    """The listener, hearing what the verifier needs to know."""

    @listener.on(OrganisationRegistered, group="verifier.organisation-registered")
    async def on_organisations_registered(events: list[OrganisationRegistered]) -> None:
        """Put the organisations of this house on the trust list."""
        await trust(events)

    @listener.on(CredentialStatusChanged, group="verifier.credential-status-changed")
    async def on_statuses_changed(events: list[CredentialStatusChanged]) -> None:
        """Keep why a credential was revoked, and that it was."""
        await record(events)

    @listener.on(CredentialStatusChanged, group="verifier.status-list-cache", broadcast=True)
    async def on_status_lists_changed(events: list[CredentialStatusChanged]) -> None:
        """Let go of the lists that changed: every replica of its own copy, so that revoked is visible at once."""
        await forget(events)

    return listener
