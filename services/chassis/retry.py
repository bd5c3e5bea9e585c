"""Waiting for a neighbour that is down: longer each time, never in step with others, and never past a stop.

stamina retries well where giving up is an answer (an HTTP call). Here giving up is not one, and a stop has to end the
wait at once, which its sleep does not allow.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from schemas.faults import Unavailable

T = TypeVar("T")

AWAY = (Unavailable, ConnectionError, TimeoutError)
"""What says that somebody else is down, for now. The last two are what a library raises when an adapter forgot to."""


class Stopped(Exception):  # noqa: N818 not an error: somebody asked for it
    """The wait was ended by a stop; what was tried did not happen."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Seconds to wait between attempts: doubling up to a cap, each drawn from its upper half."""

    first: float = 0.1
    cap: float = 15.0

    def waits(self) -> Iterator[float]:
        """One wait after the other, for ever."""
        wait = self.first
        while True:
            yield random.uniform(wait / 2, wait)  # noqa: S311 nobody gains by guessing it
            wait = min(wait * 2, self.cap)


async def pause(seconds: float, stopping: asyncio.Event) -> None:
    """Sleep; raises `Stopped` as soon as the event is set."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
    if stopping.is_set():
        raise Stopped


async def until_available(
    attempt: Callable[[], Awaitable[T]],
    *,
    stopping: asyncio.Event,
    backoff: Backoff,
    on_wait: Callable[[Exception, float], None] = lambda _error, _seconds: None,
) -> T:
    """What the attempt returns, tried until nobody it needs is away.

    Any other exception passes through. Raises `Stopped` when the event is set between two attempts.
    """
    waits = backoff.waits()
    while True:
        try:
            return await attempt()
        except AWAY as error:
            seconds = next(waits)
            on_wait(error, seconds)
            await pause(seconds, stopping)
