from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from chassis.documents.sqlite import SqliteCollection
from moodle_bridge.domain.outcomes import State
from schemas.events import Override
from schemas.faults import Unavailable
from schemas.microcredential import PersonalData
from schemas.values import instant_text
from schemas.vocabularies import SUPERVISION_VERIFICATION
from tests.builders import NOW
from tests.component.bridge.conftest import ADMIN, DELIVERIES, PAYLOADS, Bridge, a_body, sign


def kind(problem: dict[str, str]) -> str:
    return problem["type"].rpartition(":")[2]


async def test_a_delivery_is_accepted_and_told_from_the_same_document(bridge: Bridge) -> None:
    answer = await bridge.deliver(a_body())
    assert answer.status_code == 202
    completion = answer.json()["completion"]
    assert answer.json() == {
        "completion": completion,
        "duplicate": False,
        "server_time": instant_text(NOW),
        "outcome": f"http://localhost:8000/moodle/completions/{completion}",
    }
    assert answer.headers["location"] == answer.json()["outcome"]

    (stored,) = await bridge.stored()
    (event,) = await bridge.told()
    assert stored.id == completion == str(event.data.id) == event.subject
    assert stored.event == event
    assert (stored.fate.state, stored.received, stored.platform) == (State.IN_FLIGHT, NOW, "uex-moodle")
    assert event.data.platform.organisation == "uex"
    opened = PersonalData.model_validate_json(await bridge.chassis.vault.open(event.data.personal))
    assert opened.learner.full_name == "Ana Andromeda"


@pytest.mark.parametrize("payload", [path.read_bytes() for path in sorted(PAYLOADS.glob("*.json"))])
async def test_every_recorded_payload_is_accepted(bridge: Bridge, payload: bytes) -> None:
    bridge.later(days=400)
    assert (await bridge.deliver(payload)).status_code == 202


async def test_what_else_is_told_of_a_completion_is_told_on(bridge: Bridge) -> None:
    first = await bridge.accepted(a_body(episode="course_completions:1"))
    more = {"previous": "course_completions:1", "overrides": ["grade"], "supervision": "supnoid"}
    await bridge.accepted(a_body(version=2, episode="course_completions:2", **more))
    before, again = (one.event.data for one in sorted(await bridge.stored(), key=lambda one: one.event.data.episode))
    assert (before.previous, before.overrides, before.supervision) == (None, None, None)
    assert (again.previous, again.overrides) == (first, (Override.GRADE,))
    assert again.supervision == SUPERVISION_VERIFICATION["supnoid"]


async def test_no_personal_data_lies_readable_anywhere(bridge: Bridge) -> None:
    words = [b"Andromeda", b"ana@example.org", b"S-2026-118", b"85.00"]
    said = json.loads(a_body())
    said["learner"]["idnumber"] = "S-2026-118"
    await bridge.accepted(json.dumps(said).encode())
    var = bridge.chassis.settings.var
    files = [file for file in var.iterdir() if file.is_file()]
    assert files
    for file in files:
        raw = file.read_bytes()
        assert not [word for word in words if word in raw], file.name


async def test_the_same_body_again_is_the_same_completion_as_often_as_it_comes(bridge: Bridge) -> None:
    first = await bridge.accepted(a_body())
    for _ in range(3):
        bridge.later(hours=1)
        answer = await bridge.deliver(a_body())
        assert answer.status_code == 202
        assert (answer.json()["completion"], answer.json()["duplicate"]) == (str(first), True)
    assert len(await bridge.stored()) == len(await bridge.told()) == 1
    assert (await bridge.ledger())["duplicates"] == 3


async def test_a_replay_of_a_captured_delivery_changes_nothing(bridge: Bridge) -> None:
    body = a_body()
    headers = sign(bridge.secrets["uex-moodle"], body, NOW) | {"laurel-platform": "uex-moodle"}
    answers = [await bridge.client.post(DELIVERIES, content=body, headers=headers) for _ in range(2)]
    assert [answer.json()["duplicate"] for answer in answers] == [False, True]
    bridge.later(minutes=6)
    assert (await bridge.client.post(DELIVERIES, content=body, headers=headers)).status_code == 401
    assert len(await bridge.stored()) == 1


async def test_deliveries_of_one_episode_at_once_are_one_completion(bridge: Bridge) -> None:
    answers = await asyncio.gather(*(bridge.deliver(a_body()) for _ in range(12)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["completion"] for answer in answers}) == 1
    assert sorted(answer.json()["duplicate"] for answer in answers) == [False] + [True] * 11
    assert len(await bridge.stored()) == len(await bridge.told()) == 1


