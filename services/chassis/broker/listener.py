"""Listening: what an app hears, in batches, with nothing lost between Kafka and its handlers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, TypeAlias, TypeVar, cast
from uuid import uuid4

import structlog
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError
from faststream.kafka import KafkaBroker, KafkaRouter
from faststream.kafka.message import FAKE_CONSUMER, KafkaMessage
from faststream.kafka.subscriber.usecase import BatchSubscriber
from faststream.middlewares import AckPolicy
from opentelemetry.trace import Tracer

from chassis.broker.consumer import EventConsumer
from chassis.broker.delivery import Delivery, Forecast, Foresee, Handle, ParkingPlace, Received, Unhandled
from chassis.broker.log import EventLog
from chassis.retry import Backoff, Stopped
from schemas.events import Event
from schemas.faults import NotFound, Unavailable

E = TypeVar("E", bound=Event)
Handler = Callable[[list[E]], Awaitable[None]]
_Record: TypeAlias = "ConsumerRecord[bytes | None, bytes | None]"

BATCH = 500
"""How many messages a handler is given at most."""

_log = structlog.get_logger(__name__)


class _NoAdviceOnTopics(logging.Filter):
    """FastStream warns once per subscriber that it creates no topics. It must not: `chassis.topics` does."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "Make sure the topics exist" not in record.getMessage()


_faststream = logging.getLogger("chassis.broker.faststream")
_faststream.addFilter(_NoAdviceOnTopics())


class Listener:
    """Everything one app hears; each subscription is a member of a consumer group of its own.

    Offsets are committed by this class alone, after the handler: FastStream's own policies either commit first, or
    skip what failed, or ask for it again without a pause.
    """

    def __init__(  # noqa: PLR0913 what it is made of, named by its one caller
        self,
        service: str,
        log: EventLog,
        parking: ParkingPlace,
        *,
        tracer: Tracer,
        backoff: Backoff | None = None,
        patience: float = 4.0,
    ) -> None:
        self.service = service
        self.parking = parking
        self.router = KafkaRouter()
        self._log = log
        self._tracer = tracer
        self._backoff = backoff or Backoff()
        self._patience = patience
        """Seconds a stop waits for the batch in hand."""
        self._stopping = asyncio.Event()
        self._deliveries: dict[str, Delivery] = {}
        self._broker: KafkaBroker | None = None

    def on(
        self,
        event: type[E],
        *,
        group: str,
        broadcast: bool = False,
        owes_outcome: bool = False,
        foresee: Callable[[E], Awaitable[str]] | None = None,
    ) -> Callable[[Handler[E]], Handler[E]]:
        """Have a function called with every event of this type: in batches, in order per key, at least once.

        The function must be idempotent. `Unavailable` from it means "later": the batch waits. Anything else it raises
        is traced to the single events that cause it, which are parked with the reason.
        With `broadcast` every replica hears every event, from the log's beginning at each start.
        With `owes_outcome` a parked completion is this service's answer to it, told as `CompletionParked`.
        `foresee` says what the function would do with an event, for an operator who thinks of replaying it.
        """
        if group in self._deliveries:
            raise ValueError(f"{group} listens already: two members of one group in a process share nothing")

        def register(handler: Handler[E]) -> Handler[E]:
            delivery = Delivery(
                event=event,
                group=group,
                handle=cast("Handle", handler),
                foresee=cast("Foresee | None", foresee),
                parking=self.parking,
                backoff=self._backoff,
                stopping=self._stopping,
                tracer=self._tracer,
                owes_outcome=owes_outcome,
            )
            self._deliveries[group] = delivery
            subscriber = self.router.subscriber(
                event.topic,
                group_id=f"{group}.{uuid4().hex[:12]}" if broadcast else group,
                batch=True,
                max_records=BATCH,
                batch_timeout_ms=1,  # `EventConsumer` waits; this is FastStream's sleep after it waited in vain
                ack_policy=AckPolicy.MANUAL,
                auto_offset_reset="earliest",
                session_timeout_ms=int(self._log.session * 1000),
                heartbeat_interval_ms=int(self._log.session * 300),
                parser=_parse,
                decoder=_records,
                title=group,
                description=(handler.__doc__ or "").strip() or None,
            )
            subscriber(self._consume(delivery, subscriber))
            return handler

        return register

    async def start(self) -> None:
        """Join every group. Returns when each has its partitions; raises `Unavailable` when Kafka is not there."""
        self._stopping.clear()
        broker = KafkaBroker(
            self._log.bootstrap.split(","),
            client_id=f"laurel-{self.service}",
            consumer_only=True,
            apply_types=False,
            graceful_timeout=self._patience,
            logger=_faststream,
            log_level=logging.DEBUG,
            routers=(self.router,),
        )
        self._broker = broker
        await self.parking.start()
        try:
            await broker.connect()
            self._use_our_consumer(broker)
            async with asyncio.TaskGroup() as group:
                for subscriber in broker.subscribers:
                    group.create_task(self._join(cast("BatchSubscriber", subscriber)))
        except* (KafkaError, OSError, TimeoutError) as errors:
            await self.stop()
            raise Unavailable(f"Kafka cannot be reached: {type(errors.exceptions[0]).__name__}") from errors

    async def stop(self) -> None:
        """Take on nothing new, finish the batch in hand; what is not finished in time stays uncommitted."""
        self._stopping.set()
        broker, self._broker = self._broker, None
        try:
            if broker is not None:
                await broker.stop()
        finally:
            await self.parking.stop()

    async def check(self) -> None:
        """Raises `Unavailable`, with the reason, while anything that should be heard is not."""
        if self._broker is None:
            raise Unavailable(f"{self.service} does not listen")
        stuck = [delivery.stuck for delivery in self._deliveries.values() if delivery.stuck]
        stuck += [f"{consumer.group}: {consumer.failing}" for consumer in self.consumers if consumer.failing]
        if stuck:
            raise Unavailable("; ".join(stuck))

    async def redeliver(self, group: str, message: Received) -> Unhandled | None:
        """Give one message to its subscription again: None when it was handled, else why not.

        Raises `Unavailable`, and `NotFound` when there is no such subscription (any more).
        """
        return await self._delivery(group).redeliver(message)

    async def foresee(self, group: str, message: Received) -> Forecast:
        """What `redeliver` would come to. Raises as it does."""
        return await self._delivery(group).foresee(message)

    def _delivery(self, group: str) -> Delivery:
        if group not in self._deliveries:
            raise NotFound(f"{self.service} has no subscription {group}")
        return self._deliveries[group]

    @property
    def consumers(self) -> tuple[EventConsumer, ...]:
        """One per subscription, while it listens."""
        subscribers = self._broker.subscribers if self._broker else ()
        consumers = (cast("BatchSubscriber", subscriber).consumer for subscriber in subscribers)
        return tuple(consumer for consumer in consumers if isinstance(consumer, EventConsumer))

    def _use_our_consumer(self, broker: KafkaBroker) -> None:
        config = broker.config.broker_config
        settings = dict(cast("partial[object]", config.builder).keywords)
        config.builder = partial(_consumer, self._log, settings)

    async def _join(self, subscriber: BatchSubscriber) -> None:
        async with self._log.joining:
            await subscriber.start()

    def _consume(
        self, delivery: Delivery, subscriber: BatchSubscriber
    ) -> Callable[[Sequence[_Record]], Awaitable[None]]:
        async def consume(records: Sequence[_Record]) -> None:
            with contextlib.suppress(Stopped):
                await delivery.deliver([_received(record) for record in records])
                await _commit(subscriber, records)

        return consume


