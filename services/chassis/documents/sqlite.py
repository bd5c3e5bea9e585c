"""Documents in an SQLite file.

Durability. The file is in WAL mode with `synchronous=NORMAL`: a commit is in the log before a write returns, so it
outlives the process, whatever kills it. It need not outlive a power cut: the last commits may then be missing, though
the file stays sound. That is what the evaluation house promises; production uses MongoDB with journaled majority
writes.

Concurrency. One thread per database writes: everything that waits meanwhile goes into the next transaction together.
A few threads search. What is named by its id is read where it is asked for (`chassis/decisions/0006-…md` says why).
Several processes may share a file: a writer waits for another up to `BUSY_SECONDS`, then raises `Unavailable`.
"""

# ruff: noqa: S608 only names that `port` has checked are part of a statement's text; every value is bound
from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from chassis.documents.port import (
    Collection,
    D,
    Document,
    Page,
    PendingEvent,
    Schema,
    Where,
    check_unique_keys,
    read_cursor,
    write_cursor,
)
from chassis.documents.sqlite_search import Stretch, beyond, expression, filtered, where_clause
from chassis.together import Together
from schemas.faults import Conflict, NotFound, Unavailable

BUSY_SECONDS = 10.0
BUSY_PAUSE_SECONDS = 0.01
READERS = 2
ROWS = 1000
"""Of one statement: each has three values, of which SQLite takes 32,766."""
WRITTEN_TOGETHER = 256
"""Writes in one transaction at most, so that the first of them does not wait for all that come."""
CACHE_KIB = 32 * 1024
"""What the connection that writes may keep of the file in memory: indexes over random ids are written all over."""
MEMORY = ":memory:"

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

# Primary result codes that say the database cannot be used for now. Others are errors of ours and stay what they are.
_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_CORRUPT,
}


@contextmanager
def _as_faults(path: Path | str) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", None)
        if code is not None and code & 0xFF in _AWAY:
            raise Unavailable(f"the database {Path(path).name} cannot be used: {error}") from error
        raise
    except OSError as error:
        raise Unavailable(f"the database {Path(path).name} cannot be used: {error.strerror}") from error


class SqliteDocuments:
    """One SQLite file, readable by its owner only; `:memory:` for tests."""

    def __init__(self, path: Path | str) -> None:
        self._path = path
        self._collections: dict[str, SqliteCollection[Any]] = {}
        self._prepared: set[str] = set()
        self._connections: list[sqlite3.Connection] = []
        self._local = threading.local()
        self._lock = threading.Lock()
        self._writer: ThreadPoolExecutor | None = None
        self._readers: ThreadPoolExecutor | None = None
        self._writes: Together[Work[Any], Any] = Together(self._transact, most=WRITTEN_TOGETHER)

    def collection(self, schema: Schema[D]) -> Collection[D]:
        """The collection of this schema."""
        known = self._collections.setdefault(schema.name, SqliteCollection(self, schema))
        if known.schema != schema:
            raise ValueError(f"{schema.name} is already a collection, of another schema")
        return known

    async def open(self) -> None:
        """Open the file, making it if need be, and make tables and indexes."""
        if self._writer is None:
            name = Path(self._path).stem
            self._local = threading.local()
            self._writer = ThreadPoolExecutor(1, f"sqlite-{name}-writer")
            self._readers = (
                self._writer if self._path == MEMORY else ThreadPoolExecutor(READERS, f"sqlite-{name}-reader")
            )
        try:
            await self.write(lambda connection: connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}"))
            for collection in tuple(self._collections.values()):
                await self.prepare(collection)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Finish what is under way and close the file."""
        await self._writes.rest()
        executors = {self._writer, self._readers} - {None}
        self._writer = self._readers = None
        for executor in executors:
            assert executor is not None  # noqa: S101 for the type checker: None was taken out above
            await asyncio.to_thread(executor.shutdown)
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._prepared.clear()

    async def ping(self) -> None:
        """The file can be read."""
        await self.read(lambda connection: connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone())

    async def prepare(self, collection: SqliteCollection[Any]) -> None:
        """Make the collection's table and indexes, once."""
        if collection.schema.name not in self._prepared:
            await self.write(collection.make)
            self._prepared.add(collection.schema.name)

    async def write(self, work: Work[T]) -> T:
        """Run work on the thread that writes, in one transaction with what else waits. It fails for itself alone."""
        written: T = await self._writes(work)
        return written

    async def _transact(self, works: Sequence[Work[Any]]) -> list[Any]:
        return await self._run(self._writer, partial(self._transaction, works))

    def _transaction(self, works: Sequence[Work[Any]]) -> list[Any]:
        """What each returned, or raised."""
        with _as_faults(self._path):
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                outcomes = [self._part(connection, work) for work in works]
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            return outcomes

    def _part(self, connection: sqlite3.Connection, work: Work[T]) -> T | Exception:
        """What it returned, or raised: then nothing of it stays."""
        connection.execute("SAVEPOINT part")
        outcome: T | Exception
        try:
            with _as_faults(self._path):
                outcome = work(connection)
        except Exception as error:
            if not connection.in_transaction:  # a full disk, say, ends all of it
                raise
            connection.execute("ROLLBACK TO part")
            outcome = error
        connection.execute("RELEASE part")
        return outcome

    async def look(self, work: Work[T]) -> T:
        """Run work here and now, for what takes less than handing it to a thread; it sees everything committed."""
        if self._path == MEMORY:  # whose only connection is the writer's
            return await self.read(work)
        if self._writer is None:
            raise self._closed()
        with _as_faults(self._path):
            return work(self._connection())

    async def read(self, work: Work[T]) -> T:
        """Run work on a thread that reads; it sees everything committed before."""

        def reading() -> T:
            with _as_faults(self._path):
                return work(self._connection())

        return await self._run(self._readers, reading)

    async def _run(self, executor: ThreadPoolExecutor | None, work: Callable[[], T]) -> T:
        if executor is None:
            raise self._closed()
        return await asyncio.get_running_loop().run_in_executor(executor, work)

    def _closed(self) -> Unavailable:
        return Unavailable(f"the database {Path(self._path).name} is not open")

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
            with self._lock:
                self._connections.append(connection)
        return connection

    def _connect(self) -> sqlite3.Connection:
        if self._path != MEMORY:
            path = Path(self._path)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Made before SQLite would, for the mode: the -wal and -shm files take it over. A file that is there is not
            # touched: closing any descriptor of it would drop the locks of this process's other connections.
            with suppress(FileExistsError):
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        connection = sqlite3.connect(
            self._path,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,  # each connection keeps to its thread, but is closed by another
        )
        _use_wal(connection)
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection


