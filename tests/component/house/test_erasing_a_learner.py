"""A learner asks to be forgotten: nobody can read them here any more, and what they hold goes on being checkable."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.access import Scope
from laurel.demo.moodle import LearningPlatform, completion_body
from laurel.demo.scenario import ORGANISATION, PUPILS
from tests.component.house.house import ADMIN, OFFERING, PATIENCE, PLATFORM, House

ANA = PUPILS[0]
OURS = str(ORGANISATION["id"])


def a_body(episode: str) -> bytes:
    return completion_body(ANA, episode, datetime.now(UTC) - timedelta(minutes=1))


async def decision(house: House, credential: dict[str, Any]) -> str:
    report = await house.http.post("/api/v1/verifications", json={"credential": credential})
    return str(report.json()["decision"])


async def another_decision_than(house: House, credential: dict[str, Any], first: str) -> str:
    async with asyncio.timeout(PATIENCE):
        while True:
            said = await decision(house, credential)
            if said != first:
                return said
            await asyncio.sleep(0.02)


@pytest.fixture
async def platform(house: House) -> LearningPlatform:
    return await house.found_university()


async def test_an_erased_learner_is_read_nowhere_and_the_credential_they_hold_goes_on(
    house: House, platform: LearningPlatform
) -> None:
    issued = await house.outcome_of(platform, a_body("course_completions:1"))
    held = (await house.http.get(f"{issued['claim']}/credential")).json()
    assert await decision(house, held) == "accept"

    erased = await house.ask("POST", "/api/v1/erasures", {"platform": PLATFORM, "learner": ANA.id})
    assert erased["erased"]

    page = await house.http.get(issued["claim"], headers={"accept": "text/html"})
    assert page.status_code == 404
    assert "This credential was erased" in page.text
    for path in (issued["claim"], f"{issued['claim']}/credential", f"/api/v1/credentials/{issued['award']}"):
        answer = await house.http.get(path, headers=ADMIN)
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:laurel:problem:erased")
        assert ANA.family_name not in answer.text

    # What the learner holds is theirs: it verifies, can be revoked, and then says so.
    assert await decision(house, held) == "accept"
    await house.ask("POST", f"/api/v1/credentials/{issued['award']}/revocation", {"reason": "graded by mistake"})
    assert await another_decision_than(house, held, "accept") == "reject"
    account = await house.ask("GET", "/api/v1/account")
    assert (account["accepted"], account["issued"]) == (1, 1)


async def test_a_learner_is_found_by_their_credential_too(house: House, platform: LearningPlatform) -> None:
    await house.outcome_of(platform, a_body("course_completions:1"))  # by now the issuer has heard of the offering
    word = {"offering": OFFERING, "learner": {"full_name": ANA.name}, "completed": "2026-01-01T10:00:00Z"}
    issued = await house.ask("POST", "/api/v1/issuances", word)
    assert (await house.ask("POST", "/api/v1/erasures", {"award": issued["award"]}))["erased"]
    assert (await house.http.get(issued["claim"])).json()["type"] == "urn:laurel:problem:erased"


async def test_erasing_again_or_a_stranger_says_that_there_was_nothing(
    house: House, platform: LearningPlatform
) -> None:
    await house.outcome_of(platform, a_body("course_completions:1"))
    stranger = await house.ask("POST", "/api/v1/erasures", {"platform": PLATFORM, "learner": "no such learner"})
    assert not stranger["erased"]
    again = [
        (await house.ask("POST", "/api/v1/erasures", {"platform": PLATFORM, "learner": ANA.id}))["erased"]
        for _ in range(2)
    ]
    assert again == [True, False]


async def test_a_delivery_of_before_that_comes_once_more_brings_nobody_back(
    house: House, platform: LearningPlatform
) -> None:
    body = a_body("course_completions:1")
    await house.outcome_of(platform, body)
    await house.ask("POST", "/api/v1/erasures", {"platform": PLATFORM, "learner": ANA.id})
    assert (await platform.deliver(body, datetime.now(UTC))).json()["duplicate"]
    again = await house.ask("POST", "/api/v1/erasures", {"platform": PLATFORM, "learner": ANA.id})
    assert not again["erased"]


async def test_an_erased_learner_who_takes_another_course_is_welcome_and_the_past_stays_erased(
    house: House, platform: LearningPlatform
) -> None:
    before = await house.outcome_of(platform, a_body("course_completions:1"))
    await house.ask("POST", "/api/v1/erasures", {"platform": PLATFORM, "learner": ANA.id})
    after = await house.outcome_of(platform, a_body("course_completions:2"))
    assert (await house.http.get(f"{after['claim']}/credential")).status_code == 200
    assert (await house.http.get(f"{before['claim']}/credential")).status_code == 404


async def test_a_platform_erases_its_own_learners_and_nobody_elses(house: House, platform: LearningPlatform) -> None:
    issued = await house.outcome_of(platform, a_body("course_completions:1"))
    by_name, by_award = {"platform": PLATFORM, "learner": ANA.id}, {"award": issued["award"]}
    others = [
        await house.bearer(Scope.PLATFORM, OURS, "another-moodle"),
        await house.bearer(Scope.OPERATOR, "elsewhere"),
        await house.bearer(Scope.PROVIDER, OURS),
    ]
    for headers in others:
        for body in (by_name, by_award):
            assert (await house.http.post("/api/v1/erasures", json=body, headers=headers)).status_code == 403
    assert (await house.http.get(issued["claim"])).status_code == 200
    own = await house.bearer(Scope.PLATFORM, OURS, PLATFORM)
    answer = await house.http.post("/api/v1/erasures", json=by_name, headers=own)
    assert (answer.status_code, answer.json()["erased"]) == (200, True)
    assert (await house.http.get(issued["claim"])).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"platform": PLATFORM},
        {"learner": "5"},
        {"platform": PLATFORM, "learner": "5", "award": "x"},
        {"award": "x"},
    ],
)
async def test_who_is_to_be_erased_is_said_in_one_way_in_full(house: House, body: dict[str, str]) -> None:
    answer = await house.http.post("/api/v1/erasures", json=body, headers=ADMIN)
    assert answer.status_code == 400
    unknown = {"award": "00000000-0000-4000-8000-000000000000"}
    assert (await house.http.post("/api/v1/erasures", json=unknown, headers=ADMIN)).status_code == 404


async def test_a_platform_that_nothing_ever_came_from_is_a_mistake_and_no_erasure(
    house: House, platform: LearningPlatform
) -> None:
    await house.outcome_of(platform, a_body("course_completions:1"))
    answer = await house.http.post("/api/v1/erasures", json={"platform": "mooodle", "learner": ANA.id}, headers=ADMIN)
    assert answer.status_code == 404
    assert answer.json()["detail"] == "no completion of a platform mooodle has come here: is that its id?"
