"""What one credential costs an issuer whose store is small, and one whose store is large.

`python -m tests.benchmarks.growth 10000 100000 1000000` fills one store to each of these sizes in turn with copies of
an outcome that the issuer itself decided, under ids, learners and places of their own; then the issuer reads
completions of new learners from Kafka. `make endurance` does so, with some minutes and ten
gigabytes for a million.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import secrets
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import uuid4

from rich.table import Table

from chassis.documents import Documents
from chassis.service import Chassis
from chassis.settings import Settings
from chassis.vault import LEARNER_KEYS, LearnerKey
from issuer.adapters.issuance_log import PAGE, ChainedLog
from issuer.adapters.status_slots import LeasedSlots
from issuer.app import NAME
from issuer.ports import (
    ISSUANCE_LOG,
    ORGANISATIONS,
    OUTCOMES,
    STATUS_LISTS,
    LogEntry,
    LogPlace,
    Outcome,
    OutcomeState,
    StatusSlot,
)
from tests.benchmarks.issuing import TOLD, Ends, Throughput, open_university, preloaded, throughput
from tests.benchmarks.report import report
from tests.e2e.houses import House
from tests.servers.kafka import kafka_server

MEASURED = 5_000
"""Completions read at each size."""
FIRST = 1000
"""The first of their learners."""


def growth(sizes: Sequence[int]) -> dict[int, Throughput]:
    """The cost of a completion, by how many outcomes were stored before."""
    with tempfile.TemporaryDirectory() as name, kafka_server(Path(name)) as kafka:
        var, environment = Path(name, "var"), {"LAUREL_KAFKA": kafka.bootstrap}
        with contextlib.closing(Ends(kafka.bootstrap)) as ends:
            environment = open_university(var, environment)
            measured = dict[int, Throughput]()
            for size in sorted(sizes):
                asyncio.run(_fill(var, size))
                first = FIRST + len(measured) * MEASURED
                measured[size] = _cost(f"{size:,}", first, House(var, (NAME,), environment), ends)
            return measured


def _cost(size: str, first: int, house: House, ends: Ends) -> Throughput:
    before = ends(*TOLD)
    preloaded(house.var, house.environment["LAUREL_KAFKA"], first, MEASURED)
    house.start()
    try:
        assert house.process is not None
        cost = throughput(size, [house.process.pid], lambda: ends(*TOLD) - before, MEASURED)
        house.stop()
    finally:
        house.kill()
    return cost


async def _fill(var: Path, size: int) -> None:
    """Store outcomes until there are so many, and what is stored with them."""
    chassis = await Chassis.assemble(Settings(var=var))
    documents = chassis.documents(NAME)
    await documents.open()
    try:
        await _Filling(chassis, documents).until(size)
    finally:
        await documents.close()
        await chassis.close()


class _Filling:
    """Writes what an issuer would have written, a page of its log at a time."""

    def __init__(self, chassis: Chassis, documents: Documents) -> None:
        self._master = chassis.master
        self._keys = chassis.stores[0].collection(LEARNER_KEYS)
        self._outcomes = documents.collection(OUTCOMES)
        self._organisations = documents.collection(ORGANISATIONS)
        self._log = ChainedLog(documents.collection(ISSUANCE_LOG), clock=chassis.clock)
        self._slots = LeasedSlots(
            documents.collection(STATUS_LISTS),
            self._outcomes,
            key_of=lambda list_id: chassis.identity.derive(f"status list {list_id}"),
            holder="filling",
            clock=chassis.clock,
            size=PAGE,
        )

    async def until(self, size: int) -> None:
        """Store so many in all."""
        pattern = (await self._outcomes.find({"state": OutcomeState.ISSUED.value}, limit=1)).items[0]
        there = await self._outcomes.count({})
        for start in range(there, size, PAGE):
            await self._store(pattern, min(PAGE, size - start))

    async def _store(self, pattern: Outcome, count: int) -> None:
        registered = await self._organisations.get(pattern.organisation)
        assert registered is not None
        entries = [LogEntry(credential=secrets.token_hex(32), award=secrets.token_hex(32)) for _ in range(count)]
        slots = await self._slots.take(pattern.organisation, count)
        pages = await self._log.append(registered.organisation, entries)
        places = [LogPlace(digest=entry.credential, page=page) for entry, page in zip(entries, pages, strict=True)]
        outcomes = [_copy(pattern, slot, place) for slot, place in zip(slots, places, strict=True)]
        await self._keys.insert_many(
            [LearnerKey(id=str(each.learner), wrapped=self._master.wrap(bytes(32), "filling")) for each in outcomes]
        )
        assert not await self._outcomes.insert_many(outcomes)


def _copy(pattern: Outcome, slot: StatusSlot, place: LogPlace) -> Outcome:
    """The same, of another completion of another learner."""
    assert pattern.credential is not None
    award = str(uuid4())
    status = pattern.credential.status.model_copy(update={"index": slot.index})
    credential = pattern.credential.model_copy(update={"list": slot.list, "status": status, "logged": place})
    own = {"id": award, "turn": award, "completion": uuid4(), "learner": uuid4(), "slot": slot.key}
    return pattern.model_copy(update={**own, "credential": credential})


def growth_table(measured: Mapping[int, Throughput]) -> Table:
    """Each size beside the smallest, whose cost a logarithm would have grown by the last column."""
    table = Table(
        "stored before",
        "CPU µs per completion",
        "times the smallest",
        "a logarithm's",
        title=f"An issuer reads {MEASURED:,} completions of new learners from Apache Kafka into SQLite",
    )
    least = min(measured)
    for size, cost in measured.items():
        table.add_row(
            cost.way,
            f"{cost.cpu_seconds * 1e6:,.0f}",
            f"{cost.cpu_seconds / measured[least].cpu_seconds:.2f}",
            f"{math.log(size) / math.log(least):.2f}",
        )
    return table


if __name__ == "__main__":
    with report("growth") as console:
        console.print(growth_table(growth([int(size) for size in sys.argv[1:]])))
