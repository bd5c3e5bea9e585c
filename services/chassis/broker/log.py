"""The event log this process speaks to: the embedded broker, or Apache Kafka."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable
from weakref import WeakSet

from chassis.embedded import EmbeddedBroker
from chassis.topics import Topics, create_topics, load_topics
from schemas.faults import Unavailable

REQUEST_TIMEOUT = 5.0
"""Seconds after which a broker that does not answer counts as down."""


class EventLog(ABC):
    """Where events are published to and read from. Open it before anything else of this package is started."""

    fetch_wait: int
    """Milliseconds the broker may hold a fetch that finds nothing."""
    session: float = 10.0
    """Seconds after which a consumer that says nothing is taken for dead."""
    idle_wait: float | None
    """Seconds a consumer that found nothing sleeps unless woken; None where the broker itself wakes it."""

    def __init__(self, topics: Topics | None = None, *, joining_at_once: int) -> None:
        self.topics = topics or load_topics()
        self.joining = asyncio.Semaphore(joining_at_once)
        """Held by a consumer while it joins its group."""
        self._sleepers: defaultdict[str, WeakSet[asyncio.Event]] = defaultdict(WeakSet)

    @property
    @abstractmethod
    def bootstrap(self) -> str:
        """The address to begin at. Raises `Unavailable` before the log is open."""

    @abstractmethod
    async def open(self) -> None:
        """Be ready to publish and to read. Raises `Unavailable` when there is nobody to talk to."""

    @abstractmethod
    async def close(self) -> None:
        """Let go."""

    def wake_for(self, topics: Iterable[str]) -> asyncio.Event:
        """An event that is set whenever this process has published to one of these topics."""
        event = asyncio.Event()
        for topic in topics:
            self._sleepers[topic].add(event)
        return event

    def published(self, topics: Iterable[str]) -> None:
        """Something was published to these topics by this process."""
        for topic in topics:
            for sleeper in self._sleepers[topic]:
                sleeper.set()


class KafkaLog(EventLog):
    """Apache Kafka. A consumer's fetch returns as soon as there is something."""

    fetch_wait = 500
    idle_wait = None

    def __init__(self, bootstrap: str, topics: Topics | None = None, *, evaluation: bool = True) -> None:
        super().__init__(topics, joining_at_once=16)
        self._bootstrap = bootstrap
        self._evaluation = evaluation

    @property
    def bootstrap(self) -> str:
        """As configured."""
        return self._bootstrap

    async def open(self) -> None:
        """Create the topics that are missing; refuse one that would lose data."""
        await create_topics(self._bootstrap, self.topics, evaluation=self._evaluation)

    async def close(self) -> None:
        """Nothing is held."""


class EmbeddedLog(EventLog):
    """The broker in this process's memory, gone with it.

    It does not wake a fetch when something is published, so fetches are short; and asking all the time would cost a
    third of a core, so a consumer sleeps until this process publishes something it listens to. Somebody else's
    message (a console producer at the random port) is found at the next look.
    """

    fetch_wait = 10
    idle_wait = 1.0

    def __init__(self, topics: Topics | None = None) -> None:
        # Its door holds few callers at once; one turned away knocks again a whole second later.
        super().__init__(topics, joining_at_once=1)
        self._broker: EmbeddedBroker | None = None

    @property
    def bootstrap(self) -> str:
        """A random port of the loopback interface."""
        if self._broker is None:
            raise Unavailable("the embedded broker is not running")
        return self._broker.bootstrap

    async def open(self) -> None:
        """Start the broker, with its topics."""
        if self._broker is None:
            partitions = {name: topic.partitions for name, topic in self.topics.topics.items()}
            self._broker = await asyncio.to_thread(EmbeddedBroker, partitions)

    async def close(self) -> None:
        """Stop the broker; what it held is gone."""
        broker, self._broker = self._broker, None
        if broker is not None:
            await asyncio.to_thread(broker.close)


def event_log(bootstrap: str | None, topics: Topics | None = None, *, evaluation: bool = True) -> EventLog:
    """The log at this address, or the embedded one when there is none."""
    return KafkaLog(bootstrap, topics, evaluation=evaluation) if bootstrap else EmbeddedLog(topics)
