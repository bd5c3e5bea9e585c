import asyncio

import pytest

from chassis.running import Loop
from schemas.faults import Unavailable


async def test_a_loop_that_keeps_failing_says_so_until_it_runs_again() -> None:
    failed = asyncio.Event()

    async def run() -> None:
        failed.set()
        raise Unavailable("the broker does not answer")

    loop = Loop("issuer.relay", run)
    await loop.check()
    await loop.start()
    await failed.wait()
    await asyncio.sleep(0)
    with pytest.raises(Unavailable, match=r"issuer\.relay keeps failing: Unavailable: the broker does not answer"):
        await loop.check()
    await loop.stop()


async def test_stopping_a_loop_waits_until_it_has_let_go() -> None:
    begun, let_go = asyncio.Event(), asyncio.Event()

    async def run() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            let_go.set()

    loop = Loop("loop", run)
    await loop.start()
    await begun.wait()
    await loop.stop()
    assert let_go.is_set()
    await loop.stop()


async def test_a_loop_that_returns_is_done() -> None:
    done = asyncio.Event()

    async def run() -> None:
        done.set()

    loop = Loop("once", run)
    await loop.start()
    await done.wait()
    await loop.check()
    await loop.stop()
