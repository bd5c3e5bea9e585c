"""The running house under load: completions end to end."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from tests.benchmarks.processes import cpu_seconds
from tests.e2e.campus import bodies, deliver, found_university
from tests.e2e.houses import House, answer, running

COMPLETIONS = 1000


@dataclass(frozen=True)
class Run:
    """One load of completions, on one kind of house."""

    kind: str
    issued_per_second: float
    cpu_per_completion: float


def run(kind: str, environment: Mapping[str, str]) -> Run:
    """Start a house, and let completions travel the whole way."""
    with tempfile.TemporaryDirectory() as var:
        house = House(Path(var), environment=environment)
        with running(house), house.client() as admin:
            secret = found_university(issuer=house, catalogue=house, bridge=house)
            assert house.process is not None
            cpu, began = cpu_seconds(house.process.pid), time.perf_counter()
            accepted = asyncio.run(deliver(house.url, secret, bodies(COMPLETIONS)))
            while answer(admin.get("/api/v1/account"))["in_flight"]:
                time.sleep(0.05)
            seconds, cpu = time.perf_counter() - began, cpu_seconds(house.process.pid) - cpu
            return Run(
                kind=kind,
                issued_per_second=len(accepted) / seconds,
                cpu_per_completion=cpu / len(accepted),
            )


def house_table(runs: list[Run]) -> Table:
    """What the houses did, side by side."""
    table = Table(
        "house",
        "completions/s, webhook to stored outcome",
        "CPU s per completion",
        title=f"One process, {COMPLETIONS:,} completions",
    )
    for each in runs:
        table.add_row(
            each.kind,
            f"{each.issued_per_second:.0f}",
            f"{each.cpu_per_completion:.4f}",
        )
    return table
