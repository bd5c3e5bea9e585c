"""The bridge over HTTP: for platforms that deliver and ask, for administrators, for operators."""

# No postponed annotations here: FastAPI could not see what a router was made from.

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AwareDatetime

from chassis.access import AccessTokens, Principal, Scope
from chassis.problems import problem
from moodle_bridge.domain.outcomes import State, overdue
from moodle_bridge.domain.webhook import Signed
from moodle_bridge.handlers import (
    AcceptCompletion,
    ChangePlatform,
    ListAccepted,
    ListPlatforms,
    Outcome,
    RecognisePlatform,
    RegisterPlatform,
    RotateSecret,
    TellOutcome,
    Trial,
    TryDelivery,
)
from moodle_bridge.ports import AcceptedCompletion, Clock, Occurrence, RegisteredPlatform, Tallies
from schemas.faults import Fault, NotFound, Unavailable
from schemas.values import Frozen, Instant, Slug

PLATFORM_HEADER = "laurel-platform"


class Accepted(Frozen):
    """The answer to a delivery."""

    completion: UUID
    duplicate: bool
    """True when it was accepted before: the answer may have been lost."""
    server_time: Instant
    outcome: str
    """Where to ask what became of it."""


class NewPlatform(Frozen):
    """A learning platform to be registered."""

    id: Slug
    organisation: Slug
    offerings: tuple[Slug, ...] | None = None
    """What it may award; null is all of its organisation's."""


class PlatformChange(Frozen):
    """What may be changed of a platform."""

    enabled: bool
    offerings: tuple[Slug, ...] | None


class PlatformView(Frozen):
    """A platform, without its secrets."""

    id: Slug
    organisation: Slug
    offerings: tuple[Slug, ...] | None
    enabled: bool
    registered: Instant

    @classmethod
    def of(cls, platform: RegisteredPlatform) -> Self:
        """The view of a platform."""
        return cls(**{name: getattr(platform, name) for name in cls.model_fields})


class PlatformSecret(Frozen):
    """A platform and its secret, shown once."""

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
    recognise: RecognisePlatform,
    accept: AcceptCompletion,
    tell: TellOutcome,
    tallies: Tallies,
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
        name = request.headers.get(PLATFORM_HEADER, "")
        body = await request.body()
        with _counting(tallies, name):
            platform = await recognise(name, _signed(request, body))
        with _counting(tallies, platform.id, known=True):
            accepted = await accept(platform, body)
        if accepted.duplicate:
            tallies.count(Occurrence.DUPLICATE, "delivered-again", platform.id)
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
            platform = await recognise(request.headers[PLATFORM_HEADER], _signed(request, b""))
            stored = await tell.find(completion)
            if stored.platform != platform.id:
                raise NotFound(f"there is no completion {completion}")
        else:
            asks = await known(token)
            stored = await tell.find(completion)
            asks.must_own(organisation=stored.organisation, platform=stored.platform)
        return tell(stored)

    return router


def trial_routes(*, recognise: RecognisePlatform, attempt: TryDelivery, max_body: int) -> APIRouter:
    """Try whether a delivery would arrive: for platforms that are being set up."""
    router = APIRouter(prefix="/moodle/trials", tags=["bridge"])

    @router.post("", max_body_size=max_body)
    async def try_delivery(request: Request) -> Trial:
        """Recognise and read a delivery as one to be accepted, and keep nothing of it."""
        body = await request.body()
        return attempt(await recognise(request.headers.get(PLATFORM_HEADER, ""), _signed(request, body)), body)

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
        return PlatformPage(items=tuple(map(PlatformView.of, page.items)), next=page.next)

    @router.put("/{platform}")
    async def change_platform(platform: str, wanted: PlatformChange, asks: Admin) -> PlatformView:
        """Disable a platform or let it deliver again; change what it may award."""
        found = await owned(platform, asks)
        return PlatformView.of(await change(found, enabled=wanted.enabled, offerings=wanted.offerings))

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


def _signed(request: Request, body: bytes) -> Signed:
    header = request.headers.get
    return Signed(header("webhook-id", ""), header("webhook-timestamp", ""), header("webhook-signature", ""), body)


@contextmanager
def _counting(tallies: Tallies, platform: str, *, known: bool = False) -> Iterator[None]:
    """Count who is turned away, and why. Not who found us unavailable: they come again."""
    try:
        yield
    except Unavailable:
        raise
    except Fault as fault:
        reason = problem(fault).type.rpartition(":")[2]
        tallies.count(Occurrence.TURNED_AWAY, reason, platform if known else None)
        raise
