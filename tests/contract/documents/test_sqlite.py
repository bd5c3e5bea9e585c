from __future__ import annotations

import asyncio
import errno
import multiprocessing
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from chassis.documents import Documents, Range, SqliteDocuments
from chassis.documents import sqlite as adapter
from schemas.faults import Unavailable
from tests.contract.documents.suite import PARCELS, DocumentsContract, Parcel, parcels


class _Sqlite(DocumentsContract):
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path | str:
        return tmp_path / "var" / "parcels.sqlite"

    @pytest.fixture
    async def documents(self, path: Path | str) -> AsyncIterator[SqliteDocuments]:
        documents = SqliteDocuments(path)
        await documents.open()
        yield documents
        await documents.close()

    @pytest.fixture
    def unreachable(self, tmp_path: Path) -> Documents:
        (tmp_path / "a-file").touch()
        return SqliteDocuments(tmp_path / "a-file" / "parcels.sqlite")


class TestSqliteInMemory(_Sqlite):
    forgets = True

    @pytest.fixture
    def path(self) -> str:
        return adapter.MEMORY


class TestSqliteFile(_Sqlite):
    async def test_only_the_owner_may_read_the_file(self, documents: SqliteDocuments, path: Path) -> None:
        await documents.collection(PARCELS).insert_many(parcels(1))
        assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
        assert len(list(path.parent.iterdir())) == 3

    async def test_another_process_that_leaves_does_not_take_the_log_away(
        self, documents: SqliteDocuments, path: Path
    ) -> None:
        """https://www.sqlite.org/howtocorrupt.html, section 2.2: closing any descriptor of a file drops its locks."""
        collection = documents.collection(PARCELS)
        await collection.insert_many(parcels(1))
        await asyncio.gather(*(collection.find({}) for _ in range(20)))  # every thread has its connection
        visit = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM parcels'); c.close()"
        await asyncio.to_thread(subprocess.run, [sys.executable, "-c", visit, str(path)], check=True)
        assert path.with_name(f"{path.name}-wal").exists()

    async def test_what_was_written_is_there_after_reopening(self, documents: SqliteDocuments, path: Path) -> None:
        await documents.collection(PARCELS).insert_many(parcels(3))
        await documents.close()
        again = SqliteDocuments(path)
        await again.open()
        assert await again.collection(PARCELS).count({}) == 3
        await again.close()

    @pytest.mark.parametrize(
        "question",
        [
            {"where": {"to.town": "Porto"}},
            {"where": {"sender": "ana", "number": 3}},
            {"order_by": "sent"},
            {"order_by": "sent", "descending": True},
            {"where": {"sent": Range(ge="2026-01-01T00:00:00.000Z")}, "order_by": "sent"},
            {"where": {"note": "by hand"}},
            {"where": {"note": Range(ge="")}, "order_by": "note"},
        ],
        ids=str,
    )
    async def test_searching_and_paging_walk_an_index(
        self, path: Path, question: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        statements: list[str] = []
        connect = SqliteDocuments._connect

        def traced(documents: SqliteDocuments) -> sqlite3.Connection:
            connection = connect(documents)
            connection.set_trace_callback(statements.append)
            return connection

        monkeypatch.setattr(SqliteDocuments, "_connect", traced)
        documents = SqliteDocuments(path)
        await documents.open()
        collection = documents.collection(PARCELS)
        await collection.insert_many(parcels(200))
        statements.clear()
        question = {"where": {}, "limit": 10, **question}
        page = await collection.find(**question)
        if page.next:
            await collection.find(**question, after=page.next)
        selects = [statement for statement in statements if statement.startswith("SELECT body")]
        await documents.close()
        with closing(sqlite3.connect(path)) as inspector:
            plans = [row[3] for s in selects for row in inspector.execute(f"EXPLAIN QUERY PLAN {s}")]
        assert plans
        assert all("USING INDEX" in plan for plan in plans), plans
        assert [plan for plan in plans if plan.startswith("SCAN")] == (plans[:1] if question["where"] == {} else []), (
            "the first page walks from the index's end, every later one searches"
        )

    async def test_two_processes_share_a_file(self, documents: SqliteDocuments, path: Path) -> None:
        collection = documents.collection(PARCELS)
        context = multiprocessing.get_context("spawn")
        other = context.Process(target=_insert_apart, args=(str(path), 200))
        other.start()
        for parcel in parcels(200):
            await collection.insert_many([parcel.model_copy(update={"id": f"mine-{parcel.id}"})])
        other.join(60)
        assert other.exitcode == 0
        assert await collection.count({}) == 400

    async def test_processes_that_start_at_once_all_open_a_file_that_is_new(self, tmp_path: Path) -> None:
        paths = [str(tmp_path / f"{number}.sqlite") for number in range(10)]
        context = multiprocessing.get_context("spawn")
        barrier = context.Barrier(4)
        with context.Pool(4, _meet, (barrier,)) as pool:
            opened = [pool.map(_open_together, [path] * 4, chunksize=1) for path in paths]
        assert opened == [["opened"] * 4] * 10

    async def test_a_writer_that_waits_too_long_says_unavailable(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(adapter, "BUSY_SECONDS", 0.01)
        documents = SqliteDocuments(path)
        await documents.open()
        collection = documents.collection(PARCELS)
        await collection.count({})
        blocker = sqlite3.connect(path, isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="locked"):
            await collection.insert_many(parcels(1))
        assert await collection.count({}) == 0, "readers do not wait for writers"
        blocker.execute("ROLLBACK")
        blocker.close()
        assert await collection.insert_many(parcels(1)) == frozenset()
        await documents.close()

    async def test_a_file_that_is_no_database_is_unavailable_and_left_alone(self, tmp_path: Path) -> None:
        file = tmp_path / "letter.sqlite"
        file.write_text("Dear Ana, " * 1000)
        with pytest.raises(Unavailable, match=r"letter\.sqlite"):
            await SqliteDocuments(file).open()
        assert file.read_text() == "Dear Ana, " * 1000

    async def test_an_error_of_ours_is_not_dressed_as_an_outage(self, documents: SqliteDocuments) -> None:
        with pytest.raises(sqlite3.OperationalError):
            await documents.read(lambda connection: connection.execute("SELEKT 1"))

    async def test_a_failure_half_way_through_a_batch_leaves_nothing(self, documents: SqliteDocuments) -> None:
        collection = documents.collection(PARCELS)
        await collection.count({})

        def half(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT INTO parcels VALUES ('a', 0, '{}')")
            raise RuntimeError("half way")

        with pytest.raises(RuntimeError):
            await documents.write(half)
        assert await collection.count({}) == 0

    async def test_what_is_written_at_once_shares_transactions(self, documents: SqliteDocuments) -> None:
        collection = documents.collection(PARCELS)
        await collection.count({})
        statements: list[str] = []
        await documents.write(lambda connection: connection.set_trace_callback(statements.append))
        await asyncio.gather(*(collection.insert_many([parcel]) for parcel in parcels(50)))
        assert await collection.count({}) == 50
        assert [statement for statement in statements if statement.startswith("BEGIN")] == ["BEGIN IMMEDIATE"]

    async def test_of_what_is_written_at_once_each_fails_for_itself(self, documents: SqliteDocuments) -> None:
        collection = documents.collection(PARCELS)
        await collection.count({})

        def half(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT INTO parcels VALUES ('a', 0, '{}')")
            raise RuntimeError("half way")

        one, two = parcels(2)
        outcomes = await asyncio.gather(
            collection.insert_many([one]), documents.write(half), collection.insert_many([two]), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [frozenset, RuntimeError, frozenset]
        assert set(await collection.get_many(["a", one.id, two.id])) == {one.id, two.id}

    async def test_a_transaction_that_fails_fails_everything_in_it(self, documents: SqliteDocuments) -> None:
        collection = documents.collection(PARCELS)
        await collection.count({})

        def ended(connection: sqlite3.Connection) -> None:
            connection.execute("ROLLBACK")
            raise OSError(errno.ENOSPC, "no space left on device")  # SQLite ends the transaction when a disk is full

        outcomes = await asyncio.gather(
            collection.insert_many(parcels(1)), documents.write(ended), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [Unavailable, Unavailable]
        assert await collection.count({}) == 0
        assert await collection.insert_many(parcels(1)) == frozenset()

    async def test_closing_waits_for_what_is_being_written(self, documents: SqliteDocuments, path: Path) -> None:
        collection = documents.collection(PARCELS)
        await collection.count({})
        writing = asyncio.gather(*(collection.insert_many([parcel]) for parcel in parcels(20)))
        await asyncio.sleep(0)
        await documents.close()
        assert await writing == [frozenset()] * 20
        with closing(sqlite3.connect(path)) as inspector:
            assert inspector.execute("SELECT count(*) FROM parcels").fetchone() == (20,)

    async def test_what_was_acknowledged_outlives_a_kill(self, path: Path) -> None:
        """A process inserts and acknowledges, one by one, until it is killed; every acknowledged one is there."""
        script = (
            "import asyncio, sys\n"
            "from chassis.documents import SqliteDocuments\n"
            "from tests.contract.documents.suite import PARCELS, Parcel\n"
            "async def main():\n"
            "    documents = SqliteDocuments(sys.argv[1])\n"
            "    await documents.open()\n"
            "    collection = documents.collection(PARCELS)\n"
            "    number = 0\n"
            "    while True:\n"
            "        number += 1\n"
            "        await collection.insert_many([Parcel(id=f'{number:06}', number=number)])\n"
            "        print(number, flush=True)\n"
            "asyncio.run(main())\n"
        )
        process = subprocess.Popen(  # noqa: ASYNC220 our own script; waiting for its lines is the point
            [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        acknowledged = 0
        for line in process.stdout:
            acknowledged = int(line)
            if acknowledged == 300:
                os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        documents = SqliteDocuments(path)
        await documents.open()
        stored = await documents.collection(PARCELS).find({}, limit=100_000)
        await documents.close()
        assert acknowledged >= 300
        assert [p.number for p in stored.items][:acknowledged] == list(range(1, acknowledged + 1))
        assert len(stored.items) - acknowledged in (0, 1), "at most the one whose answer was lost"


_barrier: Any = None


def _meet(barrier: Any) -> None:  # noqa: ANN401 multiprocessing does not name its types
    global _barrier  # noqa: PLW0603 how a pool's processes share what cannot be sent
    _barrier = barrier


def _open_together(path: str) -> str:
    async def main() -> None:
        documents = SqliteDocuments(path)
        _barrier.wait()
        documents.collection(PARCELS)
        await documents.open()
        await documents.close()

    asyncio.run(main())
    return "opened"


def _insert_apart(path: str, count: int) -> None:
    async def main() -> None:
        documents = SqliteDocuments(Path(path))
        await documents.open()
        collection = documents.collection(PARCELS)
        for parcel in parcels(count):
            apart = Parcel(id=f"theirs-{parcel.id}", sender="ben", number=parcel.number)
            await collection.insert_many([apart])
        await documents.close()

    asyncio.run(main())
