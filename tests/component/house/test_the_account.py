"""The account and the flow of a running house say the same; the command says who waits, and exits accordingly."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import Result
from typer.testing import CliRunner

from laurel.cli import main
from laurel.demo.moodle import completion_body
from laurel.demo.scenario import PUPILS
from tests.component.house.house import PATIENCE, House


async def test_the_account_and_the_flow_count_what_was_issued_at_a_providers_word_alike(house: House) -> None:
    platform = await house.found_university()
    passed = datetime.now(UTC) - timedelta(minutes=1)
    await house.outcome_of(platform, completion_body(PUPILS[0], "course_completions:1", passed))
    word = {"offering": "data-ethics", "learner": {"full_name": "Eva Ende"}, "completed": "2026-01-01T10:00:00Z"}
    await house.ask("POST", "/api/v1/issuances", word)
    account = await house.ask("GET", "/api/v1/account")
    assert (account["accepted"], account["direct"], account["issued"]) == (2, 1, 2)
    async with asyncio.timeout(PATIENCE):
        while True:
            stages = {each["stage"]: each["count"] for each in (await house.ask("GET", "/api/v1/flow"))["stages"]}
            if (stages["received"], stages["issued"]) == (2, 2):
                return
            await asyncio.sleep(0.05)


async def test_the_command_lists_who_waits_with_its_age_and_exits_with_one_past_the_ceiling(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAUREL_URL", house.chassis.settings.base_url)
    monkeypatch.setenv("LAUREL_TOKEN", "admin")
    monkeypatch.setenv("COLUMNS", "200")

    async def account(*words: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, main, ["account", *words])

    platform = await house.found_university()
    unknown = completion_body(PUPILS[2], "course_completions:1", datetime.now(UTC))  # its offering is not published
    accepted = (await platform.deliver(unknown, datetime.now(UTC))).json()
    waits = await account()
    assert waits.exit_code == 0
    assert f"in flight: {accepted['completion']} from moodle, for 0:00:0" in waits.output
    await asyncio.sleep(1.1)
    late = await account("--ceiling", "1")
    assert late.exit_code == 1
    assert f"not accounted for: {accepted['completion']} from moodle" in late.output
    assert (await account("--ceiling", "PT2H", "--since", "2026-01-01T00:00:00Z")).exit_code == 0
    assert (await account("--ceiling", "soon")).exit_code == 2
