"""From completions that wait on Apache Kafka to stored, signed, published credentials: the issuer alone.

Beside it, on the same topic in the same run: the naive baseline, and the floor.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic
from rich.table import Table

from credentials.canonical import rdfc
from schemas.events import AssessmentCompleted, CredentialIssued, IssuanceRefused
from tests.benchmarks.processes import cpu_seconds
from tests.benchmarks.profile import ISSUING, Profile, profiled
from tests.benchmarks.sealing import a_badge
from tests.e2e.campus import bodies, deliver, found_university
from tests.e2e.houses import House, answer, running, wait_for
from tests.servers.kafka import kafka_server

COMPLETIONS, NAIVE_COMPLETIONS = 20_000, 300
WARM = 0.1
"""The part of a run that is not counted: joining the group, the first document of a shape."""
PATIENCE = 600.0
PARTITIONS = 12
TOLD = (CredentialIssued.topic, IssuanceRefused.topic)
"""What an issuer has to say of a completion."""


@dataclass(frozen=True)
class Throughput:
    """What one way of issuing did."""

    way: str
    per_second: float
    cpu_seconds: float
    """Of all its processes, for one completion."""


class Ends:
    """How many messages some topics hold."""

    def __init__(self, bootstrap: str) -> None:
        self._consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "benchmark"})

    def __call__(self, *topics: str) -> int:
        """Of all partitions together; nothing is deleted while a benchmark runs."""
        partitions = [TopicPartition(topic, number) for topic in topics for number in range(PARTITIONS)]
        return sum(int(self._consumer.get_watermark_offsets(each, timeout=10)[1]) for each in partitions)

    def close(self) -> None:
        """Let go."""
        self._consumer.close()


def throughput(way: str, processes: Sequence[int], done: Callable[[], int], count: int) -> Throughput:
    """Watch these processes until so many are done; what comes before `WARM` of them is not counted."""
    deadline = time.monotonic() + PATIENCE
    begun: tuple[float, float, int] | None = None
    while True:
        at, cpu, number = time.perf_counter(), sum(map(cpu_seconds, processes)), done()
        if begun is None and number >= WARM * count:
            begun = at, cpu, number
        if begun is not None and number >= count:
            counted = number - begun[2]
            return Throughput(way, counted / (at - begun[0]), (cpu - begun[1]) / counted)
        if time.monotonic() > deadline:
            raise TimeoutError(f"{way}: {number} of {count} after {PATIENCE:.0f} s")
        time.sleep(0.1)


@contextlib.contextmanager
def _process(*arguments: str) -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-m", *arguments], env=os.environ)
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


def _topic(bootstrap: str, name: str) -> str:
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_topics([NewTopic(name, PARTITIONS, 1)])[name].result()
    return name


def open_university(var: Path, environment: dict[str, str]) -> dict[str, str]:
    """What an issuer needs to know before it can decide; some credentials show that it does.

    The environment of whoever goes on as this issuer, at whatever port.
    """
    house = House(var, environment=environment)
    with running(house), house.client() as admin:
        secret = found_university(issuer=house, catalogue=house, bridge=house)
        asyncio.run(deliver(house.url, secret, bodies(20)))
        wait_for(lambda: not answer(admin.get("/api/v1/account"))["in_flight"], "the first outcomes")
        house.stop()
    return environment | {"LAUREL_ISSUER_URL": house.url}


def preloaded(var: Path, bootstrap: str, first: int, count: int) -> None:
    """So many completions wait, of learners numbered from `first`; told by a process of its own."""
    subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.preload", str(var), bootstrap, str(first), str(count)], check=True
    )


class Issuers:
    """An issuer of some processes, and completions that wait for it; other learners' at each time."""

    def __init__(self, var: Path, environment: dict[str, str], ends: Ends) -> None:
        self._var = var
        self._environment = environment
        self._ends = ends
        self._learners = COMPLETIONS

    @contextlib.contextmanager
    def at_work(self, processes: int) -> Iterator[tuple[Sequence[int], Callable[[], int]]]:
        """The processes' ids, and how many completions they have decided on."""
        houses = [
            House(self._var, ("issuer",), self._environment | {"LAUREL_ISSUER_REPLICA": f"issuer-{number}"})
            for number in range(processes)
        ]
        before = self._ends(*TOLD)
        preloaded(self._var, self._environment["LAUREL_KAFKA"], self._learners, COMPLETIONS)
        self._learners += COMPLETIONS
        try:
            for house in houses:
                house.start()
            yield [house.process.pid for house in houses if house.process], lambda: self._ends(*TOLD) - before
        finally:
            for house in houses:
                house.kill()

    def measured(self, processes: int) -> Throughput:
        """What they did."""
        with self.at_work(processes) as (ids, done):
            way = f"Laurel's issuer, {processes} process{'es' if processes > 1 else ''}"
            return throughput(way, ids, done, COMPLETIONS)

    def profiled(self) -> Profile:
        """Where one process's time goes."""
        with self.at_work(1) as ((process,), done):
            wait_for(lambda: done() >= WARM * COMPLETIONS, "an issuer that is warm")
            with profiled(process, ISSUING) as profile:
                wait_for(lambda: done() >= COMPLETIONS, "all outcomes")
        return profile


def issuing() -> tuple[list[Throughput], Profile]:
    """The baseline, Laurel with one process and with two, and the floor; on one Kafka, one after the other.

    And where the time of one process of Laurel's goes.
    """
    with tempfile.TemporaryDirectory() as name, kafka_server(Path(name)) as kafka:
        folder, bootstrap = Path(name), kafka.bootstrap
        (folder / "badge.json").write_text(json.dumps(a_badge()))
        (folder / "canonical.nq").write_bytes(rdfc(a_badge()))
        with contextlib.closing(Ends(bootstrap)) as ends:
            var, environment = folder / "var", {"LAUREL_KAFKA": bootstrap}
            topics = {module: _topic(bootstrap, f"benchmark.{module}") for module in ("naive_issuer", "floor_issuer")}
            environment = open_university(var, environment)
            issuers = Issuers(var, environment, ends)
            one, two = issuers.measured(1), issuers.measured(2)

            def beside(way: str, module: str, count: int) -> Throughput:
                topic = topics[module]
                source = AssessmentCompleted.topic
                with _process(f"tests.benchmarks.{module}", bootstrap, source, topic, name) as process:
                    return throughput(way, [process], lambda: ends(topic), count)

            naive = beside("naive: PyLD, one at a time", "naive_issuer", NAIVE_COMPLETIONS)
            floor = beside("floor: consume, SHA-256, Ed25519, insert, produce", "floor_issuer", COMPLETIONS)
            return [naive, one, two, floor], issuers.profiled()


def issuing_table(runs: Sequence[Throughput]) -> Table:
    """Rates and costs, as ratios to the first and to the last."""
    naive, *_, floor = runs
    table = Table(
        "way",
        "completions/s",
        "CPU µs per completion",
        "times naive",
        "of the floor's rate",
        "CPU: times the floor",
        title=f"{COMPLETIONS:,} completions waiting on Apache Kafka; one in ten is refused",
    )
    for each in runs:
        table.add_row(
            each.way,
            f"{each.per_second:,.0f}",
            f"{each.cpu_seconds * 1e6:,.0f}",
            f"{each.per_second / naive.per_second:.1f}",
            f"{each.per_second / floor.per_second:.0%}",
            f"{each.cpu_seconds / floor.cpu_seconds:.1f}",
        )
    return table
