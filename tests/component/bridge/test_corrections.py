"""Corrections over HTTP: taken in once, told when their completion is decided, kept until they are decided too."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from chassis.access import Scope
from moodle_bridge.handlers import RecordDecisions, RecordOutcomes, TellCorrections, every_undecided
from moodle_bridge.handlers.outcomes import Answer
from moodle_bridge.ports import CORRECTIONS, Corrections
from schemas.events import Change, CompletionCorrected, Effect, decode
from schemas.microcredential import CorrectedData
from tests.builders import NOW, completion_parked, correction_decided, credential_issued, issuance_refused
from tests.component.bridge.conftest import ADMIN, PAYLOADS, Bridge, a_body, sign

PATH = "/moodle/corrections"


def a_correction(kind: str = "grade-lowered", **changes: Any) -> bytes:  # noqa: ANN401 what Moodle may say
    said = json.loads((PAYLOADS / "corrections" / f"{kind}.json").read_bytes())
    return json.dumps({**said, "noticed": "2026-11-23T09:59:00Z", **changes}).encode()


async def correct(bridge: Bridge, body: bytes, platform: str = "uex-moodle") -> httpx2.Response:
    headers = sign(bridge.secrets[platform], body, bridge.now[0]) | {"laurel-platform": platform}
    return await bridge.client.post(PATH, content=body, headers=headers)


class Hearing:
    """The bridge's store of corrections, opened beside the bridge."""

    def __init__(self, bridge: Bridge, corrections: Corrections) -> None:
        self.bridge = bridge
        self.corrections = corrections
        self.tell = TellCorrections(bridge.completions, corrections, lambda: None)

    async def decided(self, completion: UUID) -> None:
        """The completion is issued, as the issuer tells it."""
        await RecordOutcomes(self.bridge.completions)([credential_issued(completion=completion)])
        await self.tell([completion])

    async def told(self) -> list[CompletionCorrected]:
        events = [decode(e.value.encode()) for one in await self.corrections.with_pending() for e in one.pending]
        return [event for event in events if isinstance(event, CompletionCorrected)]


@pytest.fixture
async def hearing(bridge: Bridge) -> Hearing:
    documents = bridge.chassis.documents("bridge")
    await documents.open()
    return Hearing(bridge, documents.collection(CORRECTIONS))


async def test_a_correction_waits_for_what_it_corrects(bridge: Bridge, hearing: Hearing) -> None:
    completion = await bridge.accepted(a_body())
    answer = await correct(bridge, a_correction())
    assert answer.status_code == 202
    assert answer.json() == {
        "correction": "5b0c2f0e-8f5a-4a57-9d6e-0d0f6c0a0001",
        "duplicate": False,
        "effect": "waiting",
        "server_time": "2026-11-23T10:00:00.000Z",
    }
    assert await hearing.told() == []
    parked = completion_parked()
    aside = parked.model_copy(update={"data": parked.data.model_copy(update={"completion": completion})})
    await RecordOutcomes(bridge.completions)([aside])
    await hearing.tell([completion])
    assert await hearing.told() == [], "nobody has decided it yet"

    await hearing.decided(completion)
    (event,) = await hearing.told()
    said = event.data
    assert (said.completion, said.change, said.passed) == (completion, Change.GRADE_CHANGED, False)
    assert (said.platform, said.organisation, said.episode) == ("uex-moodle", "uex", "course_completions:17")
    assert event.key == str(said.learner)
    again = (await correct(bridge, a_correction())).json()
    assert (again["duplicate"], again["effect"]) == (True, "told")


@pytest.mark.parametrize("outcome", [issuance_refused, credential_issued])
async def test_of_what_is_decided_a_correction_is_told_at_once(
    bridge: Bridge, hearing: Hearing, outcome: Callable[..., Answer]
) -> None:
    completion = await bridge.accepted(a_body())
    await RecordOutcomes(bridge.completions)([outcome(completion=completion)])
    assert (await correct(bridge, a_correction())).json()["effect"] == "told"
    assert len(await hearing.told()) == 1


