"""Work that goes on beside requests: started with the process, watched, stopped with it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

from chassis.logging import described
from schemas.faults import Unavailable

Step = Callable[[], Awaitable[None]]

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0

_log = structlog.get_logger(__name__)


async def ended(task: asyncio.Task[None] | None) -> None:
    """Cancel a task, if there is one, and wait until it has ended."""
    if task is not None:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


class Loop:
    """Runs a coroutine for as long as the process runs. One that fails is begun again, after a growing pause.

    While it fails `check` says so, and `/readyz` with it: work that silently stopped is the worst kind.
    """

    def __init__(self, name: str, run: Step) -> None:
        self.name = name
        self._run = run
        self._task: asyncio.Task[None] | None = None
        self._failure: str | None = None

    async def start(self) -> None:
        """Begin in the background."""
        self._task = asyncio.create_task(self._supervise(), name=self.name)

    async def stop(self) -> None:
        """Cancel it where it stands: what it does must survive that, as it must survive a lost machine."""
        task, self._task = self._task, None
        await ended(task)

    async def check(self) -> None:
        """Raises `Unavailable` while it keeps failing."""
        if self._failure is not None:
            raise Unavailable(f"{self.name} keeps failing: {self._failure}")

    async def _supervise(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await self._run()
            except Exception as error:  # noqa: BLE001 whatever it raises, it has to go on
                if asyncio.get_running_loop().time() - began > LONGEST_PAUSE_SECONDS:
                    pause = FIRST_PAUSE_SECONDS
                self._failure = described(error)
                _log.error("loop-failed", loop=self.name, again_in_seconds=pause, exc_info=error)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
                self._failure = None
            else:
                return
