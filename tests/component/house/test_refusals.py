"""A refusal ends with its cause: by itself, or when somebody says so; and the platform hears of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import orjson
import pytest
from click.testing import Result
from typer.testing import CliRunner

from chassis.documents import SqliteDocuments
from laurel.cli import main
from laurel.demo.moodle import LearningPlatform, completion_body
from laurel.demo.scenario import PUPILS
from moodle_bridge.handlers import ReopenAllowed
from moodle_bridge.ports import COMPLETIONS, PLATFORMS
from tests.component.house.house import PLATFORM, House, running

PASSED = datetime.now(UTC) - timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUREL_ISSUER_PATIENCE", "1")
    monkeypatch.setenv("LAUREL_ISSUER_SWEEP", "0.2")


async def test_a_platform_that_is_allowed_an_offering_gets_what_it_was_refused_and_is_told(house: House) -> None:
    platform = await house.found_university()
    place = f"/api/v1/platforms/{PLATFORM}"
    await house.ask("PUT", place, {"enabled": True, "offerings": ["battery-recycling"]})
    outcome = await house.outcome_of(platform, completion_body(PUPILS[0], "course_completions:1", PASSED))
    assert (outcome["state"], outcome["reason"], outcome["reopenable"]) == ("refused", "platform-not-allowed", True)

    await house.ask("PUT", place, {"enabled": True, "offerings": ["infection-prevention"]})
    said = (await house.ask("GET", "/api/v1/refusals?reason=platform-not-allowed"))["items"]
    assert [(each["award"], each["state"]) for each in said] == [(outcome["award"], "refused")]

    await house.ask("PUT", place, {"enabled": True, "offerings": ["data-ethics"]})
    issued = await house.outcome_until(platform, outcome["completion"], lambda told: told["state"] == "issued")
    assert issued["claim"]
    assert (await house.ask("GET", "/api/v1/refusals"))["items"] == []
    account = await house.ask("GET", "/api/v1/account")
    assert (account["accepted"], account["issued"], account["refused"]) == (1, 1, 0)


async def test_what_was_refused_is_asked_anew_though_the_log_forgot_that_its_platform_is_allowed_more(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as house:
        platform = await house.found_university()
        place, port = f"/api/v1/platforms/{PLATFORM}", house.chassis.settings.port
        await house.ask("PUT", place, {"enabled": True, "offerings": []})
        outcome = await house.outcome_of(platform, completion_body(PUPILS[0], "course_completions:1", PASSED))
        assert outcome["reason"] == "platform-not-allowed"

    documents = SqliteDocuments(tmp_path / "bridge.sqlite")
    await documents.open()
    completions, platforms = documents.collection(COMPLETIONS), documents.collection(PLATFORMS)
    (allowed,) = (await platforms.find({})).items
    allowed = await platforms.replace(allowed.model_copy(update={"offerings": None}))
    assert await ReopenAllowed(completions, platforms, nudge=lambda: None).changed(allowed) == 1
    await completions.clear_pending(await completions.with_pending())  # told, to a log that was then lost
    await documents.close()

    async with running(tmp_path, port) as house:
        platform = LearningPlatform(house.http, PLATFORM, platform.secret)
        await house.outcome_until(platform, outcome["completion"], lambda told: told["state"] == "issued")
    await documents.open()
    assert [answered.reopened for answered in (await completions.find({})).items] == [False]
    await documents.close()


async def test_a_refusal_for_want_of_its_offering_ends_when_that_is_published(house: House) -> None:
    platform = await house.found_university()
    outcome = await house.outcome_of(platform, completion_body(PUPILS[1], "course_completions:1", PASSED))
    assert (outcome["state"], outcome["reason"]) == ("refused", "offering-unknown")
    draft = orjson.loads(files("laurel.demo").joinpath("offerings", "battery-recycling.json").read_bytes())
    await house.ask("PUT", "/api/v1/offerings/battery-recycling/draft", draft)
    await house.ask("POST", "/api/v1/offerings/battery-recycling/publication")
    await house.outcome_until(platform, outcome["completion"], lambda told: told["state"] == "issued")


async def test_an_operator_lists_refusals_and_reopens_them_from_the_command_line(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAUREL_URL", house.chassis.settings.base_url)
    monkeypatch.setenv("LAUREL_TOKEN", "admin")
    monkeypatch.setenv("COLUMNS", "200")

    async def refusals(*words: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, main, ["refusals", *words])

    platform = await house.found_university()
    unknown = await house.outcome_of(platform, completion_body(PUPILS[1], "course_completions:1", PASSED))
    failed = await house.outcome_of(platform, completion_body(PUPILS[3], "course_completions:2", PASSED))
    assert unknown["award"] in (await refusals("list")).output
    assert failed["award"] not in (await refusals("list")).output
    assert failed["award"] in (await refusals("list", "--final")).output

    still = await refusals("reopen", "--offering", "battery-recycling")
    assert still.exit_code == 1
    assert f"{unknown['award']} is refused: no offering battery-recycling has been published" in still.output
    final = await refusals("reopen", failed["award"])
    assert final.exit_code == 1
    assert "was refused for good: assessment-failed" in final.output
    assert "there is no award" not in final.output
    assert (await refusals("reopen")).exit_code == 2
    nothing = await refusals("reopen", "--reason", "platform-not-allowed")
    assert "no refusal that can be re-opened is like that" in nothing.output


async def test_a_refusal_reopened_by_its_operator_becomes_a_credential_that_the_platform_hears_of(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = await house.found_university()
    outcome = await house.outcome_of(platform, completion_body(PUPILS[1], "course_completions:1", PASSED))
    draft = orjson.loads(files("laurel.demo").joinpath("offerings", "battery-recycling.json").read_bytes())

    async def nobody(*_: object, **__: object) -> None:
        """The issuer keeps the offering, and is killed before it looks who waited for it."""

    monkeypatch.setattr("issuer.handlers.issuing.IssueCredentials.reopen_unknown", nobody)
    await house.ask("PUT", "/api/v1/offerings/battery-recycling/draft", draft)
    await house.ask("POST", "/api/v1/offerings/battery-recycling/publication")
    place = f"/api/v1/refusals/{outcome['award']}/reopening"
    async with asyncio.timeout(20):
        while (await house.ask("POST", place))["state"] != "issued":  # noqa: ASYNC110 seen over HTTP
            await asyncio.sleep(0.05)
    await house.outcome_until(platform, outcome["completion"], lambda told: told["state"] == "issued")