def _consumer(log: EventLog, settings: dict[str, Any], **subscription: Any) -> EventConsumer:  # noqa: ANN401 passed on
    # How long a fetch waits is the log's affair, not the subscription's. And aiokafka, told that a leader it asks for
    # its first offset is none any more, asks the same one again until what it knows of the cluster is that old.
    own = {"fetch_max_wait_ms": log.fetch_wait, "metadata_max_age_ms": int(log.session * 1000)}
    return EventConsumer(log=log, **(settings | subscription | own))


async def _parse(records: tuple[_Record, ...]) -> KafkaMessage:
    """FastStream's own parser decodes headers as UTF-8, and a batch with one that is not would be skipped."""
    return KafkaMessage(
        body=[record.value for record in records],
        raw_message=records,
        message_id=f"{records[0].offset}-{records[-1].offset}",
        consumer=FAKE_CONSUMER,
    )


async def _records(message: KafkaMessage) -> Sequence[_Record]:
    return cast("Sequence[_Record]", message.raw_message)


def _received(record: _Record) -> Received:
    return Received(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        value=record.value,
        headers=tuple(record.headers),
    )


async def _commit(subscriber: BatchSubscriber, records: Sequence[_Record]) -> None:
    """Commit past these records, where their partitions are still ours."""
    consumer = subscriber.consumer
    if consumer is None:
        return
    offsets = {TopicPartition(record.topic, record.partition): record.offset + 1 for record in records}
    ours = {partition: offset for partition, offset in offsets.items() if partition in consumer.assignment()}
    try:
        if ours:
            await consumer.commit(ours)
    except (KafkaError, IllegalStateError) as error:
        # Another replica has them now, or the coordinator is away: they come again, and are recognised.
        _log.warning("not-committed", group=subscriber.group_id, exc_info=error)
