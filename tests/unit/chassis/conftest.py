from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from chassis.documents import SqliteDocuments
from chassis.documents.sqlite import MEMORY
from chassis.secrets import MasterKey


@pytest.fixture
async def documents() -> AsyncIterator[SqliteDocuments]:
    documents = SqliteDocuments(MEMORY)
    await documents.open()
    yield documents
    await documents.close()


@pytest.fixture
def master() -> MasterKey:
    return MasterKey(b"m" * 32)
