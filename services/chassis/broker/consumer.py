"""aiokafka's consumer, made fit for FastStream's loop."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from chassis.broker.log import EventLog

_LONG = 60_000
"""Milliseconds. FastStream sleeps between two looks at an empty topic; here one look lasts until there is something."""
_LOOK = 30
"""Milliseconds to wait for the answer to the fetch under way, where the broker is the embedded one."""

Records = dict[TopicPartition, list[ConsumerRecord[bytes, bytes]]]

BROKEN = "laurel-broken-record"
"""Marks a record that stands for one whose frame cannot be read."""


class EventConsumer(AIOKafkaConsumer):  # type: ignore[misc] # published without types
    """Waits for records instead of asking now and then, and survives a record nobody can read.

    A header whose *name* is not UTF-8 makes aiokafka raise while it unpacks a fetch. Left alone, it then forgets the
    good records before the bad one, and meets the bad one again for ever.
    """

    def __init__(self, *, log: EventLog, **settings: Any) -> None:  # noqa: ANN401 aiokafka's own settings, passed on
        super().__init__(**settings)
        self._log = log
        self._awake: asyncio.Event | None = None
        self._careful = False
        """True while records are taken one by one, until the unreadable one is passed."""

    async def getmany(self, *_: TopicPartition, timeout_ms: int = 0, max_records: int | None = None) -> Records:
        """As aiokafka's, but returning only when there is something, or after a minute without."""
        del timeout_ms
        try:
            if self._careful:
                return await self._one_by_one()
            if self._log.idle_wait is None:
                return await self._take(timeout_ms=_LONG, max_records=max_records)
            return await self._take_or_sleep(self._log.idle_wait, max_records)
        except UnicodeDecodeError:
            # Whatever was unpacked in this call is lost to us; what is committed was handled: begin there again.
            self._careful = True
            await self._back_to_committed()
            return {}

    async def _take(self, *partitions: TopicPartition, timeout_ms: int, max_records: int | None) -> Records:
        found: Records = await super().getmany(*partitions, timeout_ms=timeout_ms, max_records=max_records)
        return found

    async def _take_or_sleep(self, seconds: float, max_records: int | None) -> Records:
        if self._awake is None:
            self._awake = self._log.wake_for(self.subscription())
        self._awake.clear()
        if found := await self._take(timeout_ms=_LOOK, max_records=max_records):
            return found
        asleep = self.assignment()
        self.pause(*asleep)
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._awake.wait(), seconds)
        finally:
            self.resume(*(asleep & self.assignment()))
        return {}

    async def _one_by_one(self) -> Records:
        for partition in self.assignment():
            try:
                if found := await self._take(partition, timeout_ms=_LOOK, max_records=1):
                    return found
            except UnicodeDecodeError:
                self._careful = False
                return {partition: [await self._pass(partition)]}
        return {}

    async def _pass(self, partition: TopicPartition) -> ConsumerRecord[bytes, bytes]:
        """Go past the record that cannot be read; one that stands for it, to be parked."""
        offset = await self.position(partition)
        self.seek(partition, offset + 1)
        return ConsumerRecord(
            topic=partition.topic,
            partition=partition.partition,
            offset=offset,
            timestamp=-1,
            timestamp_type=0,
            key=None,
            value=None,
            checksum=None,
            serialized_key_size=-1,
            serialized_value_size=-1,
            headers=((BROKEN, b""),),
        )

    async def _back_to_committed(self) -> None:
        for partition in self.assignment():
            if (offset := await self.committed(partition)) is not None:
                self.seek(partition, offset)
            else:
                await self.seek_to_beginning(partition)
