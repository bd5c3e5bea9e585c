"""An administrator sets a platform up and asks what would happen: the answer is what happens then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from laurel.demo.moodle import completion_body
from laurel.demo.scenario import PUPILS
from tests.component.house.house import PLATFORM, House

EPISODE = "course_completions:1"


async def test_what_would_happen_is_what_happens(house: House) -> None:
    platform = await house.found_university()
    finished = datetime.now(UTC) - timedelta(minutes=1)
    body = completion_body(PUPILS[0], EPISODE, finished)
    failed = completion_body(replace(PUPILS[0], passed=False), EPISODE, finished)
    unknown = body.replace(b"data-ethics", b"not-yet-offered")

    async def foretold(body: bytes) -> tuple[str, str | None, bool]:
        said = await platform.attempt(body, datetime.now(UTC))
        return said["prognosis"], said["reason"], said["may_award"]

    assert await foretold(failed) == ("would-be-refused", "assessment-failed", True)
    assert await foretold(unknown) == ("would-be-refused", "offering-unknown", True)
    await house.ask("PUT", f"/api/v1/platforms/{PLATFORM}", {"offerings": ["another"]})
    assert await foretold(body) == ("would-be-refused", "platform-not-allowed", False)
    await house.ask("PUT", f"/api/v1/platforms/{PLATFORM}", {"offerings": None})
    assert await foretold(body) == ("would-be-issued", None, True)
    assert (await house.ask("GET", "/api/v1/account"))["accepted"] == 0

    issued = await house.outcome_of(platform, body)
    assert issued["state"] == "issued"
    said = await platform.attempt(body, datetime.now(UTC))
    assert (said["prognosis"], said["completion"]) == ("issued", issued["completion"])
