"""Publishing: confirmed, in order per key, and never larger than the broker takes."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Awaitable, Iterable, Sequence

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.producer.message_accumulator import BatchBuilder

from chassis.broker.log import REQUEST_TIMEOUT, EventLog
from chassis.documents.port import PendingEvent
from schemas.faults import Unavailable

BATCH_BYTES = 256 * 1024
"""How much goes to a partition at once; a broker takes 1 MiB unless told otherwise."""

_Header = tuple[str, bytes]
_log = structlog.get_logger(__name__)


class Publisher:
    """Tells Kafka what was decided. One per process: an idempotent producer, acks=all.

    A failed producer is thrown away, not reused: one that lost a batch has a gap in its sequence numbers, which
    brokers refuse for ever after.
    """

    def __init__(self, log: EventLog, *, timeout: float = REQUEST_TIMEOUT) -> None:
        self._log = log
        self._timeout = timeout
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()
        self._closing: set[asyncio.Task[None]] = set()
        self._partition_of = DefaultPartitioner()

    async def publish(self, pending: Sequence[PendingEvent]) -> None:
        """All of these are on the log when this returns, those with the same key in this order.

        Raises `Unavailable` when that cannot be said; some may be there nevertheless, so publish them again: whoever
        reads them knows a fact told twice by its id.
        """
        if not pending:
            return
        producer = await self._started()
        try:
            async with asyncio.timeout(2 * self._timeout):
                batches = await self._batches(producer, pending)
                await _all(self._send(producer, *place, chunks) for place, chunks in batches.items())
        except (KafkaError, OSError, TimeoutError) as error:
            self._discard(producer)
            raise Unavailable(f"Kafka did not confirm: {type(error).__name__}") from error
        except BaseException:
            self._discard(producer)  # cancelled half-way: nobody knows what went out
            raise
        self._log.published({event.topic for event in pending})

    async def partitions(self, topic: str) -> tuple[int, ...]:
        """The numbers of a topic's partitions. Raises `Unavailable`."""
        producer = await self._started()
        try:
            async with asyncio.timeout(self._timeout):
                return tuple(sorted(await producer.partitions_for(topic)))
        except (KafkaError, OSError, TimeoutError) as error:
            raise Unavailable(f"Kafka does not know {topic}: {type(error).__name__}") from error

    async def ping(self) -> None:
        """Raises `Unavailable` when Kafka does not answer."""
        producer = await self._started()
        try:
            async with asyncio.timeout(self._timeout):
                await producer.client.fetch_all_metadata()
        except (KafkaError, OSError, TimeoutError) as error:
            raise Unavailable(f"Kafka does not answer: {type(error).__name__}") from error

    async def close(self) -> None:
        """Let go of the connection. What was not confirmed stays pending where it rests."""
        if self._producer is not None:
            self._discard(self._producer)
        if self._closing:
            await asyncio.gather(*self._closing)

    async def _started(self) -> AIOKafkaProducer:
        async with self._starting:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._log.bootstrap,
                    client_id="laurel",
                    acks="all",
                    enable_idempotence=True,
                    max_batch_size=BATCH_BYTES,
                    request_timeout_ms=int(self._timeout * 1000),
                )
                try:
                    async with asyncio.timeout(2 * self._timeout):
                        await producer.start()
                except (KafkaError, OSError, TimeoutError) as error:
                    self._close_later(producer)
                    raise Unavailable(f"Kafka cannot be reached: {type(error).__name__}") from error
                except BaseException:
                    self._close_later(producer)
                    raise
                self._producer = producer
            return self._producer

    async def _batches(
        self, producer: AIOKafkaProducer, pending: Sequence[PendingEvent]
    ) -> dict[tuple[str, int], list[BatchBuilder]]:
        """Per partition, in order, in portions of `BATCH_BYTES`: a batch takes no more, and says so by None."""
        partitions = {
            topic: sorted(await producer.partitions_for(topic)) for topic in {event.topic for event in pending}
        }
        batches: defaultdict[tuple[str, int], list[BatchBuilder]] = defaultdict(list)
        for event in pending:
            key = event.key.encode()
            all_partitions = partitions[event.topic]
            chunks = batches[event.topic, self._partition_of(key, all_partitions, all_partitions)]
            if not chunks or not _append(chunks[-1], key, event):
                chunks.append(producer.create_batch())
                _append(chunks[-1], key, event)
        return batches

    @staticmethod
    async def _send(producer: AIOKafkaProducer, topic: str, partition: int, chunks: list[BatchBuilder]) -> None:
        for chunk in chunks:
            chunk.close()
            # One after the other: should the first fail, the second would overtake it.
            await (await producer.send_batch(chunk, topic, partition=partition))

    def _discard(self, producer: AIOKafkaProducer) -> None:
        if self._producer is producer:
            self._producer = None
        self._close_later(producer)

    def _close_later(self, producer: AIOKafkaProducer) -> None:
        task = asyncio.create_task(self._close(producer))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _close(self, producer: AIOKafkaProducer) -> None:
        with contextlib.suppress(KafkaError, OSError, TimeoutError):
            async with asyncio.timeout(self._timeout):
                await producer.stop()


async def _all(sends: Iterable[Awaitable[None]]) -> None:
    """Wait for every one, then raise what the first failed with: none is left to fail unseen."""
    for result in await asyncio.gather(*sends, return_exceptions=True):
        if result is not None:
            raise result


def _append(batch: BatchBuilder, key: bytes, event: PendingEvent) -> bool:
    headers: list[_Header] = [(name, value.encode()) for name, value in event.headers.items()]
    return batch.append(timestamp=None, key=key, value=event.value.encode(), headers=headers) is not None
