from __future__ import annotations

import asyncio
from itertools import islice

import pytest

from chassis.retry import Backoff, Stopped, until_available
from schemas.faults import Conflict, Unavailable

QUICK = Backoff(first=0.001, cap=0.002)


def test_waits_double_up_to_the_cap_and_never_in_step() -> None:
    ours, theirs = (list(islice(Backoff(first=1, cap=8).waits(), 6)) for _ in range(2))
    for wait, most in zip(ours, (1, 2, 4, 8, 8, 8), strict=True):
        assert most / 2 <= wait <= most
    assert ours != theirs


@pytest.mark.parametrize("away", [Unavailable("away"), ConnectionRefusedError(), TimeoutError()])
async def test_what_is_away_is_tried_again_until_it_is_back(away: Exception) -> None:
    outcomes: list[Exception | str] = [away, away, "back"]
    seen: list[Exception] = []

    async def attempt() -> str:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    stopping = asyncio.Event()
    found = await until_available(
        attempt, stopping=stopping, backoff=QUICK, on_wait=lambda error, _: seen.append(error)
    )
    assert found == "back"
    assert seen == [away, away]


async def test_what_waiting_does_not_heal_is_not_waited_for() -> None:
    async def attempt() -> None:
        raise Conflict("it exists in another state")

    with pytest.raises(Conflict):
        await until_available(attempt, stopping=asyncio.Event(), backoff=QUICK)


async def test_a_stop_ends_the_wait_at_once() -> None:
    stopping = asyncio.Event()

    async def attempt() -> None:
        stopping.set()
        raise Unavailable("away")

    with pytest.raises(Stopped):
        async with asyncio.timeout(5):
            await until_available(attempt, stopping=stopping, backoff=Backoff(first=3600))
