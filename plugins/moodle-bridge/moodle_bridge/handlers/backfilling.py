"""Taking in what was completed before Laurel: the same road as a delivery, many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.vault import Erased
from moodle_bridge.domain import earlier
from moodle_bridge.domain.deliveries import EpisodeDiffers
from moodle_bridge.domain.told import Told
from moodle_bridge.handlers.accepting import AcceptCompletions, AcceptedDelivery, Delivery
from moodle_bridge.handlers.platforms import PlatformDisabled
from moodle_bridge.ports import (
    AcceptedCompletion,
    Clock,
    Completions,
    Digest,
    Judging,
    Naming,
    Prospect,
    RegisteredPlatform,
    Standing,
)
from schemas.values import Frozen, JsonObject


class Entry(Frozen):
    """What became of a line, or would."""

    standing: Standing
    completion: UUID | None = None
    reason: str | None = None
    detail: str | None = None
    problems: dict[str, str] | None = None
    """Of a line that cannot be read: by field, what is wrong with it."""


@dataclass(frozen=True, slots=True)
class _Line:
    completion: UUID
    learner: UUID
    delivery: Delivery

    @property
    def told(self) -> Told:
        return self.delivery.told


class ReadLines:
    """Read lines of a file, and look up which of them are known."""

    def __init__(self, completions: Completions, *, naming: Naming, digest: Digest, clock: Clock) -> None:
        self._completions = completions
        self._naming = naming
        self._digest = digest
        self._clock = clock

    async def __call__(
        self, platform: RegisteredPlatform, said: Sequence[JsonObject]
    ) -> tuple[dict[int, Entry], dict[int, _Line]]:
        """By place: what there is nothing more to do about, and the rest. Raises `PlatformDisabled`."""
        if not platform.enabled:
            raise PlatformDisabled(f"the platform {platform.id} is disabled")
        entries: dict[int, Entry] = {}
        lines: dict[int, _Line] = {}
        for place, one in enumerate(said):
            try:
                lines[place] = self._line(platform, one)
            except earlier.Unreadable as unreadable:
                entries[place] = Entry(
                    standing=Standing.UNREADABLE, detail=str(unreadable), problems=unreadable.problems
                )
        known = await self._completions.get_many({str(line.completion) for line in lines.values()})
        for place, line in lines.items():
            if (stored := known.get(str(line.completion))) is not None:
                entries[place] = _known(stored, line)
        return entries, {place: line for place, line in lines.items() if place not in entries}

    def _line(self, platform: RegisteredPlatform, one: JsonObject) -> _Line:
        said = earlier.read(one, self._clock())
        learner = self._naming.learner(platform.id, said.learner)
        told = earlier.told(said, learner)
        digest = self._digest(said.model_dump_json().encode())
        return _Line(self._naming.completion(platform.id, told.episode), learner, Delivery(told, digest))


class AcceptEarlier:
    """Accept what the lines of a file say. The same lines again change nothing."""

    def __init__(self, read: ReadLines, accept: AcceptCompletions) -> None:
        self._read = read
        self._accept = accept

    async def __call__(self, platform: RegisteredPlatform, said: Sequence[JsonObject]) -> Sequence[Entry]:
        """What became of each, in order.

        Raises `PlatformDisabled`; `Unavailable`: what was accepted by then is known when the same is said again.
        """
        entries, lines = await self._read(platform, said)
        try:
            outcomes = await self._accept(platform, [line.delivery for line in lines.values()], returning=False)
            entries |= {
                place: _accepted(line, outcome) for (place, line), outcome in zip(lines.items(), outcomes, strict=True)
            }
        except Erased:
            for place, line in lines.items():
                entries[place] = await self._accept_one(platform, line)
        return [entries[place] for place in range(len(said))]

    async def _accept_one(self, platform: RegisteredPlatform, line: _Line) -> Entry:
        try:
            (outcome,) = await self._accept(platform, [line.delivery], returning=False)
        except Erased:
            return Entry(
                standing=Standing.NOT_ACCEPTED,
                completion=line.completion,
                reason="learner-erased",
                detail="this learner was erased, and is not brought back by what they did before",
            )
        return _accepted(line, outcome)


class TryEarlier:
    """Say what would become of the lines of a file. Nothing is kept."""

    def __init__(self, read: ReadLines, judge: Judging) -> None:
        self._read = read
        self._judge = judge

    async def __call__(self, platform: RegisteredPlatform, said: Sequence[JsonObject]) -> Sequence[Entry]:
        """What would become of each, in order. Raises `PlatformDisabled`, `Unavailable`."""
        entries, lines = await self._read(platform, said)
        judgements = await self._judge(
            [
                Prospect(
                    completion=line.completion,
                    platform=platform.platform,
                    episode=line.told.episode,
                    offering=line.told.offering,
                    learner=line.learner,
                    passed=line.told.passed,
                    completed=line.told.completed,
                )
                for line in lines.values()
            ]
        )
        entries |= {
            place: Entry(
                standing=judgement.prognosis,
                completion=line.completion,
                reason=judgement.reason,
                detail=judgement.detail,
            )
            for (place, line), judgement in zip(lines.items(), judgements, strict=True)
        }
        return [entries[place] for place in range(len(said))]


def _known(stored: AcceptedCompletion, line: _Line) -> Entry:
    became = stored.fate
    differs = stored.digest != line.delivery.digest
    return Entry(
        standing=Standing(became.state),
        completion=line.completion,
        reason=became.reason,
        detail="it was accepted before in other words, which stand" if differs else became.detail,
    )


def _accepted(line: _Line, outcome: AcceptedDelivery | EpisodeDiffers) -> Entry:
    if isinstance(outcome, EpisodeDiffers):
        return Entry(standing=Standing.IN_FLIGHT, completion=line.completion, detail=str(outcome))
    standing = Standing.IN_FLIGHT if outcome.duplicate else Standing.ACCEPTED
    return Entry(standing=standing, completion=line.completion)
