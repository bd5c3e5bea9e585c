"""Documents in MongoDB, by Motor: the only module that knows it (decision record 0001-motor).

Durability. Every write is acknowledged by a majority of the replica set, from its journal: it outlives the loss of any
one member, power cuts included. Reads are from the primary, of what a majority has, so nobody acts on what may yet be
rolled back.

A document is stored as its JSON, field by field, `id` being `_id`. Whether it has events to announce is a field of its
own, `_pending`, for the index; `_write` names the call that wrote it last.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Generic
from uuid import uuid4

import orjson
from bson.errors import BSONError
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo import ASCENDING, DESCENDING, IndexModel, InsertOne, ReplaceOne, UpdateOne
from pymongo.errors import AutoReconnect, BulkWriteError, DocumentTooLarge, DuplicateKeyError, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from chassis.documents.port import (
    Collection,
    D,
    Document,
    OneOf,
    Page,
    Range,
    Schema,
    Where,
    at,
    check_field,
    check_unique_keys,
    read_cursor,
    write_cursor,
)
from schemas.faults import Conflict, Malformed, Misconfigured, NotFound, Unavailable

Stored = dict[str, Any]

SELECTION_MILLISECONDS = 5000
"""How long to look for a primary before saying that there is none."""
OPERATION_MILLISECONDS = 20_000
DUPLICATE_KEY = 11000


@contextmanager
def _as_faults() -> Iterator[None]:
    """What MongoDB says, in our words. A refusal to talk to us at all is an outage too: nothing is parked for it."""
    try:
        yield
    except (DocumentTooLarge, BSONError, OverflowError) as error:
        raise Malformed(f"this cannot be stored: {error}") from error
    except PyMongoError as error:
        raise Unavailable(f"MongoDB cannot be used: {_without_documents(error)}") from error


def _without_documents(error: PyMongoError) -> str:
    """The message; of a bulk write's only the codes, for its message quotes documents."""
    if isinstance(error, BulkWriteError):
        codes = {one.get("code") for one in (error.details or {}).get("writeErrors", ())}
        return f"writes failed with {sorted(map(str, codes)) or 'an error of the write concern'}"
    return str(error)


PAUSES = (0.0, 0.1, 0.5)
"""Seconds before a command is given again: services that start at once may have the server let go of a connection."""


async def _again(command: Callable[[], Awaitable[object]]) -> None:
    """Again, a few times, when the connection broke: drivers repeat a write by themselves, but no other command."""
    for pause in PAUSES:
        try:
            await command()
        except AutoReconnect:
            await asyncio.sleep(pause)
        else:
            return
    await command()


