"""A search that reads the collection in order and keeps what matches: right for catalogues of hundreds."""

from __future__ import annotations

from catalogue.domain.lifecycle import Stage
from catalogue.domain.search import Wanted, matches
from catalogue.ports import CataloguedOffering, Offerings
from chassis.documents import Page, Where
from chassis.documents.port import write_cursor

ORDER = "title"


class ScanningSearch:
    """Stage and level are looked up by index, words and fields of education by reading."""

    def __init__(self, offerings: Offerings, *, stride: int = 200) -> None:
        self._offerings = offerings
        self._stride = stride

    async def __call__(self, wanted: Wanted, *, after: str | None, limit: int) -> Page[CataloguedOffering]:
        """See `catalogue.ports.Search`."""
        where: Where = {"stage": Stage.PUBLISHED.value}
        if wanted.level is not None:
            where = {**where, "level": wanted.level.uri}
        found: list[CataloguedOffering] = []
        while True:
            page = await self._offerings.find(where, order_by=ORDER, after=after, limit=self._stride)
            for offering in page.items:
                if offering.life.current is None or not matches(offering.life.current, wanted):
                    continue
                if len(found) == limit:
                    last = found[-1]
                    return Page(tuple(found), write_cursor(last.title, last.id))
                found.append(offering)
            if (after := page.next) is None:
                return Page(tuple(found), None)
