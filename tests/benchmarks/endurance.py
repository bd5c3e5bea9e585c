"""Many completions in one run: whether the last cost what the first did, and what memory they took.

`python -m tests.benchmarks.endurance 1000000` takes a quarter of an hour and ten gigabytes: `make endurance`
does so.
"""

from __future__ import annotations

import contextlib
import itertools
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from tests.benchmarks.issuing import TOLD, Ends, open_university, preloaded
from tests.benchmarks.processes import cpu_seconds, resident_bytes
from tests.benchmarks.report import report
from tests.e2e.houses import House
from tests.servers.kafka import kafka_server

LOOK = 50_000
"""Outcomes between two looks; fewer where that would be less often than ten times."""
SETTLED = 100_000
"""Outcomes after which memory is to stay as it is, or after a tenth of fewer than a million."""
PATIENCE = 3600.0


@dataclass(frozen=True)
class Look:
    """The process, at one moment."""

    stored: int
    """Outcomes so far."""
    seconds: float
    """Since the start, as the others."""
    cpu_seconds: float
    resident: int


def endure(count: int) -> list[Look]:
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


def _watch(house: House, done: Callable[[], int], count: int) -> list[Look]:
    assert house.process is not None
    process, began = house.process.pid, time.perf_counter()
    step = min(LOOK, count // 10)

    def look(stored: int) -> Look:
        return Look(stored, time.perf_counter() - began, cpu_seconds(process), resident_bytes(process))

    looks = [look(0)]
    while looks[-1].stored < count:
        if time.perf_counter() - began > PATIENCE:
            raise TimeoutError(f"{looks[-1].stored} of {count} after {PATIENCE:.0f} s")
        time.sleep(0.1)
        if (stored := done()) >= min(looks[-1].stored + step, count):
            looks.append(look(stored))
    return looks


def _cpu_between(one: Look, other: Look) -> float:
    """CPU seconds of each completion between two looks."""
    return (other.cpu_seconds - one.cpu_seconds) / (other.stored - one.stored)


def _nearest(looks: Sequence[Look], stored: float) -> Look:
    """The look at which there were about so many."""
    return min(looks, key=lambda look: abs(look.stored - stored))


def endurance_table(looks: Sequence[Look]) -> Table:
    """Each look, and what was used since the one before."""
    table = Table("stored", "completions/s", "CPU µs each", "resident MB")
    for before, now in itertools.pairwise(looks):
        table.add_row(
            f"{now.stored:,}",
            f"{(now.stored - before.stored) / (now.seconds - before.seconds):,.0f}",
            f"{_cpu_between(before, now) * 1e6:,.0f}",
            f"{now.resident / 1e6:,.0f}",
        )
    return table


def verdict_table(looks: Sequence[Look]) -> Table:
    """The beginning beside the end: memory, and a tenth's cost."""
    count = looks[-1].stored
    settled, end = _nearest(looks, min(SETTLED, count / 10)), looks[-1]
    later = [look.resident for look in looks if look.stored >= settled.stored]
    first, last = _cpu_between(looks[0], _nearest(looks, count / 10)), _cpu_between(_nearest(looks, 0.9 * count), end)
    table = Table("", "first", "last", "last to first")
    table.add_row(
        f"resident MB, after {settled.stored:,} and at the end",
        f"{settled.resident / 1e6:,.0f}",
        f"{end.resident / 1e6:,.0f}",
        f"{end.resident / settled.resident:.2f}",
    )
    table.add_row(
        "resident MB from there on, least and most",
        f"{min(later) / 1e6:,.0f}",
        f"{max(later) / 1e6:,.0f}",
        f"{max(later) / min(later):.2f}",
    )
    table.add_row(
        "CPU µs of a completion, first tenth (the start in it) and last",
        f"{first * 1e6:,.0f}",
        f"{last * 1e6:,.0f}",
        f"{last / first:.2f}",
    )
    return table


if __name__ == "__main__":
    with report("endurance") as console:
        looked = endure(int(sys.argv[1]))
        console.print(endurance_table(looked))
        console.print(verdict_table(looked))
