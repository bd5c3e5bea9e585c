"""A storm is made of its seed alone, and every fault has its turn."""

from __future__ import annotations

from itertools import pairwise

import pytest

from chassis.broker import KafkaLog
from tests.chaos.plan import FAULTS, SIZES, WORLDS, Freeze, Role, Size, World, schedule

FULL = SIZES["full"]
SEEDS = range(1, 21)
EVERY_WORLD = pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)


@EVERY_WORLD
def test_a_seed_is_one_storm_and_another_seed_another(world: World) -> None:
    storms = [str(schedule(world, FULL, seed)) for seed in SEEDS]
    assert storms == [str(schedule(world, FULL, seed)) for seed in SEEDS]
    assert len(set(storms)) == len(SEEDS)


@EVERY_WORLD
def test_a_storm_says_how_it_comes_again(world: World) -> None:
    said = str(schedule(world, FULL, 17))
    assert f"make chaos SEED=17 WORLD={world.name} SIZE=full" in said
    assert all(str(strike) in said for strike in schedule(world, FULL, 17).strikes)


@EVERY_WORLD
def test_each_fault_that_can_befall_a_world_does_in_twenty_seeds(world: World) -> None:
    possible = {fault for fault in FAULTS for lane in world.lanes if lane.role in fault.befalls}
    met = {strike.fault for seed in SEEDS for strike in schedule(world, FULL, seed).strikes}
    assert met == possible


def test_each_fault_befalls_some_world() -> None:
    roles = {lane.role for world in WORLDS.values() for lane in world.lanes}
    assert [fault.name for fault in FAULTS if not fault.befalls & roles] == []


@EVERY_WORLD
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_every_storm_has_a_fault_in_it(world: World, size: Size) -> None:
    assert all(schedule(world, size, seed).strikes for seed in SEEDS)


@EVERY_WORLD
def test_in_a_lane_one_fault_is_over_before_the_next_begins(world: World) -> None:
    for seed in SEEDS:
        for lane in schedule(world, FULL, seed).lanes:
            assert all(before.at + before.lasts < after.at for before, after in pairwise(lane))


def test_who_is_frozen_until_its_session_is_over_is_frozen_for_longer_than_the_session() -> None:
    zombies = [fault for fault in FAULTS if isinstance(fault.deed, Freeze) and "session" in fault.name]
    assert [fault.befalls for fault in zombies] == [{Role.ISSUER}]
    assert all(fault.lasts[0] > KafkaLog.session for fault in zombies)
