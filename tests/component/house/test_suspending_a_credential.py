"""A credential is suspended, and holds again: whoever verifies it is told at once, in every form it can have."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from laurel.demo.moodle import completion_body
from laurel.demo.scenario import PUPILS
from tests.component.house.house import PATIENCE, House, running

FORMS = pytest.mark.parametrize(
    "settings",
    [
        {"PROOFS": "eddsa-rdfc-2022", "SUSPENSION": "true"},
        {"PROOFS": "ecdsa-rdfc-2019", "SUSPENSION": "true"},
        {"PROOFS": "vc-jwt-es256", "SUSPENSION": "true"},
        {"PROOFS": "sd-jwt", "FORMAT": "verifiable-micro-credential"},
    ],
    ids=lambda settings: settings["PROOFS"],
)


@pytest.fixture
async def house(tmp_path: Any, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401 a house
    for name, value in settings.items():
        monkeypatch.setenv(f"LAUREL_ISSUER_{name}", value)
    async with running(tmp_path) as house:
        yield house


async def report(house: House, credential: Any) -> dict[str, Any]:  # noqa: ANN401 a document, or a token
    answer = await house.http.post("/api/v1/verifications", json={"credential": credential})
    said: dict[str, Any] = answer.json()
    return said


async def status(house: House, credential: Any) -> dict[str, Any]:  # noqa: ANN401 a document, or a token
    checks = (await report(house, credential))["checks"]
    return next(check for check in checks if check["id"] == "status")


async def status_becomes(house: House, credential: Any, code: str, reason: str | None) -> None:  # noqa: ANN401 either
    """Sooner than any cache ages: the event travels."""
    async with asyncio.timeout(PATIENCE):
        while True:
            check = await status(house, credential)
            if check["code"] == code and check["evidence"].get("reason") == reason:
                return
            await asyncio.sleep(0.02)


@FORMS
async def test_suspended_reinstated_and_revoked_are_heard_of_at_once(house: House, settings: dict[str, str]) -> None:
    del settings
    platform = await house.found_university()
    body = completion_body(PUPILS[0], "course_completions:1", datetime.now(UTC) - timedelta(minutes=1))
    issued = await house.outcome_of(platform, body)
    answer = await house.http.get(f"{issued['claim']}/credential")
    held = answer.json() if answer.text.startswith("{") else answer.text
    first = await report(house, held)
    assert first["decision"] == "accept", first

    path = f"/api/v1/credentials/{issued['award']}"
    await house.ask("POST", f"{path}/suspension", {"reason": "an appeal is under way"})
    await status_becomes(house, held, "suspended", "an appeal is under way")
    assert (await report(house, held))["decision"] == "reject"
    await house.ask("POST", f"{path}/reinstatement", {"reason": "the appeal was upheld"})
    await status_becomes(house, held, "status-good", None)
    assert (await report(house, held))["decision"] == "accept"
    await house.ask("POST", f"{path}/revocation", {"reason": "graded by mistake"})
    await status_becomes(house, held, "revoked", "graded by mistake")
