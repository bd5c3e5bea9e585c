"""Keep what was fetched for a short while, and let go of it at once when it is known to have changed."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class _Kept(Generic[V]):
    value: V
    at: float


class Cache(Generic[V]):
    """At most `size` values for at most `ttl` seconds; several askers share one fetch, failures are not kept."""

    def __init__(
        self,
        load: Callable[[str], Awaitable[V]],
        *,
        ttl: float,
        size: int = 500,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._load = load
        self._ttl = ttl
        self._size = size
        self._monotonic = monotonic
        self._kept: OrderedDict[str, _Kept[V]] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[V]] = {}

    async def get(self, key: str, *, younger_than: float | None = None) -> V:
        """The value, fetched when none is kept that is young enough. Raises what fetching raises."""
        kept = self._kept.get(key)
        age = self._ttl if younger_than is None else min(self._ttl, younger_than)
        if kept and self._monotonic() - kept.at < age:
            self._kept.move_to_end(key)
            return kept.value
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._fetch(key))
            self._under_way[key] = task
        # One asker leaving must not take the answer from the others.
        return await asyncio.shield(task)

    def forget(self, key: str) -> None:
        """What is kept no longer counts; a fetch already under way answers its askers, and is not kept either."""
        self._kept.pop(key, None)
        self._under_way.pop(key, None)

    async def _fetch(self, key: str) -> V:
        task = asyncio.current_task()
        started = self._monotonic()
        try:
            value = await self._load(key)
            if self._under_way.get(key) is task:
                self._kept[key] = _Kept(value, started)
                self._kept.move_to_end(key)
                while len(self._kept) > self._size:
                    self._kept.popitem(last=False)
            return value
        finally:
            if self._under_way.get(key) is task:
                del self._under_way[key]
