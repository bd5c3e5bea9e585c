"""What operators do about parked messages: replay them, or give them up. Whatever they do is written down first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import uuid4

from chassis.access import Principal
from chassis.broker.delivery import Forecast, Received, Unhandled
from chassis.documents.port import Page
from chassis.parking.masking import masked, masked_headers, masked_key
from chassis.parking.store import ParkedMessage, Parking, WrittenDown
from chassis.parking.views import (
    AuditEntry,
    Deed,
    Discarded,
    DiscardReport,
    ParkedDetail,
    ParkedItem,
    Replayed,
    ReplayReport,
)
from schemas.faults import Conflict, NotFound

HISTORY = 100
PATIENCE = 5.0
"""Seconds a request may take before what is left is left to the next one."""


class Handlers(Protocol):
    """What messages are given to, by the name of the subscription."""

    async def redeliver(self, group: str, message: Received) -> Unhandled | None:
        """Handled once it returns None, else why not. Raises `Unavailable`, and `NotFound` for no such group."""
        ...

    async def foresee(self, group: str, message: Received) -> Forecast:
        """What would come of it, as far as that can be seen. Raises as `redeliver` does."""
        ...


class Repairs:
    """An operator's hands in one service's parking."""

    def __init__(
        self, parking: Parking, handlers: Handlers, *, clock: Callable[[], datetime], per_second: float
    ) -> None:
        """`per_second`: so many messages are replayed at most, however many ask for it at once."""
        self.parking = parking
        self._handlers = handlers
        self._clock = clock
        self._pause = 1 / per_second
        self._replaying = asyncio.Lock()

    async def show(self, message: str) -> ParkedDetail:
        """One message in full, but for what might be about a person. Raises `NotFound`."""
        parked = await self._get(message)
        page = await self.parking.audit.find({"entry.message": message}, order_by="entry.at", limit=HISTORY)
        return ParkedDetail(
            **item(parked).model_dump(),
            key=masked_key(parked.key),
            headers=masked_headers(parked.headers),
            payload=masked(parked.raw),
            bytes=len(parked.raw),
            history=tuple(line.entry for line in page.items),
        )

    async def foresee(self, messages: Sequence[str]) -> ReplayReport:
        """What a replay would do. Nothing is done. Raises `NotFound`, `Unavailable`."""
        parked = [await self._waiting(message) for message in messages]
        forecasts = [(one, await self._handlers.foresee(one.group, _received(one))) for one in parked]
        return ReplayReport(
            dry_run=True,
            items=tuple(Replayed(id=one.id, handled=seen.handled, said=seen.said) for one, seen in forecasts),
        )

    async def replay(self, messages: Sequence[str], asks: Principal) -> ReplayReport:
        """Give these to their handlers again, as they came: same id, same key, so that what was done is recognised.

        One after the other, at the pace set; those that took longer than `PATIENCE` are not in the report, and were not
        replayed. What is handled is parked no more; what fails again stays where it was, seen once more.
        Raises `NotFound` and `Conflict` before anything is done, `Unavailable` where it had to stop.
        """
        parked = [await self._waiting(message) for message in messages]
        now = asyncio.get_running_loop().time
        end = now() + PATIENCE
        done = []
        for one in parked:
            done.append(await self._replay(one, asks))
            if now() > end:
                break
        return ReplayReport(dry_run=False, items=tuple(done))

    async def discard(self, messages: Sequence[str], reason: str, asks: Principal) -> DiscardReport:
        """Give these up, for good; whoever waits for their completions is told why. Raises `NotFound`."""
        parked = [await self._waiting(message) for message in messages]
        given_up = []
        for one in parked:
            await self._write_down(one, asks, Deed.DISCARD, reason)
            if await self.parking.discard(one, Discarded(at=self._clock(), by=asks.label, reason=reason)):
                given_up.append(one.id)
        return DiscardReport(discarded=tuple(given_up))

    async def audit(self, after: str | None, limit: int) -> Page[WrittenDown]:
        """Who did what, oldest first."""
        return await self.parking.audit.find({}, order_by="entry.at", after=after, limit=limit)

    async def _replay(self, parked: ParkedMessage, asks: Principal) -> Replayed:
        async with self._replaying:
            await self._write_down(parked, asks, Deed.REPLAY)
            unhandled = await self._handlers.redeliver(parked.group, _received(parked))
            await asyncio.sleep(self._pause)
        if unhandled is None:
            await self.parking.collection.delete_many([parked.id])
            await self._write_down(parked, asks, Deed.HANDLED)
            return Replayed(id=parked.id, handled=True, said="handled")
        await self.parking.failed_again(parked, unhandled)
        said = f"{unhandled.reason}: {unhandled.detail}"
        await self._write_down(parked, asks, Deed.FAILED_AGAIN, said)
        return Replayed(id=parked.id, handled=False, said=said)

    async def _get(self, message: str) -> ParkedMessage:
        parked = await self.parking.collection.get(message)
        if parked is None:
            raise NotFound(f"the {self.parking.service} has no parked message {message}: it may be handled by now")
        return parked

    async def _waiting(self, message: str) -> ParkedMessage:
        parked = await self._get(message)
        if parked.discarded is not None:
            raise Conflict(f"message {message} was discarded by {parked.discarded.by}: {parked.discarded.reason}")
        return parked

    async def _write_down(self, parked: ParkedMessage, asks: Principal, deed: Deed, note: str | None = None) -> None:
        entry = AuditEntry(
            at=self._clock(),
            service=parked.service,
            who=asks.label,
            token=asks.id,
            deed=deed,
            message=parked.id,
            topic=parked.topic,
            reason=parked.reason,
            note=note,
        )
        await self.parking.audit.insert_many([WrittenDown(id=uuid4().hex, entry=entry)])


def item(parked: ParkedMessage) -> ParkedItem:
    """As it is listed."""
    return ParkedItem(**{name: getattr(parked, name) for name in ParkedItem.model_fields})


def _received(parked: ParkedMessage) -> Received:
    return Received(
        topic=parked.topic,
        partition=parked.partition,
        offset=parked.offset,
        key=parked.key.encode(),
        value=parked.raw,
        headers=tuple((name, value.encode()) for name, value in parked.headers.items()),
    )