def _use_wal(connection: sqlite3.Connection) -> None:
    """Turn the log on. SQLite does not wait for others here, as it does elsewhere: so we do."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(BUSY_PAUSE_SECONDS)
        else:
            return


_EVENTS = TypeAdapter(tuple[PendingEvent, ...])


class SqliteCollection(Generic[D]):
    """A table: id, version, and the document as JSON; indexes over expressions.

    Pending events rest in a small table beside it, written in the same transaction: to tell and to forget them, the
    documents need not be read nor written again.
    """

    def __init__(self, documents: SqliteDocuments, schema: Schema[D]) -> None:
        self._documents = documents
        self._schema = schema
        self._table = f'"{schema.name}"'
        self._told = f'"{schema.name}:pending"'
        self._joined = f"{self._table} LEFT JOIN {self._told} ON told = id"
        self._parse = schema.model.model_validate_json

    @property
    def schema(self) -> Schema[D]:
        """What this collection holds."""
        return self._schema

    def make(self, connection: sqlite3.Connection) -> None:
        """Make the table and its indexes where they are missing."""
        name = self._schema.name
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS {self._table} ("
            "id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL)"
        )
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS {self._told} ("
            "told TEXT NOT NULL UNIQUE, told_version INTEGER NOT NULL, events TEXT NOT NULL)"
        )
        for index in self._schema.indexes:
            fields = [expression(field) for field in index.fields]
            unique = "UNIQUE " if index.unique else ""
            # The id at the end breaks ties, so that paging walks the index and sorts nothing.
            columns = ", ".join(fields if index.unique else [*fields, "id"])
            label = ":".join((name, unique.strip().lower() or "by", *index.fields))
            some = f" WHERE {fields[0]} IS NOT NULL" if index.sparse else ""
            connection.execute(f'CREATE {unique}INDEX IF NOT EXISTS "{label}" ON {self._table} ({columns}){some}')

    async def insert_many(self, documents: Sequence[D]) -> frozenset[str]:
        """One transaction; ids of those left out."""
        if not documents:
            return frozenset()
        check_unique_keys(self._schema, documents)

        def work(connection: sqlite3.Connection) -> frozenset[str]:
            return frozenset(id_ for portion in _portions(documents) for id_ in self._insert(connection, portion))

        return await self._write(work)

    def _insert(self, connection: sqlite3.Connection, documents: Sequence[D]) -> list[str]:
        """The ids of those left out."""
        rows = [(document.id, document.version, _body(document)) for document in documents]
        inserted = [True] * len(rows)
        try:
            connection.execute(f"INSERT INTO {self._table} VALUES {_places(rows)}", _flat(rows))
        except sqlite3.IntegrityError:  # some are there: which, shows when each is inserted by itself
            statement = f"INSERT INTO {self._table} VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
            inserted = [connection.execute(statement, row).rowcount == 1 for row in rows]
        self._tell(connection, [one for one, new in zip(documents, inserted, strict=True) if new and one.pending])
        return [one.id for one, new in zip(documents, inserted, strict=True) if not new]

    async def get(self, id: str) -> D | None:  # noqa: A002 the port's name
        """The document, or None."""
        return (await self.get_many((id,))).get(id)

    async def get_many(self, ids: Iterable[str]) -> dict[str, D]:
        """Those that exist, by id."""
        wanted = tuple(ids)
        if not wanted:
            return {}
        statement = f"SELECT body, events FROM {self._joined} WHERE id IN (SELECT value FROM json_each(?))"

        def work(connection: sqlite3.Connection) -> dict[str, D]:
            found = (self._read_row(*row) for row in connection.execute(statement, (json.dumps(wanted),)))
            return {document.id: document for document in found}

        await self._documents.prepare(self)
        return await self._documents.look(work)

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
        clauses, values = filtered(where)
        order = expression(order_by)
        way = "DESC" if descending else "ASC"
        stretches = [Stretch()] if after is None else beyond(order, *read_cursor(after), descending=descending)

        def work(connection: sqlite3.Connection) -> Page[D]:
            rows: list[tuple[str, str | None, object]] = []
            for stretch in stretches:
                sort = f"id {way}" if order == "id" or stretch.level else f"{order} {way}, id {way}"
                statement = (
                    f"SELECT body, events, {order} FROM {self._joined} {where_clause([*clauses, *stretch.clauses])} "
                    f"ORDER BY {sort} LIMIT ?"
                )
                rows += connection.execute(statement, (*values, *stretch.values, limit + 1 - len(rows)))
            items = tuple(self._read_row(body, events) for body, events, _ in rows[:limit])
            return Page(items, write_cursor(rows[limit - 1][2], items[-1].id) if len(rows) > limit else None)

        return await self._read(work)

    async def count(self, where: Where) -> int:
        """How many there are."""
        clauses, values = filtered(where)
        statement = f"SELECT count(*) FROM {self._table} {where_clause(clauses)}"

        def work(connection: sqlite3.Connection) -> int:
            return int(connection.execute(statement, values).fetchone()[0])

        return await self._read(work)

    async def replace(self, document: D) -> D:
        """Guarded by the version."""
        check_unique_keys(self._schema, (document,))
        statement = f"UPDATE {self._table} SET version = ?, body = ? WHERE id = ? AND version = ?"
        exists = f"SELECT 1 FROM {self._table} WHERE id = ?"
        later = document.model_copy(update={"version": document.version + 1})

        def work(connection: sqlite3.Connection) -> D:
            try:
                changed = connection.execute(statement, _row_guarded(later, document.version)).rowcount
            except sqlite3.IntegrityError as error:
                raise Conflict(f"{self._schema.name} {document.id} takes a key that another has") from error
            if changed:
                self._tell(connection, (later,))
                return later
            if connection.execute(exists, (document.id,)).fetchone():
                raise Conflict(f"{self._schema.name} {document.id} was changed meanwhile")
            raise NotFound(f"there is no {self._schema.name} {document.id}")

        return await self._write(work)

    async def replace_many(self, documents: Sequence[D]) -> frozenset[str]:
        """One transaction; ids of those not written."""
        if not documents:
            return frozenset()
        check_unique_keys(self._schema, documents)

        def work(connection: sqlite3.Connection) -> frozenset[str]:
            return frozenset(id_ for portion in _portions(documents) for id_ in self._replace(connection, portion))

        return await self._write(work)

    def _replace(self, connection: sqlite3.Connection, documents: Sequence[D]) -> set[str]:
        """The ids of those not written."""
        versions = (
            f"SELECT json_group_object(id, version) FROM {self._table} WHERE id IN (SELECT value FROM json_each(?))"
        )
        (found,) = connection.execute(versions, (json.dumps([one.id for one in documents]),)).fetchone()
        stored: dict[str, int] = json.loads(found)
        lost: set[str] = set()
        later: dict[str, D] = {}
        for one in documents:
            if stored.get(one.id) == one.version and one.id not in later:
                later[one.id] = one.model_copy(update={"version": one.version + 1})
            else:
                lost.add(one.id)
        if not later:
            return lost
        rows = [(one.id, one.version, _body(one)) for one in later.values()]
        statement = (
            f"INSERT INTO {self._table} VALUES {_places(rows)} "
            "ON CONFLICT (id) DO UPDATE SET version = excluded.version, body = excluded.body"
        )
        try:
            connection.execute(statement, _flat(rows))
        except sqlite3.IntegrityError:  # one would take another's key: which, shows when each is written by itself
            alone = f"UPDATE OR IGNORE {self._table} SET version = ?, body = ? WHERE id = ?"
            taken = {
                id_ for id_, version, body in rows if connection.execute(alone, (version, body, id_)).rowcount == 0
            }
            lost |= taken
            later = {id_: one for id_, one in later.items() if id_ not in taken}
        self._tell(connection, tuple(later.values()))
        return lost

    async def put_many(self, documents: Sequence[D]) -> None:
        """One transaction: all or none."""
        if not documents:
            return
        check_unique_keys(self._schema, documents)
        statement = (
            f"INSERT INTO {self._table} AS stored VALUES (?, 1, json_set(?, '$.version', 1)) "
            "ON CONFLICT (id) DO UPDATE SET version = stored.version + 1, "
            "body = json_set(excluded.body, '$.version', stored.version + 1) RETURNING version"
        )

        def work(connection: sqlite3.Connection) -> None:
            try:
                for document in documents:
                    (version,) = connection.execute(statement, (document.id, _body(document))).fetchone()
                    self._tell(connection, (document.model_copy(update={"version": version}),))
            except sqlite3.IntegrityError as error:
                raise Conflict(f"{self._schema.name}: one takes a key that another has") from error

        await self._write(work)

    async def delete_many(self, ids: Iterable[str]) -> int:
        """Delete; how many there were."""
        unwanted = (json.dumps(tuple(ids)),)

        def work(connection: sqlite3.Connection) -> int:
            connection.execute(f"DELETE FROM {self._told} WHERE told IN (SELECT value FROM json_each(?))", unwanted)
            return connection.execute(
                f"DELETE FROM {self._table} WHERE id IN (SELECT value FROM json_each(?))", unwanted
            ).rowcount

        return await self._write(work)

    async def with_pending(self, limit: int = 500) -> tuple[Document, ...]:
        """The longest waiting first."""
        statement = f"SELECT told, told_version, events FROM {self._told} ORDER BY rowid LIMIT ?"

        def work(connection: sqlite3.Connection) -> tuple[Document, ...]:
            found = connection.execute(statement, (limit,))
            return tuple(
                Document(id=id_, version=version, pending=_EVENTS.validate_json(events))
                for id_, version, events in found
            )

        await self._documents.prepare(self)
        return await self._documents.look(work)

    async def clear_pending(self, documents: Sequence[Document]) -> None:
        """One transaction; only where the version is still this one."""
        if not documents:
            return
        statement = (
            f"DELETE FROM {self._told} WHERE rowid IN (SELECT pending.rowid FROM json_each(?) AS confirmed "
            f"JOIN {self._told} AS pending ON told = confirmed.key AND told_version = confirmed.value)"
        )
        confirmed = json.dumps({document.id: document.version for document in documents})
        await self._write(lambda connection: connection.execute(statement, (confirmed,)))

    def _tell(self, connection: sqlite3.Connection, documents: Sequence[Document]) -> None:
        """What these documents, as they were just written, have to announce."""
        silent = [document.id for document in documents if not document.pending]
        if silent:
            statement = f"DELETE FROM {self._told} WHERE told IN (SELECT value FROM json_each(?))"
            connection.execute(statement, (json.dumps(silent),))
        telling = [
            (document.id, document.version, _EVENTS.dump_json(document.pending).decode())
            for document in documents
            if document.pending
        ]
        if telling:
            connection.execute(
                f"INSERT INTO {self._told} VALUES {_places(telling)} "
                "ON CONFLICT (told) DO UPDATE SET told_version = excluded.told_version, events = excluded.events",
                _flat(telling),
            )

    def _read_row(self, body: str, events: str | None) -> D:
        document = self._parse(body)
        return document.model_copy(update={"pending": _EVENTS.validate_json(events)}) if events else document

    async def _write(self, work: Work[T]) -> T:
        await self._documents.prepare(self)
        return await self._documents.write(work)

    async def _read(self, work: Work[T]) -> T:
        await self._documents.prepare(self)
        return await self._documents.read(work)


def _body(document: Document) -> str:
    return document.model_dump_json(exclude={"pending"})


def _row_guarded(later: Document, version: int) -> tuple[object, ...]:
    return later.version, _body(later), later.id, version


def _portions(documents: Sequence[D]) -> Iterator[Sequence[D]]:
    """As many at a time as a statement takes values for."""
    for begin in range(0, len(documents), ROWS):
        yield documents[begin : begin + ROWS]


def _places(rows: Sequence[tuple[object, ...]]) -> str:
    """Where the rows' values are put in a statement.

    One statement for all: each gives the interpreter up and has to wait for it again, on a busy day for milliseconds.
    """
    return ", ".join([f"({', '.join('?' * len(rows[0]))})"] * len(rows))


def _flat(rows: Sequence[tuple[object, ...]]) -> list[object]:
    return [value for row in rows for value in row]
