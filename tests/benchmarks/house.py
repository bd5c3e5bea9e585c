"""The running house under load: completions end to end, and verifications over HTTP."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from tests.benchmarks.load import rate, request
from tests.benchmarks.processes import cpu_seconds
from tests.e2e.campus import bodies, deliver, every_item, found_university
from tests.e2e.houses import House, answer, running

COMPLETIONS = 1000
VERIFICATIONS = 400
EMPTY_REQUESTS = 8000


@dataclass(frozen=True)
class Run:
    """One load of completions, and one of verifications, on one kind of house."""

    kind: str
    issued_per_second: float
    cpu_per_completion: float
    verified_per_second: float
    empty_per_second: float


def run(kind: str, environment: Mapping[str, str]) -> Run:
    """Start a house, let completions travel the whole way, then verify one credential over and over."""
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
            award = next(
                item["award"] for item in every_item(admin, "/api/v1/account/outcomes") if item["state"] == "issued"
            )
            claim = answer(admin.post(f"/api/v1/credentials/{award}/claim"))["claim"]
            credential = answer(admin.get(f"{claim}/credential"))
            body = json.dumps({"verifiableCredential": credential, "options": {}}).encode()
            return Run(
                kind=kind,
                issued_per_second=len(accepted) / seconds,
                cpu_per_completion=cpu / len(accepted),
                verified_per_second=asyncio.run(
                    rate(house.port, request("POST", "/credentials/verify", body), VERIFICATIONS)
                ),
                empty_per_second=asyncio.run(rate(house.port, request("GET", "/healthz"), EMPTY_REQUESTS)),
            )


def house_table(runs: list[Run]) -> Table:
    """What the houses did, side by side."""
    table = Table(
        "house",
        "completions/s, webhook to stored outcome",
        "CPU s per completion",
        "verifications/s",
        "empty route/s",
        "verification ÷ empty",
        title=f"One process, {COMPLETIONS:,} completions, then {VERIFICATIONS:,} verifications over HTTP",
    )
    for each in runs:
        table.add_row(
            each.kind,
            f"{each.issued_per_second:.0f}",
            f"{each.cpu_per_completion:.4f}",
            f"{each.verified_per_second:.0f}",
            f"{each.empty_per_second:.0f}",
            f"{each.verified_per_second / each.empty_per_second:.1%}",
        )
    return table
