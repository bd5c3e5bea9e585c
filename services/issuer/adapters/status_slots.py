"""Places in status lists, leased in ranges: one write per range, not per credential.

Positions are handed out in order and spread over the list by a keyed permutation, so that neighbours in time are no
neighbours in the list. A range that a crash left unused is taken up again by the next process of the same name at its
first lease, and by any other once the lease has run out. Nothing here needs to be exact to be safe: a place that two
processes hand out is caught by the unique key of the outcomes.

A lease costs as many round trips whether it is of an organisation's first list or of its hundredth, and the one that
begins a list costs no more than others.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chassis.documents.port import OneOf, every
from credentials.status import LENGTH, spread
from issuer.ports import Clock, Lease, Outcomes, StatusListRecord, StatusListRecords, StatusSlot
from schemas.faults import Conflict, Unavailable

ATTEMPTS = 20
MOST_LEASED = 1000
"""More lists than there are processes; what is beyond is looked through another time."""


@dataclass
class _Pool:
    """What this process holds of an organisation's lists."""

    slots: deque[StatusSlot] = field(default_factory=deque)
    until: datetime | None = None
    held: list[tuple[str, int]] = field(default_factory=list)
    """List and start of the ranges that these places are from, the latest last."""
    used_up: list[tuple[str, int]] = field(default_factory=list)
    """Those of them that were given out, and written since, as far as anybody knows."""


class LeasedSlots:
    """Hands out places. One per process."""

    def __init__(  # noqa: PLR0913 the wiring names each thing it is given
        self,
        records: StatusListRecords,
        outcomes: Outcomes,
        *,
        key_of: Callable[[str], bytes],
        holder: str,
        clock: Clock,
        size: int = 1000,
        period: timedelta = timedelta(hours=1),
        length: int = LENGTH,
    ) -> None:
        """Wire it.

        `key_of` is the permutation's key for a list's id, secret and always the same; `holder` this process's name,
        the same after a restart and never another's at the same time. `size` positions are leased at once, for a
        `period`; a list has `length` entries.
        """
        self._records = records
        self._outcomes = outcomes
        self._key_of = key_of
        self._holder = holder
        self._clock = clock
        self._size = size
        self._period = period
        self._length = length
        self._pools: defaultdict[str, _Pool] = defaultdict(_Pool)
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def take(self, organisation: str, count: int) -> Sequence[StatusSlot]:
        """So many places of the organisation's lists; a full list is followed by the next."""
        async with self._locks[organisation]:
            pool = self._pools[organisation]
            if pool.until is not None and self._clock() >= pool.until:
                self._pools[organisation] = pool = _Pool()  # another process may have taken them over
            pool.used_up = pool.held[:-1]  # what is given out now is none of theirs, whatever is leased for it
            while len(pool.slots) < count:
                await self._lease(organisation, pool, count - len(pool.slots))
            return [pool.slots.popleft() for _ in range(count)]

    def give_back(self, slots: Sequence[StatusSlot]) -> None:
        """To be handed out next."""
        for slot in reversed(slots):
            self._pools[slot.organisation].slots.appendleft(slot)

    def mistrust(self, organisation: str) -> None:
        """Another process uses the same range, or a write whose answer was lost did happen: begin anew."""
        self._pools.pop(organisation, None)

    async def _lease(self, organisation: str, pool: _Pool, count: int) -> None:
        """More places into the pool: a range that was left over, else a fresh one, of so many at least."""
        for _ in range(ATTEMPTS):
            now, leased = self._clock(), await self._leased(organisation)
            left = self._left_over(leased, pool, now)
            try:
                if left is not None:
                    await self._take_over(*left, pool, now)
                else:
                    await self._lease_fresh(organisation, leased, pool, max(self._size, count), now)
            except Conflict:
                continue  # another process was faster
            return
        raise Unavailable(f"the status lists of {organisation} are being leased by too many at once")

    async def _leased(self, organisation: str) -> Sequence[StatusListRecord]:
        """The organisation's lists that are leased of: by processes that run, and by some that do no more."""
        return (await self._records.find({"organisation": organisation, "leased": True}, limit=MOST_LEASED)).items

    def _left_over(
        self, records: Sequence[StatusListRecord], pool: _Pool, now: datetime
    ) -> tuple[StatusListRecord, Lease] | None:
        for record in records:
            for lease in record.leases:
                abandoned = lease.holder == self._holder or lease.until <= now
                if abandoned and (record.id, lease.start) not in pool.held:
                    return record, lease
        return None

    async def _take_over(self, record: StatusListRecord, lease: Lease, pool: _Pool, now: datetime) -> None:
        slots = self._spread(record, lease.start, lease.end)
        unused = await self._unused(slots)
        others = tuple(other for other in record.leases if other != lease)
        mine = lease.model_copy(update={"holder": self._holder, "until": now + self._period})
        await self._records.replace(record.leasing((*others, mine) if unused else others))
        if unused:
            self._fill(pool, record, mine, unused)

    async def _lease_fresh(
        self, organisation: str, leased: Sequence[StatusListRecord], pool: _Pool, size: int, now: datetime
    ) -> None:
        """The next range of the newest list, or the first of a list that is begun. Raises `Conflict`.

        Of the ranges that this process gave out only the latest can still have places on their way into outcomes: the
        others are given up.
        """
        page = await self._records.find({"organisation": organisation}, order_by="number", descending=True, limit=1)
        newest = page.items[0] if page.items else None
        if newest is not None and newest.next < self._length:
            fresh = self._range(newest.next, size, now)
            record = newest.leasing((*self._kept(newest, pool), fresh), next=fresh.end)
            await self._records.replace(record)
        else:
            fresh = self._range(0, size, now)
            number = newest.number + 1 if newest else 1
            begun = StatusListRecord(id=f"{organisation}/{number}", organisation=organisation, number=number)
            record = begun.leasing((fresh,), next=fresh.end)
            if await self._records.insert_many([record]):
                raise Conflict(f"{record.id} was begun by another process")
        for full in leased:
            if full.number < record.number and (kept := self._kept(full, pool)) != full.leases:
                await self._records.replace(full.leasing(kept))
        pool.held = [each for each in pool.held if each not in pool.used_up]
        self._fill(pool, record, fresh, self._spread(record, fresh.start, fresh.end))

    def _kept(self, record: StatusListRecord, pool: _Pool) -> tuple[Lease, ...]:
        return tuple(
            lease
            for lease in record.leases
            if lease.holder != self._holder or (record.id, lease.start) not in pool.used_up
        )

    def _range(self, start: int, size: int, now: datetime) -> Lease:
        end = min(start + size, self._length)
        return Lease(holder=self._holder, start=start, end=end, until=now + self._period)

    def _fill(self, pool: _Pool, record: StatusListRecord, lease: Lease, slots: Sequence[StatusSlot]) -> None:
        pool.slots.extend(slots)
        pool.held.append((record.id, lease.start))
        pool.until = lease.until

    def _spread(self, record: StatusListRecord, start: int, end: int) -> list[StatusSlot]:
        key = self._key_of(record.id)
        return [StatusSlot(list=record.id, index=spread(key, n, self._length)) for n in range(start, end)]

    async def _unused(self, slots: Sequence[StatusSlot]) -> list[StatusSlot]:
        where = {"slot": OneOf(tuple(slot.key for slot in slots))}
        used = {outcome.slot async for outcome in every(self._outcomes, where, portion=200)}
        return [slot for slot in slots if slot.key not in used]
