"""The load of a storm, from a process of its own: a learning platform that delivers until each completion is accepted.

It retries as the Moodle plugin does: after growing pauses whatever may pass (no answer, 429, 5xx), signed anew each
time, by the server's clock where that is another. It delivers some completions twice, all of them in no order, bad
deliveries among them, and onto the log one of every kind of message that nobody can handle.

`python -m tests.chaos.load` takes a `Load` as JSON and writes what happened as lines of JSON.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import httpx2
from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition

from laurel.demo.moodle import LearningPlatform
from schemas.events import AssessmentCompleted, decode
from tests.chaos.poison import POISONS, Poison, of_nobody
from tests.e2e.campus import DELIVERIES_AT_ONCE, PLATFORM, bodies

GIVING_UP = 300.0
"""Seconds after which a storm's load has failed."""
ANSWER = 10.0
"""Seconds a sender waits for an answer."""
LONGEST_PAUSE = 2.0
TWICE = 0.2
"""The share of completions delivered a second time."""
BAD_EVERY = 50
BUSY = {408, 425, 429}
"""Besides 5xx: come again."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is to be sent, where."""

    url: str
    secret: str
    seed: int
    completions: int
    seconds: float
    bootstrap: str | None
    """Where poison goes."""


@dataclass(slots=True)
class Sender:
    """One learning platform, with a clock that it corrects."""

    platform: LearningPlatform
    chance: random.Random
    report: Callable[[Mapping[str, Any]], None]
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(DELIVERIES_AT_ONCE))
    ahead: timedelta = field(default_factory=timedelta)
    """How far the server's clock is ahead of ours."""

    async def deliver(self, episode: str, body: bytes) -> None:
        """Until it is accepted, or refused for good."""
        pause = 0.1
        while True:
            response = await self._attempt(self.platform, body)
            if response is not None and not self._again(response):
                if response.status_code == httpx2.codes.ACCEPTED:
                    self.report({"kind": "accepted", "episode": episode, "completion": response.json()["completion"]})
                else:
                    said = f"{episode} was answered {response.status_code}: {response.text[:300]}"
                    self.report({"kind": "turned-away", "what": said})
                return
            await asyncio.sleep(max(self.chance.uniform(pause / 2, pause), _asked(response)))
            pause = min(2 * pause, LONGEST_PAUSE)

    async def deliver_badly(self, flaw: str, platform: LearningPlatform, body: bytes) -> None:
        """Once: it must not be accepted."""
        response = await self._attempt(platform, body)
        if response is not None and response.is_success:
            self.report({"kind": "let-in", "what": f"{flaw} was answered {response.status_code}"})

    async def _attempt(self, platform: LearningPlatform, body: bytes) -> httpx2.Response | None:
        async with self.gate:
            try:
                return await platform.deliver(body, datetime.now(UTC) + self.ahead)
            except httpx2.TransportError:
                return None

    def _again(self, response: httpx2.Response) -> bool:
        """Whether the same delivery may be accepted later."""
        if response.status_code == httpx2.codes.UNAUTHORIZED and "stale-timestamp" in response.text:
            self.ahead = datetime.fromisoformat(response.json()["server_time"]) - datetime.now(UTC)
            return True
        return response.status_code in BUSY or response.status_code >= httpx2.codes.INTERNAL_SERVER_ERROR


def _asked(response: httpx2.Response | None) -> float:
    """Seconds the server asks to wait, heeded up to the longest pause."""
    asked = response.headers.get("retry-after", "") if response is not None else ""
    return min(float(asked), LONGEST_PAUSE) if asked.isdigit() else 0.0


class Poisoner:
    """Puts poison onto the log, made of a completion that is there; in a thread of its own, for it may have to wait."""

    def __init__(self, bootstrap: str, report: Callable[[Mapping[str, Any]], None]) -> None:
        self._bootstrap = bootstrap
        self._report = report
        self._thread = ThreadPoolExecutor(1, "poisoner")

    async def __call__(self, poison: Poison) -> None:
        """Returns when it is there for certain."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._put, poison)
        self._report({"kind": "poisoned", "reason": poison.reason})

    def _put(self, poison: Poison) -> None:
        brewed = poison.brew(of_nobody(self._genuine, poison.name))
        self._producer.produce(AssessmentCompleted.topic, brewed, self._genuine.key)
        if self._producer.flush(GIVING_UP):
            raise TimeoutError("Kafka did not take the poison")

    @cached_property
    def _producer(self) -> Producer:
        return Producer(
            {"bootstrap.servers": self._bootstrap, "acks": "all", "enable.idempotence": True, "log_level": 0}
        )

    @cached_property
    def _genuine(self) -> AssessmentCompleted:
        """The first completion that comes."""
        topic, deadline = AssessmentCompleted.topic, time.monotonic() + GIVING_UP
        consumer = Consumer(
            {"bootstrap.servers": self._bootstrap, "group.id": "poisoner", "enable.auto.commit": False, "log_level": 0}
        )
        try:
            numbers = consumer.list_topics(topic, GIVING_UP).topics[topic].partitions
            consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in numbers])
            while time.monotonic() < deadline:
                message = consumer.poll(1.0)
                event = decode(message.value() or b"") if message is not None and message.error() is None else None
                if isinstance(event, AssessmentCompleted):
                    return event
        finally:
            consumer.close()
        raise TimeoutError("Kafka has no completion")


async def send(load: Load, report: Callable[[Mapping[str, Any]], None]) -> None:
    """Everything, spread over its time and in no order."""
    chance = random.Random(load.seed)
    began = time.monotonic()
    episodes = list(bodies(load.completions).items())
    chance.shuffle(episodes)

    async with httpx2.AsyncClient(base_url=load.url, timeout=ANSWER) as http, asyncio.TaskGroup() as sending:
        sender = Sender(LearningPlatform(http, PLATFORM, load.secret), chance, report)
        forger = LearningPlatform(http, PLATFORM, "whsec_" + "A" * 43 + "=")
        poisoner = Poisoner(load.bootstrap, report) if load.bootstrap else None
        poisons = dict(zip(chance.sample(range(load.completions), len(POISONS)), POISONS, strict=True))
        for number, (episode, body) in enumerate(episodes):
            await asyncio.sleep(max(0.0, began + number * load.seconds / load.completions - time.monotonic()))
            sending.create_task(sender.deliver(episode, body))
            if chance.random() < TWICE:
                sending.create_task(_later(chance.uniform(0, 3), sender.deliver, episode, body))
            if number % BAD_EVERY == 0:
                sending.create_task(sender.deliver_badly("a forged signature", forger, body))
                sending.create_task(sender.deliver_badly("half a body", sender.platform, body[: len(body) // 2]))
            if poisoner is not None and number in poisons:
                sending.create_task(poisoner(poisons[number]))


async def _later(seconds: float, deliver: Callable[..., Any], *what: object) -> None:
    await asyncio.sleep(seconds)
    await deliver(*what)


def main() -> None:
    load = Load(**json.loads(sys.argv[1]))

    def report(line: Mapping[str, Any]) -> None:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()

    asyncio.run(asyncio.wait_for(send(load, report), GIVING_UP))


def command(load: Load) -> list[str]:
    """How to start it."""
    return [sys.executable, "-m", "tests.chaos.load", json.dumps(asdict(load))]


if __name__ == "__main__":
    main()
