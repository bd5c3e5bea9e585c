"""Refusals that end because their platform may award now what it might not: the completion is told once more, anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chassis.documents import Where
from chassis.outbox import pending_event
from moodle_bridge.domain.outcomes import State
from moodle_bridge.ports import AcceptedCompletion, Completions, Nudge, Platforms, RegisteredPlatform
from schemas.events import IssuanceRefused, RefusalReason

PORTION = 500


class ReopenAllowed:
    """Tell completions again that were refused because of what their platform might award then.

    The fact is the same, with the platform as it is now; whoever decides sees that it is asked anew.
    """

    def __init__(self, completions: Completions, platforms: Platforms, *, nudge: Nudge) -> None:
        self._completions = completions
        self._platforms = platforms
        self._nudge = nudge

    async def changed(self, platform: RegisteredPlatform) -> int:
        """The platform was changed: how many are told again. Once more, nothing is; raises `Unavailable`."""
        where: Where = {
            "fate.state": State.REFUSED.value,
            "fate.reason": RefusalReason.PLATFORM_NOT_ALLOWED.value,
            "platform": platform.id,
        }
        total, after = 0, None
        while True:
            page = await self._completions.find(where, after=after, limit=PORTION)
            total += await self._tell((stored, platform) for stored in page.items)
            if (after := page.next) is None:
                return total

    async def refused(self, events: Sequence[IssuanceRefused]) -> int:
        """These were refused: those whose platform was changed while they were on their way are told again."""
        ids = [str(e.data.completion) for e in events if e.data.reason is RefusalReason.PLATFORM_NOT_ALLOWED]
        known = await self._completions.get_many(ids)
        platforms = await self._platforms.get_many({stored.platform for stored in known.values()})
        return await self._tell(
            (stored, platforms[stored.platform]) for stored in known.values() if stored.platform in platforms
        )

    async def _tell(self, asked: Iterable[tuple[AcceptedCompletion, RegisteredPlatform]]) -> int:
        again = [_anew(stored, platform) for stored, platform in asked if _is_allowed_since(stored, platform)]
        if not again:
            return 0
        # One that changed meanwhile was told by another replica, or is decided otherwise.
        told = len(again) - len(await self._completions.replace_many(again))
        self._nudge()
        return told


def _is_allowed_since(stored: AcceptedCompletion, platform: RegisteredPlatform) -> bool:
    allowed = platform.offerings is None or stored.event.data.offering in platform.offerings
    return allowed and stored.event.data.platform != platform.platform


def _anew(stored: AcceptedCompletion, platform: RegisteredPlatform) -> AcceptedCompletion:
    data = stored.event.data.model_copy(update={"platform": platform.platform})
    event = stored.event.model_copy(update={"data": data})
    return stored.model_copy(update={"event": event, "pending": (pending_event(event),), "reopened": True})
