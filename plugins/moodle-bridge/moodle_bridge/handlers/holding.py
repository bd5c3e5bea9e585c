"""Whether credentials hold: hearing it, also before it is known whose they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from chassis.documents import OneOf, Range, every
from moodle_bridge.domain.outcomes import Holding
from moodle_bridge.handlers.outcomes import Marking, untold
from moodle_bridge.ports import Clock, Completions, HeardHolding, HeardHoldings
from schemas.events import CredentialStatusChanged
from schemas.faults import Unavailable
from schemas.values import instant_text

_ATTEMPTS = 5
_PORTION = 500


class RecordHolding:
    """Remember whether credentials hold, in whatever order and how often it is told.

    The id of a credential that corrects another is not known before it is told as issued, and that is told elsewhere:
    what is heard of it until then is kept. Whoever writes one of the two looks for the other afterwards, so that none
    is missed.
    """

    def __init__(self, completions: Completions, heard: HeardHoldings, clock: Clock, marks: Marking = untold) -> None:
        self._completions = completions
        self._heard = heard
        self._clock = clock
        self._marks = marks

    async def __call__(self, events: Sequence[CredentialStatusChanged]) -> None:
        """Those of completions that came through the bridge, or may have. Raises `Unavailable`: hear it again."""
        told: dict[UUID, Holding] = {}
        for event in events:
            told[event.data.award] = told.get(event.data.award, Holding()).later(Holding.of(event))
        known = await self._record(told)
        if strange := {award: now for award, now in told.items() if award not in known}:
            await self._keep(strange)
            await self._heard.delete_many(map(str, await self._record(strange)))

    async def catch_up(self, awards: Collection[UUID]) -> None:
        """These credentials are known now: record what was heard of them before. Raises `Unavailable`."""
        heard = await self._heard.get_many(map(str, awards)) if awards else {}
        if heard:
            known = await self._record({UUID(one.id): one.holding for one in heard.values()})
            await self._heard.delete_many(map(str, known))

    async def _record(self, told: Mapping[UUID, Holding]) -> frozenset[UUID]:
        """Which of these awards are known here."""
        for _ in range(_ATTEMPTS):
            where = {"award": OneOf(tuple(map(str, told)))}
            about = [stored async for stored in every(self._completions, where)]
            marks = await self._marks(about)
            changed = [
                stored.model_copy(update={"holding": now, **marks.get(stored.platform, {})})
                for stored in about
                if stored.award and (now := stored.holding.later(told[stored.award])) != stored.holding
            ]
            if not await self._completions.replace_many(changed):
                return frozenset(stored.award for stored in about if stored.award)
        raise Unavailable("these completions keep changing: hear it again later")

    async def _keep(self, told: Mapping[UUID, Holding]) -> None:
        for _ in range(_ATTEMPTS):
            kept = await self._heard.get_many(map(str, told))
            now = self._clock()
            new = [
                HeardHolding(id=str(award), holding=holding, heard=now)
                for award, holding in told.items()
                if str(award) not in kept
            ]
            changed = [
                one.model_copy(update={"holding": holding})
                for one in kept.values()
                if (holding := one.holding.later(told[UUID(one.id)])) != one.holding
            ]
            raced = await self._heard.insert_many(new) if new else frozenset()
            raced |= await self._heard.replace_many(changed) if changed else frozenset()
            if not raced:
                return
        raise Unavailable("these credentials keep changing: hear it again later")


class ForgetStrangers:
    """Forget what was heard of credentials that nobody here came to know: they are no platform's of the bridge."""

    def __init__(self, heard: HeardHoldings, clock: Clock, after: timedelta) -> None:
        self._heard = heard
        self._clock = clock
        self._after = after

    async def __call__(self) -> None:
        """Those that were heard of this long ago. Raises `Unavailable`."""
        where = {"heard": Range(le=instant_text(self._clock() - self._after))}
        while (page := await self._heard.find(where, limit=_PORTION)).items:
            await self._heard.delete_many(one.id for one in page.items)