async def test_another_body_for_a_known_episode_is_a_conflict_and_the_first_stands(bridge: Bridge) -> None:
    await bridge.accepted(a_body())
    before = await bridge.stored()
    answer = await bridge.deliver(a_body(passed=False))
    assert (answer.status_code, kind(answer.json())) == (409, "episode-differs")
    assert "another body" in answer.json()["detail"]
    assert await bridge.stored() == before


async def test_different_bodies_of_one_episode_at_once_end_as_one_completion(bridge: Bridge) -> None:
    answers = await asyncio.gather(*(bridge.deliver(a_body(attempt=n)) for n in range(1, 9)))
    assert sorted(answer.status_code for answer in answers) == [202] + [409] * 7
    assert len(await bridge.stored()) == 1


async def test_another_platform_has_its_own_episodes_and_learners(bridge: Bridge) -> None:
    await bridge.register("acme-moodle", "acme")
    mine = await bridge.accepted(a_body())
    theirs = await bridge.accepted(a_body(), "acme-moodle")
    assert mine != theirs
    learners = {one.event.data.learner for one in await bridge.stored()}
    assert len(learners) == 2


async def test_one_learner_has_one_opaque_name(bridge: Bridge) -> None:
    for episode in ("course_completions:1", "course_completions:2"):
        await bridge.accepted(a_body(episode=episode))
    assert len({event.key for event in await bridge.told()}) == 1


async def test_a_learner_who_was_erased_may_come_back(bridge: Bridge) -> None:
    await bridge.accepted(a_body(episode="course_completions:1"))
    (first,) = await bridge.stored()
    await bridge.chassis.vault.erase(first.event.data.learner)
    await bridge.accepted(a_body(episode="course_completions:2"))
    events = {event.data.episode: event for event in await bridge.told()}
    opened = await bridge.chassis.vault.open_many([events[e].data.personal for e in sorted(events)])
    assert [isinstance(one, bytes) for one in opened] == [False, True]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"null", b"[]", b"\xff\xfe\x00", b'{"version": 1}', b"[" * 50_000, a_body(version=3)]
)
async def test_what_cannot_be_read_is_malformed(bridge: Bridge, body: bytes) -> None:
    answer = await bridge.deliver(body)
    assert (answer.status_code, kind(answer.json())) == (400, "malformed")
    assert answer.headers["content-type"] == "application/problem+json"
    assert await bridge.stored() == ()


async def test_a_malformed_field_is_named_and_its_value_is_not_repeated(bridge: Bridge) -> None:
    said = json.loads(a_body())
    said["learner"]["email"] = "Ana Andromeda"
    answer = await bridge.deliver(json.dumps(said).encode())
    assert answer.json()["detail"].startswith("learner.email: ")
    assert "Andromeda" not in answer.text


async def test_a_wrong_signature_is_turned_away(bridge: Bridge) -> None:
    body = a_body()
    await bridge.register("acme-moodle", "acme")
    foreign = sign(bridge.secrets["acme-moodle"], body, NOW)["webhook-signature"]
    for signature in ("v1,", "v1,AAAA", "nonsense", foreign):
        answer = await bridge.deliver(body, webhook_signature=signature)
        assert (answer.status_code, kind(answer.json())) == (401, "wrong-signature")
    answer = await bridge.deliver(body, webhook_id=str(uuid4()))
    assert (answer.status_code, kind(answer.json())) == (401, "wrong-signature")
    assert await bridge.stored() == ()


async def test_a_signature_over_another_body_is_turned_away_before_the_body_is_read(bridge: Bridge) -> None:
    headers = sign(bridge.secrets["uex-moodle"], a_body(), NOW) | {"laurel-platform": "uex-moodle"}
    answer = await bridge.client.post(DELIVERIES, content=b"not even JSON", headers=headers)
    assert (answer.status_code, kind(answer.json())) == (401, "wrong-signature")


@pytest.mark.parametrize("way", [1, -1])
async def test_a_stale_timestamp_is_turned_away_with_the_servers_time(bridge: Bridge, way: int) -> None:
    answer = await bridge.deliver(a_body(), at=NOW + way * timedelta(seconds=301))
    assert (answer.status_code, kind(answer.json())) == (401, "stale-timestamp")
    assert answer.json()["server_time"] == instant_text(NOW)
    assert (await bridge.deliver(a_body(), at=NOW + way * timedelta(seconds=300))).status_code == 202


@pytest.mark.parametrize("header", ["webhook_id", "webhook_timestamp", "webhook_signature"])
async def test_a_missing_header_is_turned_away(bridge: Bridge, header: str) -> None:
    answer = await bridge.deliver(a_body(), **{header: ""})
    assert answer.status_code == 401
    assert kind(answer.json()) in {"headers-missing", "wrong-signature"}
    assert "server_time" in answer.json()


