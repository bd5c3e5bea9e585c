"""The bridge over HTTP: for platforms that deliver and ask, for administrators, for operators."""

# No postponed annotations here: FastAPI could not see what a router was made from.

from datetime import datetime, timedelta
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AwareDatetime, Field

from chassis.access import AccessTokens, Principal, Scope
from moodle_bridge.domain.outcomes import State, overdue
from moodle_bridge.domain.xapi import MappedActivity
from moodle_bridge.entrypoints.reception import PLATFORM_HEADER, Reception
from moodle_bridge.handlers import (
    AcceptCompletion,
    AcceptCorrection,
    ChangePlatform,
    ListAccepted,
    ListPlatforms,
    Outcome,
    RegisterPlatform,
    RotateSecret,
    TellOutcome,
    Trial,
    TryDelivery,
)
from moodle_bridge.ports import AcceptedCompletion, Clock, Contact, Occurrence, RegisteredPlatform, Tallies, Untold
from schemas.faults import NotFound
from schemas.values import Frozen, Instant, Slug, Url

MOST_ACTIVITIES = 1000


class Accepted(Frozen):
    """The answer to a delivery."""

    completion: UUID
    duplicate: bool
    """True when it was accepted before: the answer may have been lost."""
    server_time: Instant
    outcome: str
    """Where to ask what became of it."""


class AcceptedCorrection(Frozen):
    """The answer to a correction."""

    correction: UUID
    """As the platform calls it."""
    duplicate: bool
    effect: str
    """What the issuer made of it; `told` before it has, `waiting` while its completion has no outcome."""
    server_time: Instant


class NewPlatform(Frozen):
    """A learning platform to be registered."""

    id: Slug
    organisation: Slug
    offerings: tuple[Slug, ...] | None = None
    """What it may award; null is all of its organisation's."""


class PlatformChange(Frozen):
    """What may be changed of a platform. What is not said stays as it was."""

    enabled: bool = True
    offerings: tuple[Slug, ...] | None = None
    activities: Annotated[tuple[MappedActivity, ...], Field(max_length=MOST_ACTIVITIES)] = ()
    """What its xAPI statements may be about."""
    webhook: Url | None = None
    """Where it wants to be told of outcomes; null asks for them itself."""


class SecretView(Frozen):
    """A secret, by its dates."""

    created: Instant
    expires: Instant | None
    """None of the newest one."""


class UntoldView(Frozen):
    """Since when a platform takes no outcomes, and why."""

    since: Instant
    reason: str


class PlatformView(Frozen):
    """A platform, without its secrets."""

    id: Slug
    organisation: Slug
    offerings: tuple[Slug, ...] | None
    enabled: bool
    registered: Instant
    activities: tuple[MappedActivity, ...]
    webhook: Url | None
    secrets: tuple[SecretView, ...]
    """Those that may still be good."""
    last_seen: Instant | None
    clock_ahead: float | None
    """How many seconds its clock was ahead of the server's when it last signed something; behind is below nothing."""

    untold: UntoldView | None
    """Takes no outcomes where it wants to be told."""

    @classmethod
    def of(cls, platform: RegisteredPlatform, contact: Contact | None = None, untold: Untold | None = None) -> Self:
        """The view of a platform."""
        own = {name: getattr(platform, name) for name in cls.model_fields if hasattr(platform, name)}
        secrets = tuple(SecretView(created=one.created, expires=one.expires) for one in platform.secrets)
        return cls(
            **{
                **own,
                "secrets": secrets,
                "last_seen": contact.at if contact else None,
                "clock_ahead": contact.ahead if contact else None,
                "untold": UntoldView(since=untold.since, reason=untold.reason) if untold else None,
            }
        )


class PlatformSecret(Frozen):
    """A platform and its secret, shown once. An older one works until it expires (`platform.secrets`)."""

    platform: PlatformView
    secret: str


class PlatformPage(Frozen):
    """Some of the platforms."""

    items: tuple[PlatformView, ...]
    next: str | None


class AcceptedEntry(Frozen):
    """A line of the ledger: the bridge answered 2xx for this completion."""

    completion: UUID
    platform: Slug
    received: Instant
    state: State
    overdue: bool
    """No outcome for so long that it is not told again: unaccounted for."""

    @classmethod
    def of(cls, one: AcceptedCompletion, now: datetime, ceiling: timedelta) -> Self:
        """The line of a completion."""
        return cls(
            completion=UUID(one.id),
            platform=one.platform,
            received=one.received,
            state=one.fate.state,
            overdue=overdue(one.fate, one.received, now, ceiling),
        )


class AcceptedLedger(Frozen):
    """Some of the ledger, and what else happened to deliveries in the time asked for: the same on every page."""

    items: tuple[AcceptedEntry, ...]
    next: str | None
    duplicates: int
    turned_away: int


