"""What the catalogue keeps, and what it needs from the world.

The stores themselves are `chassis.documents` collections of the documents below.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, Self

from catalogue.domain.lifecycle import Lifecycle, Stage
from catalogue.domain.search import Wanted, folded
from chassis.documents import Collection, Document, Index, Page, PendingEvent, Schema
from schemas.microcredential import Organisation
from schemas.values import Slug

Clock = Callable[[], datetime]

Nudge = Callable[[], None]
"""Tells the outbox that there is something to publish. Neither blocks nor fails."""


class CataloguedOffering(Document):
    """An offering with its whole life. Its id is the offering's; what stands beside the life is there to search by."""

    organisation: Slug
    stage: Stage
    title: str
    """In the primary language, folded: what lists are ordered by."""
    level: str | None = None
    """URI of the EQF level."""
    life: Lifecycle

    @classmethod
    def of(cls, life: Lifecycle, *, version: int = 0, pending: tuple[PendingEvent, ...] = ()) -> Self:
        """The document of a life. It is searched by what is published, and by its draft only before that."""
        shown = life.current or life.draft
        if shown is None:
            raise ValueError("a life begins with a draft")
        return cls(
            id=shown.id,
            version=version,
            pending=pending,
            organisation=shown.organisation,
            stage=life.stage,
            title=folded(shown.title.get(shown.primary_language) or next(iter(shown.title.values()))),
            level=shown.level.eqf.uri if shown.level and shown.level.eqf else None,
            life=life,
        )

    def after(self, life: Lifecycle, *announcements: PendingEvent) -> Self:
        """This document with its life gone on, and what is to be said about that."""
        return self.of(life, version=self.version, pending=(*self.pending, *announcements))


class KnownOrganisation(Document):
    """An organisation, as it last announced itself. Its id is the organisation's."""

    organisation: Organisation


OFFERINGS = Schema(
    "offerings",
    CataloguedOffering,
    indexes=(Index(("stage", "title")), Index(("stage", "level", "title")), Index(("organisation",))),
)
ORGANISATIONS = Schema("organisations", KnownOrganisation)

Offerings = Collection[CataloguedOffering]
Organisations = Collection[KnownOrganisation]


class Search(Protocol):
    """Finds what is on offer: published and not retired, in the order of their titles."""

    async def __call__(self, wanted: Wanted, *, after: str | None, limit: int) -> Page[CataloguedOffering]:
        """One page; `after` is an earlier page's `next`, `Malformed` when it is not. Raises `Unavailable`."""
        ...
