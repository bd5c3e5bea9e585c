from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import orjson
import pytest
from fastapi import FastAPI

from chassis.access import AccessTokens, Forbidden, Principal, Scope
from chassis.broker import EmbeddedLog, ParkingFull, Publisher, Received, Unhandled
from chassis.broker.delivery import Forecast
from chassis.documents import SqliteDocuments
from chassis.parking.repairs import Repairs
from chassis.parking.routes import parked_routes
from chassis.parking.store import PARKED, ParkedMessage, Parking
from chassis.parking.views import Deed
from schemas.events import AssessmentCompleted, CompletionParked, CredentialIssued, decode, encode
from schemas.faults import Conflict, Malformed, NotFound, Unavailable
from tests.builders import NOW, a_completion, an_id, assessment_completed, credential_issued

COMPLETED = encode(assessment_completed())


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[SqliteDocuments]:
    documents = SqliteDocuments(tmp_path / "issuer.sqlite")
    documents.collection(PARKED)
    await documents.open()
    yield documents
    await documents.close()


def a_parking(documents: SqliteDocuments, service: str = "issuer", limit: int = 1000) -> Parking:
    return Parking(service, documents, Publisher(EmbeddedLog()), clock=lambda: NOW, limit=limit)


def unhandled(
    value: bytes = COMPLETED,
    *,
    topic: str = AssessmentCompleted.topic,
    owes_outcome: bool = True,
    reason: str = "conflict",
    offset: int = 7,
) -> Unhandled:
    received = Received(topic, partition=1, offset=offset, key=b"k\xff", value=value, headers=(("a", b"\xff"),))
    return Unhandled(received, "issuer.assessment-completed", reason, "it exists in another state", owes_outcome)


@dataclass
class Handlers:
    """Does with what it is given what the test says; remembers what that was."""

    unhandled: Unhandled | None = None
    away: bool = False
    given: list[Received] = field(default_factory=list)

    async def redeliver(self, group: str, message: Received) -> Unhandled | None:
        assert group == "issuer.assessment-completed"
        if self.away:
            raise Unavailable("the database is down")
        self.given.append(message)
        return self.unhandled

    async def foresee(self, group: str, message: Received) -> Forecast:
        del group, message
        return Forecast(handled=self.unhandled is None, said="as the test says")


ASKS = Principal(id="7", scope=Scope.OPERATOR, label="Night shift")


def repairs(parking: Parking, handlers: Handlers | None = None) -> Repairs:
    return Repairs(parking, handlers or Handlers(), clock=lambda: NOW, per_second=1000)


async def the_parked(parking: Parking) -> ParkedMessage:
    (document,) = (await parking.collection.find({})).items
    return document


async def announced(parking: Parking) -> list[CompletionParked]:
    events = [
        decode(event.value.encode())
        for document in await parking.collection.with_pending()
        for event in document.pending
    ]
    return [event for event in events if isinstance(event, CompletionParked)]


async def test_a_parked_completion_is_told_in_the_same_write(documents: SqliteDocuments) -> None:
    parking = a_parking(documents)
    await parking.park([unhandled()])
    (document,) = (await parking.collection.find({})).items
    (event,) = await announced(parking)
    assert (document.completion, document.platform) == (an_id("completion 17"), "uex-moodle")
    assert document.raw == COMPLETED
    assert (document.key, document.headers) == ("k\\xff", {"a": "\\xff"})
    assert (event.data.completion, event.data.reason) == (an_id("completion 17"), "conflict")
    assert (event.source, event.subject) == ("/issuer", str(an_id("completion 17")))


async def test_the_completion_in_an_event_of_a_version_yet_unknown_is_recognised(documents: SqliteDocuments) -> None:
    parking = a_parking(documents)
    later = COMPLETED.replace(b"laurel.assessment.completed.v1", b"laurel.assessment.completed.v9")
    await parking.park([unhandled(later, reason="unknown-type")])
    (event,) = await announced(parking)
    assert (event.data.completion, event.data.platform) == (an_id("completion 17"), "uex-moodle")


