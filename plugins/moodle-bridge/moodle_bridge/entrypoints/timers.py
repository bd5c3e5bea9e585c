"""What happens because time passes. Each runs until it is cancelled; whoever runs it begins it again when it fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from moodle_bridge.handlers import ForgetStrangers, PushOutcomes, RepublishUnanswered

NOTE_SECONDS = 1.0
PUSH_SECONDS = 2.0


def sweeps(republish: RepublishUnanswered, forget: ForgetStrangers, every: timedelta) -> Callable[[], Awaitable[None]]:
    """Tells completions again that nobody answered, and forgets what was heard of credentials nobody knows."""

    async def sweep() -> None:
        while True:
            await republish()
            await forget()
            await asyncio.sleep(every.total_seconds())

    return sweep


def pushes(push: PushOutcomes) -> Callable[[], Awaitable[None]]:
    """Tells platforms what became of their completions, as long as there is something to tell."""

    async def push_outcomes() -> None:
        while True:
            if not await push():
                await asyncio.sleep(PUSH_SECONDS)

    return push_outcomes


def notes(*flushes: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """Writes down what was counted and noted."""

    async def write_notes() -> None:
        while True:
            await asyncio.sleep(NOTE_SECONDS)
            for flush in flushes:
                await flush()

    return write_notes