class MongoDocuments:
    """One MongoDB database."""

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._name = name
        self._client: AsyncIOMotorClient[Stored] | None = None
        self._collections: dict[str, MongoCollection[Any]] = {}
        self._prepared: set[str] = set()
        self._preparing = asyncio.Lock()

    def collection(self, schema: Schema[D]) -> Collection[D]:
        """The collection of this schema."""
        known = self._collections.setdefault(schema.name, MongoCollection(self, schema))
        if known.schema != schema:
            raise ValueError(f"{schema.name} is already a collection, of another schema")
        return known

    async def open(self) -> None:
        """Reach the primary and make the indexes that are missing. Raises `Misconfigured`: the URL is none."""
        if self._client is None:
            self._client = self._connected()
        try:
            await self.ping()
            for collection in tuple(self._collections.values()):
                await self.prepare(collection)
        except BaseException:
            await self.close()
            raise

    def _connected(self) -> AsyncIOMotorClient[Stored]:
        try:
            with _as_faults():
                return AsyncIOMotorClient(
                    self._url,
                    appname="laurel",
                    serverSelectionTimeoutMS=SELECTION_MILLISECONDS,
                    connectTimeoutMS=SELECTION_MILLISECONDS,
                    socketTimeoutMS=OPERATION_MILLISECONDS,
                    waitQueueTimeoutMS=OPERATION_MILLISECONDS,
                )
        except ValueError as error:  # a port that is none; the URL may hold a password, and is not repeated
            raise Misconfigured(f"LAUREL_MONGO is no address of a MongoDB: {error}") from None

    async def close(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        self._prepared.clear()
        if client is not None:
            client.close()

    async def ping(self) -> None:
        """The primary answers."""
        with _as_faults():
            await self._database().command("ping")

    async def prepare(self, collection: MongoCollection[Any]) -> None:
        """Make the collection's indexes, once."""
        name = collection.schema.name
        if name in self._prepared:
            return
        async with self._preparing:
            if name not in self._prepared:
                with _as_faults():
                    stored = self.stored(name)
                    # An index's name says what it is made of: one of the same name is the same.
                    there = await stored.index_information()
                    missing = [index for index in collection.indexes() if index.document["name"] not in there]
                    if missing:
                        await _again(lambda: stored.create_indexes(missing))
                self._prepared.add(name)

    def stored(self, name: str) -> AsyncIOMotorCollection[Stored]:
        """The collection as Motor has it."""
        return self._database().get_collection(
            name, write_concern=WriteConcern(w="majority", j=True), read_concern=ReadConcern("majority")
        )

    def _database(self) -> AsyncIOMotorDatabase[Stored]:
        if self._client is None:
            raise Unavailable(f"the database {self._name} is not open")
        return self._client.get_database(self._name)


class MongoCollection(Generic[D]):
    """A MongoDB collection."""

    def __init__(self, documents: MongoDocuments, schema: Schema[D]) -> None:
        self._documents = documents
        self._schema = schema

    @property
    def schema(self) -> Schema[D]:
        """What this collection holds."""
        return self._schema

    def indexes(self) -> list[IndexModel]:
        """The declared ones, and one to find pending events."""
        declared = (
            IndexModel(
                # The id at the end breaks ties, so that paging walks the index and sorts nothing.
                [(_field(field), ASCENDING) for field in (index.fields if index.unique else (*index.fields, "id"))],
                name=":".join(("unique" if index.unique else "by", *index.fields)),
                unique=index.unique,
            )
            for index in self._schema.indexes
        )
        return [IndexModel([("_pending", ASCENDING)], name="pending"), *declared]

    async def insert_many(self, documents: Sequence[D]) -> frozenset[str]:
        """One unordered bulk write; ids of those left out."""
        if not documents:
            return frozenset()
        check_unique_keys(self._schema, documents)
        stored = await self._stored()
        with _as_faults():
            try:
                await stored.bulk_write([InsertOne(_to_bson(one, one.version)) for one in documents], ordered=False)
            except BulkWriteError as error:
                return frozenset(documents[index].id for index in _duplicates(error))
        return frozenset()

    async def get(self, id: str) -> D | None:  # noqa: A002 the port's name
        """The document, or None."""
        stored = await self._stored()
        with _as_faults():
            found = await stored.find_one({"_id": id})
        return None if found is None else self._from_bson(found)

    async def get_many(self, ids: Iterable[str]) -> dict[str, D]:
        """Those that exist, by id."""
        wanted = list(ids)
        if not wanted:
            return {}
        found = await self._found({"_id": {"$in": wanted}}, len(wanted))
        return {one.id: one for one in map(self._from_bson, found)}

    async def find(
        self,
        where: Where,
        *,
        order_by: str = "id",
        descending: bool = False,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[D]:
        """One page, in order."""
        question = _filter(where)
        field = _field(order_by)
        if after is not None:
            beyond = _beyond(field, *read_cursor(after), descending=descending)
            question = {"$and": [question, beyond]} if question else beyond
        way = DESCENDING if descending else ASCENDING
        sort = [("_id", way)] if field == "_id" else [(field, way), ("_id", way)]
        found = await self._found(question, limit + 1, sort=sort)
        items = tuple(map(self._from_bson, found[:limit]))
        end = write_cursor(at(found[limit - 1], field), items[-1].id) if len(found) > limit else None
        return Page(items, end)

    async def count(self, where: Where) -> int:
        """How many there are."""
        stored = await self._stored()
        with _as_faults():
            return int(await stored.count_documents(_filter(where)))

    async def replace(self, document: D) -> D:
        """Guarded by the version."""
        check_unique_keys(self._schema, (document,))
        stored = await self._stored()
        with _as_faults():
            try:
                result = await stored.replace_one(_guard(document), _to_bson(document, document.version + 1))
            except DuplicateKeyError as error:
                raise Conflict(f"{self._schema.name} {document.id} takes a key that another has") from error
            if result.matched_count:
                return document.model_copy(update={"version": document.version + 1})
            exists = await stored.find_one({"_id": document.id}, projection={"_id": True})
        if exists is not None:
            raise Conflict(f"{self._schema.name} {document.id} was changed meanwhile")
        raise NotFound(f"there is no {self._schema.name} {document.id}")

    async def replace_many(self, documents: Sequence[D]) -> frozenset[str]:
        """One unordered bulk write, and a look at which of them are ours when not all were written."""
        if not documents:
            return frozenset()
        check_unique_keys(self._schema, documents)
        stored, call = await self._stored(), uuid4().hex
        writes = [ReplaceOne(_guard(one), {**_to_bson(one, one.version + 1), "_write": call}) for one in documents]
        with _as_faults():
            try:
                written = (await stored.bulk_write(writes, ordered=False)).matched_count
            except BulkWriteError as error:
                _duplicates(error)
                written = -1
        if written == len(documents):
            return frozenset()
        ids = [one.id for one in documents]
        ours = await self._found({"_id": {"$in": ids}, "_write": call}, len(ids), projection={"_id": True})
        return frozenset(ids) - {one["_id"] for one in ours}

    async def put_many(self, documents: Sequence[D]) -> None:
        """One ordered bulk write of upserts."""
        if not documents:
            return
        check_unique_keys(self._schema, documents)
        stored = await self._stored()
        writes = []
        for document in documents:
            fields = _to_bson(document, 0)
            del fields["_id"], fields["version"]
            writes.append(UpdateOne({"_id": document.id}, {"$set": fields, "$inc": {"version": 1}}, upsert=True))
        with _as_faults():
            try:
                await stored.bulk_write(writes, ordered=True)
            except BulkWriteError as error:
                _duplicates(error)
                raise Conflict(f"{self._schema.name}: one takes a key that another has") from error

    async def delete_many(self, ids: Iterable[str]) -> int:
        """Delete; how many there were."""
        unwanted = list(ids)
        if not unwanted:
            return 0
        stored = await self._stored()
        with _as_faults():
            return int((await stored.delete_many({"_id": {"$in": unwanted}})).deleted_count)

    async def with_pending(self, limit: int = 500) -> tuple[Document, ...]:
        """Some of those that have events to announce."""
        found = await self._found({"_pending": True}, limit, projection={"version": 1, "pending": 1})
        return tuple(Document(id=one["_id"], version=one["version"], pending=one["pending"]) for one in found)

    async def clear_pending(self, documents: Sequence[Document]) -> None:
        """One unordered bulk write; only where the version is still this one."""
        if not documents:
            return
        stored = await self._stored()
        cleared = {"$set": {"pending": [], "_pending": False}}
        with _as_faults():
            await stored.bulk_write([UpdateOne(_guard(one), cleared) for one in documents], ordered=False)

    async def _found(self, question: Mapping[str, Any], most: int, **options: Any) -> list[Stored]:  # noqa: ANN401 the driver's
        """At most so many, in one round trip for every 16 MB of them; a cursor not told so begins with 101."""
        stored = await self._stored()
        with _as_faults():
            found: list[Stored] = await stored.find(question, limit=most, batch_size=most, **options).to_list(None)
        return found

    async def _stored(self) -> AsyncIOMotorCollection[Stored]:
        await self._documents.prepare(self)
        return self._documents.stored(self._schema.name)

    def _from_bson(self, stored: Stored) -> D:
        fields = {name: value for name, value in stored.items() if not name.startswith("_")}
        return self._schema.model.model_validate_json(orjson.dumps({"id": stored["_id"], **fields}))


def _to_bson(document: D, version: int) -> Stored:
    stored: Stored = document.model_dump(mode="json")
    del stored["id"]
    return {"_id": document.id, **stored, "version": version, "_pending": bool(document.pending)}


def _guard(document: Document) -> Stored:
    return {"_id": document.id, "version": document.version}


def _field(field: str) -> str:
    check_field(field)
    return "_id" if field == "id" else field


def _duplicates(error: BulkWriteError) -> tuple[int, ...]:
    """Which of the writes met a key that exists; raises the error on when anything else is wrong."""
    details: Mapping[str, Any] = error.details or {}
    failed = details.get("writeErrors", ())
    if details.get("writeConcernErrors") or not failed or any(one.get("code") != DUPLICATE_KEY for one in failed):
        raise error
    return tuple(one["index"] for one in failed)


def _filter(where: Where) -> Stored:
    question: Stored = {}
    for field, wanted in where.items():
        match wanted:
            case Range():
                bounds = {"$gte": wanted.ge, "$gt": wanted.gt, "$lte": wanted.le, "$lt": wanted.lt}
                question[_field(field)] = {sign: bound for sign, bound in bounds.items() if bound is not None}
            case OneOf():
                question[_field(field)] = {"$in": list(wanted.values)}
            case _:
                question[_field(field)] = wanted
    return question


def _beyond(field: str, value: object, id_: str, *, descending: bool) -> Stored:
    """What comes after (value, id) in this order, null being the least."""
    sign = "$lt" if descending else "$gt"
    if field == "_id":
        return {"_id": {sign: id_}}
    ties: Stored = {field: value, "_id": {sign: id_}}
    if value is None:
        return ties if descending else {"$or": [ties, {field: {"$ne": None}}]}
    rest: list[Stored] = [ties, {field: {sign: value}}]
    return {"$or": [*rest, {field: None}] if descending else rest}