@pytest.mark.parametrize(
    ("value", "completion", "platform"),
    [
        (b"", None, None),
        (b"[1]", None, None),
        (b'{"data": 5}', None, None),
        (b'{"data": {"id": "no uuid"}}', None, None),
        (b'{"data": {"id": "00000000-0000-0000-0000-000000000001"}}', 1, None),
        (b'{"data": {"id": "00000000-0000-0000-0000-000000000001", "platform": "?"}}', 1, None),
        (b'{"data": {"id": "00000000-0000-0000-0000-000000000001", "platform": {"id": "m"}}}', 1, "m"),
    ],
)
async def test_as_much_of_a_completion_is_read_as_can_be(
    documents: SqliteDocuments, value: bytes, completion: int | None, platform: str | None
) -> None:
    parking = a_parking(documents)
    await parking.park([unhandled(value)])
    (document,) = (await parking.collection.find({})).items
    assert (None if document.completion is None else document.completion.int) == completion
    assert document.platform == platform
    assert len(await announced(parking)) == (completion is not None)


async def test_what_nobody_waits_for_and_what_is_no_completion_announces_nothing(documents: SqliteDocuments) -> None:
    parking = a_parking(documents)
    issued = encode(credential_issued())
    await parking.park([unhandled(owes_outcome=False), unhandled(issued, topic=CredentialIssued.topic)])
    assert await parking.collection.count({}) == 2
    assert await announced(parking) == []


async def test_a_message_told_again_is_the_same_one_seen_once_more_wherever_it_stands(
    documents: SqliteDocuments,
) -> None:
    parking = a_parking(documents)
    await parking.park([unhandled(), unhandled(offset=8)])
    await parking.collection.clear_pending(await parking.collection.with_pending())
    assert await announced(parking) == []
    await parking.park([unhandled(offset=0, reason="refused")])
    (document,) = (await parking.collection.find({})).items
    assert (document.attempts, document.reason, document.offset) == (2, "refused", 7)
    assert len(await announced(parking)) == 1


async def test_up_to_the_limit_is_parked_and_then_no_more(documents: SqliteDocuments) -> None:
    parking = a_parking(documents, limit=3)
    messages = [unhandled(encode(assessment_completed(a_completion(id=an_id(str(number)))))) for number in range(5)]
    with pytest.raises(ParkingFull, match="3 messages are parked, which is the limit"):
        await parking.park(messages)
    assert await parking.collection.count({}) == 3
    with pytest.raises(ParkingFull):
        await parking.park(messages[4:])
    await parking.park(messages[:3])
    assert {document.attempts for document in (await parking.collection.find({})).items} == {2}


async def test_operators_list_what_all_services_parked_page_by_page_and_never_its_content(tmp_path: Path) -> None:
    stores = {name: SqliteDocuments(tmp_path / f"{name}.sqlite") for name in ("issuer", "catalogue", "access")}
    access = AccessTokens(stores["access"], clock=lambda: NOW)
    parkings = [a_parking(stores[name], name) for name in ("issuer", "catalogue")]
    for store in stores.values():
        await store.open()
    for parking in parkings:
        values = [f'{{"of": "{parking.service}", "number": {number}}}'.encode() for number in range(3)]
        await parking.park([unhandled(value, reason="invalid") for value in values])
    app = FastAPI()
    app.include_router(parked_routes([repairs(parking) for parking in parkings], access))
    _, token = await access.issue(scope=Scope.OPERATOR, label="ops")
    _, bound = await access.issue(scope=Scope.OPERATOR, label="ops of one", organisation="uex")
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://test", headers={"authorization": f"Bearer {token}"}
    ) as client:
        found: list[dict[str, object]] = []
        after: str | None = ""
        while after is not None:
            answer = await client.get("/api/v1/account/parked", params={"limit": 2, "after": after})
            assert answer.status_code == 200
            assert "raw" not in answer.text
            page = answer.json()
            found += page["items"]
            after = page["next"]
        one = (await client.get("/api/v1/account/parked", params={"service": "issuer"})).json()
        with pytest.raises(Forbidden):
            await client.get("/api/v1/account/parked", headers={"authorization": f"Bearer {bound}"})
        with pytest.raises(NotFound, match="there are: catalogue, issuer"):
            await client.get("/api/v1/account/parked", params={"service": "kitchen"})
        with pytest.raises(Malformed):
            await client.get("/api/v1/account/parked", params={"after": "kitchen~"})
    assert [item["service"] for item in found] == ["catalogue"] * 3 + ["issuer"] * 3
    assert len({str(item["id"]) for item in found}) == 6
    assert (len(one["items"]), one["next"]) == (3, None)
    for store in stores.values():
        await store.close()


