"""The flow, the account and what is parked, as JSON: for operators who may see everything."""

# No `from __future__ import annotations`: the routes' annotations name dependencies that are local to `routes`.

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from chassis.access import AccessTokens, Principal, Scope
from chassis.parking.views import AuditEntry, Discard, DiscardReport, ParkedDetail, Replay, ReplayReport
from monitor.domain.account import Account, Parked
from monitor.domain.flow import Flow, Stage
from monitor.domain.parked import Group, grouped
from monitor.handlers import DrawAccount, ListParked, RepairParked, ShowFlow
from schemas.values import Frozen, Instant


class ParkedMessages(Frozen):
    """What waits for an operator: by cause, and one by one."""

    groups: tuple[Group, ...]
    items: tuple[Parked, ...]


class Audit(Frozen):
    """What operators did, newest first."""

    items: tuple[AuditEntry, ...]


_bearer = HTTPBearer(auto_error=False)


def _all_seeing(access: AccessTokens) -> Callable[..., Awaitable[None]]:
    operator = access.require(Scope.OPERATOR)

    async def all_seeing(principal: Annotated[Principal, Depends(operator)]) -> None:
        # What is shown belongs to everybody: a token bound to one organisation is not enough.
        principal.must_own()

    return all_seeing


def routes(access: AccessTokens, show: ShowFlow, draw: DrawAccount) -> APIRouter:
    """`/api/v1/flow`, `/api/v1/account`."""
    router = APIRouter(prefix="/api/v1", tags=["monitor"], dependencies=[Depends(_all_seeing(access))])

    @router.get("/flow")
    async def flow(limit: Annotated[int, Query(ge=1, le=1000)] = 50, stage: Stage | None = None) -> Flow:
        """Counts per stage, and the newest facts; of one stage, if it is named."""
        return await show(limit, stage)

    @router.get("/account")
    async def account(since: Instant | None = None) -> Account:
        """What became of every completion accepted since then, or ever. 503 when a ledger cannot be read."""
        return await draw(since)

    return router


def parked_routes(access: AccessTokens, parked: ListParked, repair: RepairParked) -> APIRouter:
    """`/api/v1/parked…`: what every service set aside, and what can be done about it."""
    router = APIRouter(prefix="/api/v1/parked", tags=["monitor"], dependencies=[Depends(_all_seeing(access))])

    async def own(bearer: Annotated[HTTPAuthorizationCredentials, Depends(_bearer)]) -> str:
        return bearer.credentials

    Token = Annotated[str, Depends(own)]  # noqa: N806 it is a type

    @router.get("")
    async def messages() -> ParkedMessages:
        """Every message that a service set aside, newest first. 503 when a service does not say."""
        items = await parked()
        return ParkedMessages(groups=grouped(items), items=items)

    @router.get("/audit")
    async def audit(token: Token) -> Audit:
        """Who replayed or discarded what, when and why."""
        return Audit(items=await repair.audit(token))

    @router.get("/{service}/{message}")
    async def message(service: str, message: str, token: Token) -> ParkedDetail:
        """One message in full; what might be about a person is masked."""
        return await repair.show(token, service, message)

    @router.post("/replays")
    async def replay(wanted: Replay, token: Token) -> ReplayReport:
        """Have messages handled again; of a dry run, say what would happen. Those not in the answer: ask again."""
        return await repair.replay(token, wanted)

    @router.post("/discards")
    async def discard(wanted: Discard, token: Token) -> DiscardReport:
        """Give messages up, for good, with a reason."""
        return await repair.discard(token, wanted)

    return router
