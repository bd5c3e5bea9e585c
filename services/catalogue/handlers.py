"""Use cases: drafting, publishing and retiring offerings, finding them, and saying again what was said."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from catalogue.domain.lifecycle import Lifecycle, OfferingExists, OfferingUnknown
from catalogue.domain.search import Wanted
from catalogue.ports import (
    CataloguedOffering,
    Clock,
    KnownOrganisation,
    Nudge,
    Offerings,
    Organisations,
    Search,
)
from chassis.documents import Page, PendingEvent, every
from chassis.outbox import pending_event
from schemas.events import OfferingPublished, OrganisationRegistered, fact_id
from schemas.microcredential import Offering, OfferingContent, Organisation

SOURCE = "/catalogue"


def announcement(offering: Offering) -> PendingEvent:
    """What there is to say about a version as it stands. Said again, it is the same fact."""
    return pending_event(
        OfferingPublished(
            id=fact_id(uuid5(NAMESPACE_URL, f"urn:laurel:offering:{offering.key}"), offering.state),
            source=SOURCE,
            subject=offering.key,
            time=offering.retired or offering.published,
            data=offering,
        )
    )


class FindOffering:
    """An offering by its name, drafts included."""

    def __init__(self, offerings: Offerings) -> None:
        self._offerings = offerings

    async def __call__(self, offering: str) -> CataloguedOffering:
        """Raises `OfferingUnknown`."""
        found = await self._offerings.get(offering)
        if found is None:
            raise OfferingUnknown(f"there is no offering {offering}")
        return found


class CreateOffering:
    """Begin an offering with its first draft."""

    def __init__(self, offerings: Offerings) -> None:
        self._offerings = offerings

    async def __call__(self, content: OfferingContent) -> CataloguedOffering:
        """Raises `OfferingExists`."""
        created = CataloguedOffering.of(Lifecycle(draft=content))
        if await self._offerings.insert_many([created]):
            raise OfferingExists(f"there is an offering {content.id} already")
        return created


class ReviseOffering:
    """Write the draft of an offering anew: of a new one, of one still drafted, or of the next version."""

    def __init__(self, offerings: Offerings) -> None:
        self._offerings = offerings
        self._create = CreateOffering(offerings)

    async def __call__(self, content: OfferingContent) -> CataloguedOffering:
        """Raises `OfferingRetired`, `OfferingExists` (another organisation's), `Conflict` (changed meanwhile)."""
        known = await self._offerings.get(content.id)
        if known is None:
            return await self._create(content)
        return await self._offerings.replace(known.after(known.life.drafted(content)))


class _Announcing:
    """A step in an offering's life that everybody is told of."""

    def __init__(self, offerings: Offerings, clock: Clock, nudge: Nudge) -> None:
        self._offerings = offerings
        self._find = FindOffering(offerings)
        self._clock = clock
        self._nudge = nudge

    async def _announce(self, offering: str, step: Callable[[Lifecycle, datetime], Lifecycle]) -> Offering:
        known = await self._find(offering)
        life = step(known.life, self._clock())
        version = life.versions[-1]
        await self._offerings.replace(known.after(life, announcement(version)))
        self._nudge()
        return version


class PublishOffering(_Announcing):
    """Publish the draft as the next version, and tell everybody."""

    async def __call__(self, offering: str) -> Offering:
        """The version now in force. Raises what `Lifecycle.published` does, `OfferingUnknown` and `Conflict`."""
        return await self._announce(offering, Lifecycle.published)


class RetireOffering(_Announcing):
    """Take an offering out of the catalogue. What was earned before stays earned."""

    async def __call__(self, offering: str) -> Offering:
        """Its last version, retired. Raises what `Lifecycle.retired` does, `OfferingUnknown` and `Conflict`."""
        return await self._announce(offering, Lifecycle.retired)


class ReadOffering:
    """An offering as the public reads it: what is published, never a draft."""

    def __init__(self, offerings: Offerings) -> None:
        self._find = FindOffering(offerings)

    async def __call__(self, offering: str, version: int | None = None) -> tuple[Offering, ...]:
        """The version asked for (default: the current one), then all the others. Raises `OfferingUnknown`."""
        life = (await self._find(offering)).life
        if life.current is None:
            raise OfferingUnknown(f"there is no offering {offering}")
        asked = life.current if version is None else life.version(version)
        return asked, *(other for other in reversed(life.versions) if other != asked)


class ListOfferings:
    """What is on offer and is what somebody looks for, with those who offer it."""

    def __init__(self, search: Search, organisations: Organisations) -> None:
        self._search = search
        self._organisations = organisations

    async def __call__(
        self, wanted: Wanted, *, after: str | None = None, limit: int = 50
    ) -> tuple[Page[CataloguedOffering], dict[str, Organisation]]:
        """One page, and the organisations on it that are known, by id."""
        page = await self._search(wanted, after=after, limit=limit)
        return page, await self.organisations({found.organisation for found in page.items})

    async def organisations(self, ids: set[str]) -> dict[str, Organisation]:
        """Those of them that have announced themselves here, by id."""
        known = await self._organisations.get_many(ids)
        return {name: found.organisation for name, found in known.items()}


class RememberOrganisations:
    """Keep what organisations say about themselves."""

    def __init__(self, organisations: Organisations) -> None:
        self._organisations = organisations

    async def __call__(self, registered: Sequence[OrganisationRegistered]) -> None:
        """The last word on each of them counts."""
        latest = {event.data.id: event.data for event in registered}
        await self._organisations.put_many([KnownOrganisation(id=name, organisation=o) for name, o in latest.items()])


async def every_version(offerings: Offerings) -> AsyncIterator[PendingEvent]:
    """All that was ever said about offerings, as it stands now: for a log that is new or has lost its memory."""
    async for found in every(offerings, {}):
        for version in found.life.versions:
            yield announcement(version)