async def test_what_is_handled_when_replayed_is_parked_no_more_and_came_as_it_was(documents: SqliteDocuments) -> None:
    parking, handlers = a_parking(documents), Handlers()
    await parking.park([unhandled()])
    parked = await the_parked(parking)
    report = await repairs(parking, handlers).replay([parked.id], ASKS)
    assert [(item.id, item.handled) for item in report.items] == [(parked.id, True)]
    assert handlers.given[0].value == COMPLETED
    assert await parking.collection.count({}) == 0


async def test_a_replay_that_fails_again_is_the_same_row_seen_once_more(documents: SqliteDocuments) -> None:
    parking = a_parking(documents)
    await parking.park([unhandled()])
    parked = await the_parked(parking)
    report = await repairs(parking, Handlers(unhandled(reason="handler-failed"))).replay([parked.id], ASKS)
    assert [item.handled for item in report.items] == [False]
    again = await the_parked(parking)
    assert (again.id, again.attempts, again.reason) == (parked.id, 2, "handler-failed")
    assert (again.key, again.raw, again.first_seen) == (parked.key, parked.raw, parked.first_seen)


async def test_a_replay_takes_no_longer_than_a_request_may_and_leaves_the_rest_to_the_next(
    documents: SqliteDocuments, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.parking.repairs.PATIENCE", 0)
    parking, handlers = a_parking(documents), Handlers()
    await parking.park([unhandled(), unhandled(b"another")])
    ids = [document.id for document in (await parking.collection.find({})).items]
    report = await repairs(parking, handlers).replay(ids, ASKS)
    assert [item.id for item in report.items] == ids[:1]
    assert [document.id for document in (await parking.collection.find({})).items] == ids[1:]


async def test_a_dry_run_does_nothing_and_leaves_no_trace(documents: SqliteDocuments) -> None:
    parking, handlers = a_parking(documents), Handlers()
    await parking.park([unhandled()])
    parked = await the_parked(parking)
    report = await repairs(parking, handlers).foresee([parked.id])
    assert (report.dry_run, report.items[0].said) == (True, "as the test says")
    assert (handlers.given, await the_parked(parking)) == ([], parked)
    assert (await repairs(parking).audit(None, 10)).items == ()


async def test_a_neighbour_that_is_away_leaves_a_message_as_it_was(documents: SqliteDocuments) -> None:
    parking = a_parking(documents)
    await parking.park([unhandled()])
    parked = await the_parked(parking)
    with pytest.raises(Unavailable):
        await repairs(parking, Handlers(away=True)).replay([parked.id], ASKS)
    assert await the_parked(parking) == parked


async def test_what_is_discarded_stays_in_the_account_without_its_content_and_takes_no_room(
    documents: SqliteDocuments,
) -> None:
    parking = a_parking(documents, limit=1)
    await parking.park([unhandled()])
    parked = await the_parked(parking)
    report = await repairs(parking).discard([parked.id], "a test of the platform's", ASKS)
    assert report.discarded == (parked.id,)
    given_up = await the_parked(parking)
    assert (given_up.completion, given_up.raw, given_up.headers) == (parked.completion, b"", {})
    (event,) = await announced(parking)
    assert (event.data.reason, event.data.detail) == ("discarded", "a test of the platform's")
    await parking.park([unhandled(b"another")])
    for deed in (repairs(parking).replay([parked.id], ASKS), repairs(parking).discard([parked.id], "again", ASKS)):
        with pytest.raises(Conflict, match="discarded by Night shift: a test of the platform's"):
            await deed


async def test_what_was_discarded_and_is_told_again_stays_discarded(documents: SqliteDocuments) -> None:
    parking = a_parking(documents)
    await parking.park([unhandled()])
    await repairs(parking).discard([(await the_parked(parking)).id], "a test of the platform's", ASKS)
    await parking.collection.clear_pending(await parking.collection.with_pending())
    await parking.park([unhandled(reason="handler-failed")])
    again = await the_parked(parking)
    assert (again.attempts, again.reason, again.discarded is not None) == (2, "conflict", True)
    assert [event.data.reason for event in await announced(parking)] == ["discarded"]


async def test_every_deed_is_written_down_with_who_did_it_and_why(documents: SqliteDocuments) -> None:
    parking = a_parking(documents)
    await parking.park([unhandled()])
    parked = await the_parked(parking)
    await repairs(parking, Handlers(unhandled(reason="refused"))).replay([parked.id], ASKS)
    await repairs(parking).discard([parked.id], "a test of the platform's", ASKS)
    entries = [line.entry for line in (await repairs(parking).audit(None, 10)).items]
    assert {(entry.deed, entry.note) for entry in entries} == {
        (Deed.REPLAY, None),
        (Deed.FAILED_AGAIN, "refused: it exists in another state"),
        (Deed.DISCARD, "a test of the platform's"),
    }
    assert {(entry.who, entry.token, entry.message, entry.at) for entry in entries} == {
        ("Night shift", "7", parked.id, NOW)
    }
    assert len((await repairs(parking).show(parked.id)).history) == 3


async def test_a_message_that_is_not_there_keeps_the_others_from_being_touched(documents: SqliteDocuments) -> None:
    parking, handlers = a_parking(documents), Handlers()
    await parking.park([unhandled()])
    parked = await the_parked(parking)
    with pytest.raises(NotFound, match="may be handled by now"):
        await repairs(parking, handlers).replay([parked.id, "gone"], ASKS)
    assert handlers.given == []


async def test_what_is_shown_of_a_message_names_nobody(documents: SqliteDocuments) -> None:
    parking = a_parking(documents)
    loose = {
        "type": "laurel.assessment.completed.v9",
        "Ana Almeida": 17,
        "data": {
            "id": str(an_id("completion 17")), "platform": {"id": "uex-moodle", "organisation": "Ana Almeida"},
            "offering": "data-ethics", "learner": "ana", "reason": "Ana Almeida", "grade": 17.5,
            "personal": {"learner": {"full_name": "Ana Almeida", "id": "ana"}}, "passed": True,
        },
    }  # fmt: skip
    await parking.park([unhandled(orjson.dumps(loose))])
    shown = await repairs(parking).show((await the_parked(parking)).id)
    text = shown.model_dump_json()
    assert "Ana" not in text
    assert '"ana"' not in text
    assert "17.5" not in text
    data = shown.model_dump()["payload"]["data"]
    assert (data["id"], data["platform"]["id"]) == (str(an_id("completion 17")), "uex-moodle")
    assert (data["offering"], data["passed"]) == ("data-ethics", True)
    assert shown.key == "[5 characters]"
    assert (shown.platform, shown.offering) == ("uex-moodle", "data-ethics")
