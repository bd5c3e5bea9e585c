"""`/ops/parked`: what the services set aside, and what an operator can do about it. Works without JavaScript."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from chassis.parking.views import PORTION, Deed, Discard, Replay
from chassis.web import Pages
from monitor.domain.parked import Cause, grouped
from monitor.entrypoints.pages import HOME, Session, Token, to_sign_in
from monitor.handlers import ListParked, RepairParked
from schemas.faults import NotFound
from schemas.values import Frozen, ShortText

PARKED = f"{HOME}/parked"
NEWEST = 100

DEEDS = {
    Deed.REPLAY: "replayed",
    Deed.HANDLED: "handled",
    Deed.FAILED_AGAIN: "failed again",
    Deed.DISCARD: "discarded",
}


class _Chosen(Frozen):
    """Which messages a form is about: one, or all of a cause."""

    service: str
    message: str | None = None
    reason: str | None = None
    topic: str | None = None
    platform: str | None = None
    offering: str | None = None

    @property
    def cause(self) -> Cause | None:
        """The cause, unless it is about one message."""
        if self.message is not None or self.reason is None or self.topic is None:
            return None
        return Cause(
            service=self.service,
            reason=self.reason,
            topic=self.topic,
            platform=self.platform,
            offering=self.offering,
        )


class _Replay(_Chosen):
    now: bool = False


class _Discard(_Chosen):
    why: ShortText


def routes(pages: Pages, session: Session, parked: ListParked, repair: RepairParked) -> APIRouter:
    """The pages."""
    router = APIRouter(prefix=PARKED, include_in_schema=False)

    @router.get("")
    async def messages(
        request: Request, cause: Annotated[Cause | None, Depends(_cause)], token: Token = ""
    ) -> Response:
        if not await session.admits(token):
            return to_sign_in()
        found = await parked(cause)
        return pages.render(
            request,
            "parked.html",
            private=True,
            cause=cause,
            groups=grouped(found),
            messages=found,
            entries=() if cause else (await repair.audit(token))[:NEWEST],
            deeds=DEEDS,
        )

    @router.get("/{service}/{message}")
    async def message(request: Request, service: str, message: str, token: Token = "") -> Response:
        if not await session.admits(token):
            return to_sign_in()
        detail = await repair.show(token, service, message)
        return pages.render(request, "parked_message.html", private=True, message=detail, deeds=DEEDS)

    return router


def form_routes(pages: Pages, session: Session, parked: ListParked, repair: RepairParked) -> APIRouter:
    """The forms on them."""
    router = APIRouter(prefix=PARKED, include_in_schema=False)

    @router.post("/replays")
    async def replay(request: Request, said: Annotated[_Replay, Form()], token: Token = "") -> Response:
        if not await session.admits(token):
            return to_sign_in()
        found = await _chosen(said, parked)
        wanted = Replay(service=said.service, messages=found[:PORTION], dry_run=not said.now)
        report = await repair.replay(token, wanted)
        done = {item.id for item in report.items} if said.now else set()
        left = [id_ for id_ in found if id_ not in done]
        return pages.render(
            request,
            "parked_report.html",
            private=True,
            report=report,
            service=said.service,
            cause=said.cause,
            again=left[:PORTION],
            left=len(left),
        )

    @router.post("/discards")
    async def discard(said: Annotated[_Discard, Form()], token: Token = "") -> Response:
        if not await session.admits(token):
            return to_sign_in()
        found = await _chosen(said, parked)
        for begin in range(0, len(found), PORTION):
            portion = found[begin : begin + PORTION]
            await repair.discard(token, Discard(service=said.service, messages=portion, reason=said.why))
        return RedirectResponse(PARKED, 303)

    return router


async def _chosen(which: _Chosen, parked: ListParked) -> tuple[str, ...]:
    """The messages a form is about, those not seen for longest first: what fails again goes to the end."""
    if which.message is not None:
        return (which.message,)
    found = tuple(message.id for message in reversed(await parked(which.cause))) if which.cause else ()
    if not found:
        raise NotFound("none of these messages is parked any more")
    return found


def _cause(
    service: Annotated[str | None, Query()] = None,
    reason: Annotated[str | None, Query()] = None,
    topic: Annotated[str | None, Query()] = None,
    platform: Annotated[str | None, Query()] = None,
    offering: Annotated[str | None, Query()] = None,
) -> Cause | None:
    if service is None or reason is None or topic is None:
        return None
    return Cause(service=service, reason=reason, topic=topic, platform=platform, offering=offering)
