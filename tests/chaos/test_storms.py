"""Nothing lost, nothing twice, whatever goes wrong: real processes, a load, and faults by a schedule.

One short storm in each world. `make chaos` makes twenty long ones in each, `make chaos SEED=17 WORLD=kafka` one of
them again.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.chaos.plan import SIZES, WORLDS, World, schedule
from tests.chaos.storm import storm
from tests.servers.kafka import Cluster, empty

SEEDS = [int(seed) for seed in os.environ.get("CHAOS_SEEDS", "1").split()]
SIZE = SIZES[os.environ.get("CHAOS_SIZE", "short")]
CHOSEN = [WORLDS[name] for name in os.environ.get("CHAOS_WORLDS", " ".join(WORLDS)).split()]


@pytest.mark.parametrize("world", CHOSEN, ids=lambda world: world.name)
@pytest.mark.parametrize("seed", SEEDS)
async def test_after_a_storm_every_completion_has_one_outcome(
    world: World, seed: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    cluster: Cluster | None = request.getfixturevalue("kafka_cluster") if world.kafka else None
    mongo: str | None = request.getfixturevalue("empty_mongo") if world.mongo else None
    if cluster is not None:
        empty(cluster.bootstrap)
    planned = schedule(world, SIZE, seed)

    def say(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    say(f"\n{planned}")
    assert await storm(planned, tmp_path, cluster=cluster, mongo=mongo, say=say) == []
