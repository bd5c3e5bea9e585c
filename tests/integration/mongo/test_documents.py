from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from motor.motor_asyncio import AsyncIOMotorClient

from chassis.documents import Documents, documents_for
from chassis.documents import mongo as adapter
from chassis.documents.mongo import MongoDocuments
from chassis.settings import Settings
from schemas.faults import Conflict, Malformed, Unavailable
from tests.contract.documents.suite import PARCELS, DocumentsContract, Parcel, parcels


class TestMongo(DocumentsContract):
    # FerretDB reads a whole collection for each guarded write, and calls a unique key that an update would take an
    # internal error; `tests/unit/chassis/test_mongo.py` plays what MongoDB documents for it.
    many = 60
    taken = (Conflict, Unavailable)

    @pytest.fixture
    def name(self) -> str:
        return f"laurel_test_{uuid4().hex}"

    @pytest.fixture
    async def documents(self, mongo_url: str, name: str) -> AsyncIterator[MongoDocuments]:
        documents = MongoDocuments(mongo_url, name)
        await documents.open()
        yield documents
        await documents.close()
        client: AsyncIOMotorClient[object] = AsyncIOMotorClient(mongo_url)
        await client.drop_database(name)
        client.close()

    @pytest.fixture
    def unreachable(self, monkeypatch: pytest.MonkeyPatch) -> Documents:
        monkeypatch.setattr(adapter, "SELECTION_MILLISECONDS", 50)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        return MongoDocuments(f"mongodb://127.0.0.1:{port}", "nowhere")

    async def test_the_declared_indexes_are_made(self, documents: MongoDocuments) -> None:
        await documents.collection(PARCELS).count({})
        made = await documents.stored("parcels").index_information()
        keys = {name: [field for field, _ in index["key"]] for name, index in made.items()}
        assert keys == {
            "_id_": ["_id"],
            "pending": ["_pending"],
            "unique:sender:number": ["sender", "number"],
            "by:to.town": ["to.town", "_id"],
            "by:sent": ["sent", "_id"],
            "by:note": ["note", "_id"],
        }
        assert made["unique:sender:number"]["unique"] is True

    async def test_writes_wait_for_a_majority_and_its_journal(self, documents: MongoDocuments) -> None:
        stored = documents.stored("parcels")
        assert stored.write_concern.document == {"w": "majority", "j": True}
        assert stored.read_concern.document == {"level": "majority"}

    async def test_a_document_lies_there_field_by_field(self, documents: MongoDocuments) -> None:
        """So that an operator can read it with MongoDB's own tools."""
        await documents.collection(PARCELS).insert_many(parcels(1))
        found = await documents.stored("parcels").find_one({})
        assert found is not None
        assert (found["_id"], found["sent"], found["to"], found["_pending"]) == (
            "p0000",
            "2026-01-01T00:00:00.000Z",
            {"town": None},
            False,
        )

    async def test_what_bson_cannot_hold_is_malformed_not_an_outage(self, documents: MongoDocuments) -> None:
        with pytest.raises(Malformed):
            await documents.collection(PARCELS).insert_many([Parcel(id="a", number=2**64)])

    async def test_the_settings_choose_mongodb(self, mongo_url: str) -> None:
        documents = documents_for(Settings(mongo=mongo_url), "issuer")
        assert isinstance(documents, MongoDocuments)
        await documents.open()
        await documents.ping()
        await documents.close()
