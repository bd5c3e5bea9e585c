"""Sightings as documents in the monitor's own database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from chassis.documents import Collection, Document, Documents, Index, Schema
from monitor.domain.flow import Sighting, Stage, Tally
from schemas.faults import Conflict

_ATTEMPTS = 10


class _Seen(Document):
    sighting: Sighting


SIGHTINGS = Schema(
    "sightings",
    _Seen,
    (Index(("sighting.at",)), Index(("sighting.stage", "sighting.at"))),
)


class _Beyond(Document):
    """How many facts of a stage, its id, were told beside those that have a document of their own."""

    count: int = 0


BEYOND = Schema("sightings_beyond", _Beyond)


class StoredSightings:
    """One document per fact, its id the event's: the second telling finds it there."""

    def __init__(self, documents: Documents) -> None:
        self._seen: Collection[_Seen] = documents.collection(SIGHTINGS)
        self._beyond: Collection[_Beyond] = documents.collection(BEYOND)

    async def add(self, sightings: Sequence[Sighting]) -> tuple[Sighting, ...]:
        """Keep them; those that are new."""
        fresh = {str(one.id): one for one in sightings}
        known = await self._seen.insert_many([_Seen(id=id_, sighting=one) for id_, one in fresh.items()])
        new = tuple(one for id_, one in fresh.items() if id_ not in known)
        beyond: Counter[Stage] = Counter()
        for one in new:
            beyond[one.stage] += one.times - 1
        for stage, count in (+beyond).items():
            await self._add_beyond(stage, count)
        return new

    async def _add_beyond(self, stage: Stage, count: int) -> None:
        """Count them where several processes count: a rare loss of some is no loss of facts."""
        for _ in range(_ATTEMPTS):
            kept = await self._beyond.get(stage.value)
            try:
                if kept is not None:
                    await self._beyond.replace(kept.model_copy(update={"count": kept.count + count}))
                    return
                if not await self._beyond.insert_many([_Beyond(id=stage.value, count=count)]):
                    return
            except Conflict:
                continue

    async def tally(self) -> tuple[Tally, ...]:
        """Every stage with its count and its last moment."""
        return tuple([await self._tally(stage) for stage in Stage])

    async def _tally(self, stage: Stage) -> Tally:
        newest = await self.latest(1, stage)
        beyond = await self._beyond.get(stage.value)
        count = await self._seen.count({"sighting.stage": stage.value}) + (beyond.count if beyond else 0)
        return Tally(stage=stage, count=count, last=newest[0].at if newest else None)

    async def latest(self, limit: int, stage: Stage | None = None) -> tuple[Sighting, ...]:
        """The newest first, of one stage or of all."""
        where = {} if stage is None else {"sighting.stage": stage.value}
        page = await self._seen.find(where, order_by="sighting.at", descending=True, limit=limit)
        return tuple(seen.sighting for seen in page.items)
