"""What was completed before Laurel is taken in by the hundred, and each line is answered for itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx2
import pytest

from chassis.access import Scope
from schemas.faults import Unavailable
from schemas.microcredential import PersonalData
from tests.builders import credential_issued
from tests.component.bridge.conftest import ADMIN, Bridge, a_body
from tests.component.bridge.test_outcomes import hear

PATH = "/api/v1/platforms/uex-moodle/earlier-completions"


def a_line(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 what a file may say
    known = {
        "offering": "data-ethics",
        "learner": "5",
        "full_name": "Ana Andromeda",
        "completed": "2024-05-31T12:00:00Z",
    }
    return {**known, **changes}


async def tell(bridge: Bridge, *lines: dict[str, Any], **headers: str) -> httpx2.Response:
    return await bridge.client.post(PATH, json={"items": lines}, headers=headers or ADMIN)


async def standings(bridge: Bridge, *lines: dict[str, Any]) -> list[str]:
    answer = await tell(bridge, *lines)
    assert answer.status_code == 200, answer.text
    return [entry["standing"] for entry in answer.json()["items"]]


async def test_a_line_is_accepted_once_however_often_it_is_said(bridge: Bridge) -> None:
    lines = [a_line(), a_line(learner="6"), a_line()]
    assert await standings(bridge, *lines) == ["accepted", "accepted", "in-flight"]
    assert await standings(bridge, *lines) == ["in-flight"] * 3
    assert len(await bridge.stored()) == len(await bridge.told()) == 2
    assert len((await bridge.ledger())["items"]) == 2


async def test_what_is_accepted_says_what_the_line_said_and_names_nobody(bridge: Bridge) -> None:
    await tell(
        bridge,
        a_line(
            learner=5,
            email="ana@example.org",
            student_number="S-118",
            grade=85,
            grade_maximum="100",
            evidence=["https://uex.example.org/e/1"],
            given_name=" ",
        ),
    )
    (event,) = await bridge.told()
    personal = PersonalData.model_validate_json(await bridge.chassis.vault.open(event.data.personal))
    assert (personal.learner.full_name, personal.learner.given_name) == ("Ana Andromeda", None)
    assert personal.learner.identifiers[0].value == "S-118"
    assert personal.grade is not None
    assert personal.grade.scheme is not None
    assert (personal.grade.value, personal.grade.scheme.maximum) == ("85", "100")
    assert personal.evidence == ("https://uex.example.org/e/1",)
    assert (event.data.passed, event.data.platform.organisation) == (True, "uex")
    assert event.data.learner == bridge.chassis.identity.learner("uex-moodle", "5"), (
        "as deliveries name the same learner"
    )
    assert "Andromeda" not in (text := event.model_dump_json())
    assert "ana@" not in text


async def test_a_line_that_cannot_be_read_names_its_fields_and_keeps_no_other_out(bridge: Bridge) -> None:
    future = a_line(completed="2100-01-01T00:00Z")
    answer = await tell(bridge, a_line(completed="31/05/24", email="Ana"), a_line(), a_line(fullname="Ana"), future)
    first, second, third, fourth = answer.json()["items"]
    assert (first["standing"], second["standing"]) == ("unreadable", "accepted")
    assert first["problems"].keys() == {"completed", "email"}
    assert third["problems"] == {"fullname": "Extra inputs are not permitted"}
    assert fourth["problems"] == {"completed": "lies in the future"}
    assert len(await bridge.stored()) == 1


async def test_what_became_of_a_known_line_is_told(bridge: Bridge) -> None:
    answer = await tell(bridge, a_line())
    completion = UUID(answer.json()["items"][0]["completion"])
    await hear(bridge, credential_issued(completion=completion))
    assert await standings(bridge, a_line()) == ["issued"]


async def test_the_same_episode_in_other_words_stays_what_it_was(bridge: Bridge) -> None:
    await bridge.accepted(a_body(episode="course_completions:17"))
    (entry,) = (await tell(bridge, a_line(episode="course_completions:17"))).json()["items"]
    assert entry["standing"] == "in-flight"
    assert "in other words, which stand" in entry["detail"]
    (one, other) = (await tell(bridge, a_line(episode="e"), a_line(episode="e", grade="1"))).json()["items"]
    assert (one["standing"], other["standing"]) == ("accepted", "in-flight")
    assert "another body" in other["detail"]
    assert len(await bridge.stored()) == 2


async def test_a_learner_who_was_erased_is_not_brought_back_and_keeps_no_other_out(bridge: Bridge) -> None:
    await tell(bridge, a_line())
    await bridge.chassis.vault.erase(bridge.chassis.identity.learner("uex-moodle", "5"))
    answer = await tell(bridge, a_line(offering="knots"), a_line(learner="6"))
    erased, other = answer.json()["items"]
    assert (erased["standing"], erased["reason"]) == ("not-accepted", "learner-erased")
    assert other["standing"] == "accepted"


async def test_a_disabled_platform_has_no_earlier_completions(bridge: Bridge) -> None:
    await bridge.client.put("/api/v1/platforms/uex-moodle", json={"enabled": False, "offerings": None}, headers=ADMIN)
    assert (await tell(bridge, a_line())).status_code == 403


async def test_a_platform_tells_its_own_and_nobody_elses(bridge: Bridge) -> None:
    own = await bridge.bearer(Scope.PLATFORM, "uex", "uex-moodle")
    assert (await tell(bridge, a_line(), **own)).status_code == 200
    for foreign in (
        await bridge.bearer(Scope.PLATFORM, "uex", "canvas"),
        await bridge.bearer(Scope.OPERATOR, "acme"),
        await bridge.bearer(Scope.PROVIDER, "uex"),
    ):
        assert (await tell(bridge, a_line(), **foreign)).status_code == 403


async def test_a_request_takes_so_many_lines_and_no_more(bridge: Bridge) -> None:
    answer = await tell(bridge, *[a_line()] * 501)
    assert answer.status_code == 400
    assert "items" in answer.json()["detail"]


async def test_a_batch_costs_as_many_round_trips_whatever_its_size(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def counted(name: str, call: Any) -> Any:  # noqa: ANN401 a method
        async def counting(*given: Any) -> Any:  # noqa: ANN401 whatever it takes
            calls.append(name)
            return await call(*given)

        return counting

    kind = type(bridge.completions)
    for name in ("get_many", "insert_many", "find"):
        monkeypatch.setattr(kind, name, counted(name, getattr(kind, name)))
    costs = []
    for size in (2, 50):
        calls.clear()
        await standings(bridge, *(a_line(learner=str(number)) for number in range(100 * size, 101 * size)))
        costs.append(list(calls))
    assert costs[0] == costs[1]


async def test_nothing_is_foretold_while_the_issuer_is_away(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: Any, **__: Any) -> None:  # noqa: ANN401 whatever it takes
        raise Unavailable("the issuer does not answer")

    monkeypatch.setattr("moodle_bridge.adapters.issuer.HttpJudging.__call__", away)
    answer = await bridge.client.post(f"{PATH}/trial", json={"items": [a_line()]}, headers=ADMIN)
    assert answer.status_code == 503
    assert await bridge.stored() == ()
