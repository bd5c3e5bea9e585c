"""Collections of JSON documents: the little that Laurel asks of a database, so that two can serve.

A document is a frozen model with an id, a version and the events it still has to announce. Each is written whole, in
one atomic write, so what happened and what is to be said about it never part. `sqlite` and `mongo` are the adapters;
both run the suite in `tests/contract/documents`.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeAlias, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from schemas.faults import Malformed
from schemas.values import Frozen


class PendingEvent(Frozen):
    """An event that is decided and not yet confirmed by Kafka; it rests in the document it tells about."""

    topic: str
    key: str
    value: str
    """The encoded event, as text."""
    headers: dict[str, str] = Field(default_factory=dict)
    """What travels beside it: the trace it belongs to (W3C `traceparent`)."""


class Document(Frozen):
    """What a collection holds. Subclasses add their fields."""

    id: str
    version: int = 0
    """Counts the writes, so that a change made on an old reading is noticed."""
    pending: tuple[PendingEvent, ...] = ()


D = TypeVar("D", bound=Document)
Scalar: TypeAlias = str | int | float


@dataclass(frozen=True, slots=True)
class Index:
    """Fields that are searched or ordered by together; dotted paths reach into objects, not into lists.

    A unique index needs a value in each of its fields (`Malformed` otherwise): databases differ on whether two
    missing values are the same.
    """

    fields: tuple[str, ...]
    unique: bool = False
    sparse: bool = False
    """Few documents have a value in the first field, and none is looked for by having none: an adapter may leave all
    others out, whose writing is then cheaper."""

    def __post_init__(self) -> None:
        for field in self.fields:
            check_field(field)


@dataclass(frozen=True, slots=True)
class Schema(Generic[D]):
    """A collection's name, what it holds, and how it is searched."""

    name: str
    model: type[D]
    indexes: tuple[Index, ...] = ()

    def __post_init__(self) -> None:
        check_name(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A filter: values in a range. A field without a value is in no range."""

    ge: Scalar | None = None
    gt: Scalar | None = None
    le: Scalar | None = None
    lt: Scalar | None = None


@dataclass(frozen=True, slots=True)
class OneOf:
    """A filter: one of these values."""

    values: tuple[str | int, ...]


Where: TypeAlias = Mapping[str, str | int | bool | Range | OneOf | None]
"""Every named field has this value, lies in this range or is one of these. None: the field has no value. Moments are
compared as `schemas.values.instant_text` spells them, ids as text."""


@dataclass(frozen=True, slots=True)
class Page(Generic[D]):
    """Some of what was found, and where to go on; `next` is None on the last page."""

    items: tuple[D, ...]
    next: str | None


class Collection(Protocol[D]):
    """Documents of one kind. Every method takes a constant number of round trips, however many documents it is given.

    All raise `Unavailable` when the database cannot be reached; then some of the documents may be written and others
    not, each of them whole.
    """

    @property
    def schema(self) -> Schema[D]:
        """What this collection holds."""
        ...

    async def insert_many(self, documents: Sequence[D]) -> frozenset[str]:
        """Insert, one atomic write per document; the ids of those left out because their id or a unique key exists."""
        ...

    async def get(self, id: str) -> D | None:  # noqa: A002 the field's own name
        """The document, or None."""
        ...

    async def get_many(self, ids: Iterable[str]) -> dict[str, D]:
        """Those that exist, by id."""
        ...

    async def find(
        self,
        where: Where,
        *,
        order_by: str = "id",
        descending: bool = False,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[D]:
        """One page. `after` is an earlier page's `next` (same question, same order), `Malformed` if it is not."""
        ...

    async def count(self, where: Where) -> int:
        """How many there are."""
        ...

    async def replace(self, document: D) -> D:
        """Write over the version that was read; the document with its new version.

        Raises `Conflict` when it changed meanwhile or takes another's unique key, `NotFound` when it is not there.
        """
        ...

    async def replace_many(self, documents: Sequence[D]) -> frozenset[str]:
        """As `replace`; the ids of those not written, because they changed meanwhile, are gone, or take a unique key.

        An id may be named although it was written, when somebody else changed it again within this very call.
        """
        ...

    async def put_many(self, documents: Sequence[D]) -> None:
        """Insert or overwrite, whatever is there, pending events included: for projections that are their only writer.

        The version counts on from what is stored, so that a guarded write notices.
        Raises `Conflict` when one takes another's unique key.
        """
        ...

    async def delete_many(self, ids: Iterable[str]) -> int:
        """Delete; how many there were."""
        ...

    async def with_pending(self, limit: int = 500) -> tuple[Document, ...]:
        """Of documents that have events to announce: the id, the version and the events, and nothing else."""
        ...

    async def clear_pending(self, documents: Sequence[Document]) -> None:
        """Their events are confirmed: forget them where the stored version is still this one. Leaves the version."""
        ...


class Documents(Protocol):
    """One database: a service's own."""

    def collection(self, schema: Schema[D]) -> Collection[D]:
        """The collection; its table and indexes are made by `open`, or at first use when it is asked for later."""
        ...

    async def open(self) -> None:
        """Reach the database and make what is missing. Opening what is open does no harm."""
        ...

    async def close(self) -> None:
        """Let go of the database, once what is under way is written."""
        ...

    async def ping(self) -> None:
        """Raises `Unavailable` when the database does not answer."""
        ...


# What the adapters share.

_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


def check_field(field: str) -> None:
    """A field's path becomes part of a query's text: nothing but names and dots may stand in it."""
    if not _FIELD.fullmatch(field):
        raise ValueError(f"{field!r} is no path to a field")


def check_name(name: str) -> None:
    """A collection's name becomes a table's name."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a collection")


async def every(
    collection: Collection[D], where: Where, *, order_by: str = "id", portion: int = 500
) -> AsyncIterator[D]:
    """Everything that is found, read a portion at a time: each document once, as it is when its portion is read."""
    after: str | None = None
    while True:
        page = await collection.find(where, order_by=order_by, after=after, limit=portion)
        for document in page.items:
            yield document
        if (after := page.next) is None:
            return


def at(document: Frozen | Mapping[str, object], path: str) -> object:
    """The value at a dotted path, None when there is none."""
    value: object = document
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else getattr(value, step, None)
        if value is None:
            return None
    return value


def check_unique_keys(schema: Schema[D], documents: Iterable[D]) -> None:
    """Raises `Malformed` when a document lacks a part of a unique key."""
    fields = {field for index in schema.indexes if index.unique for field in index.fields}
    if not fields:
        return
    for document in documents:
        for field in fields:
            if at(document, field) is None:
                raise Malformed(f"{schema.name}: {field} is part of a unique key and has no value")


_Cursor = TypeAdapter(tuple[str | int | float | None, str])


def write_cursor(value: object, id_: str) -> str:
    """Where a page ended: the value it was ordered by, and the id that breaks ties."""
    raw = _Cursor.dump_json(_Cursor.validate_python((value, id_)))
    return urlsafe_b64encode(raw).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[str | int | float | None, str]:
    """What `write_cursor` wrote; raises `Malformed` for anything else."""
    try:
        return _Cursor.validate_json(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, ValidationError):
        raise Malformed("this is no cursor of ours: start again without it") from None
