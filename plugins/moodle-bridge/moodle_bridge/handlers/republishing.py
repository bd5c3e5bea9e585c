"""Saying again what nobody has answered: the log may have lost it, or whoever decides may have been away for long."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

from chassis.documents import PendingEvent, Range, Where, every
from chassis.outbox import pending_event
from moodle_bridge.domain.outcomes import State, pause
from moodle_bridge.ports import Clock, Completions, Nudge
from schemas.values import instant_text

PORTION = 500


class RepublishUnanswered:
    """Tell completions again that have had no outcome for a while: after growing pauses, up to a ceiling.

    Whoever decides recognises them; a decision that was lost on its way is announced again. What is older than the
    ceiling is kept, and listed as unaccounted for (`domain.outcomes.overdue`) until somebody has found out why.
    """

    def __init__(  # noqa: PLR0913 everything it stands on, each by its name
        self,
        completions: Completions,
        *,
        clock: Clock,
        nudge: Nudge,
        first: timedelta,
        longest: timedelta,
        ceiling: timedelta,
    ) -> None:
        self._completions = completions
        self._clock = clock
        self._nudge = nudge
        self._first = first
        self._longest = longest
        self._ceiling = ceiling

    async def __call__(self) -> int:
        """How many were told again. Raises `Unavailable`."""
        now = self._clock()
        total = 0
        while True:
            page = await self._completions.find(
                {
                    "fate.state": State.IN_FLIGHT.value,
                    "due": Range(le=instant_text(now)),
                    "received": Range(ge=instant_text(now - self._ceiling)),
                },
                order_by="due",
                limit=PORTION,
            )
            again = [
                stored.model_copy(
                    update={
                        "pending": stored.pending or (pending_event(stored.event),),
                        "repeats": stored.repeats + 1,
                        "due": now + pause(stored.repeats + 1, self._first, self._longest),
                    }
                )
                for stored in page.items
            ]
            # One that changed meanwhile has its outcome, or was told by another replica.
            total += len(again) - len(await self._completions.replace_many(again))
            if again:
                self._nudge()
            if page.next is None:
                return total


async def every_unanswered(completions: Completions) -> AsyncIterator[PendingEvent]:
    """What the log must know again after it forgot everything: each completion that has no outcome, or none anew."""
    unanswered: tuple[Where, ...] = ({"fate.state": State.IN_FLIGHT.value}, {"reopened": True})
    for where in unanswered:
        async for stored in every(completions, where):
            yield pending_event(stored.event)
