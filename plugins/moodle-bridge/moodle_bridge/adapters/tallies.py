"""Counts kept in memory and written once a second: who knocks without a key must not make us write each time.

A process that is killed forgets up to the last second. These are numbers for operators, not part of the account.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import uuid4

from chassis.documents import Range, every
from moodle_bridge.ports import Clock, Occurrence, Tally, TallyStore
from schemas.values import instant_text

_Key = tuple[Occurrence, str, str | None, datetime]


class StoredTallies:
    """Tallies in a collection to which rows are only ever added."""

    def __init__(self, store: TallyStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._fresh: Counter[_Key] = Counter()

    def count(self, occurrence: Occurrence, reason: str, platform: str | None) -> None:
        """One more."""
        self._fresh[occurrence, reason, platform, self._clock().replace(microsecond=0)] += 1

    async def flush(self) -> None:
        """Write what was counted since the last time. What cannot be written is kept for the next time."""
        fresh, self._fresh = self._fresh, Counter()
        rows = [
            Tally(id=uuid4().hex, occurrence=occurrence, reason=reason, platform=platform, at=at, count=count)
            for (occurrence, reason, platform, at), count in fresh.items()
        ]
        try:
            await self._store.insert_many(rows)
        except BaseException:
            self._fresh.update(fresh)
            raise

    async def total(self, occurrence: Occurrence, since: datetime | None) -> int:
        """How many there were since then."""
        await self.flush()
        where: dict[str, str | Range] = {"occurrence": occurrence.value}
        if since is not None:
            where["at"] = Range(ge=instant_text(since.replace(microsecond=0)))
        return sum([row.count async for row in every(self._store, where)])
