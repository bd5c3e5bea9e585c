"""What is asked of the database does not grow with how much is asked, as counted on the wire."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from unittest.mock import patch
from uuid import uuid4

import pytest
from motor.motor_asyncio import AsyncIOMotorClient

from chassis.documents import Collection, mongo
from chassis.documents.mongo import MongoDocuments
from tests.benchmarks.round_trips import SIZES, Commands, Sent, round_trips
from tests.contract.documents.suite import EVENT, PARCELS, Parcel, parcels

MANY = 120
"""More than a cursor brings at first unless it is told (101)."""
MANY_GUARDED = 20
"""FerretDB reads the whole collection for each write that is guarded."""

Call = Callable[[Collection[Parcel], Sequence[Parcel]], Awaitable[object]]


def _later(parcel: Parcel) -> Parcel:
    return parcel.model_copy(update={"version": 7})


CALLS: dict[str, tuple[int, Call]] = {
    "get": (MANY, lambda stored, some: stored.get_many([one.id for one in some])),
    "find": (MANY, lambda stored, some: stored.find({}, limit=len(some))),
    "find less than might be": (MANY, lambda stored, some: stored.find({}, limit=2 * len(some))),
    "count": (MANY, lambda stored, _: stored.count({})),
    "insert": (MANY, lambda stored, some: stored.insert_many(some)),
    "replace": (MANY_GUARDED, lambda stored, some: stored.replace_many(some)),
    "replace too late": (MANY, lambda stored, some: stored.replace_many(list(map(_later, some)))),
    "put": (MANY_GUARDED, lambda stored, some: stored.put_many(some)),
    "with pending": (MANY, lambda stored, some: stored.with_pending(len(some))),
    "clear pending": (MANY_GUARDED, lambda stored, some: stored.clear_pending(some)),
    "delete": (MANY, lambda stored, some: stored.delete_many([one.id for one in some])),
}
"""Each with how many documents it is tried on, besides two."""


async def _sent(url: str, call: Call, count: int) -> Commands:
    """By this call about so many documents, which are all there are."""
    name, sent = f"laurel_test_{uuid4().hex}", Sent()
    with patch.object(mongo, "AsyncIOMotorClient", partial(AsyncIOMotorClient, event_listeners=[sent])):
        documents = MongoDocuments(url, name)
        await documents.open()
    try:
        collection, some = documents.collection(PARCELS), parcels(count, pending=(EVENT,))
        await collection.insert_many(some)
        sent.commands.clear()
        await call(collection, some)
        return dict(sent.commands)
    finally:
        await documents.close()
        client: AsyncIOMotorClient[dict[str, object]] = AsyncIOMotorClient(url)
        await client.drop_database(name)
        client.close()


@pytest.mark.parametrize(("many", "call"), CALLS.values(), ids=CALLS)
async def test_a_call_sends_the_same_commands_however_many_documents_it_is_about(
    mongo_url: str, many: int, call: Call
) -> None:
    assert await _sent(mongo_url, call, many) == await _sent(mongo_url, call, 2)


async def test_a_batch_sends_the_same_commands_however_large_it_is(mongo_url: str) -> None:
    smallest, *larger = [await round_trips(mongo_url, size) for size in SIZES]
    assert larger == [smallest] * len(larger)
