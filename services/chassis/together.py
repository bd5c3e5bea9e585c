"""Doing together what is asked for one by one: while some of it is under way, what comes gathers for the next time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

A = TypeVar("A")
R = TypeVar("R")


class Together(Generic[A, R]):
    """Calls the work with everything that waits, up to `most`, in the order it came; one call after the other.

    Nothing waits on purpose: who comes alone is served at once, and the busier it is, the more is done at a time. The
    work answers for each, in order; an exception among its answers is raised for that one alone, one that the work
    raises for all of them. Who stopped waiting is left out, unless the work has begun.
    """

    def __init__(self, work: Callable[[Sequence[A]], Awaitable[Sequence[R | Exception]]], *, most: int) -> None:
        self._work = work
        self._most = most
        self._waiting: list[tuple[A, asyncio.Future[R]]] = []
        self._busy: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many nobody has begun with."""
        return len(self._waiting)

    async def __call__(self, one: A) -> R:
        """What the work answers for this one."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, answer))
        if self._busy is None:
            self._busy = asyncio.create_task(self._serve(), name="together")
        return await answer

    async def rest(self) -> None:
        """Return once nothing waits."""
        if self._busy is not None:
            await asyncio.wait((self._busy,))

    async def _serve(self) -> None:
        try:
            while self._waiting:
                taken, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                wanted = [(one, answer) for one, answer in taken if not answer.done()]
                if wanted:
                    await self._serve_these(wanted)
        finally:
            self._busy = None

    async def _serve_these(self, wanted: Sequence[tuple[A, asyncio.Future[R]]]) -> None:
        answers: Sequence[R | Exception]
        try:
            answers = await self._work([one for one, _ in wanted])
        except Exception as error:  # noqa: BLE001 whatever it is, those who wait are told
            answers = [error] * len(wanted)
        for (_, waits), answer in zip(wanted, answers, strict=True):
            if waits.done():
                continue
            if isinstance(answer, Exception):
                waits.set_exception(answer)
            else:
                waits.set_result(answer)
