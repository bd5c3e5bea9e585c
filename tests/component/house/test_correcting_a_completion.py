"""A platform says otherwise than it said: from its correction to the verdict of whoever verifies."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from laurel.cli import main
from laurel.demo.moodle import completion_body, correction_body
from laurel.demo.scenario import PUPILS
from tests.component.house.house import ADMIN, PATIENCE, House

EPISODE = "course_completions:1"


@pytest.fixture(autouse=True)
def _suspendable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the house stands, so that its credentials can be suspended."""
    monkeypatch.setenv("LAUREL_ISSUER_SUSPENSION", "true")


async def laurel(house: House, *arguments: str) -> tuple[int, str]:
    environment = {"LAUREL_URL": str(house.http.base_url), "LAUREL_TOKEN": "admin", "COLUMNS": "200"}
    done = await asyncio.to_thread(CliRunner().invoke, main, list(arguments), env=environment)
    return done.exit_code, done.output


async def test_a_grade_that_fails_now_suspends_until_somebody_has_looked(house: House) -> None:
    platform = await house.found_university()
    finished = datetime.now(UTC) - timedelta(minutes=1)
    issued = await house.outcome_of(platform, completion_body(PUPILS[0], EPISODE, finished))
    credential = await house.ask("GET", f"/api/v1/credentials/{issued['award']}")

    body = correction_body(EPISODE, "grade-changed", datetime.now(UTC), passed=False)
    waiting = await house.reviewed(platform, body)
    assert (waiting["award"], waiting["effect"]) == (issued["award"], "suspension")
    report = await house.ask("POST", "/api/v1/verifications", {"credential": credential})
    assert report["decision"] == "reject"
    async with asyncio.timeout(PATIENCE):
        while True:
            said = (await platform.correct(body, datetime.now(UTC))).json()
            if said["effect"] == "suspension":
                break
            await asyncio.sleep(0.02)
    outcome = await platform.outcome(issued["completion"], datetime.now(UTC))
    assert (outcome["state"], outcome["credential"]["state"]) == ("issued", "suspended")
    page = await house.http.get("/ops", headers={"cookie": "laurel_operator=admin"})
    assert waiting["correction"] in page.text

    await house.ask("POST", f"/api/v1/credentials/{issued['award']}/reinstatement", {"reason": "A typing error."})
    code, said = await laurel(house, "corrections", "list")
    assert (code, waiting["detail"] in said) == (0, True)
    assert (await laurel(house, "corrections", "answer", waiting["correction"], "A typing error."))[0] == 0
    assert "A typing error." in (await laurel(house, "corrections", "list", "--answered"))[1]
    assert (await house.ask("GET", "/api/v1/corrections"))["items"] == []
    again = await house.http.post(
        f"/api/v1/corrections/{waiting['correction']}/answer", json={"answer": "Revoked."}, headers=ADMIN
    )
    assert again.status_code == 409
