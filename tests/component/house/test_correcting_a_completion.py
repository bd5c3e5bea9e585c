"""A platform says otherwise than it said: from its correction to the verdict of whoever verifies."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from typer.testing import CliRunner

from laurel.cli import main
from laurel.demo.moodle import LearningPlatform, Pupil, completion_body, correction_body
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


def renamed(pupil: Pupil, name: str) -> bytes:
    first, _, last = name.partition(" ")
    said = {"id": pupil.id, "fullname": name, "firstname": first, "lastname": last}
    return correction_body(EPISODE, "learner-corrected", datetime.now(UTC), learner=said)


async def awarded(house: House, platform: LearningPlatform, completion: str, award: str) -> dict[str, Any]:
    """What the platform is told, once it is of this award."""
    return await house.outcome_until(platform, completion, lambda out: out["award"] == award)


async def rejected(house: House, credential: dict[str, Any]) -> dict[str, Any]:
    """The report, once the verifier has heard that the credential holds no more."""
    async with asyncio.timeout(PATIENCE):
        while True:
            report = await house.ask("POST", "/api/v1/verifications", {"credential": credential})
            if report["decision"] == "reject":
                return report
            await asyncio.sleep(0.02)


async def test_a_corrected_name_is_on_a_credential_in_place_of_the_one_before_once_somebody_has_compared(
    house: House,
) -> None:
    platform = await house.found_university()
    pupil = PUPILS[0]
    issued = await house.outcome_of(platform, completion_body(pupil, EPISODE, datetime.now(UTC) - timedelta(minutes=1)))
    awards = [issued["award"]]
    for name in ("Zoë Corrected", "Zoë Corrected-Twice"):
        waiting = await house.reviewed(platform, renamed(pupil, name))
        assert (waiting["award"], waiting["effect"]) == (awards[-1], "reissue")
        code, said = await laurel(house, "corrections", "compare", waiting["correction"])
        assert (code, f"→ {name}" in said) == (0, True)
        code, said = await laurel(house, "corrections", "reissue", waiting["correction"])
        assert (code, f"revoked {awards[-1]}" in said) == (0, True)
        again = await house.ask("POST", f"/api/v1/corrections/{waiting['correction']}/reissue")
        outcome = await awarded(house, platform, issued["completion"], again["award"])
        assert (outcome["state"], outcome["credential"]["state"]) == ("issued", "active")
        awards.append(outcome["award"])
        credential = await house.ask("GET", outcome["claim"] + "/credential", accept="application/json")
        assert name in json.dumps(credential, ensure_ascii=False)
        assert (await house.ask("POST", "/api/v1/verifications", {"credential": credential}))["decision"] == "accept"
    assert len(set(awards)) == 3
    first = await house.ask("GET", issued["claim"] + "/credential", accept="application/json")
    assert first == credential, "the first link leads to the last credential"
    for before, after in pairwise(awards):
        report = await rejected(house, await house.ask("GET", f"/api/v1/credentials/{before}"))
        assert f"superseded by {after}" in json.dumps(report)
    assert (await house.ask("GET", "/api/v1/corrections"))["items"] == []
    told = await house.ask("GET", f"/api/v1/completions/{issued['completion']}/outcome")
    assert told["award"] == awards[-1]
    account = await house.ask("GET", "/api/v1/account")
    assert (account["accepted"], account["issued"], account["issued_twice"]) == (1, 1, [])


async def test_what_is_suspended_or_no_name_is_not_issued_anew(house: House) -> None:
    platform = await house.found_university()
    issued = await house.outcome_of(
        platform, completion_body(PUPILS[0], EPISODE, datetime.now(UTC) - timedelta(minutes=1))
    )
    misnamed = await house.reviewed(platform, renamed(PUPILS[0], "Zoë Corrected"))
    regraded = await house.reviewed(
        platform, correction_body(EPISODE, "grade-changed", datetime.now(UTC), passed=False)
    )
    statuses = []
    for correction in (misnamed, regraded):
        path = f"/api/v1/corrections/{correction['correction']}/reissue"
        statuses.append((await house.http.post(path, headers=ADMIN)).status_code)
    assert statuses == [409, 422]
    outcome = await platform.outcome(issued["completion"], datetime.now(UTC))
    assert outcome["award"] == issued["award"]
