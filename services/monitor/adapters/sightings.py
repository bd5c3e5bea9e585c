"""Sightings as documents in the monitor's own database."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.documents import Collection, Document, Documents, Index, Schema
from monitor.domain.flow import Sighting, Stage, Tally


class _Seen(Document):
    sighting: Sighting


SIGHTINGS = Schema(
    "sightings",
    _Seen,
    (Index(("sighting.at",)), Index(("sighting.stage", "sighting.at"))),
)


class StoredSightings:
    """One document per fact, its id the event's: the second telling finds it there."""

    def __init__(self, documents: Documents) -> None:
        self._seen: Collection[_Seen] = documents.collection(SIGHTINGS)

    async def add(self, sightings: Sequence[Sighting]) -> tuple[Sighting, ...]:
        """Keep them; those that are new."""
        fresh = {str(one.id): one for one in sightings}
        known = await self._seen.insert_many([_Seen(id=id_, sighting=one) for id_, one in fresh.items()])
        return tuple(one for id_, one in fresh.items() if id_ not in known)

    async def tally(self) -> tuple[Tally, ...]:
        """Every stage with its count and its last moment."""
        return tuple([await self._tally(stage) for stage in Stage])

    async def _tally(self, stage: Stage) -> Tally:
        newest = await self.latest(1, stage)
        count = await self._seen.count({"sighting.stage": stage.value})
        return Tally(stage=stage, count=count, last=newest[0].at if newest else None)

    async def latest(self, limit: int, stage: Stage | None = None) -> tuple[Sighting, ...]:
        """The newest first, of one stage or of all."""
        where = {} if stage is None else {"sighting.stage": stage.value}
        page = await self._seen.find(where, order_by="sighting.at", descending=True, limit=limit)
        return tuple(seen.sighting for seen in page.items)
