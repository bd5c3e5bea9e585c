"""Telling the house a file, in portions, no faster than asked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from chassis.retry import Backoff
from laurel.backfill.reading import Line
from schemas.faults import Unavailable
from schemas.values import JsonObject

PORTION = 200
ATTEMPTS = 12
"""So often a portion is told again while the house is away, before that is given up: some two minutes."""
UNREADABLE = "unreadable"

Answer = JsonObject
"""What became of a line, as the house says it: `standing`, and where there is more to say `reason` and `detail`."""


class Post(Protocol):
    """The way to the house."""

    async def __call__(self, path: str, body: object = None) -> JsonObject:
        """What it says. Raises a `Fault`."""
        ...


@dataclass(frozen=True, slots=True)
class Told:
    """A portion, and what became of each line of it."""

    lines: Sequence[Line]
    answers: Sequence[Answer]


class TellFile:
    """Tells the lines of a file to a route that answers each of them."""

    def __init__(
        self,
        post: Post,
        path: str,
        *,
        rate: float | None,
        on_wait: Callable[[Unavailable], None],
        portion: int = PORTION,
    ) -> None:
        """`rate` lines a second at most; `on_wait` hears why it has to wait for the house."""
        self._post = post
        self._path = path
        self._rate = rate
        self._on_wait = on_wait
        self._portion = portion if rate is None else max(1, min(portion, int(rate)))

    async def __call__(self, lines: Iterable[Line], on_told: Callable[[Told], None]) -> None:
        """Tell all of them, in order; each portion is handed on once it is answered.

        Raises `Unavailable` when the house stays away, and what else it answers.
        """
        began, count = time.monotonic(), 0
        for portion in _portions(iter(lines), self._portion):
            on_told(Told(portion, await self._tell(portion)))
            count += len(portion)
            if self._rate is not None:
                await asyncio.sleep(max(0.0, began + count / self._rate - time.monotonic()))

    async def _tell(self, portion: Sequence[Line]) -> Sequence[Answer]:
        readable = [line.said for line in portion if not line.problems]
        answers = iter(await self._asked(readable) if readable else ())
        return [_unreadable(line) if line.problems else next(answers) for line in portion]

    async def _asked(self, items: Sequence[JsonObject]) -> Sequence[Answer]:
        waits = Backoff().waits()
        for _ in range(ATTEMPTS):
            try:
                answered: Sequence[Answer] = (await self._post(self._path, {"items": items}))["items"]
            except Unavailable as away:
                self._on_wait(away)
                last = away
                await asyncio.sleep(next(waits))
            else:
                return answered
        raise last


def _portions(lines: Iterator[Line], size: int) -> Iterator[Sequence[Line]]:
    while portion := list(islice(lines, size)):
        yield portion


def _unreadable(line: Line) -> Answer:
    return {"standing": UNREADABLE, "detail": "; ".join(f"{name}: {said}" for name, said in line.problems.items())}
