"""Many completions in one run: whether the last cost what the first did, and what memory they took.

`python -m tests.benchmarks.endurance 1000000` takes a quarter of an hour and ten gigabytes; it is no part of
`make bench`.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.issuing import TOLD, Ends, open_university, preloaded
from tests.benchmarks.processes import cpu_seconds, resident_bytes
from tests.e2e.houses import House
from tests.servers.kafka import kafka_server

STAGES = 10
PATIENCE = 3600.0


@dataclass(frozen=True)
class Stage:
    """A tenth of the run."""

    stored: int
    """Outcomes in the store when it ended."""
    per_second: float
    cpu_seconds: float
    resident: int


def endure(count: int) -> list[Stage]:
    """An issuer of one process, with SQLite, reads so many completions that wait on Kafka."""
    with tempfile.TemporaryDirectory() as name, kafka_server(Path(name)) as kafka:
        var, environment = Path(name, "var"), {"LAUREL_KAFKA": kafka.bootstrap}
        with contextlib.closing(Ends(kafka.bootstrap)) as ends:
            environment = open_university(var, environment)
            before = ends(*TOLD)
            preloaded(var, kafka.bootstrap, 1000, count)
            house = House(var, ("issuer",), environment)
            house.start()
            try:
                return _watch(house, lambda: ends(*TOLD) - before, count)
            finally:
                house.kill()


def _watch(house: House, done: Callable[[], int], count: int) -> list[Stage]:
    assert house.process is not None
    process, stages = house.process.pid, list[Stage]()
    deadline = time.monotonic() + PATIENCE
    at, cpu, number = time.perf_counter(), cpu_seconds(process), 0
    while len(stages) < STAGES:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{number} of {count} after {PATIENCE:.0f} s")
        time.sleep(0.1)
        if (now := done()) < count * (len(stages) + 1) / STAGES:
            continue
        later, used = time.perf_counter(), cpu_seconds(process)
        made = now - number
        stages.append(Stage(now, made / (later - at), (used - cpu) / made, resident_bytes(process)))
        at, cpu, number = later, used, now
    return stages


def endurance_table(stages: list[Stage]) -> Table:
    """Each tenth beside the second, the first having the start in it."""
    table = Table("stored", "completions/s", "CPU µs each", "CPU: times the second tenth", "resident MB")
    for stage in stages:
        table.add_row(
            f"{stage.stored:,}",
            f"{stage.per_second:,.0f}",
            f"{stage.cpu_seconds * 1e6:,.0f}",
            f"{stage.cpu_seconds / stages[1].cpu_seconds:.2f}",
            f"{stage.resident / 1e6:,.0f}",
        )
    return table


if __name__ == "__main__":
    Console(width=120).print(endurance_table(endure(int(sys.argv[1]))))
