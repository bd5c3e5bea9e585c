"""Places in status lists: each given once, whatever crashes, rolls over or runs at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.documents import SqliteDocuments
from chassis.documents.port import every
from issuer.adapters.status_slots import LeasedSlots
from issuer.ports import OUTCOMES, STATUS_LISTS, Outcome, OutcomeState, StatusListRecord, StatusSlot
from tests.builders import NOW, an_id
from tests.unit.issuer.test_issuing import Counted
from tests.unit.issuer.workshop import Clock

ENDINGS = ("goes on", "crashes", "restarts")


class Lists:
    """Two stores, and processes that lease from them."""

    def __init__(self) -> None:
        self.documents = SqliteDocuments(":memory:")
        self.records = self.documents.collection(STATUS_LISTS)
        self.outcomes = self.documents.collection(OUTCOMES)
        self.clock = Clock()

    def process(self, name: str = "one", *, size: int = 10, length: int = 64) -> LeasedSlots:
        return LeasedSlots(
            self.records,
            self.outcomes,
            key_of=lambda list_id: list_id.encode(),
            holder=name,
            clock=self.clock,
            size=size,
            length=length,
        )

    async def begun(self, organisation: str, *, full: int) -> None:
        """An organisation with so many full lists before its newest."""
        await self.records.insert_many(
            [
                StatusListRecord(id=f"{organisation}/{n}", organisation=organisation, number=n, next=64)
                for n in range(1, full + 1)
            ]
        )

    async def leased_out(self) -> int:
        """How many positions were ever leased."""
        return sum([record.next async for record in every(self.records, {})])

    async def use(self, *slots: StatusSlot) -> None:
        await self.outcomes.insert_many(
            [
                Outcome(
                    id=str(an_id(slot.key)),
                    completion=an_id(slot.key),
                    platform="uex-moodle",
                    organisation="uex",
                    offering="data-ethics",
                    learner=an_id("learner"),
                    slot=slot.key,
                    received=NOW,
                    completed=NOW,
                    state=OutcomeState.ISSUED,
                )
                for slot in slots
            ]
        )


@pytest.fixture
async def lists() -> AsyncIterator[Lists]:
    lists = Lists()
    await lists.documents.open()
    yield lists
    await lists.documents.close()


async def test_every_place_of_a_list_is_given_once_and_a_full_list_is_followed_by_the_next(lists: Lists) -> None:
    process = lists.process()
    taken = [slot for _ in range(13) for slot in await process.take("uex", 7)]
    assert len(set(taken)) == 91
    assert {slot.index for slot in taken if slot.list == "uex/1"} == set(range(64))
    assert {slot.list for slot in taken} == {"uex/1", "uex/2"}


async def test_a_batch_larger_than_a_list_is_served_from_several(lists: Lists) -> None:
    taken = await lists.process().take("uex", 150)
    assert len(set(taken)) == 150
    assert {slot.list for slot in taken} == {"uex/1", "uex/2", "uex/3"}


async def test_places_do_not_follow_one_another(lists: Lists) -> None:
    indexes = [slot.index for slot in await lists.process(length=131_072, size=1000).take("uex", 100)]
    assert sum(abs(a - b) == 1 for a, b in pairwise(indexes)) < 3


async def test_each_organisation_has_lists_of_its_own(lists: Lists) -> None:
    process = lists.process()
    assert {slot.list for slot in await process.take("uex", 5)} == {"uex/1"}
    assert {slot.list for slot in await process.take("other", 5)} == {"other/1"}


async def test_two_processes_never_give_the_same_place(lists: Lists) -> None:
    one, two = lists.process("one"), lists.process("two")
    batches = await asyncio.gather(*(process.take("uex", 9) for process in (one, two) * 10))
    taken = [slot for batch in batches for slot in batch]
    assert len(set(taken)) == len(taken) == 180


async def test_what_a_crash_left_unused_is_given_out_after_the_restart(lists: Lists) -> None:
    taken = await lists.process().take("uex", 4)
    await lists.use(*taken)
    again = await lists.process().take("uex", 6)
    assert not set(taken) & set(again)
    record = await lists.records.get("uex/1")
    assert record is not None
    assert record.next == 10


async def test_many_crashes_in_a_row_leave_no_gaps(lists: Lists) -> None:
    for _ in range(16):
        await lists.use(*await lists.process().take("uex", 4))
    record = await lists.records.get("uex/1")
    assert record is not None
    assert await lists.outcomes.count({}) == 64
    assert await lists.records.get("uex/2") is None


async def test_a_range_that_is_used_up_is_not_taken_over(lists: Lists) -> None:
    await lists.use(*await lists.process().take("uex", 10))
    (slot,) = await lists.process().take("uex", 1)
    record = await lists.records.get("uex/1")
    assert record is not None
    assert record.next == 20
    assert len(record.leases) == 1
    assert slot.list == "uex/1"


async def test_another_process_takes_over_a_lease_once_it_has_run_out_and_not_before(lists: Lists) -> None:
    gone = await lists.process("gone").take("uex", 3)
    await lists.use(*gone)
    heir = lists.process("heir")
    assert len(await heir.take("uex", 10)) == 10
    lists.clock.now += timedelta(hours=1)
    other = lists.process("other")
    inherited = await other.take("uex", 7)
    record = await lists.records.get("uex/1")
    assert record is not None
    assert record.next == 20
    assert not set(inherited) & set(gone)


async def test_a_process_that_slept_past_its_lease_does_not_use_what_another_took_over(lists: Lists) -> None:
    sleeper = lists.process("sleeper")
    await lists.use(*await sleeper.take("uex", 1))
    lists.clock.now += timedelta(hours=2)
    taken = await lists.process("other").take("uex", 9)
    assert not set(taken) & set(await sleeper.take("uex", 9))


async def test_places_given_back_are_given_out_first(lists: Lists) -> None:
    process = lists.process()
    taken = await process.take("uex", 3)
    process.give_back(taken)
    assert await process.take("uex", 3) == taken


async def test_a_batch_larger_than_a_range_leases_one_that_is_large_enough(lists: Lists) -> None:
    assert len(await lists.process().take("uex", 35)) == 35
    record = await lists.records.get("uex/1")
    assert record is not None
    assert [(lease.start, lease.end) for lease in record.leases] == [(0, 35)]
    assert len(await lists.process().take("uex", 35)) == 35
    assert await lists.leased_out() == 35


async def test_a_crash_while_a_list_rolls_over_loses_nothing_of_either(lists: Lists) -> None:
    process = lists.process()
    await lists.use(*await process.take("uex", 60))
    assert {slot.list for slot in await process.take("uex", 8)} == {"uex/1", "uex/2"}
    again = await lists.process().take("uex", 14)
    assert {slot.list for slot in again} == {"uex/1", "uex/2"}
    assert await lists.leased_out() == 74


@pytest.mark.parametrize("full", [1, 77])
async def test_a_lease_costs_as_much_whatever_the_number_of_full_lists(lists: Lists, full: int) -> None:
    await lists.begun("uex", full=full)
    lists.records = Counted(lists.records)  # type: ignore[assignment] # stands in
    process = lists.process()
    for _ in range(3):  # the first begins a list, and costs no more than the others
        await process.take("uex", 10)
        assert lists.records.calls in (["find", "find", "insert_many"], ["find", "find", "replace"])
        lists.records.calls.clear()


async def test_of_lists_that_are_full_nothing_stays_leased_while_a_process_goes_on(lists: Lists) -> None:
    process = lists.process()
    for _ in range(30):
        await lists.use(*await process.take("uex", 10))
    leased = [record.number async for record in every(lists.records, {"leased": True})]
    assert leased == [5]
    assert len(await lists.process().take("uex", 10)) == 10


@settings(max_examples=60)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(1, 25), st.sampled_from(["goes on", "crashes", "restarts"])),
        max_size=30,
    )
)
async def test_whoever_crashes_whenever_no_position_is_lost_for_ever(steps: list[tuple[str, int, str]]) -> None:
    lists = Lists()
    await lists.documents.open()
    processes: dict[str, LeasedSlots] = {}
    used = 0
    for name, count, then in steps:
        taken = await processes.setdefault(name, lists.process(name)).take("uex", count)
        if then != "crashes":  # killed before its outcomes were written
            await lists.use(*taken)
            used += count
        if then != "goes on":
            processes[name] = lists.process(name)
    lists.clock.now += timedelta(hours=2)
    leased_out = await lists.leased_out()
    if unused := leased_out - used:
        await lists.use(*await lists.process("heir").take("uex", unused))
    assert await lists.leased_out() == await lists.outcomes.count({}) == leased_out
    await lists.documents.close()


@settings(max_examples=30)
@given(steps=st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 15), st.booleans()), max_size=25))
async def test_whoever_restarts_whenever_no_place_is_used_twice(steps: list[tuple[str, int, bool]]) -> None:
    lists = Lists()
    await lists.documents.open()
    processes: dict[str, LeasedSlots] = {}
    used: set[str] = set()
    for name, count, restarts in steps:
        if restarts or name not in processes:
            processes[name] = lists.process(name)
        slots = await processes[name].take("uex", count)
        assert not {slot.key for slot in slots} & used
        used |= {slot.key for slot in slots}
        await lists.use(*slots)
    await lists.documents.close()
