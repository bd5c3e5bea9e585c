"""Earlier completions over HTTP: for the platform whose they are, and for operators."""

# No postponed annotations here: FastAPI could not see what a router was made from.

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from chassis.access import AccessTokens, Principal, Scope
from moodle_bridge.handlers import AcceptEarlier, Entry, ListPlatforms, TryEarlier
from moodle_bridge.ports import RegisteredPlatform
from schemas.values import Frozen, JsonObject, Slug

MOST_LINES = 500
MOST_BYTES = 4_000_000


class Lines(Frozen):
    """Lines of a file, each an object with the fields of an earlier completion."""

    items: Annotated[tuple[JsonObject, ...], Field(max_length=MOST_LINES)]


class Entries(Frozen):
    """What became of each, in order."""

    items: tuple[Entry, ...]


def backfill_routes(
    *, access: AccessTokens, platforms: ListPlatforms, accept: AcceptEarlier, attempt: TryEarlier
) -> APIRouter:
    """Accept what was completed before Laurel, or say what would become of it."""
    router = APIRouter(prefix="/api/v1/platforms/{platform}/earlier-completions", tags=["bridge"])
    Owner = Annotated[Principal, Depends(access.require(Scope.PLATFORM, Scope.OPERATOR))]  # noqa: N806 it is a type

    async def answered(
        use: Callable[[RegisteredPlatform, Sequence[JsonObject]], Awaitable[Sequence[Entry]]],
        name: str,
        lines: Lines,
        asks: Principal,
    ) -> Entries:
        platform = await platforms.one(name)
        asks.must_own(organisation=platform.organisation, platform=platform.id)
        return Entries(items=tuple(await use(platform, lines.items)))

    @router.post("", max_body_size=MOST_BYTES, response_model_exclude_none=True)
    async def accept_earlier(platform: Slug, lines: Lines, asks: Owner) -> Entries:
        """Accept these lines. One that cannot be read keeps no other out; the same again changes nothing."""
        return await answered(accept, platform, lines, asks)

    @router.post("/trial", max_body_size=MOST_BYTES, response_model_exclude_none=True)
    async def try_earlier(platform: Slug, lines: Lines, asks: Owner) -> Entries:
        """Say what would become of these lines. Nothing is kept."""
        return await answered(attempt, platform, lines, asks)

    return router