async def test_what_is_personal_is_sealed(bridge: Bridge, hearing: Hearing) -> None:
    completion = await bridge.accepted(a_body())
    await hearing.decided(completion)
    assert (await correct(bridge, a_correction("name-corrected"))).status_code == 202
    (event,) = await hearing.told()
    for name in ("Andromeda", "ana@example.org"):
        assert name not in event.model_dump_json()
    assert event.data.personal is not None
    (opened,) = await bridge.chassis.vault.open_many([event.data.personal])
    assert isinstance(opened, bytes)
    learner = CorrectedData.model_validate_json(opened).learner
    assert learner is not None
    assert learner.full_name == "Ana María Andromeda"


async def test_a_correction_brings_no_erased_learner_back(bridge: Bridge, hearing: Hearing) -> None:
    completion = await bridge.accepted(a_body())
    await hearing.decided(completion)
    await bridge.chassis.vault.erase(bridge.chassis.identity.learner("uex-moodle", "5"))
    assert (await correct(bridge, a_correction("name-corrected"))).status_code == 202
    (event,) = await hearing.told()
    assert event.data.personal is None


async def test_another_body_under_the_same_id_is_refused_and_the_first_stands(bridge: Bridge, hearing: Hearing) -> None:
    await hearing.decided(await bridge.accepted(a_body()))
    await correct(bridge, a_correction())
    answer = await correct(bridge, a_correction(passed=True))
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:laurel:problem:correction-differs")
    (event,) = await hearing.told()
    assert event.data.passed is False


async def test_two_corrections_of_one_completion_are_two(bridge: Bridge, hearing: Hearing) -> None:
    await hearing.decided(await bridge.accepted(a_body()))
    for body in (a_correction(), a_correction(id=str(uuid4()), passed=True)):
        assert (await correct(bridge, body)).status_code == 202
    assert [event.data.passed for event in await hearing.told()] == [False, True]


@pytest.mark.parametrize(
    ("changes", "status", "kind"),
    [
        ({"episode": "course_completions:99"}, 422, "completion-unknown"),
        ({"change": "learner-corrected", "learner": {"id": "6", "fullname": "Zdenka"}}, 422, "another-learner"),
        ({"change": "learner-corrected"}, 400, "malformed"),
        ({"passed": None}, 400, "malformed"),
        ({"change": "promoted"}, 400, "malformed"),
        ({"id": "17"}, 400, "malformed"),
        ({"version": 2}, 400, "malformed"),
        ({"noticed": "2026-11-23T11:00:00Z"}, 400, "malformed"),
        ({"surprise": 1}, 400, "malformed"),
    ],
)
async def test_what_cannot_be_a_correction_is_refused(
    bridge: Bridge, hearing: Hearing, changes: dict[str, Any], status: int, kind: str
) -> None:
    await bridge.accepted(a_body())
    answer = await correct(bridge, a_correction(**changes))
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:laurel:problem:{kind}")
    assert "Zdenka" not in answer.text
    assert (await hearing.corrections.find({})).items == ()


async def test_another_platform_corrects_nothing_here(bridge: Bridge) -> None:
    await bridge.register("acme-moodle", "acme")
    await bridge.accepted(a_body())
    assert (await correct(bridge, a_correction(), "acme-moodle")).status_code == 422
    token = await bridge.bearer(Scope.PLATFORM, "uex", "uex-moodle")
    assert (await bridge.client.post(PATH, content=a_correction(), headers=token)).status_code == 401
    await bridge.client.put("/api/v1/platforms/uex-moodle", json={"enabled": False, "offerings": None}, headers=ADMIN)
    assert (await correct(bridge, a_correction())).status_code == 403


async def test_a_correction_is_told_again_to_a_log_that_forgot_until_it_is_decided(
    bridge: Bridge, hearing: Hearing
) -> None:
    await hearing.decided(await bridge.accepted(a_body()))
    await correct(bridge, a_correction())
    (event,) = await hearing.told()
    assert [json.loads(one.value)["id"] async for one in every_undecided(hearing.corrections)] == [str(event.id)]
    decided = correction_decided(correction=event.data.id, effect=Effect.SUSPENSION)
    record = RecordDecisions(hearing.corrections)
    await record([decided])
    await record([decided])
    assert [one async for one in every_undecided(hearing.corrections)] == []
    assert (await correct(bridge, a_correction())).json()["effect"] == "suspension"
    await record([correction_decided()])  # of another bridge
    assert bridge.now[0] == NOW
