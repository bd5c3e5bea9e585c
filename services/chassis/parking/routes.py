"""What the services of a process have set aside, over HTTP: for operators of everything, and the monitor for them."""

# No `from __future__ import annotations`: a route's annotation names a dependency that is local to `parked_routes`.

from collections.abc import Awaitable, Callable, Iterable
from typing import Annotated, TypeAlias, TypeVar

from fastapi import APIRouter, Depends, Query

from chassis.access import AccessTokens, Principal, Scope
from chassis.documents.port import Document, Page
from chassis.parking.repairs import Repairs, item
from chassis.parking.views import (
    AuditEntries,
    Discard,
    DiscardReport,
    ParkedDetail,
    ParkedItems,
    Replay,
    ReplayReport,
)
from schemas.faults import Malformed, NotFound

D = TypeVar("D", bound=Document)
_Read: TypeAlias = Callable[[Repairs, str | None], Awaitable[Page[D]]]
_After = Annotated[str | None, Query(max_length=1000)]
_Limit = Annotated[int, Query(ge=1, le=1000)]


class _Places:
    """The parkings of this process, by their services' names, one after the other."""

    def __init__(self, repairs: Iterable[Repairs]) -> None:
        self._by_name = {each.parking.service: each for each in repairs}

    def of(self, service: str) -> Repairs:
        """This service's. Raises `NotFound`."""
        if service not in self._by_name:
            raise NotFound(f"no service {service!r} is in this process; there are: {', '.join(sorted(self._by_name))}")
        return self._by_name[service]

    async def page(self, read: _Read[D], service: str | None, after: str | None) -> tuple[tuple[D, ...], str | None]:
        """A page of one service, and where to go on: in it, or in the next one."""
        names = sorted(self._by_name) if service is None else [self.of(service).parking.service]
        name, _, cursor = (after or "").partition("~")
        if after and name not in names:
            raise Malformed("`after` is no cursor of ours: start again without it")
        left = [each for each in names if each >= name]
        if not left:
            return (), None
        found = await read(self._by_name[left[0]], cursor or None)
        following = f"{left[0]}~{found.next}" if found.next else f"{left[1]}~" if len(left) > 1 else None
        return found.items, following


def parked_routes(repairs: Iterable[Repairs], access: AccessTokens) -> APIRouter:
    """`/api/v1/account/parked…`: list, show, replay, discard, and who did that.

    Services come in the order of their names, all of one before the next; `service` asks for one alone.
    """
    places = _Places(repairs)
    operator = access.require(Scope.OPERATOR)

    async def all_seeing(principal: Annotated[Principal, Depends(operator)]) -> Principal:
        principal.must_own()  # what cannot be read belongs to nobody in particular
        return principal

    router = APIRouter(prefix="/api/v1/account/parked", tags=["account"], dependencies=[Depends(all_seeing)])

    @router.get("")
    async def parked(service: str | None = None, after: _After = None, limit: _Limit = 100) -> ParkedItems:
        """Messages that could not be handled, and why; discarded ones too."""
        found, following = await places.page(
            lambda here, cursor: here.parking.collection.find({}, after=cursor, limit=limit), service, after
        )
        return ParkedItems(items=tuple(map(item, found)), next=following)

    @router.get("/audit")
    async def audit(service: str | None = None, after: _After = None, limit: _Limit = 100) -> AuditEntries:
        """Who replayed or discarded what, when and why."""
        found, following = await places.page(lambda here, cursor: here.audit(cursor, limit), service, after)
        return AuditEntries(items=tuple(line.entry for line in found), next=following)

    @router.get("/{service}/{message}")
    async def show(service: str, message: str) -> ParkedDetail:
        """One message in full; what might be about a person is masked."""
        return await places.of(service).show(message)

    @router.post("/replays")
    async def replay(wanted: Replay, asks: Annotated[Principal, Depends(all_seeing)]) -> ReplayReport:
        """Have messages handled again, at a measured pace; of a dry run, say what would happen."""
        here = places.of(wanted.service)
        return await (here.foresee(wanted.messages) if wanted.dry_run else here.replay(wanted.messages, asks))

    @router.post("/discards")
    async def discard(wanted: Discard, asks: Annotated[Principal, Depends(all_seeing)]) -> DiscardReport:
        """Give messages up, for good, with a reason."""
        return await places.of(wanted.service).discard(wanted.messages, wanted.reason, asks)

    return router
