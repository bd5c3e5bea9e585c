"""A trial says of each line what would become of it, and telling the lines makes it come true."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.component.house.house import OFFERING, PATIENCE, PLATFORM, House

PATH = f"/api/v1/platforms/{PLATFORM}/earlier-completions"


def a_line(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 what a file may say
    known = {"offering": OFFERING, "learner": "5", "full_name": "Ana Andromeda", "completed": "2026-11-01T12:00:00Z"}
    return {**known, **changes}


async def test_what_a_trial_foretells_comes_true_and_a_trial_keeps_nothing(house: House) -> None:
    await house.found_university()
    lines = [a_line(), a_line(learner="6", passed=False), a_line(learner="7", offering="unheard-of"), a_line(email="x")]

    trial = (await house.ask("POST", f"{PATH}/trial", {"items": lines}))["items"]
    assert [entry["standing"] for entry in trial] == [
        "would-be-issued",
        "would-be-refused",
        "would-be-refused",
        "unreadable",
    ]
    assert [entry.get("reason") for entry in trial] == [None, "assessment-failed", "offering-unknown", None]
    assert (await house.ask("GET", "/api/v1/account"))["accepted"] == 0

    told = (await house.ask("POST", PATH, {"items": lines}))["items"]
    assert [entry["standing"] for entry in told] == ["accepted", "accepted", "accepted", "unreadable"]
    async with asyncio.timeout(PATIENCE):
        while True:
            again = (await house.ask("POST", f"{PATH}/trial", {"items": lines}))["items"]
            standings = [entry["standing"] for entry in again]
            if standings == ["issued", "refused", "in-flight", "unreadable"]:
                break
            await asyncio.sleep(0.05)
    account = await house.ask("GET", "/api/v1/account")
    assert (account["accepted"], account["issued"], account["refused"], len(account["in_flight"])) == (3, 1, 1, 1)
