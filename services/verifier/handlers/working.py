"""Where the work of a verification is done: at once where that takes little, beside the event loop where it may not.

To hand work to a thread and take the result back costs as much as to verify a credential of a known shape. What may
take long (a shape that was never seen, a large document) must not hold up those who wait for little.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

import orjson

from schemas.values import JsonObject

QUICK_BYTES: Final = 32_000
"""Of a document that is read and checked at once: some milliseconds, whatever is in it. A badge has five thousand."""
AT_ONCE: Final = 2
"""Pieces of long work under way; more would only take the processor from each other, and from the quick ones."""

T = TypeVar("T")


def is_quick(submission: str | bytes | JsonObject) -> bool:
    """Whether what was handed in is small enough to be looked at at once."""
    if isinstance(submission, str | bytes):
        return len(submission) <= QUICK_BYTES
    try:
        return len(orjson.dumps(submission)) <= QUICK_BYTES
    except orjson.JSONEncodeError:
        return False


async def together(works: Sequence[Awaitable[T]]) -> list[T]:
    """What all of these give, side by side; one alone needs no task of its own."""
    if len(works) <= 1:
        return [await work for work in works]
    return list(await asyncio.gather(*works))


@dataclass(frozen=True, slots=True)
class Workers:
    """Those who do what may take long; shared by all verifications of a service."""

    _places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def run(self, work: Callable[[], T], *, quick: bool = False) -> T:
        """What the work gives, done at once where it is quick, else beside the event loop when there is a place."""
        if quick:
            return work()
        async with self._places:
            return await asyncio.to_thread(work)
