"""xAPI as a platform without a plugin speaks it: taken, passed over or refused, all of a request or nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from schemas.events import AssessmentCompleted
from schemas.microcredential import Grade, GradingScheme, PersonalData
from tests.component.bridge.conftest import ADMIN, Bridge

STATEMENTS = Path(__file__).parents[2] / "contract" / "xapi" / "statements"
PATH = "/xapi/statements"
ACTIVITIES = [
    {"id": "https://lms.example.org/activities/data-ethics/au/0", "offering": "data-ethics"},
    {"id": "http://6TQ8GYV8Jfk_rise", "offering": "battery-recycling", "verb": "completed"},
]
VERSION = {"x-experience-api-version": "1.0.3"}
ADL = "http://adlnet.gov/expapi/verbs/"


def a_statement(name: str = "cmi5-passed", **changes: Any) -> dict[str, Any]:  # noqa: ANN401 JSON values
    """A recorded statement; a change to None leaves a name out."""
    said = {**json.loads((STATEMENTS / f"{name}.json").read_bytes()), **changes}
    return {name: value for name, value in said.items() if value is not None}


def basic(bridge: Bridge, platform: str = "uex-moodle", secret: str | None = None) -> dict[str, str]:
    shown = f"{platform}:{secret or bridge.secrets[platform]}".encode()
    return {"authorization": f"Basic {base64.b64encode(shown).decode()}"}


async def send(
    bridge: Bridge,
    said: object,
    *,
    method: str = "POST",
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> httpx2.Response:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    sent = {**basic(bridge), **VERSION, "content-type": "application/json", **(headers or {})}
    sent = {name: value for name, value in sent.items() if value}
    return await bridge.client.request(method, PATH, content=body, params=params, headers=sent)


async def personal(bridge: Bridge, event: AssessmentCompleted) -> PersonalData:
    (opened,) = await bridge.chassis.vault.open_many([event.data.personal])
    assert isinstance(opened, bytes)
    return PersonalData.model_validate_json(opened)


@pytest.fixture(autouse=True)
async def _mapped(bridge: Bridge) -> None:
    change = {"enabled": True, "offerings": None, "activities": ACTIVITIES}
    answer = await bridge.client.put("/api/v1/platforms/uex-moodle", json=change, headers=ADMIN)
    assert answer.status_code == 200, answer.text
    assert [one["verb"] for one in answer.json()["activities"]] == ["passed", "completed"]


async def test_a_cmi5_passed_is_a_completion(bridge: Bridge) -> None:
    answer = await send(bridge, a_statement())
    assert (answer.status_code, answer.json()) == (200, ["2a41c918-b88b-4220-20a5-a4c32391a240"])
    assert (answer.headers["laurel-completions"], answer.headers["x-experience-api-version"]) == ("1", "1.0.3")
    (event,) = await bridge.told()
    said = event.data
    assert (said.offering, said.passed, said.trigger.id) == ("data-ethics", True, ACTIVITIES[0]["id"])
    assert event.time == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    assert "1625378" not in event.model_dump_json()
    assert "760e3480" not in event.model_dump_json()
    known = await personal(bridge, event)
    assert (known.learner.full_name, known.learner.email) == ("Ana Andromeda", None)
    points = GradingScheme(title={"en": "Points"}, minimum="0", maximum="100")
    assert known.grade == Grade(value="85", scheme=points)


async def test_what_an_authoring_tool_completed_is_a_completion_where_it_is_mapped_so(bridge: Bridge) -> None:
    assert (await send(bridge, a_statement("authoring-tool-completed"))).headers["laurel-completions"] == "1"
    (event,) = await bridge.told()
    assert event.time == datetime(2026, 11, 23, 9, 15, tzinfo=UTC)
    known = await personal(bridge, event)
    assert (known.learner.full_name, known.learner.email) == ("Berta Bolt", "berta@example.org")
    percent = GradingScheme(title={"en": "Percentage"}, minimum="0", maximum="100")
    assert known.grade == Grade(value="92.5", scheme=percent)


async def test_a_statement_is_put_in_its_place_once(bridge: Bridge) -> None:
    said = a_statement()
    place = {"statementId": said["id"]}
    for _ in range(2):
        answer = await send(bridge, said, method="PUT", params=place)
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["x-experience-api-version"] == "1.0.3"
    without = a_statement(id=None)
    assert (await send(bridge, without, method="PUT", params=place)).status_code == 204
    assert len(await bridge.stored()) == 1


async def test_the_same_statement_may_have_been_through_a_record_store(bridge: Bridge) -> None:
    await send(bridge, a_statement())
    stored = a_statement(stored="2026-11-23T09:31:00Z", authority={"mbox": "mailto:lrs@example.org"}, version="1.0.0")
    spelt = {**dict(reversed(stored.items())), "id": stored["id"].upper()}
    assert (await send(bridge, spelt)).status_code == 200
    assert len(await bridge.stored()) == 1


async def test_another_statement_under_the_same_id_is_a_conflict_and_nothing_of_the_request_is_taken(
    bridge: Bridge,
) -> None:
    await send(bridge, a_statement())
    other = a_statement(timestamp="2026-11-23T09:45:00Z")
    fresh = a_statement("authoring-tool-completed")
    answer = await send(bridge, [fresh, other])
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:laurel:problem:statement-differs")
    assert answer.headers["x-experience-api-version"] == "1.0.3"
    assert len(await bridge.stored()) == 1
    place = {"statementId": other["id"]}
    assert (await send(bridge, other, method="PUT", params=place)).status_code == 409
    await bridge.register("acme-lms", "acme")
    theirs = await send(bridge, other, headers=basic(bridge, "acme-lms"))
    assert theirs.status_code == 200, "each platform has ids of its own"


async def test_several_statements_are_answered_by_their_ids_and_what_is_none_of_ours_is_passed_over(
    bridge: Bridge,
) -> None:
    voided = {"objectType": "StatementRef", "id": str(uuid4())}
    group = {"objectType": "Group", "member": [{"mbox": "mailto:ana@example.org"}]}
    batch = [
        a_statement(),
        a_statement(id=str(uuid4()), verb={"id": f"{ADL}completed"}),
        a_statement(id=str(uuid4()), verb={"id": f"{ADL}failed"}),
        a_statement(id=str(uuid4()), verb={"id": "http://adlnet.gov/expapi/verbs/experienced"}),
        a_statement(id=str(uuid4()), object={"id": "https://lms.example.org/activities/another"}),
        a_statement(id=str(uuid4()), actor=group),
        a_statement(id=str(uuid4()), verb={"id": f"{ADL}voided"}, object=voided),
        a_statement("authoring-tool-completed"),
    ]
    answer = await send(bridge, batch)
    assert answer.status_code == 200
    assert answer.json() == [one["id"] for one in batch]
    assert answer.headers["laurel-completions"] == "2"
    assert {one.event.data.offering for one in await bridge.stored()} == {"data-ethics", "battery-recycling"}
    assert (await send(bridge, [])).json() == []


async def test_within_one_registration_an_activity_is_completed_once(bridge: Bridge) -> None:
    await send(bridge, a_statement())
    better = a_statement(id=str(uuid4()), result={"score": {"scaled": 1}})
    assert (await send(bridge, better)).status_code == 200
    assert len(await bridge.stored()) == 1
    again = a_statement(id=str(uuid4()), context={"registration": str(uuid4())})
    colleague = a_statement(id=str(uuid4()), actor={"name": "Carl Copper", "mbox": "mailto:carl@example.org"})
    for another in (again, colleague):
        await send(bridge, another)
    assert len(await bridge.stored()) == 3


async def test_without_a_registration_each_statement_is_a_completion_of_its_own(bridge: Bridge) -> None:
    for id_ in (None, None, str(uuid4())):
        answer = await send(bridge, a_statement("authoring-tool-completed", id=id_))
        assert UUID(answer.json()[0]).version
    assert len(await bridge.stored()) == 2, "the same words of the same moment are the same statement"
    for _ in range(2):
        await send(bridge, a_statement("authoring-tool-completed", id=None, timestamp=None))
    assert len(await bridge.stored()) == 4


async def test_the_learner_is_the_same_by_the_same_identifier_alone(bridge: Bridge) -> None:
    actors = [
        {"name": "A", "mbox": "mailto:a@example.org"},
        {"name": "A. A.", "mbox": "mailto:a@example.org"},
        {"name": "A", "account": {"homePage": "https://lms.example.org", "name": "a@example.org"}},
        {"name": "A", "openid": "https://a.example.org"},
        {"name": "A", "mbox_sha1sum": "a" * 40},
    ]
    for actor in actors:
        await send(bridge, a_statement(id=str(uuid4()), actor=actor, context=None))
    learners = [one.event.data.learner for one in await bridge.stored()]
    assert (len(learners), len(set(learners))) == (5, 4)


async def test_a_completed_that_did_not_succeed_is_told_as_not_passed(bridge: Bridge) -> None:
    failed = {"success": False, "score": {"scaled": -0.5}}
    await send(bridge, a_statement("authoring-tool-completed", result=failed))
    (event,) = await bridge.told()
    assert event.data.passed is False
    grade = (await personal(bridge, event)).grade
    assert grade is not None
    assert grade.value == "-0.5"


MBOX = {"name": "A", "mbox": "mailto:a@example.org"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"actor": None}, "actor: Field required"),
        ({"actor": {"name": "A"}}, "exactly one of mbox"),
        ({"actor": {**MBOX, "openid": "https://a.example.org"}}, "exactly one of mbox"),
        ({"actor": {**MBOX, "mbox": "a@example.org"}}, "mailto"),
        ({"actor": {**MBOX, "mbox_sha1sum": "short"}}, "mbox_sha1sum"),
        ({"actor": {**MBOX, "member": []}}, "no members"),
        ({"actor": {**MBOX, "objectType": "Activity"}}, "objectType"),
        ({"actor": {"mbox": "mailto:a@example.org"}}, "actor.name: is missing"),
        ({"actor": {"name": "A", "account": {"name": "1"}}}, "homePage"),
        ({"verb": None}, "verb: Field required"),
        ({"verb": {"id": "passed"}}, "verb.id"),
        ({"verb": {"display": {"en": "passed"}}}, "verb.id: Field required"),
        ({"object": None}, "object: Field required"),
        ({"object": {"id": "not an iri"}}, "object"),
        ({"object": {"id": "https://x.example", "objectType": "Course"}}, "objectType"),
        ({"result": {"score": {"scaled": 1.5}}}, "result.score.scaled"),
        ({"result": {"score": {"raw": 101, "min": 0, "max": 100}}}, "raw must lie between"),
        ({"result": {"score": {"min": 5, "max": 5}}}, "min must be less"),
        ({"result": {"success": "yes"}}, "result.success"),
        ({"result": {"duration": "an hour"}}, "ISO 8601"),
        ({"result": {"marks": 5}}, "result.marks"),
        ({"context": {"registration": "1"}}, "context.registration"),
        ({"timestamp": "2026-11-23"}, "timestamp"),
        ({"timestamp": "2026-11-23T09:30:00"}, "timestamp"),
        ({"timestamp": "2026-11-24T09:30:00Z"}, "lies in the future"),
        ({"version": "2.0"}, "version"),
        ({"id": "17"}, "id: "),
        ({"surprise": 1}, "surprise"),
        ({"attachments": [{"usageType": "http://x.example", "fileUrl": "http://x.example"}]}, "attachments: are not"),
        ({"context": {"platform": {"a": None}}}, "context.platform.a: null"),
    ],
)
async def test_what_is_no_statement_is_refused_with_a_sentence_and_nothing_is_taken(
    bridge: Bridge, changes: dict[str, Any], said: str
) -> None:
    answer = await send(bridge, [a_statement("authoring-tool-completed"), a_statement(**changes)])
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:laurel:problem:malformed")
    assert said in answer.json()["detail"]
    assert await bridge.stored() == ()


async def test_extensions_may_say_nothing_and_other_peoples_nulls_may_not(bridge: Bridge) -> None:
    extended = {"duration": "PT1H", "extensions": {"https://x.example/ext": None}}
    assert (await send(bridge, a_statement(result=extended))).status_code == 200
    answer = await send(bridge, json.dumps({**a_statement(), "result": None}).encode())
    assert "result: null" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b"17", "is a JSON object"),
        (b"[17]", "is a JSON object"),
        (b"[[]]", "is a JSON object"),
        (b'{"id": NaN}', "not JSON"),
        (b'{"actor": {}, "actor": {}}', "a name twice"),
        (b"[" * 100_000, "not JSON"),
        (b"[" + b",".join([b"{}"] * 501) + b"]", "at most 500"),
    ],
)
async def test_a_body_that_holds_no_statements_is_refused(bridge: Bridge, body: bytes, said: str) -> None:
    answer = await send(bridge, body)
    assert answer.status_code == 400
    assert said in answer.json()["detail"]


async def test_two_statements_of_one_id_in_a_request_are_refused(bridge: Bridge) -> None:
    answer = await send(bridge, [a_statement(), a_statement()])
    assert (answer.status_code, answer.json()["detail"]) == (400, "two statements have the same id")


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({}, "statementId: must be"),
        ({"statementId": "17"}, "statementId: must be"),
        ({"statementId": "2a41c918-b88b-4220-20a5-a4c32391a241"}, "another one"),
    ],
)
async def test_a_statement_is_put_under_its_own_id_alone(bridge: Bridge, params: dict[str, str], said: str) -> None:
    answer = await send(bridge, a_statement(), method="PUT", params=params)
    assert (answer.status_code, said in answer.json()["detail"]) == (400, True)
    assert await bridge.stored() == ()


async def test_several_statements_are_not_put(bridge: Bridge) -> None:
    said = a_statement()
    answer = await send(bridge, [said], method="PUT", params={"statementId": said["id"]})
    assert (answer.status_code, "are posted" in answer.json()["detail"]) == (400, True)


@pytest.mark.parametrize(
    ("version", "status"),
    [("1.0.3", 200), ("1.0", 200), ("1.0.9", 200), ("", 400), ("0.9", 400), ("1.1.0", 400), ("2.0.0", 400)],
)
async def test_the_version_is_named_and_is_ours(bridge: Bridge, version: str, status: int) -> None:
    answer = await send(bridge, a_statement(), headers={"x-experience-api-version": version})
    assert (answer.status_code, answer.headers["x-experience-api-version"]) == (status, "1.0.3")


@pytest.mark.parametrize(
    ("media", "said"),
    [
        ('multipart/mixed; boundary="x"', "attachments are not taken"),
        ("application/x-www-form-urlencoded", "as application/json"),
        ("text/plain", "as application/json"),
    ],
)
async def test_what_is_no_plain_json_is_refused(bridge: Bridge, media: str, said: str) -> None:
    answer = await send(bridge, a_statement(), headers={"content-type": media})
    assert (answer.status_code, said in answer.json()["detail"]) == (400, True)


async def test_media_types_may_have_parameters(bridge: Bridge) -> None:
    answer = await send(bridge, a_statement(), headers={"content-type": "application/json; charset=UTF-8"})
    assert answer.status_code == 200


async def test_a_platform_shows_its_own_current_secret(bridge: Bridge) -> None:
    old = bridge.secrets["uex-moodle"]
    await bridge.register("acme-lms", "acme")
    nobody = [
        {"authorization": ""},
        {"authorization": "Basic"},
        {"authorization": "Basic !!!"},
        {"authorization": f"Bearer {old}"},
        basic(bridge, secret="whsec_" + "A" * 43 + "="),
        basic(bridge, secret=bridge.secrets["acme-lms"]),
        basic(bridge, "nobody", old),
        basic(bridge, secret="\u00e9"),
    ]
    for headers in nobody:
        answer = await send(bridge, a_statement(), headers=headers)
        assert (answer.status_code, answer.headers["www-authenticate"][:5]) == (401, "Basic"), headers
        assert answer.headers["x-experience-api-version"] == "1.0.3"
    assert await bridge.stored() == ()
    rotated = await bridge.client.post("/api/v1/platforms/uex-moodle/secret", headers=ADMIN)
    for secret in (old, rotated.json()["secret"]):
        assert (await send(bridge, a_statement(), headers=basic(bridge, secret=secret))).status_code == 200
    bridge.later(days=1)
    assert (await send(bridge, a_statement(), headers=basic(bridge, secret=old))).status_code == 401


async def test_a_disabled_platforms_statements_are_refused_and_counted(bridge: Bridge) -> None:
    change = {"enabled": False, "offerings": None}
    changed = await bridge.client.put("/api/v1/platforms/uex-moodle", json=change, headers=ADMIN)
    assert len(changed.json()["activities"]) == 2, "of what was not said, what was said before stands"
    answer = await send(bridge, a_statement())
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:laurel:problem:platform-disabled")
    assert (await bridge.ledger())["turned_away"] == 1


async def test_about_says_which_versions_are_spoken_and_asks_for_nothing(bridge: Bridge) -> None:
    answer = await bridge.client.get("/xapi/about")
    assert answer.json() == {"version": ["1.0.0", "1.0.1", "1.0.2", "1.0.3"]}
    assert answer.headers["x-experience-api-version"] == "1.0.3"


async def test_nothing_is_read_back_here(bridge: Bridge) -> None:
    assert (await bridge.client.get(PATH, headers={**basic(bridge), **VERSION})).status_code == 405
