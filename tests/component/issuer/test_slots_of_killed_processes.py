"""Processes that share status lists, killed at random instants: no place is given twice, and none is lost."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import signal
from datetime import UTC, datetime
from multiprocessing.context import SpawnProcess
from pathlib import Path
from uuid import uuid4

import pytest

from chassis.documents import SqliteDocuments
from chassis.documents.port import every
from issuer.adapters.status_slots import LeasedSlots
from issuer.ports import OUTCOMES, STATUS_LISTS, Outcome, OutcomeState, StatusSlot
from tests.builders import NOW

PLACES = 700
LENGTH = 300
"""So that lists roll over."""
SIZE = 20
NAMES = "abc"
KILLS = 8
SPAWN = multiprocessing.get_context("spawn")
CONFLICT = 3
PATIENCE = 60


def an_outcome(slot: StatusSlot) -> Outcome:
    return Outcome(
        id=str(uuid4()),
        completion=uuid4(),
        platform="uex-moodle",
        organisation="uex",
        offering="data-ethics",
        learner=uuid4(),
        slot=slot.key,
        received=NOW,
        completed=NOW,
        state=OutcomeState.ISSUED,
    )


def leased_slots(documents: SqliteDocuments, name: str) -> LeasedSlots:
    return LeasedSlots(
        documents.collection(STATUS_LISTS),
        documents.collection(OUTCOMES),
        key_of=lambda list_id: list_id.encode(),
        holder=name,
        clock=lambda: datetime.now(UTC),
        size=SIZE,
        length=LENGTH,
    )


def work(file: Path, name: str) -> None:
    """Use places until there are enough; ends with `CONFLICT` when one was taken already."""

    async def use_places() -> None:
        documents = SqliteDocuments(file)
        await documents.open()
        outcomes, slots = documents.collection(OUTCOMES), leased_slots(documents, name)
        while await outcomes.count({}) < PLACES:
            taken = await slots.take("uex", random.randint(1, 2 * SIZE))
            if await outcomes.insert_many([an_outcome(slot) for slot in taken]):
                raise SystemExit(CONFLICT)
        await documents.close()

    asyncio.run(use_places())


def started(file: Path, name: str) -> SpawnProcess:
    process = SPAWN.Process(target=work, args=(file, name))
    process.start()
    return process


@pytest.mark.parametrize("seed", [1])
async def test_no_place_is_given_twice_and_none_is_lost(tmp_path: Path, seed: int) -> None:
    chance, file = random.Random(seed), tmp_path / "issuer.sqlite"
    documents = SqliteDocuments(file)
    outcomes, records = documents.collection(OUTCOMES), documents.collection(STATUS_LISTS)
    await documents.open()
    working = {name: started(file, name) for name in NAMES}
    try:
        for kill in range(KILLS):
            async with asyncio.timeout(PATIENCE):
                while await outcomes.count({}) < PLACES * kill // KILLS:  # noqa: ASYNC110 other processes write them
                    await asyncio.sleep(chance.uniform(0, 0.01))
            name = chance.choice(NAMES)
            working[name].kill()
            working[name].join()
            assert working[name].exitcode in {0, -signal.SIGKILL}, "a place was given twice"
            working[name] = started(file, name)
        for process in working.values():
            process.join()
            assert process.exitcode == 0, "a place was given twice"
    finally:
        for process in working.values():
            process.kill()

    leased_out = sum([record.next async for record in every(records, {})])
    for name in NAMES:  # what each left unused is given out before anything fresh
        slots = leased_slots(documents, name)
        mine = [
            slot
            async for record in every(records, {"leased": True})
            for lease in record.leases
            if lease.holder == name
            for slot in await slots._unused(slots._spread(record, lease.start, lease.end))
        ]
        if mine:
            await outcomes.insert_many([an_outcome(slot) for slot in await slots.take("uex", len(mine))])
    assert await outcomes.count({}) == leased_out == sum([record.next async for record in every(records, {})])
    await documents.close()
