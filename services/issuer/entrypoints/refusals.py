"""Refusals over HTTP, for whoever answers for the credentials."""

# No postponed annotations here: FastAPI could not see what a router was made from.

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from chassis.access import AccessTokens, Principal, Scope
from issuer.entrypoints.views import OutcomeView
from issuer.handlers import ReviewRefusals
from schemas.events import RefusalReason
from schemas.values import Frozen


class RefusalPage(Frozen):
    """Some of the refusals, in the order they were decided."""

    items: tuple[OutcomeView, ...]
    next: str | None


def refusal_routes(access: AccessTokens, review: ReviewRefusals) -> APIRouter:
    """List refusals and re-open them."""
    router = APIRouter(prefix="/api/v1/refusals", tags=["outcomes"])
    responsible = Depends(access.require(Scope.PROVIDER, Scope.OPERATOR))

    @router.get("")
    async def list_refusals(  # noqa: PLR0913 each may narrow it down
        asks: Annotated[Principal, responsible],
        *,
        platform: str | None = None,
        offering: str | None = None,
        reason: RefusalReason | None = None,
        open: bool = True,  # noqa: A002 the query's own name
        after: str | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> RefusalPage:
        """Those that can be re-opened, or those that are final."""
        page = await review.page(
            asks.organisation,
            platform=platform,
            offering=offering,
            reason=reason,
            open=open,
            after=after,
            limit=limit,
        )
        return RefusalPage(items=tuple(map(OutcomeView.of, page.items)), next=page.next)

    @router.post("/{refused}/reopening")
    async def reopen_refusal(refused: UUID, asks: Annotated[Principal, responsible]) -> OutcomeView:
        """Decide on it anew, as things stand now; whoever waits for the outcome is told. 409 when it is final."""
        outcome = await review.one(refused)
        asks.must_own(organisation=outcome.organisation, platform=outcome.platform)
        return OutcomeView.of(await review.reopen(outcome))

    return router
