"""The issuance log in a collection: a document per page, appended one after the other whoever appends."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from credentials.issuance_log import beginning, content_of, shortcut
from issuer.ports import Clock, LogEntry, LogPage, LogPages
from schemas.faults import NotFound, Unavailable
from schemas.microcredential import Organisation

ATTEMPTS = 50
PAGE = 500
"""Entries of one page at most: as many as a batch of completions has, which is written down in one step."""


class ChainedLog:
    """Appends to, and reads, the logs of all organisations. Several processes may: a page's number is given once."""

    def __init__(self, pages: LogPages, *, clock: Clock) -> None:
        self._pages = pages
        self._clock = clock
        self._last: dict[str, LogPage] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def append(self, organisation: Organisation, entries: Sequence[LogEntry]) -> Sequence[int]:
        """On the next page, or pages. Raises `Unavailable`: they may stand there all the same."""
        numbers: list[int] = []
        async with self._locks[organisation.id]:
            for start in range(0, len(entries), PAGE):
                some = entries[start : start + PAGE]
                numbers += [await self._append(organisation, some)] * len(some)
        return numbers

    async def newest(self, organisation: str) -> LogPage | None:
        """As it is in the store: another process may have written it."""
        page = await self._pages.find({"organisation": organisation}, order_by="number", descending=True, limit=1)
        return page.items[0] if page.items else None

    async def pages(self, organisation: str, numbers: Sequence[int]) -> Sequence[LogPage]:
        """In one round trip."""
        ids = [_id(organisation, number) for number in numbers]
        found = await self._pages.get_many(ids)
        if missing := [number for number, id_ in zip(numbers, ids, strict=True) if id_ not in found]:
            raise NotFound(f"the issuance log of {organisation} has no page {missing[0]}")
        return [found[id_] for id_ in ids]

    async def _append(self, organisation: Organisation, entries: Sequence[LogEntry]) -> int:
        for _ in range(ATTEMPTS):
            last = self._last.pop(organisation.id, None) or await self.newest(organisation.id)
            page = await self._next(organisation, last, entries)
            if not await self._pages.insert_many([page]):
                self._last[organisation.id] = page
                return page.number
        raise Unavailable(f"too many write to the issuance log of {organisation.id} at once")

    async def _next(self, organisation: Organisation, last: LogPage | None, entries: Sequence[LogEntry]) -> LogPage:
        number = last.number + 1 if last else 1
        previous = last.step.link if last else beginning(organisation.did)
        now = self._clock()
        return LogPage(
            id=_id(organisation.id, number),
            organisation=organisation.id,
            number=number,
            at=max(now, last.at) if last else now,
            entries=tuple(entries),
            content=content_of([(entry.credential, entry.award) for entry in entries]),
            previous=previous,
            shortcut=await self._link(organisation, shortcut(number), previous, number),
        )

    async def _link(self, organisation: Organisation, to: int, previous: str, number: int) -> str:
        if to == number - 1:
            return previous
        if to == 0:
            return beginning(organisation.did)
        (page,) = await self.pages(organisation.id, [to])
        return page.step.link


def _id(organisation: str, number: int) -> str:
    return f"{organisation}/{number}"
