"""A house stops within its time whatever its handlers are at, and leaves nothing half done."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from laurel.demo.moodle import LearningPlatform, completion_body
from laurel.demo.scenario import PUPILS
from tests.component.house.house import PLATFORM, running


async def test_a_batch_that_does_not_end_is_left_uncommitted_in_time_and_decided_on_after_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = asyncio.Event()

    async def never(*_: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    passed = datetime.now(UTC) - timedelta(minutes=1)
    async with asyncio.timeout(None) as limit:
        with monkeypatch.context() as stuck:
            async with running(tmp_path) as house:
                platform = await house.found_university()
                stuck.setattr("issuer.handlers.issuing.IssueCredentials.__call__", never)
                accepted = await platform.deliver(
                    completion_body(PUPILS[0], "course_completions:1", passed), datetime.now(UTC)
                )
                completion = accepted.json()["completion"]
                await begun.wait()
                settings = house.chassis.settings
                limit.reschedule(asyncio.get_running_loop().time() + settings.stop_seconds)
    async with running(tmp_path, settings.port) as house:
        again = LearningPlatform(house.http, PLATFORM, platform.secret)
        outcome = await house.outcome_until(again, completion, lambda told: told["state"] != "in-flight")
        assert outcome["state"] == "issued"
        account = await house.ask("GET", "/api/v1/account")
        assert (account["accepted"], account["issued"], account["unaccounted"]) == (1, 1, [])
