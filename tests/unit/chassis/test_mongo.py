"""What MongoDB documents and the server of the integration tests does not do, played by a double of its collection."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DocumentTooLarge,
    DuplicateKeyError,
    NotPrimaryError,
    OperationFailure,
    ServerSelectionTimeoutError,
    WriteConcernError,
    WTimeoutError,
)

from chassis.documents import Collection
from chassis.documents.mongo import PAUSES, MongoDocuments
from schemas.faults import Conflict, Malformed, Unavailable
from tests.contract.documents.suite import PARCELS, Parcel, parcels


class Found:
    def __init__(self, *documents: dict[str, Any]) -> None:
        self._documents = list(documents)

    async def to_list(self, _: None) -> list[dict[str, Any]]:
        return self._documents


class Stored:
    """A collection whose every write raises this, and in which this is found."""

    def __init__(self, error: Exception, *found: dict[str, Any]) -> None:
        self._error = error
        self._found = found

    async def index_information(self) -> dict[str, object]:
        return {}

    async def create_indexes(self, _: object) -> None: ...

    async def replace_one(self, *_: object) -> None:
        raise self._error

    async def bulk_write(self, *_: object, ordered: bool) -> None:
        del ordered
        raise self._error

    def find(self, *_: object, **__: object) -> Found:
        return Found(*self._found)


@pytest.fixture
def playing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Collection[Parcel]]:
    def play(error: Exception, *found: dict[str, Any]) -> Collection[Parcel]:
        documents = MongoDocuments("mongodb://nowhere.invalid", "nowhere")
        monkeypatch.setattr(documents, "stored", lambda _: Stored(error, *found))
        return documents.collection(PARCELS)

    return play


Play = Callable[..., Collection[Parcel]]


def bulk_error(*writes: tuple[int, int], concern: bool = False) -> BulkWriteError:
    return BulkWriteError(
        {
            "writeErrors": [{"index": index, "code": code, "errmsg": "a value"} for index, code in writes],
            "writeConcernErrors": [{"code": 64, "errmsg": "waiting for replication timed out"}] if concern else [],
            "nInserted": 0,
        }
    )


async def test_a_replacement_that_takes_a_unique_key_is_a_conflict(playing: Play) -> None:
    with pytest.raises(Conflict, match="takes a key"):
        await playing(DuplicateKeyError("E11000", 11000)).replace(parcels(1)[0])


async def test_a_projection_that_takes_a_unique_key_is_a_conflict(playing: Play) -> None:
    with pytest.raises(Conflict, match="takes a key"):
        await playing(bulk_error((0, 11000))).put_many(parcels(2))


async def test_of_many_replacements_those_that_took_a_unique_key_are_named(playing: Play) -> None:
    first, second = parcels(2)
    assert await playing(bulk_error((1, 11000)), {"_id": first.id}).replace_many([first, second]) == {second.id}


async def test_of_many_inserts_the_duplicates_are_named_by_their_place(playing: Play) -> None:
    first, second, third = parcels(3)
    collection = playing(bulk_error((0, 11000), (2, 11000)))
    assert await collection.insert_many([first, second, third]) == {first.id, third.id}


@pytest.mark.parametrize(
    "error",
    [
        bulk_error((0, 11000), (1, 10107)),
        bulk_error((0, 11000), concern=True),
        bulk_error(concern=True),
        AutoReconnect("connection closed"),
        NotPrimaryError("not primary"),
        ServerSelectionTimeoutError("no primary"),
        WriteConcernError("majority not reached", 64),
        WTimeoutError("waiting for replication timed out", 64),
        OperationFailure("not authorised", 13),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_write_that_is_not_known_to_be_safe_is_unavailable(playing: Play, error: Exception) -> None:
    """Also when some of the batch are mere duplicates: what is not acknowledged by a majority is written again."""
    collection = playing(error)
    with pytest.raises(Unavailable):
        await collection.insert_many(parcels(2))
    with pytest.raises(Unavailable):
        await collection.replace_many(parcels(2))
    with pytest.raises(Unavailable):
        await collection.put_many(parcels(2))
    with pytest.raises(Unavailable):
        await collection.clear_pending(parcels(2))


async def test_what_a_fault_says_quotes_no_document(playing: Play) -> None:
    with pytest.raises(Unavailable) as raised:
        await playing(bulk_error((0, 10107))).insert_many(parcels(1))
    assert "a value" not in str(raised.value)
    assert "10107" in str(raised.value)


async def test_what_is_too_large_is_malformed_not_an_outage(playing: Play) -> None:
    with pytest.raises(Malformed):
        await playing(DocumentTooLarge("over 16 MiB")).insert_many(parcels(1))


@pytest.mark.parametrize("breaks", [1, len(PAUSES), len(PAUSES) + 1])
async def test_a_connection_that_breaks_while_indexes_are_made_does_not_end_the_start_until_it_always_does(
    monkeypatch: pytest.MonkeyPatch, breaks: int
) -> None:
    asked = []

    class Interrupted(Stored):
        async def create_indexes(self, _: object) -> None:
            asked.append("indexes")
            if len(asked) <= breaks:
                raise AutoReconnect("connection closed")

    documents = MongoDocuments("mongodb://nowhere.invalid", "nowhere")
    monkeypatch.setattr(documents, "stored", lambda _: Interrupted(AssertionError()))
    expected = pytest.raises(Unavailable) if breaks > len(PAUSES) else nullcontext()
    with expected:
        await documents.prepare(documents.collection(PARCELS))  # type: ignore[arg-type] # MongoDB's own kind
    assert len(asked) == min(breaks, len(PAUSES)) + 1
