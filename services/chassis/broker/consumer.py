"""aiokafka's consumer, made fit for FastStream's loop."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from chassis.broker.lenient import read_leniently
from chassis.broker.log import EventLog

_LONG = 60_000
"""Milliseconds. FastStream sleeps between two looks at an empty topic; here one look lasts until there is something."""
_LOOK = 30
"""Milliseconds to wait for the answer to the fetch under way, where the broker is the embedded one."""
_GOOD_BYE = 1.0
"""Seconds to leave a group in: an answer takes milliseconds."""

Records = dict[TopicPartition, list[ConsumerRecord[bytes, bytes]]]
_log = structlog.get_logger(__name__)


class EventConsumer(AIOKafkaConsumer):  # type: ignore[misc] # published without types
    """Waits for records instead of asking now and then, and loses none when a fetch cannot be unpacked.

    When aiokafka fails to unpack a record (a header whose *name* is not UTF-8 is enough, a wrong checksum too), it
    forgets the good records it had unpacked before, goes on behind them, and meets the bad one again for ever. So
    after any failure this goes back to what was committed, which is all that was handled.
    """

    def __init__(self, *, log: EventLog, bootstrap_servers: list[str], **settings: Any) -> None:  # noqa: ANN401 passed on
        super().__init__(bootstrap_servers=bootstrap_servers, **settings)
        self.group: str = settings["group_id"]
        self.failing: str | None = None
        """Why records cannot be read; None while they can."""
        self._log = log
        self._servers = ",".join(bootstrap_servers)
        self._awake: asyncio.Event | None = None
        self._astray = False
        """True when the position may be behind records nobody was given."""

    async def getmany(self, *_: TopicPartition, timeout_ms: int = 0, max_records: int | None = None) -> Records:
        """As aiokafka's, but returning only when there is something, or after a minute without."""
        del timeout_ms
        if self._astray:
            await self._back_to_committed()
            self._astray = False
        try:
            if self._log.idle_wait is None:
                found = await self._take(_LONG, max_records)
            else:
                found = await self._take_or_sleep(self._log.idle_wait, max_records)
        except UnicodeDecodeError:
            self._astray = True
            found = await self._take_leniently(max_records)
            self._astray = False
        except Exception as error:
            self._astray = True
            self.failing = f"records cannot be read: {type(error).__name__}"
            raise
        self.failing = None
        return found

    async def stop(self) -> None:
        """As aiokafka's, which says good-bye to its group; a broker that does not answer is not waited for.

        It would hold a stop for as long as any request may take. The group notices by itself, once the session ends.
        """
        try:
            async with asyncio.timeout(_GOOD_BYE):
                await super().stop()
        except TimeoutError:
            _log.warning("group-not-left", group=self.group)
            await self._fetcher.close()
            await self._client.close()

    async def _take(self, timeout_ms: int, max_records: int | None) -> Records:
        found: Records = await super().getmany(timeout_ms=timeout_ms, max_records=max_records)
        return found

    async def _take_or_sleep(self, seconds: float, max_records: int | None) -> Records:
        if self._awake is None:
            self._awake = self._log.wake_for(self.subscription())
        self._awake.clear()
        if found := await self._take(_LOOK, max_records):
            return found
        asleep = self.assignment()
        self.pause(*asleep)
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._awake.wait(), seconds)
        finally:
            self.resume(*(asleep & self.assignment()))
        return {}

    async def _take_leniently(self, max_records: int | None) -> Records:
        """What follows on what was committed, by a reader that minds no header's name."""
        found: Records = {}
        for partition in self.assignment():
            begin = await self.committed(partition)
            records = await asyncio.to_thread(read_leniently, self._servers, partition, begin, max_records)
            if records:
                _log.warning("read-leniently", topic=partition.topic, partition=partition.partition, count=len(records))
                found[partition] = records
        for partition, records in found.items():
            self.seek(partition, records[-1].offset + 1)
        return found

    async def _back_to_committed(self) -> None:
        for partition in self.assignment():
            if (offset := await self.committed(partition)) is None:
                await self.seek_to_beginning(partition)
            else:
                self.seek(partition, offset)
