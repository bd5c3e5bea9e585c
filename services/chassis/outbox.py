"""What is decided gets told: the relay from documents to Kafka, and saying everything again to a log that forgot.

An event rests in the document it tells about (`PendingEvent`), written with it in one atomic write. The relay reads
such documents, publishes, and forgets what was confirmed. Killed anywhere in between it tells something twice, never
nothing; whoever hears a fact twice knows it by its id. See `decisions/0003-outbox.md`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from chassis.broker.log import REQUEST_TIMEOUT, EventLog
from chassis.broker.publisher import Publisher
from chassis.broker.reasons import reason_for
from chassis.broker.tracing import trace_headers
from chassis.documents.port import Collection, PendingEvent
from chassis.failpoints import failpoint
from chassis.retry import AWAY, Backoff
from chassis.running import ended
from schemas.events import Event, encode
from schemas.faults import Malformed, Unavailable

PORTION = 500
"""How many documents, or events, are handled at once."""
GATHERING = 0.02
"""Seconds after a look in which what is decided gathers, to be told together. What comes later is told at once."""
LARGEST = 900_000
"""Bytes of an event; a broker takes a mebibyte with what surrounds it."""

_Offsets = dict[int, int]
"""By partition."""

_log = structlog.get_logger(__name__)


class EventTooLarge(Malformed):
    """An event is larger than a Kafka broker takes."""


def pending_event(event: Event) -> PendingEvent:
    """The event as it rests in its document, with the trace it belongs to. Raises `EventTooLarge`."""
    value = encode(event)
    if len(value) > LARGEST:
        raise EventTooLarge(f"{event.type} about {event.subject} takes {len(value)} bytes; {LARGEST} is the most")
    return PendingEvent(topic=event.topic, key=event.key, value=value.decode(), headers=trace_headers(event))


class Outbox:
    """Tells Kafka what the documents of these collections have to announce.

    Several replicas may relay the same collections: then some events are told twice.
    """

    def __init__(
        self,
        service: str,
        collections: Sequence[Collection[Any]],
        publisher: Publisher,
        *,
        backoff: Backoff | None = None,
        look: float = 5.0,
    ) -> None:
        self._service = service
        self._collections = tuple(collections)
        self._publisher = publisher
        self._backoff = backoff or Backoff()
        self._look = look
        """Seconds between two looks nobody asked for: what a killed process left behind is found by one."""
        self._nudged = asyncio.Event()
        self._stuck: str | None = None

    def nudge(self) -> None:
        """There is something to tell: look now."""
        self._nudged.set()

    async def run(self) -> None:
        """Relay until cancelled, beginning with what an earlier run left behind."""
        waits = self._backoff.waits()
        while True:
            self._nudged.clear()
            try:
                await self.relay()
            except AWAY as error:
                reason, detail = reason_for(error)
                self._stuck = f"{self._service} cannot tell what it decided: {detail}"
                _log.warning("outbox-waits", service=self._service, reason=reason, detail=detail)
                await asyncio.sleep(next(waits))
            else:
                self._stuck = None
                waits = self._backoff.waits()
                await asyncio.sleep(GATHERING)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._nudged.wait(), self._look)

    async def relay(self) -> None:
        """Tell everything there is to tell now. Raises `Unavailable`; what was not confirmed stays pending."""
        for collection in self._collections:
            while documents := await collection.with_pending(PORTION):
                await self._publisher.publish([event for document in documents for event in document.pending])
                failpoint(f"{self._service}.after-publish")
                await collection.clear_pending(documents)
                if len(documents) < PORTION:
                    break

    async def check(self) -> None:
        """Raises `Unavailable` while what is decided cannot be told."""
        if self._stuck is not None:
            raise Unavailable(self._stuck)


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a service has said on a topic and can say again, as it stands now."""

    topic: str
    events: Callable[[], AsyncIterator[PendingEvent]]


class Announcer:
    """Says everything again to a topic that is empty, or that lost what it had.

    A topic of the embedded broker is empty at every start. One of Kafka is when it was made anew: noticed at the
    start, or while running by ends that moved back. Start it before the outbox, which would make it look less empty.
    """

    def __init__(
        self, announcements: Sequence[Announcement], log: EventLog, publisher: Publisher, *, look: float = 30.0
    ) -> None:
        self._announcements = tuple(announcements)
        self._log = log
        self._publisher = publisher
        self._look = look
        self._ends: dict[str, _Offsets] = {}
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Say what is missing, then keep watch. Should Kafka be away, it is said once it is back."""
        await self._watched()
        self._task = asyncio.create_task(self._watch(), name="announcer")

    async def stop(self) -> None:
        """End the watch."""
        task, self._task = self._task, None
        await ended(task)

    async def say_missing(self) -> tuple[str, ...]:
        """Announce again where the topic forgot; the topics this was done for. Raises `Unavailable`."""
        said = []
        extents = await self._extents({announcement.topic for announcement in self._announcements})
        for announcement in self._announcements:
            topic = announcement.topic
            begins, ends = extents[topic]
            before = self._ends.get(topic, {})
            shrunk = any(end < before.get(partition, 0) for partition, end in ends.items())
            if begins == ends or shrunk:
                count = await self._say(announcement)
                _log.info("announced-again", topic=topic, events=count)
                said.append(topic)
                if count:
                    _, ends = (await self._extents({topic}))[topic]
            self._ends[topic] = ends
        return tuple(said)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._look)
            await self._watched()

    async def _watched(self) -> None:
        try:
            await self.say_missing()
        except AWAY as error:
            _log.warning("announcing-waits", reason=reason_for(error)[1])
        except Exception as error:  # noqa: BLE001 the next look may do better, and the rest of the house must start
            _log.error("announcing-failed", exc_info=error)

    async def _say(self, announcement: Announcement) -> int:
        count = 0
        portion: list[PendingEvent] = []
        async for event in announcement.events():
            portion.append(event)
            if len(portion) == PORTION:
                await self._publisher.publish(portion)
                count += len(portion)
                portion = []
        await self._publisher.publish(portion)
        return count + len(portion)

    async def _extents(self, topics: AbstractSet[str]) -> dict[str, tuple[_Offsets, _Offsets]]:
        """Where each partition of these topics begins and ends."""
        if not topics:
            return {}
        partitions = [
            TopicPartition(topic, number) for topic in topics for number in await self._publisher.partitions(topic)
        ]
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._log.bootstrap,
            client_id="laurel-announcer",
            request_timeout_ms=int(REQUEST_TIMEOUT * 1000),
        )
        try:
            async with asyncio.timeout(2 * REQUEST_TIMEOUT):
                await consumer.start()
                begins = await consumer.beginning_offsets(partitions)
                ends = await consumer.end_offsets(partitions)
        except (KafkaError, OSError, TimeoutError) as error:
            raise Unavailable(f"Kafka does not say what its topics hold: {type(error).__name__}") from error
        finally:
            await consumer.stop()
        return {topic: (_of(topic, begins), _of(topic, ends)) for topic in topics}


def _of(topic: str, offsets: Mapping[TopicPartition, int]) -> _Offsets:
    return {partition.partition: offset for partition, offset in offsets.items() if partition.topic == topic}
