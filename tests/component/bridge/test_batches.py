"""Several deliveries, and several questions, in one request."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from moodle_bridge.handlers import RecordHolding, RecordOutcomes
from schemas.events import CredentialState
from tests.builders import NOW, credential_issued, credential_status_changed
from tests.component.bridge.conftest import ADMIN, PAYLOADS, Bridge, a_body, sign

BATCHES, OUTCOMES = "/moodle/batches", "/moodle/outcomes"


async def post(bridge: Bridge, path: str, said: object, platform: str = "uex-moodle") -> httpx2.Response:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    headers = sign(bridge.secrets[platform], body, bridge.now[0]) | {"laurel-platform": platform}
    return await bridge.client.post(path, content=body, headers=headers)


def batch(*bodies: bytes | str) -> dict[str, Any]:
    """Corrections are told from completions by what they say."""
    texts = [body if isinstance(body, str) else body.decode() for body in bodies]
    kinds = ["correction" if '"noticed"' in text else "completion" for text in texts]
    return {"version": 1, "items": [{"kind": k, "body": text} for k, text in zip(kinds, texts, strict=True)]}


async def test_each_of_a_batch_comes_to_what_it_would_have_come_to_alone(bridge: Bridge) -> None:
    known = a_body(episode="course_completions:1")
    first = await bridge.accepted(known)
    await bridge.accepted(a_body(episode="course_completions:2"))
    correction = (PAYLOADS / "corrections" / "grade-lowered.json").read_bytes().replace(b"11-24", b"11-23")
    said = batch(
        correction.replace(b"completions:17", b"completions:3"),
        known,
        a_body(episode="course_completions:2", passed=False),
        a_body(episode="course_completions:3"),
        "{",
        a_body(episode="course_completions:4"),
        correction.replace(b"completions:17", b"completions:99"),
    )
    answer = await post(bridge, BATCHES, said)
    assert answer.status_code == 200
    items = answer.json()["items"]
    assert [item["status"] for item in items] == [202, 202, 409, 202, 400, 202, 422]
    assert items[0] == {
        "status": 202,
        "correction": "5b0c2f0e-8f5a-4a57-9d6e-0d0f6c0a0001",
        "duplicate": False,
        "effect": "waiting",
    }
    assert items[1] == {"status": 202, "completion": str(first), "duplicate": True}
    assert items[2]["problem"]["type"] == "urn:laurel:problem:episode-differs"
    assert items[3]["duplicate"] is False
    assert answer.json()["server_time"] == "2026-11-23T10:00:00.000Z"
    assert len(await bridge.stored()) == 4
    ledger = await bridge.ledger()
    assert (ledger["duplicates"], ledger["turned_away"]) == (1, 3)


async def test_a_batched_delivery_is_the_one_that_was_sent_alone(bridge: Bridge) -> None:
    body = (PAYLOADS / "course-passed.json").read_bytes()
    await post(bridge, BATCHES, batch(body))
    alone = await bridge.deliver(body)
    assert (alone.status_code, alone.json()["duplicate"]) == (202, True)
    twice = (await post(bridge, BATCHES, batch(body, body))).json()["items"]
    assert [item["duplicate"] for item in twice] == [True, True]


@pytest.mark.parametrize(
    "said",
    [
        b"",
        {"version": 2, "items": [{"kind": "completion", "body": "{}"}]},
        {"version": 1, "items": []},
        {"version": 1, "items": [{"kind": "completion", "body": {}}]},
        {"version": 1, "items": [{"kind": "statement", "body": "{}"}]},
        {"version": 1, "items": [{"kind": "completion", "body": "{}"}] * 101},
    ],
)
async def test_what_is_no_batch_is_malformed(bridge: Bridge, said: object) -> None:
    assert (await post(bridge, BATCHES, said)).status_code == 400


async def test_a_batch_is_signed_and_a_disabled_platforms_is_refused_whole(bridge: Bridge) -> None:
    said = batch(a_body())
    other = await bridge.register("acme-moodle", "acme")
    mine, bridge.secrets["uex-moodle"] = bridge.secrets["uex-moodle"], other
    assert (await post(bridge, BATCHES, said)).status_code == 401
    bridge.secrets["uex-moodle"] = mine
    await bridge.client.put("/api/v1/platforms/uex-moodle", json={"enabled": False}, headers=ADMIN)
    assert (await post(bridge, BATCHES, said)).status_code == 403
    assert await bridge.stored() == ()


async def test_outcomes_are_asked_by_the_hundred_and_others_are_unknown(bridge: Bridge) -> None:
    await bridge.register("acme-moodle", "acme")
    mine = [await bridge.accepted(a_body(episode=f"course_completions:{n}")) for n in range(3)]
    theirs = await bridge.accepted(a_body(), "acme-moodle")
    await RecordOutcomes(bridge.completions)([credential_issued(completion=mine[1])])
    nobodys = uuid4()
    answer = await post(bridge, OUTCOMES, {"completions": [str(one) for one in (*mine, theirs, nobodys)]})
    assert answer.status_code == 200
    said = answer.json()
    assert {item["completion"]: item["state"] for item in said["items"]} == {
        str(mine[0]): "in-flight",
        str(mine[1]): "issued",
        str(mine[2]): "in-flight",
    }
    assert said["unknown"] == [str(theirs), str(nobodys)]
    alone = (await bridge.outcome(mine[0])).json()
    assert alone in said["items"]


@pytest.mark.parametrize("said", [b"", {}, {"completions": ["17"]}, {"completions": [str(uuid4())] * 501}])
async def test_what_is_no_question_is_malformed(bridge: Bridge, said: object) -> None:
    assert (await post(bridge, OUTCOMES, said)).status_code == 400


async def holding(bridge: Bridge, completion: UUID) -> tuple[str, str | None] | None:
    said = (await bridge.outcome(completion)).json()["credential"]
    return None if said is None else (said["state"], said["reason"])


async def test_whether_a_credential_holds_is_told_in_whatever_order_it_is_heard(bridge: Bridge) -> None:
    completion = await bridge.accepted(a_body())
    (stored,) = await bridge.stored()
    record = RecordHolding(bridge.completions, bridge.heard, bridge.chassis.clock)
    assert await holding(bridge, completion) is None
    suspended = credential_status_changed(award=stored.award, state=CredentialState.SUSPENDED, reason="An appeal.")
    active = credential_status_changed(award=stored.award, state=CredentialState.ACTIVE, reason="Upheld.")
    active = active.model_copy(update={"time": suspended.time.replace(hour=23)})
    await record([suspended])
    assert await holding(bridge, completion) is None, "there is no credential yet, as far as is known"
    await RecordOutcomes(bridge.completions)([credential_issued(completion=completion, award=stored.award)])
    assert await holding(bridge, completion) == ("suspended", "An appeal.")
    await record([active, suspended])
    assert await holding(bridge, completion) == ("active", "Upheld.")
    await record([credential_status_changed(award=stored.award), active])
    assert await holding(bridge, completion) == ("revoked", "Issued to the wrong person.")
    await record([active, credential_status_changed(award=uuid4())])
    assert await holding(bridge, completion) == ("revoked", "Issued to the wrong person.")
    assert bridge.now[0] == NOW
