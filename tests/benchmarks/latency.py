"""What a learner waits: from an accepted completion to its sealed credential, at a steady 200 completions a second."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

import httpx2
from rich.table import Table

from laurel.demo.moodle import LearningPlatform
from tests.e2e.campus import PLATFORM, bodies, found_university
from tests.e2e.houses import PATIENCE, House, answer, running, wait_for

EACH_SECOND, SECONDS = 200, 15
COUNTED_AFTER = 2.0
"""Seconds until the first documents of their shapes are behind us."""


@dataclass(frozen=True)
class Waits:
    """Seconds from acceptance to seal, of one kind of house."""

    kind: str
    accepted_per_second: float
    seconds: list[float]

    @property
    def percentiles(self) -> tuple[float, float, float]:
        """The 50th, the 95th and the 99th."""
        cuts = quantiles(self.seconds, n=100, method="inclusive")
        return cuts[49], cuts[94], cuts[98]


async def _deliver(url: str, secret: str, waiting: list[bytes]) -> float:
    """Each at its time, whether the others were answered or not; how many were accepted a second."""
    began = time.perf_counter()

    async def one(platform: LearningPlatform, number: int, body: bytes) -> None:
        await asyncio.sleep(began + number / EACH_SECOND - time.perf_counter())
        (await platform.deliver(body, datetime.now(UTC))).raise_for_status()

    async with httpx2.AsyncClient(base_url=url, timeout=PATIENCE) as http:
        platform = LearningPlatform(http, PLATFORM, secret)
        await asyncio.gather(*(one(platform, number, body) for number, body in enumerate(waiting)))
    return len(waiting) / (time.perf_counter() - began)


def waits(kind: str, environment: Mapping[str, str]) -> Waits:
    """Start a house, deliver at the steady rate, and read from its own store how long each waited."""
    with tempfile.TemporaryDirectory() as var:
        house = House(Path(var), environment=environment)
        with running(house), house.client() as admin:
            secret = found_university(issuer=house, catalogue=house, bridge=house)
            rate = asyncio.run(_deliver(house.url, secret, list(bodies(EACH_SECOND * SECONDS).values())))
            wait_for(lambda: not answer(admin.get("/api/v1/account"))["in_flight"], "the last outcomes")
        with sqlite3.connect(Path(var, "issuer.sqlite")) as database:
            found = database.execute(
                "SELECT json_extract(body, '$.received'), json_extract(body, '$.credential.sealed') FROM outcomes "
                "WHERE json_extract(body, '$.state') = 'issued'"
            ).fetchall()
    times = [(datetime.fromisoformat(received), datetime.fromisoformat(sealed)) for received, sealed in found]
    first = min(received for received, _ in times)
    counted = [pair for pair in times if (pair[0] - first).total_seconds() >= COUNTED_AFTER]
    return Waits(kind, rate, [(sealed - received).total_seconds() for received, sealed in counted])


def waits_table(kinds: list[Waits]) -> Table:
    """The percentiles, side by side."""
    table = Table(
        "house",
        "accepted/s",
        *("p50, ms", "p95, ms", "p99, ms"),
        title=f"From acceptance to seal at {EACH_SECOND} completions a second for {SECONDS} s, one process",
    )
    for each in kinds:
        table.add_row(each.kind, f"{each.accepted_per_second:.0f}", *(f"{at * 1000:.0f}" for at in each.percentiles))
    return table
