"""The flow, the account and what is parked, as JSON: for operators who may see everything."""

# No `from __future__ import annotations`: the routes' annotations name dependencies that are local to `routes`.

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from chassis.access import AccessTokens, Principal, Scope
from monitor.domain.account import Account, Parked
from monitor.domain.flow import Flow, Stage
from monitor.handlers import DrawAccount, ListParked, ShowFlow
from schemas.values import Frozen, Instant


class ParkedMessages(Frozen):
    """What waits for an operator."""

    items: tuple[Parked, ...]


def routes(access: AccessTokens, show: ShowFlow, draw: DrawAccount, parked: ListParked) -> APIRouter:
    """`/api/v1/flow`, `/api/v1/account`, `/api/v1/parked`."""
    operator = access.require(Scope.OPERATOR)

    async def all_seeing(principal: Annotated[Principal, Depends(operator)]) -> None:
        # What is shown belongs to everybody: a token bound to one organisation is not enough.
        principal.must_own()

    router = APIRouter(prefix="/api/v1", tags=["monitor"], dependencies=[Depends(all_seeing)])

    @router.get("/flow")
    async def flow(limit: Annotated[int, Query(ge=1, le=1000)] = 50, stage: Stage | None = None) -> Flow:
        """Counts per stage, and the newest facts; of one stage, if it is named."""
        return await show(limit, stage)

    @router.get("/account")
    async def account(since: Instant | None = None) -> Account:
        """What became of every completion accepted since then, or ever. 503 when a ledger cannot be read."""
        return await draw(since)

    @router.get("/parked")
    async def messages() -> ParkedMessages:
        """Every message that a service set aside, newest first."""
        return ParkedMessages(items=await parked())

    return router
