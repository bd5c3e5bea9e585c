from __future__ import annotations

import asyncio

import pytest

from schemas.faults import Unavailable
from verifier.adapters.caching import Cache


class Source:
    def __init__(self) -> None:
        self.now = 0.0
        self.asked: list[str] = []
        self.answer = "old"
        self.hold: asyncio.Event | None = None
        self.down = False

    async def load(self, key: str) -> str:
        self.asked.append(key)
        answer = self.answer
        if self.hold:
            await self.hold.wait()
        if self.down:
            raise Unavailable("down")
        return f"{answer} {key}"

    def cache(self, ttl: float = 10, size: int = 500) -> Cache[str]:
        return Cache(self.load, ttl=ttl, size=size, monotonic=lambda: self.now)


async def test_what_was_fetched_is_kept_for_its_time_and_no_longer() -> None:
    source = Source()
    cache = source.cache()
    assert await cache.get("a") == await cache.get("a") == "old a"
    source.now, source.answer = 10, "new"
    assert await cache.get("a") == "new a"
    assert source.asked == ["a", "a"]


async def test_many_askers_share_one_fetch_and_one_who_leaves_takes_nothing_from_the_others() -> None:
    source = Source()
    source.hold = asyncio.Event()
    cache = source.cache()
    askers = [asyncio.create_task(cache.get("a")) for _ in range(5)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    askers[0].cancel()
    source.hold.set()
    assert await asyncio.gather(*askers[1:]) == ["old a"] * 4
    assert source.asked == ["a"]


async def test_what_is_forgotten_is_asked_for_again() -> None:
    source = Source()
    cache = source.cache()
    await cache.get("a")
    source.answer = "new"
    cache.forget("a")
    assert await cache.get("a") == "new a"


async def test_a_fetch_that_was_under_way_when_its_key_was_forgotten_is_not_kept() -> None:
    source = Source()
    source.hold = asyncio.Event()
    cache = source.cache()
    early = asyncio.create_task(cache.get("a"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    cache.forget("a")
    source.answer = "new"
    late = asyncio.create_task(cache.get("a"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    source.hold.set()
    assert await early == "old a"
    assert await late == "new a"
    assert await cache.get("a") == "new a"


async def test_a_failure_is_told_and_not_kept() -> None:
    source = Source()
    source.down = True
    cache = source.cache()
    with pytest.raises(Unavailable):
        await cache.get("a")
    source.down = False
    assert await cache.get("a") == "old a"


async def test_no_more_is_kept_than_said_and_what_was_used_last_stays() -> None:
    source = Source()
    cache = source.cache(size=2)
    for key in ("a", "b", "a", "c", "a"):
        await cache.get(key)
    assert source.asked == ["a", "b", "c"]
    await cache.get("b")
    assert source.asked == ["a", "b", "c", "b"]


async def test_who_needs_it_fresh_gets_it_younger() -> None:
    source = Source()
    cache = source.cache()
    await cache.get("a")
    source.now = 2
    source.answer = "new"
    assert await cache.get("a", younger_than=5) == "old a"
    assert await cache.get("a", younger_than=1) == "new a"
