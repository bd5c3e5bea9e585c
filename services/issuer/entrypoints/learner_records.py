"""A learner's stack, for the platform or the provider that had it issued."""

# No postponed annotations here: FastAPI could not see what a router was made from.

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import Field

from chassis.access import AccessTokens, Principal, Scope
from issuer.entrypoints.http import PRIVATE
from issuer.entrypoints.media import media_type
from issuer.handlers import RecordStack
from schemas.values import Frozen

MOST = 30
"""Badges in one record."""


class Stack(Frozen):
    """Which credentials go into the record, in this order."""

    awards: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MOST)]


def record_routes(access: AccessTokens, record: RecordStack) -> APIRouter:
    """Comprehensive Learner Records."""
    router = APIRouter(prefix="/api/v1/records", tags=["credentials"])
    owner = Depends(access.require(Scope.PLATFORM, Scope.PROVIDER))

    @router.post("", response_class=JSONResponse)
    async def record_stack(said: Stack, request: Request, asks: Annotated[Principal, owner]) -> JSONResponse:
        """Seal credentials of one learner into one record (CLR 2.0). It is handed out and not kept.

        Each badge in it has its own proof and its own status: whether it still holds is asked of the badge.
        """
        stack = await record.stack(said.awards)
        for outcome in stack:
            asks.must_own(organisation=outcome.organisation, platform=outcome.platform)
        return JSONResponse(await record(stack), headers=PRIVATE, media_type=media_type(request))

    return router
