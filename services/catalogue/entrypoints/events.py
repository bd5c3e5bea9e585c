"""What the catalogue hears."""

from __future__ import annotations

from catalogue.handlers import RememberOrganisations
from chassis.broker import Listener
from schemas.events import OrganisationRegistered


def subscribe(listener: Listener, *, remember: RememberOrganisations) -> None:
    """Hear of organisations, whose names the catalogue's pages show."""

    @listener.on(OrganisationRegistered, group="catalogue.organisation-registered")
    async def on_organisations_registered(registered: list[OrganisationRegistered]) -> None:
        """Remember what they say about themselves."""
        await remember(registered)
