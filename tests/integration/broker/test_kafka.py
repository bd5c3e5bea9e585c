"""The broker suite on Apache Kafka, and what is true of that one alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource

from chassis.broker import EventLog, KafkaLog
from chassis.documents import PendingEvent
from chassis.outbox import Announcement, Announcer, pending_event
from chassis.topics import Topic, Topics, UnsafeTopic, create_topics, load_topics
from schemas.events import OfferingPublished
from schemas.faults import Unavailable
from tests.broker_suite import (
    TOPIC,
    TOPICS,
    BrokerSuite,
    Heard,
    Place,
    a_broker_that_dies_while_publishing_loses_nothing,
    a_place,
    completed,
    eventually,
)
from tests.servers.kafka import empty, kafka_server


class TestOnKafka(BrokerSuite):
    @pytest.fixture
    async def log(self, kafka_bootstrap: str) -> AsyncIterator[EventLog]:
        empty(kafka_bootstrap)
        log = KafkaLog(kafka_bootstrap, TOPICS)
        await log.open()
        yield log
        await log.close()

    async def test_a_new_topic_is_told_everything_and_a_wiped_one_everything_again(self, place: Place) -> None:
        async def events() -> AsyncIterator[PendingEvent]:
            for number in range(3):
                yield pending_event(completed(number))

        announcer = Announcer([Announcement(TOPIC, events)], place.log, place.publisher)
        assert await announcer.say_missing() == (TOPIC,)
        await place.tell(completed(3))
        assert await announcer.say_missing() == ()
        empty(place.log.bootstrap)
        await create_topics(place.log.bootstrap, TOPICS)
        await place.publisher.close()
        await place.tell(completed(4))
        assert await announcer.say_missing() == (TOPIC,)
        assert await announcer.say_missing() == ()
        assert {event.subject for event in await place.on_topic(TOPIC, 4)} == {
            completed(number).subject for number in (0, 1, 2, 4)
        }


async def test_a_broker_that_dies_while_publishing_loses_nothing(tmp_path: Path) -> None:
    with kafka_server(tmp_path) as server:
        log = KafkaLog(server.bootstrap, TOPICS)
        await log.open()
        async with a_place(log, tmp_path) as place:
            await a_broker_that_dies_while_publishing_loses_nothing(place, server.kill)


async def test_publishing_and_listening_go_on_when_the_broker_is_back(tmp_path: Path) -> None:
    with kafka_server(tmp_path) as server:
        log = KafkaLog(server.bootstrap, TOPICS)
        await log.open()
        async with a_place(log, tmp_path) as place:
            heard = Heard()
            await place.listen(heard.handle)
            await place.tell(completed(1))
            await heard.count(1)
            await place.committed_all(1)
            server.kill()
            with pytest.raises(Unavailable):
                await place.tell(completed(2))
            server.start()
            await place.tell(completed(3))
            await heard.until(lambda: 3 in heard.episodes)
            await place.committed_all(await _written(place))


async def _written(place: Place) -> int:
    consumer = AIOKafkaConsumer(bootstrap_servers=place.log.bootstrap)
    await consumer.start()
    try:
        partitions = [TopicPartition(TOPIC, number) for number in range(TOPICS.topics[TOPIC].partitions)]
        return sum((await consumer.end_offsets(partitions)).values())
    finally:
        await consumer.stop()


async def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    log = KafkaLog("127.0.0.1:9", TOPICS)
    with pytest.raises(Unavailable):
        await log.open()
    async with a_place(log, tmp_path) as place:
        with pytest.raises(Unavailable):
            await place.tell(completed(1))
        with pytest.raises(Unavailable):
            await place.listen(Heard().handle)


async def test_the_shipped_topics_are_made_as_they_are_described(kafka_bootstrap: str) -> None:
    empty(kafka_bootstrap)
    shipped = load_topics()
    await create_topics(kafka_bootstrap, shipped)
    await create_topics(kafka_bootstrap, shipped)
    admin = AdminClient({"bootstrap.servers": kafka_bootstrap})
    made = admin.list_topics(timeout=10).topics
    assert {name: len(made[name].partitions) for name in shipped.topics} == {
        name: topic.partitions for name, topic in shipped.topics.items()
    }
    resources = [ConfigResource(ConfigResource.Type.TOPIC, name) for name in shipped.topics]
    for resource, found in admin.describe_configs(resources).items():
        settings = found.result()
        for name, value in shipped.topics[resource.name].config.items():
            assert settings[name].value == str(value)


async def test_a_topic_that_would_forget_what_is_said_once_is_refused_by_name(kafka_bootstrap: str) -> None:
    empty(kafka_bootstrap)
    name = OfferingPublished.topic
    await create_topics(kafka_bootstrap, Topics(replication=1, topics={name: Topic(partitions=1)}))
    compacted = Topics(replication=1, topics={name: Topic(partitions=1, config={"cleanup.policy": "compact"})})

    async def is_refused() -> bool:
        try:
            await create_topics(kafka_bootstrap, compacted)
        except UnsafeTopic as refusal:
            return f"{name} has cleanup.policy=delete" in str(refusal)
        return False

    await eventually(is_refused)  # a broker learns a moment later how a topic was made
