"""`/ops`: the flow as operators see it. Works without JavaScript; one signs in with an operator's token."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Cookie, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from chassis.access import AccessTokens, Forbidden, Scope, Unauthenticated
from chassis.web import Pages
from monitor.domain.flow import Stage
from monitor.domain.parked import grouped
from monitor.handlers import DrawAccount, ListParked, ListReviews, ShowFlow
from monitor.settings import MonitorSettings
from schemas.faults import Unavailable

COOKIE = "laurel_operator"
HOME = "/ops"
LOGIN = "/ops/login"

STAGES = {
    Stage.RECEIVED: "Received",
    Stage.ISSUED: "Issued",
    Stage.REFUSED: "Refused",
    Stage.PARKED: "Parked",
    Stage.VERIFIED: "Verified",
    Stage.STATUS_CHANGED: "Status changed",
    Stage.CORRECTED: "Corrected",
    Stage.CORRECTION_DECIDED: "Correction decided",
    Stage.OFFERING: "Offering",
    Stage.ORGANISATION: "Organisation",
}

KINDS = {
    Stage.RECEIVED: "info",
    Stage.ISSUED: "good",
    Stage.REFUSED: "caution",
    Stage.PARKED: "bad",
    Stage.VERIFIED: "info",
    Stage.STATUS_CHANGED: "caution",
    Stage.CORRECTED: "caution",
    Stage.CORRECTION_DECIDED: "caution",
    Stage.OFFERING: "info",
    Stage.ORGANISATION: "info",
}
"""How each is marked: an icon and a colour beside its name."""

Token = Annotated[str, Cookie(alias=COOKIE)]


class Session:
    """Whose browser it is: an operator's token in a cookie of this page's own."""

    def __init__(self, access: AccessTokens) -> None:
        self._access = access

    async def admits(self, token: str) -> bool:
        """Whether this token is of somebody who may see everything."""
        try:
            principal = await self._access.authenticate(token)
            principal.must_own()
        except (Unauthenticated, Forbidden):
            return False
        return principal.scope in {Scope.OPERATOR, Scope.ADMIN}


def to_sign_in() -> RedirectResponse:
    """Where one goes who is not admitted."""
    return RedirectResponse(LOGIN, 303, headers={"cache-control": "no-store"})


def routes(  # noqa: PLR0913 what the page is made of, named by its one caller
    pages: Pages,
    session: Session,
    show: ShowFlow,
    draw: DrawAccount,
    parked: ListParked,
    *,
    reviews: ListReviews,
    settings: MonitorSettings,
) -> APIRouter:
    """The flow."""
    router = APIRouter(include_in_schema=False)

    @router.get(HOME)
    async def ops(request: Request, token: Token = "", *, live: bool = False, stage: Stage | None = None) -> Response:
        if not await session.admits(token):
            return to_sign_in()
        account = groups = corrections = trouble = None
        try:
            account, groups, corrections = await draw(None), grouped(await parked()), await reviews()
        except Unavailable as fault:
            trouble = str(fault)
        return pages.render(
            request,
            "ops.html",
            private=True,
            headers={"refresh": str(settings.refresh_seconds)} if live else None,
            flow=await show(settings.newest, stage),
            account=account,
            groups=groups,
            corrections=corrections,
            trouble=trouble,
            names=STAGES,
            kinds=KINDS,
            stage=stage,
            live=live,
            now=datetime.now(UTC),
        )

    return router


def session_routes(pages: Pages, session: Session, *, settings: MonitorSettings, https: bool) -> APIRouter:
    """Signing in and out."""
    router = APIRouter(include_in_schema=False)

    @router.get(LOGIN)
    async def sign_in(request: Request) -> HTMLResponse:
        return pages.render(request, "login.html", private=True, refused=False)

    @router.post(LOGIN)
    async def signed_in(request: Request, token: Annotated[str, Form(max_length=500)] = "") -> Response:
        if not await session.admits(token.strip()):
            return pages.render(request, "login.html", status=403, private=True, refused=True)
        answer = RedirectResponse(HOME, 303)
        answer.set_cookie(
            COOKIE,
            token.strip(),
            max_age=settings.session_hours * 3600,
            path=HOME,
            secure=https,
            httponly=True,
            samesite="strict",
        )
        return answer

    @router.post("/ops/logout")
    async def signed_out() -> RedirectResponse:
        answer = RedirectResponse(LOGIN, 303)
        answer.delete_cookie(COOKIE, path=HOME, secure=https, httponly=True, samesite="strict")
        return answer

    return router
