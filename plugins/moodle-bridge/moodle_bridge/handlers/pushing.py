"""Telling platforms what became of their completions, where they want to be told: at least once each.

A platform that cannot be reached is told again after growing pauses; after the last it has to ask, as it always may.
That it takes nothing, since when and why, is kept for whoever looks after it.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import uuid4

import structlog

from chassis.documents import Range
from moodle_bridge.domain.outcomes import pause
from moodle_bridge.domain.webhook import signed_headers
from moodle_bridge.handlers.outcomes import Outcome, TellOutcome
from moodle_bridge.handlers.platforms import current_secrets
from moodle_bridge.ports import (
    AcceptedCompletion,
    Clock,
    Completions,
    CountPushes,
    Notify,
    Platforms,
    RegisteredPlatform,
    Secrets,
    Untold,
    UntoldPlatforms,
)
from schemas.faults import Unavailable
from schemas.values import Frozen, Instant, instant_text

_log = structlog.get_logger(__name__)

PORTION = 200
FIRST, LONGEST = timedelta(seconds=30), timedelta(hours=6)
MOST_PUSHES = 24
"""With these pauses four days."""


class Notice(Frozen):
    """The body of a push, version 1: outcomes as they stand now. Each attempt is a message of its own."""

    version: Literal[1] = 1
    items: tuple[Outcome, ...]
    server_time: Instant


class PushOutcomes:
    """Push what is due."""

    def __init__(  # noqa: PLR0913 everything it stands on, each by its name
        self,
        completions: Completions,
        platforms: Platforms,
        untold: UntoldPlatforms,
        *,
        tell: TellOutcome,
        secrets: Secrets,
        notify: Notify,
        count: CountPushes,
        clock: Clock,
    ) -> None:
        self._completions = completions
        self._platforms = platforms
        self._untold = untold
        self._tell = tell
        self._secrets = secrets
        self._notify = notify
        self._count = count
        self._clock = clock

    async def marks(self, completions: Iterable[AcceptedCompletion]) -> Mapping[str, Mapping[str, object]]:
        """By platform of these completions, what a change of one is marked with, to be pushed."""
        platforms = await self._platforms.get_many({completion.platform for completion in completions})
        mark = {"push_due": self._clock(), "pushes": 0}
        return {name: mark if platform.webhook else {} for name, platform in platforms.items()}

    async def __call__(self) -> int:
        """How many outcomes were told. Raises `Unavailable` of our own stores alone."""
        now = instant_text(self._clock())
        page = await self._completions.find({"push_due": Range(le=now)}, order_by="push_due", limit=PORTION)
        of: defaultdict[str, list[AcceptedCompletion]] = defaultdict(list)
        for completion in page.items:
            of[completion.platform].append(completion)
        platforms, untold = await self._platforms.get_many(of), await self._untold.get_many(of)
        told = await asyncio.gather(
            *(self._push(platforms.get(name), due, untold.get(name)) for name, due in of.items())
        )
        return sum(told)

    async def _push(
        self, platform: RegisteredPlatform | None, due: Sequence[AcceptedCompletion], untold: Untold | None
    ) -> int:
        if platform is None or platform.webhook is None:
            await self._mark(due, {"push_due": None, "pushes": 0})
            return 0
        now = self._clock()
        body = Notice(items=tuple(map(self._tell, due)), server_time=now).model_dump_json().encode()
        try:
            headers = signed_headers(current_secrets(platform, self._secrets, now), uuid4(), body, now)
            await self._notify(platform.webhook, body, headers)
        except Unavailable as away:
            _log.warning("outcomes-not-pushed", platform=platform.id, reason=str(away), outcomes=len(due))
            self._count(platform.id, len(due), taken=False)
            since = untold.since if untold is not None and untold.webhook == platform.webhook else now
            await self._untold.put_many(
                [Untold(id=platform.id, webhook=platform.webhook, since=since, reason=str(away))]
            )
            await self._completions.replace_many([_later(one, now) for one in due])
            return 0
        self._count(platform.id, len(due), taken=True)
        if untold is not None:
            await self._untold.delete_many([platform.id])
        # One that changed meanwhile stays due: it is told again, as it is then.
        await self._mark(due, {"push_due": None, "pushes": 0})
        return len(due)

    async def _mark(self, due: Sequence[AcceptedCompletion], mark: Mapping[str, object]) -> None:
        await self._completions.replace_many([one.model_copy(update=mark) for one in due])


def _later(one: AcceptedCompletion, now: datetime) -> AcceptedCompletion:
    """Due again after a pause; after the last never."""
    again = now + pause(one.pushes, FIRST, LONGEST) if one.pushes < MOST_PUSHES else None
    return one.model_copy(update={"push_due": again, "pushes": one.pushes + 1})
