"""Places in status lists, leased in ranges: one write per range, not per credential.

Positions are handed out in order and spread over the list by a keyed permutation, so that neighbours in time are no
neighbours in the list. A range that a crash left unused is taken up again by the next process of the same name at its
first lease, and by any other once the lease has run out. Nothing here needs to be exact to be safe: a place that two
processes hand out is caught by the unique key of the outcomes.
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


@dataclass
class _Pool:
    """What this process holds of an organisation's lists."""

    slots: deque[StatusSlot] = field(default_factory=deque)
    until: datetime | None = None
    held: set[tuple[str, int]] = field(default_factory=set)
    """List and start of the ranges these places are from."""


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
            while len(pool.slots) < count:
                await self._lease(organisation, pool)
            return [pool.slots.popleft() for _ in range(count)]

    def give_back(self, slots: Sequence[StatusSlot]) -> None:
        """To be handed out next."""
        for slot in reversed(slots):
            self._pools[slot.organisation].slots.appendleft(slot)

    def mistrust(self, organisation: str) -> None:
        """Another process uses the same range, or a write whose answer was lost did happen: begin anew."""
        self._pools.pop(organisation, None)

    async def _lease(self, organisation: str, pool: _Pool) -> None:
        """More places into the pool: a range that was left over, else a fresh one."""
        for _ in range(ATTEMPTS):
            records = await self._lists(organisation)
            now = self._clock()
            left = self._left_over(records, pool, now)
            try:
                if left is not None:
                    await self._take_over(*left, pool, now)
                else:
                    await self._lease_fresh(organisation, records[-1] if records else None, pool, now)
            except Conflict:
                continue  # another process was faster
            return
        raise Unavailable(f"the status lists of {organisation} are being leased by too many at once")

    async def _lists(self, organisation: str) -> list[StatusListRecord]:
        """The organisation's lists, the newest last."""
        where = {"organisation": organisation}
        return [record async for record in every(self._records, where, order_by="number")]

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
        await self._records.replace(record.model_copy(update={"leases": (*others, mine) if unused else others}))
        if unused:
            self._fill(pool, record, mine, unused)

    async def _lease_fresh(
        self, organisation: str, newest: StatusListRecord | None, pool: _Pool, now: datetime
    ) -> None:
        if newest is None or newest.next >= self._length:
            number = newest.number + 1 if newest else 1
            record = StatusListRecord(id=f"{organisation}/{number}", organisation=organisation, number=number)
            await self._records.insert_many([record])
            return
        end = min(newest.next + self._size, self._length)
        fresh = Lease(holder=self._holder, start=newest.next, end=end, until=now + self._period)
        # Of this process's earlier ranges only the latest can still have places on their way into outcomes.
        mine = [lease for lease in newest.leases if lease.holder == self._holder]
        kept = tuple(lease for lease in newest.leases if lease not in mine[:-1])
        await self._records.replace(newest.model_copy(update={"next": end, "leases": (*kept, fresh)}))
        self._fill(pool, newest, fresh, self._spread(newest, fresh.start, fresh.end))

    def _fill(self, pool: _Pool, record: StatusListRecord, lease: Lease, slots: Sequence[StatusSlot]) -> None:
        pool.slots.extend(slots)
        pool.held.add((record.id, lease.start))
        pool.until = lease.until

    def _spread(self, record: StatusListRecord, start: int, end: int) -> list[StatusSlot]:
        key = self._key_of(record.id)
        return [StatusSlot(list=record.id, index=spread(key, n, self._length)) for n in range(start, end)]

    async def _unused(self, slots: Sequence[StatusSlot]) -> list[StatusSlot]:
        where = {"slot": OneOf(tuple(slot.key for slot in slots))}
        used = {outcome.slot async for outcome in every(self._outcomes, where, portion=200)}
        return [slot for slot in slots if slot.key not in used]
