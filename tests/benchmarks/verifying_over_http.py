"""Verifications over HTTP beside an empty route, in turns, so that a busy machine slows all alike.

Everything is held to the empty route of an application that has nothing else (`bare_route`), in a process of its own;
that of the house itself, behind its headers and limits, is a row.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from rich.table import Table

from tests.benchmarks.load import rate, request
from tests.benchmarks.processes import cpu_seconds
from tests.e2e.campus import bodies, deliver, every_item, found_university
from tests.e2e.houses import House, answer, free_port, running, wait_for

CREDENTIALS = 40
"""Of as many learners: no figure comes of asking for one again and again."""
ROUNDS = 8
EMPTY, VERIFICATIONS = 1600, 400
BADGE, TOKEN = "Open Badge, eddsa-rdfc-2022", "Open Badge, vc+jwt"
PROTOCOL, DECISION = "/credentials/verify", "/api/v1/verifications"


@dataclass(frozen=True)
class Figures:
    """What one kind of request came to."""

    per_second: float
    cpu_seconds: float


def _credentials(admin: httpx2.Client) -> Iterator[tuple[object, str]]:
    """Each learner's badge, and the same as a token."""
    for item in every_item(admin, "/api/v1/account/outcomes"):
        if item["state"] == "issued":
            form = f"/api/v1/credentials/{item['award']}"
            yield answer(admin.get(form)), admin.get(form, params={"proof": "vc-jwt-eddsa"}).text


def _requests(kinds: dict[str, list[object]]) -> dict[tuple[str, str], list[bytes]]:
    def asking(path: str, credential: object) -> bytes:
        name = "verifiableCredential" if path == PROTOCOL else "credential"
        return request("POST", path, json.dumps({name: credential}).encode())

    return {
        (kind, path): [asking(path, credential) for credential in credentials]
        for kind, credentials in kinds.items()
        for path in (PROTOCOL, DECISION)
    }


@dataclass(frozen=True)
class Served:
    """A process that answers at a port."""

    pid: int
    port: int

    def measure(self, payloads: list[bytes], times: int) -> Figures:
        """What these requests in turn come to."""
        before = cpu_seconds(self.pid)
        per_second = asyncio.run(rate(self.port, payloads, times))
        return Figures(per_second, (cpu_seconds(self.pid) - before) / (times * 1.1))


@contextmanager
def _bare() -> Iterator[Served]:
    """The application with nothing but an empty route, up."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.bare_route", str(port)])
    try:
        wait_for(lambda: _answers(port), "the bare route")
        yield Served(process.pid, port)
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/").is_success
    except httpx2.TransportError:
        return False


def verifications() -> dict[tuple[str, str], Figures]:
    """The best of several rounds of each kind of request, those of the empty routes first."""
    with tempfile.TemporaryDirectory() as var:
        house = House(Path(var))
        with _bare() as bare, running(house), house.client() as admin:
            assert house.process is not None
            served = Served(house.process.pid, house.port)
            secret = found_university(issuer=house, catalogue=house, bridge=house)
            asyncio.run(deliver(house.url, secret, bodies(CREDENTIALS)))
            wait_for(lambda: not answer(admin.get("/api/v1/account"))["in_flight"], "the credentials")
            badges, tokens = zip(*_credentials(admin), strict=True)
            asked = {("empty route of a bare application", "/"): (bare, [request("GET", "/")], EMPTY)}
            asked["empty route of the house", "/healthz"] = served, [request("GET", "/healthz")], EMPTY
            for kind, payloads in _requests({BADGE: list(badges), TOKEN: list(tokens)}).items():
                asked[kind] = served, payloads, VERIFICATIONS
            found: dict[tuple[str, str], list[Figures]] = {kind: [] for kind in asked}
            for _ in range(ROUNDS):
                for kind, rounds in found.items():
                    by, payloads, times = asked[kind]
                    rounds.append(by.measure(payloads, times))
    return {
        kind: Figures(max(each.per_second for each in rounds), min(each.cpu_seconds for each in rounds))
        for kind, rounds in found.items()
    }


def verifications_table(figures: dict[tuple[str, str], Figures]) -> Table:
    """Rates, and CPU time beside that of the empty route."""
    empty = next(iter(figures.values()))
    table = Table(
        "what", "route", "per second", "÷ empty route", "CPU µs", "empty route's CPU ÷ this",
        title=f"Verifications over HTTP, {CREDENTIALS} credentials in turn, best of {ROUNDS} rounds",
    )  # fmt: skip
    for (what, path), this in figures.items():
        table.add_row(
            what,
            path,
            f"{this.per_second:,.0f}",
            f"{this.per_second / empty.per_second:.1%}",
            f"{this.cpu_seconds * 1e6:,.0f}",
            f"{empty.cpu_seconds / this.cpu_seconds:.1%}",
        )
    return table
