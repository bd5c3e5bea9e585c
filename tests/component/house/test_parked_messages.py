"""What could not be handled, as operators meet it: they see it, mend the cause, replay it or give it up."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from chassis.access import Scope
from chassis.documents import PendingEvent
from laurel.cli import main
from laurel.demo.moodle import completion_body
from laurel.demo.scenario import PUPILS
from schemas.events import AssessmentCompleted
from tests.component.house.house import ADMIN, PATIENCE, House, running

PASSED = datetime.now(UTC) - timedelta(minutes=1)


def a_bad_deploy(*_: object, **__: object) -> None:
    raise RuntimeError("somebody's name")


async def until(house: House, path: str, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """What the house says there once it is so."""
    async with asyncio.timeout(PATIENCE):
        while True:
            said: dict[str, Any] = (await house.http.get(path, headers=ADMIN)).json()
            if holds(said):
                return said
            await asyncio.sleep(0.05)


async def tell(house: House, *values: str) -> None:
    await house.chassis.publisher.publish(
        [PendingEvent(topic=AssessmentCompleted.topic, key="nobody", value=value) for value in values]
    )


async def test_a_bad_deploy_is_mended_and_what_it_parked_is_replayed_by_its_operator(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = await house.found_university()
    with monkeypatch.context() as broken:
        broken.setattr("issuer.handlers.knowing.award", a_bad_deploy)
        outcome = await house.outcome_of(platform, completion_body(PUPILS[0], "course_completions:1", PASSED))
    assert (outcome["state"], outcome["reason"]) == ("parked", "handler-failed")

    said = await house.ask("GET", "/api/v1/parked")
    (item,), (group,) = said["items"], said["groups"]
    assert group["cause"] == {
        "service": "issuer", "reason": "handler-failed", "topic": AssessmentCompleted.topic, "platform": "moodle",
        "offering": "data-ethics",
    }  # fmt: skip
    assert "name" not in item["detail"]
    place = {"service": "issuer", "messages": [item["id"]]}
    foreseen = await house.ask("POST", "/api/v1/parked/replays", place)
    assert foreseen["dry_run"]
    assert foreseen["items"][0]["said"] == "a credential for data-ethics version 1 would be issued"
    assert (await house.ask("GET", "/api/v1/account"))["parked"] == 1

    _, token = await house.chassis.access.issue(scope=Scope.OPERATOR, label="Night shift")
    bearer = {"authorization": f"Bearer {token}"}
    replayed = await house.ask("POST", "/api/v1/parked/replays", {**place, "dry_run": False}, **bearer)
    assert replayed["items"][0]["handled"]
    await house.outcome_until(platform, outcome["completion"], lambda told: told["state"] == "issued")
    account = await house.ask("GET", "/api/v1/account")
    assert (account["issued"], account["parked"], account["unaccounted"]) == (1, 0, [])
    audit = (await house.ask("GET", "/api/v1/parked/audit"))["items"]
    assert [(line["who"], line["deed"]) for line in audit] == [("Night shift", "handled"), ("Night shift", "replay")]


async def test_a_full_parking_stops_the_consumer_turns_readiness_red_and_goes_on_once_it_is_emptied(
    tmp_path: Path,
) -> None:
    async with running(tmp_path / "var", parking_limit=2) as house:
        platform = await house.found_university()
        await tell(house, "one", "two", "three")
        answer = await platform.deliver(completion_body(PUPILS[0], "course_completions:1", PASSED), datetime.now(UTC))
        said = await until(house, "/readyz", lambda said: "limit" in said["checks"]["issuer.listener"])
        assert said["status"] == "not-ready"
        assert "2 messages are parked, which is the limit; the last reason was not-json" in str(said["checks"])
        assert (await house.http.get("/readyz")).status_code == 503
        for service in ("issuer", "monitor"):
            parked = (await house.ask("GET", f"/api/v1/account/parked?service={service}"))["items"]
            discard = {"service": service, "messages": [each["id"] for each in parked], "reason": "never was an event"}
            assert len((await house.ask("POST", "/api/v1/parked/discards", discard))["discarded"]) == 2
        await until(house, "/readyz", lambda said: said["status"] == "ready")
        await house.outcome_until(platform, answer.json()["completion"], lambda told: told["state"] == "issued")


async def test_a_platform_is_told_why_its_completion_was_given_up_and_the_account_goes_on_counting_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = await house.found_university()
    monkeypatch.setattr("issuer.handlers.knowing.award", a_bad_deploy)
    outcome = await house.outcome_of(platform, completion_body(PUPILS[0], "course_completions:1", PASSED))
    (item,) = (await house.ask("GET", "/api/v1/parked"))["items"]
    body = {"service": "issuer", "messages": [item["id"]], "reason": "a rehearsal, not an assessment"}
    await house.ask("POST", "/api/v1/parked/discards", body)
    outcome = await house.outcome_until(platform, outcome["completion"], lambda told: told["reason"] == "discarded")
    assert (outcome["detail"], outcome["reopenable"]) == ("a rehearsal, not an assessment", False)
    account = await house.ask("GET", "/api/v1/account")
    assert (account["accepted"], account["parked"], account["unaccounted"]) == (1, 1, [])
    assert (await house.ask("GET", "/api/v1/parked"))["items"] == []


async def test_an_operator_does_all_of_it_on_the_page_without_javascript(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = await house.found_university()
    with monkeypatch.context() as broken:
        broken.setattr("issuer.handlers.knowing.award", a_bad_deploy)
        for pupil in (PUPILS[0], PUPILS[3]):  # the one passed, the other failed
            body = completion_body(pupil, f"course_completions:{pupil.id}", PASSED)
            assert (await house.outcome_of(platform, body))["state"] == "parked"
    await house.http.post("/ops/login", data={"token": "admin"})
    home = (await house.http.get("/ops/parked")).text
    (link,) = re.findall(r'href="(/ops/parked\?[^"]+)"', home)
    cause = (await house.http.get(link.replace("&amp;", "&"))).text
    assert "2 messages that the issuer could not handle, from moodle, about data-ethics." in cause
    one = re.findall(r'href="(/ops/parked/issuer/[^"]+)"', cause)[0]
    detail = (await house.http.get(one)).text
    assert "RuntimeError" in detail
    assert "somebody" not in detail

    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', cause))
    foreseen = (await house.http.post("/ops/parked/replays", data=fields)).text
    assert "Nothing has been done yet." in foreseen
    assert "Replay 2" in foreseen
    refused = await house.http.post("/ops/parked/discards", data={**fields, "why": " "})
    assert refused.status_code == 400
    replayed = (await house.http.post("/ops/parked/replays", data={**fields, "now": "true"})).text
    assert "All of these were handled." in replayed
    assert "Nothing is parked." in (await house.http.get("/ops/parked")).text
    account = await house.ask("GET", "/api/v1/account")
    assert (account["issued"], account["refused"], account["parked"]) == (1, 1, 0)


async def test_an_operator_does_all_of_it_from_the_command_line(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUREL_URL", house.chassis.settings.base_url)
    monkeypatch.setenv("LAUREL_TOKEN", "admin")
    monkeypatch.setenv("COLUMNS", "200")

    async def laurel(*words: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, main, ["parked", *words])

    assert "Nothing is parked." in (await laurel("list")).output
    await tell(house, "one", "two")
    await until(house, "/api/v1/parked", lambda said: len(said.get("items", ())) == 4)
    listed = (await laurel("list")).output
    assert listed.count("not-json") == 2  # the issuer's and the monitor's
    shown = json.loads((await laurel("list", "--json")).output)
    message = next(item["id"] for item in shown["items"] if item["service"] == "issuer")
    assert "Nobody has replayed it yet." in (await laurel("show", message[:8])).output

    foreseen = await laurel("replay", "--code", "not-json")
    assert foreseen.exit_code == 1
    assert foreseen.output.count("it still cannot be read") == 4
    assert "Nothing was replayed yet" in foreseen.output
    replayed = await laurel("replay", message, "--now")
    assert replayed.exit_code == 1
    assert "failed-again" in (await laurel("show", message)).output

    assert (await laurel("discard", message, "--now")).exit_code == 2  # no reason
    assert "Nothing was discarded yet" in (await laurel("discard", "--service", "issuer", "--reason", "a test")).output
    assert "Discarded 2" in (await laurel("discard", "--service", "issuer", "--reason", "a test", "--now")).output
    assert "Discarded 2" in (await laurel("discard", "--platform", "-", "--reason", "a test", "--now")).output
    assert "Nothing is parked." in (await laurel("list")).output
    assert (await laurel("audit")).output.count("discard") == 4
    assert "no parked message is like that" in (await laurel("replay", "--code", "not-json")).output
    assert (await laurel("replay")).exit_code == 2
