import asyncio

import pytest

from chassis import health
from chassis.health import Health
from schemas.faults import Unavailable


async def fine() -> None:
    return


async def down() -> None:
    raise Unavailable("the database does not answer")


async def broken() -> None:
    raise KeyError("Ana Andromeda")


async def hangs() -> None:
    await asyncio.Event().wait()


async def test_ready_when_every_check_is_fine() -> None:
    found = Health({"a": fine, "b": fine})
    found.unready = None
    assert await found.report() == (True, {"a": "ok", "b": "ok"})


async def test_one_red_check_is_enough_and_says_why() -> None:
    found = Health({"a": fine, "b": down})
    found.unready = None
    assert await found.report() == (False, {"a": "ok", "b": "Unavailable: the database does not answer"})


async def test_an_accident_in_a_check_is_red_and_does_not_tell_what_it_was_about() -> None:
    ready, checks = await Health({"a": broken}).report()
    assert not ready
    assert checks["a"] == "KeyError"


async def test_a_check_that_does_not_answer_is_red(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.01)
    ready, checks = await Health({"a": hangs}).report()
    assert not ready
    assert checks["a"] == "no answer within 0.01 s"


async def test_not_ready_before_the_start_is_done() -> None:
    assert await Health({}).report() == (False, {"process": "starting"})
