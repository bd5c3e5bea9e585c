"""`laurel platforms`, as whoever runs the house looks after who may deliver."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from typer.testing import CliRunner

from laurel.cli import main
from laurel.demo.moodle import LearningPlatform, completion_body
from laurel.demo.scenario import ORGANISATION, PUPILS
from tests.component.house.house import House


async def laurel(house: House, *arguments: str) -> tuple[int, str]:
    environment = {"LAUREL_URL": str(house.http.base_url), "LAUREL_TOKEN": "admin", "COLUMNS": "220"}
    done = await asyncio.to_thread(CliRunner().invoke, main, ["platforms", *arguments], env=environment)
    return done.exit_code, done.output


async def test_a_platform_is_added_rotated_disabled_and_enabled_and_loses_nothing(house: House) -> None:
    await house.found_university()
    code, said = await laurel(house, "add", "canvas", "--organisation", ORGANISATION["id"], "--offering", "data-ethics")
    assert (code, said.startswith("whsec_")) == (0, True)
    canvas = LearningPlatform(house.http, "canvas", said.strip())
    body = completion_body(PUPILS[0], "enrolments:1", datetime.now(UTC) - timedelta(minutes=1))

    assert (await laurel(house, "disable", "canvas"))[0] == 0
    refused = await canvas.deliver(body, datetime.now(UTC))
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:laurel:problem:platform-disabled")
    assert "disabled" in (await laurel(house, "list"))[1]
    assert (await laurel(house, "enable", "canvas"))[0] == 0
    assert (await house.outcome_of(canvas, body))["state"] == "issued"

    code, said = await laurel(house, "rotate", "canvas")
    secret, until = said.strip().splitlines()
    assert (code, until.startswith("The secret of before works until 20")) == (0, True)
    for one in (canvas.secret, secret):
        again = await LearningPlatform(house.http, "canvas", one).deliver(body, datetime.now(UTC))
        assert (again.status_code, again.json()["duplicate"]) == (202, True)
    listed = (await laurel(house, "list"))[1]
    for shown in (
        "canvas",
        "may award data-ethics",
        "its clock is right",
        "its secret of before",
        "never seen",
        "everything",
    ):
        assert shown in listed
    assert secret not in listed

    assert "may award everything" in (await laurel(house, "allow", "canvas"))[1]
    assert "may award data-ethics" in (await laurel(house, "allow", "canvas", "--offering", "data-ethics"))[1]
    activity = "https://lms.example.org/activities/1"
    assert "earns data-ethics" in (await laurel(house, "map", "canvas", activity, "data-ethics"))[1]
    for url, shown in (("https://canvas.example/laurel", "told of outcomes at"), (None, "")):
        code, said = await laurel(house, "notify", "canvas", *([url] if url else []))
        assert (code, (url or "asks for outcomes itself") in said) == (0, True)
        assert shown in (await laurel(house, "list"))[1]
    platforms = (await house.ask("GET", "/api/v1/platforms"))["items"]
    assert [one["activities"] for one in platforms if one["id"] == "canvas"] == [
        [{"id": activity, "offering": "data-ethics", "verb": "passed"}]
    ]


async def test_what_cannot_be_is_said_in_a_sentence(house: House) -> None:
    await house.found_university()
    for wrong in (
        ("add", "moodle", "--organisation", ORGANISATION["id"]),
        ("add", "No Slug", "--organisation", ORGANISATION["id"]),
        ("rotate", "nobody"),
        ("disable", "nobody"),
        ("map", "nobody", "https://lms.example.org/1", "data-ethics"),
        ("notify", "moodle", "ftp://moodle.example"),
        ("map", "moodle", "no iri", "data-ethics"),
        ("map", "moodle", "https://lms.example.org/1", "data-ethics", "--verb", "attended"),
    ):
        assert (await laurel(house, *wrong))[0] == 1, wrong
