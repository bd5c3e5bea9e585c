from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from chassis.together import Together
from schemas.faults import Malformed, Unavailable


class Kitchen:
    """Work that can be held up, and remembers what it was given."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.open = asyncio.Event()
        self.open.set()

    async def __call__(self, orders: Sequence[int]) -> list[str | Exception]:
        self.calls.append(list(orders))
        await self.open.wait()
        if 0 in orders:
            raise Unavailable("the oven is cold")
        return [Malformed("raw") if order < 0 else str(order) for order in orders]


@pytest.fixture
async def kitchen() -> Kitchen:
    return Kitchen()


async def test_who_comes_alone_is_served_at_once(kitchen: Kitchen) -> None:
    together = Together(kitchen, most=10)
    assert [await together(1), await together(2)] == ["1", "2"]
    assert kitchen.calls == [[1], [2]]


async def test_what_comes_meanwhile_is_done_together_in_its_order_and_in_portions(kitchen: Kitchen) -> None:
    together = Together(kitchen, most=3)
    kitchen.open.clear()
    waiting = [asyncio.create_task(together(1))]
    await asyncio.sleep(0.01)
    waiting += [asyncio.create_task(together(number)) for number in range(2, 7)]
    await asyncio.sleep(0.01)
    assert together.waiting == 5
    kitchen.open.set()
    assert await asyncio.gather(*waiting) == ["1", "2", "3", "4", "5", "6"]
    assert kitchen.calls == [[1], [2, 3, 4], [5, 6]]


async def test_what_fails_for_one_is_raised_for_that_one(kitchen: Kitchen) -> None:
    together = Together(kitchen, most=3)
    answers = await asyncio.gather(together(1), together(-1), together(2), return_exceptions=True)
    assert [str(answer) for answer in answers] == ["1", "raw", "2"]
    assert len(kitchen.calls) == 1


async def test_what_fails_for_all_is_raised_for_all_and_the_next_are_served(kitchen: Kitchen) -> None:
    together = Together(kitchen, most=2)
    answers = await asyncio.gather(*map(together, (1, 0, 2)), return_exceptions=True)
    assert [str(answer) for answer in answers] == ["the oven is cold", "the oven is cold", "2"]


async def test_who_stopped_waiting_is_left_out(kitchen: Kitchen) -> None:
    together = Together(kitchen, most=10)
    kitchen.open.clear()
    first, second, third = (asyncio.create_task(together(number)) for number in (1, 2, 3))
    await asyncio.sleep(0)
    begun = asyncio.create_task(together(4))
    await asyncio.sleep(0.01)
    leaving = asyncio.create_task(together(5))
    await asyncio.sleep(0.01)
    first.cancel()
    leaving.cancel()
    kitchen.open.set()
    assert await asyncio.gather(second, third, begun) == ["2", "3", "4"]
    await together.rest()
    assert all(5 not in call for call in kitchen.calls)
