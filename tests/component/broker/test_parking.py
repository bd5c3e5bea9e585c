from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from chassis.access import AccessTokens, Forbidden, Scope
from chassis.broker import EmbeddedLog, ParkingFull, Publisher, Received, Unhandled
from chassis.documents import SqliteDocuments
from chassis.parking import PARKED, Parking, parked_routes
from schemas.events import AssessmentCompleted, CompletionParked, CredentialIssued, decode, encode
from schemas.faults import Malformed
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
    app.include_router(parked_routes(parkings, access))
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
        with pytest.raises(Malformed):
            await client.get("/api/v1/account/parked", params={"service": "kitchen"})
    assert [item["service"] for item in found] == ["catalogue"] * 3 + ["issuer"] * 3
    assert len({str(item["id"]) for item in found}) == 6
    assert (len(one["items"]), one["next"]) == (3, None)
    for store in stores.values():
        await store.close()