def delivery_routes(  # noqa: PLR0913 each use case is a parameter of its own
    *,
    access: AccessTokens,
    reception: Reception,
    accept: AcceptCompletion,
    tell: TellOutcome,
    clock: Clock,
    bridge_url: str,
    max_body: int,
) -> APIRouter:
    """Deliver a completion, and ask what became of it: for platforms."""
    router = APIRouter(prefix="/moodle/completions", tags=["bridge"])
    bearer = HTTPBearer(auto_error=False)
    known = access.require(Scope.PLATFORM, Scope.OPERATOR)

    @router.post("", status_code=202, max_body_size=max_body)
    async def deliver(request: Request, response: Response) -> Accepted:
        """Deliver one completion (Standard Webhooks 1.0). The same body again is the same completion."""
        async with reception(request) as (platform, body):
            accepted = await accept(platform, body)
        if accepted.duplicate:
            reception.seen_again(platform)
        outcome = f"{bridge_url}{router.prefix}/{accepted.completion}"
        response.headers["location"] = outcome
        return Accepted(
            completion=accepted.completion, duplicate=accepted.duplicate, server_time=clock(), outcome=outcome
        )

    @router.get("/{completion}")
    async def outcome(
        completion: UUID,
        request: Request,
        token: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    ) -> Outcome:
        """What became of a completion: signed as a delivery with an empty body, or with a token."""
        if PLATFORM_HEADER in request.headers:
            platform, _ = await reception.recognise(request)
            stored = await tell.find(completion)
            if stored.platform != platform.id:
                raise NotFound(f"there is no completion {completion}")
        else:
            asks = await known(token)
            stored = await tell.find(completion)
            asks.must_own(organisation=stored.organisation, platform=stored.platform)
        return tell(stored)

    return router


def correction_routes(*, reception: Reception, accept: AcceptCorrection, clock: Clock, max_body: int) -> APIRouter:
    """Deliver a correction of a completion: for platforms."""
    router = APIRouter(prefix="/moodle/corrections", tags=["bridge"])

    @router.post("", status_code=202, max_body_size=max_body)
    async def correct(request: Request) -> AcceptedCorrection:
        """Deliver one correction, signed as a completion is. The same body again is the same correction."""
        async with reception(request) as (platform, body):
            receipt = await accept(platform, body)
        if receipt.duplicate:
            reception.seen_again(platform)
        return AcceptedCorrection(
            correction=receipt.correction,
            duplicate=receipt.duplicate,
            effect=receipt.effect or receipt.state,
            server_time=clock(),
        )

    return router


def trial_routes(*, reception: Reception, attempt: TryDelivery, max_body: int) -> APIRouter:
    """Try whether a delivery would arrive: for platforms that are being set up."""
    router = APIRouter(prefix="/moodle/trials", tags=["bridge"])

    @router.post("", max_body_size=max_body)
    async def try_delivery(request: Request) -> Trial:
        """Recognise and read a delivery as one to be accepted, say what would become of it, and keep nothing."""
        return await attempt(*await reception.recognise(request))

    return router


def platform_routes(
    *,
    access: AccessTokens,
    register: RegisterPlatform,
    rotate: RotateSecret,
    change: ChangePlatform,
    platforms: ListPlatforms,
) -> APIRouter:
    """Register platforms and look after them: for administrators."""
    router = APIRouter(prefix="/api/v1/platforms", tags=["bridge"])
    Admin = Annotated[Principal, Depends(access.require(Scope.ADMIN))]  # noqa: N806 it is a type

    async def owned(name: str, asks: Principal) -> RegisteredPlatform:
        found = await platforms.one(name)
        asks.must_own(organisation=found.organisation, platform=found.id)
        return found

    @router.post("", status_code=201)
    async def register_platform(new: NewPlatform, asks: Admin) -> PlatformSecret:
        """Register a platform. Its secret is in this answer and nowhere else."""
        asks.must_own(organisation=new.organisation, platform=new.id)
        platform, secret = await register(new.id, new.organisation, new.offerings)
        return PlatformSecret(platform=PlatformView.of(platform), secret=secret)

    @router.get("")
    async def list_platforms(
        asks: Admin, after: str | None = None, limit: Annotated[int, Query(ge=1, le=1000)] = 100
    ) -> PlatformPage:
        """List the platforms."""
        page = await platforms(asks.organisation, after, limit)
        heard, untold = await platforms.contacts(page.items), await platforms.untold(page.items)
        views = tuple(PlatformView.of(one, heard.get(one.id), untold.get(one.id)) for one in page.items)
        return PlatformPage(items=views, next=page.next)

    @router.put("/{platform}")
    async def change_platform(platform: str, wanted: PlatformChange, asks: Admin) -> PlatformView:
        """Disable a platform or let it deliver again; change what it may award."""
        found = await owned(platform, asks)
        return PlatformView.of(await change(found, {name: getattr(wanted, name) for name in wanted.model_fields_set}))

    @router.post("/{platform}/secret", status_code=201)
    async def rotate_secret(platform: str, asks: Admin) -> PlatformSecret:
        """Give it a new secret; the old one works for a while longer."""
        changed, secret = await rotate(await owned(platform, asks))
        return PlatformSecret(platform=PlatformView.of(changed), secret=secret)

    return router


def account_routes(
    *, access: AccessTokens, accepted: ListAccepted, tallies: Tallies, clock: Clock, ceiling: timedelta
) -> APIRouter:
    """The bridge's ledger: for operators."""
    router = APIRouter(tags=["account"])
    operator = Depends(access.require(Scope.OPERATOR))

    @router.get("/api/v1/account/completions")
    async def list_accepted(
        asks: Annotated[Principal, operator],
        since: AwareDatetime | None = None,
        after: str | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 500,
    ) -> AcceptedLedger:
        """Completions that were accepted since then, in the order they came."""
        page, now = await accepted(asks.organisation, since, after, limit), clock()
        return AcceptedLedger(
            items=tuple(AcceptedEntry.of(one, now, ceiling) for one in page.items),
            next=page.next,
            duplicates=await _total(tallies, Occurrence.DUPLICATE, since, asks),
            turned_away=await _total(tallies, Occurrence.TURNED_AWAY, since, asks),
        )

    return router


async def _total(tallies: Tallies, occurrence: Occurrence, since: datetime | None, asks: Principal) -> int:
    """Who was turned away is often nobody's platform: only who acts for all is told."""
    return await tallies.total(occurrence, since) if asks.organisation is None else 0
