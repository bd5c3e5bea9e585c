"""Reading a stretch of a topic with librdkafka, which leaves headers alone until it is asked for them."""

from __future__ import annotations

import time
from typing import TypeAlias

from aiokafka import ConsumerRecord, TopicPartition
from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    KafkaError,
    KafkaException,
    Message,
)
from confluent_kafka import TopicPartition as Place

_PATIENCE = 10.0
_MOST = 500

Record: TypeAlias = "ConsumerRecord[bytes | None, bytes | None]"


def read_leniently(servers: str, partition: TopicPartition, begin: int | None, most: int | None) -> list[Record]:
    """Up to so many records from here on (None: from the beginning), without their headers.

    Blocks until they are there or the end is reached. Commits nothing.
    """
    consumer = Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": "laurel-lenient",  # it needs one; nothing is ever committed under it
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "log_level": 2,
            "auto.offset.reset": "earliest",
        }
    )
    records: list[Record] = []
    try:
        consumer.assign([Place(partition.topic, partition.partition, OFFSET_BEGINNING if begin is None else begin)])
        deadline = time.monotonic() + _PATIENCE
        while len(records) < (most or _MOST) and time.monotonic() < deadline:
            message = consumer.poll(0.1)
            if message is None:
                continue
            if (error := message.error()) is None:
                records.append(_record(message))
            elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 its public name, underscore and all
                break
            else:
                raise KafkaException(error)
    finally:
        consumer.close()
    return records


def _record(message: Message) -> Record:
    key, value = message.key(), message.value()
    return ConsumerRecord(
        topic=message.topic(),
        partition=message.partition(),
        offset=message.offset(),
        timestamp=message.timestamp()[1],
        timestamp_type=0,
        key=key,
        value=value,
        checksum=None,
        serialized_key_size=-1 if key is None else len(key),
        serialized_value_size=-1 if value is None else len(value),
        headers=(),  # asking this client for a header it cannot decode ends the process
    )
