"""Where a service keeps what it knows: see `port` for what is promised."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from chassis.documents.port import (
    Collection,
    D,
    Document,
    Documents,
    Index,
    OneOf,
    Page,
    PendingEvent,
    Range,
    Schema,
    Where,
    every,
)
from chassis.documents.sqlite import SqliteDocuments

__all__ = [
    "Collection",
    "D",
    "Document",
    "Documents",
    "Index",
    "OneOf",
    "Page",
    "PendingEvent",
    "Range",
    "Schema",
    "SqliteDocuments",
    "Where",
    "documents_for",
    "every",
]


class Whereabouts(Protocol):
    """What of the settings says where documents are kept."""

    @property
    def var(self) -> Path:
        """The folder of SQLite files."""
        ...

    @property
    def mongo(self) -> str | None:
        """MongoDB's URL, where it is used."""
        ...


def documents_for(settings: Whereabouts, name: str) -> Documents:
    """The database of this name: `laurel_<name>` in MongoDB, or the file `var/<name>.sqlite`."""
    if settings.mongo is None:
        return SqliteDocuments(settings.var / f"{name}.sqlite")
    from chassis.documents.mongo import MongoDocuments  # noqa: PLC0415 the evaluation house need not load Motor

    return MongoDocuments(settings.mongo, f"laurel_{name}")