@pytest.mark.parametrize("name", ["", "nobody", "UEX-MOODLE", "../uex-moodle", "uex-moodle%00", "é"])
async def test_an_unknown_platform_is_turned_away(bridge: Bridge, name: str) -> None:
    body = a_body()
    signed = sign(bridge.secrets["uex-moodle"], body, NOW)
    raw = [(key.encode(), value.encode()) for key, value in {**signed, "laurel-platform": name}.items()]
    answer = await bridge.client.post(DELIVERIES, content=body, headers=raw)
    assert (answer.status_code, kind(answer.json())) == (401, "unknown-platform")


async def test_a_delivery_without_any_header_is_turned_away(bridge: Bridge) -> None:
    assert (await bridge.client.post(DELIVERIES, content=a_body())).status_code == 401
    assert (await bridge.client.post(DELIVERIES, content=a_body(), headers=ADMIN)).status_code == 401


async def test_ten_megabytes_are_not_taken_in(bridge: Bridge) -> None:
    for body in (a_body(evidence=["https://e.example/" + "x" * 10_000_000]), b"x" * 1_000_001):
        answer = await bridge.deliver(body)
        assert answer.status_code == 413
    assert await bridge.stored() == ()


async def test_a_body_that_does_not_say_its_length_is_cut_off_at_the_limit(bridge: Bridge) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b"x" * 100_000

    headers = sign(bridge.secrets["uex-moodle"], b"", NOW) | {"laurel-platform": "uex-moodle"}
    answer = await bridge.client.post(DELIVERIES, content=endless(), headers=headers)
    assert answer.status_code == 413
    assert sent < 20


async def test_a_disabled_platform_is_refused_and_nobody_else_learns_of_it(bridge: Bridge) -> None:
    change = {"enabled": False, "offerings": None}
    assert (await bridge.client.put("/api/v1/platforms/uex-moodle", json=change, headers=ADMIN)).status_code == 200
    answer = await bridge.deliver(a_body())
    assert (answer.status_code, kind(answer.json())) == (403, "platform-disabled")
    answer = await bridge.deliver(a_body(), webhook_signature="v1,AAAA")
    assert (answer.status_code, kind(answer.json())) == (401, "wrong-signature")
    change["enabled"] = True
    await bridge.client.put("/api/v1/platforms/uex-moodle", json=change, headers=ADMIN)
    assert (await bridge.deliver(a_body())).status_code == 202


async def test_nothing_is_accepted_that_could_not_be_stored(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> frozenset[str]:
        raise Unavailable("the database is away")

    with monkeypatch.context() as during:
        during.setattr(SqliteCollection, "insert_many", away)
        answer = await bridge.deliver(a_body())
        assert (answer.status_code, kind(answer.json())) == (503, "unavailable")
        assert "retry-after" in answer.headers
    assert await bridge.stored() == ()
    answer = await bridge.deliver(a_body())
    assert (answer.status_code, answer.json()["duplicate"]) == (202, False)
    assert (await bridge.ledger())["turned_away"] == 0, "who found us away was not turned away"


async def test_the_ledger_counts_duplicates_and_who_was_turned_away_within_the_time_asked_for(bridge: Bridge) -> None:
    await bridge.accepted(a_body())
    await bridge.deliver(a_body())
    await bridge.deliver(a_body(), webhook_signature="v1,AAAA")
    await bridge.deliver(b"{")
    await bridge.deliver(a_body(passed=False))
    assert {key: (await bridge.ledger())[key] for key in ("duplicates", "turned_away")} == {
        "duplicates": 1,
        "turned_away": 3,
    }
    bridge.later(hours=1)
    since = instant_text(bridge.now[0])
    assert {key: (await bridge.ledger(since=since))[key] for key in ("duplicates", "turned_away")} == {
        "duplicates": 0,
        "turned_away": 0,
    }
    await bridge.deliver(a_body())
    assert (await bridge.ledger(since=since))["duplicates"] == 1
    assert (await bridge.ledger())["duplicates"] == 2


async def test_the_ledger_lists_what_was_accepted_in_the_order_it_came_page_by_page(bridge: Bridge) -> None:
    expected: list[UUID] = []
    for number in range(5):
        expected.append(await bridge.accepted(a_body(episode=f"course_completions:{number}")))
        bridge.later(minutes=1)
    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = await bridge.ledger(limit="2", **after)
        seen += [item["completion"] for item in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert seen == [str(completion) for completion in expected]
    recent = await bridge.ledger(since=instant_text(NOW + timedelta(minutes=3)))
    assert recent["items"] == [
        {
            "completion": str(expected[n]),
            "platform": "uex-moodle",
            "received": instant_text(NOW + timedelta(minutes=n)),
            "state": "in-flight",
            "overdue": False,
        }
        for n in (3, 4)
    ]
