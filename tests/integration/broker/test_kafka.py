"""The broker suite on Apache Kafka, and what is true of that one alone."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic, TopicMetadata

from chassis.broker import EventLog, KafkaLog
from chassis.documents import PendingEvent
from chassis.outbox import Announcement, Announcer, pending_event
from chassis.topics import TooFewBrokers, UnsafeTopic, create_topics, load_topics, settings_of
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
from tests.e2e.houses import free_port
from tests.servers.kafka import NODES, empty, kafka_server, kafka_servers


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


async def test_of_several_addresses_one_that_answers_will_do(kafka_bootstrap: str, tmp_path: Path) -> None:
    empty(kafka_bootstrap)
    log = KafkaLog(f"127.0.0.1:9,{kafka_bootstrap}", TOPICS)
    await log.open()
    async with a_place(log, tmp_path) as place:
        heard = Heard()
        await place.listen(heard.handle)
        await place.tell(completed(1))
        await heard.count(1)


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
        for name, value in settings_of(shipped.topics[resource.name], replication=1).items():
            assert settings[name].value == value


async def test_in_production_one_broker_will_do_only_where_that_is_said(kafka_bootstrap: str) -> None:
    empty(kafka_bootstrap)
    with pytest.raises(TooFewBrokers, match="kept by 3 brokers, of which 1 can be reached"):
        await create_topics(kafka_bootstrap, load_topics(), evaluation=False)
    assert not _made(kafka_bootstrap)
    await create_topics(kafka_bootstrap, load_topics(replication=1), evaluation=False)
    await eventually(lambda: _all_made(kafka_bootstrap))


async def test_topics_are_made_once_enough_brokers_are_there_and_then_one_may_be_away(tmp_path: Path) -> None:
    with kafka_servers(tmp_path, NODES) as servers:
        bootstrap = ",".join(server.bootstrap for server in servers)
        servers[0].kill()
        await eventually(lambda: _two_are_left(bootstrap))
        with pytest.raises(TooFewBrokers, match="kept by 3 brokers, of which 2 can be reached"):
            await create_topics(bootstrap, load_topics())
        servers[0].start()
        await eventually(lambda: _created(bootstrap))
        await eventually(lambda: _all_made(bootstrap))
        servers[1].kill()
        await eventually(lambda: _created(bootstrap))
        admin = AdminClient({"bootstrap.servers": bootstrap})
        (found,) = admin.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, TOPIC)]).values()
        assert found.result()["min.insync.replicas"].value == "2"
        assert len(_made(bootstrap)[TOPIC].partitions[0].replicas) == NODES


def _made(bootstrap: str) -> dict[str, TopicMetadata]:
    topics = AdminClient({"bootstrap.servers": bootstrap}).list_topics(timeout=10).topics
    return {name: topic for name, topic in topics.items() if name in load_topics().topics}


async def _all_made(bootstrap: str) -> bool:
    return _made(bootstrap).keys() == load_topics().topics.keys()


async def _two_are_left(bootstrap: str) -> bool:
    return len(AdminClient({"bootstrap.servers": bootstrap}).list_topics(timeout=10).brokers) == NODES - 1


async def _created(bootstrap: str) -> bool:
    try:
        await create_topics(bootstrap, load_topics())
    except Unavailable:  # a cluster takes a moment to count on one that is back, and on one that is gone no more
        return False
    return True


LOSING: tuple[tuple[str, dict[str, str], str], ...] = (
    (OfferingPublished.topic, {"cleanup.policy": "delete"}, "cleanup.policy=delete, compact is wanted"),
    (OfferingPublished.topic, {"cleanup.policy": "compact,delete"}, "cleanup.policy=compact,delete, compact is wanted"),
    (TOPIC, {"cleanup.policy": "compact"}, "cleanup.policy=compact, delete is wanted"),
    (TOPIC, {"retention.ms": "3600000"}, "retention.ms=3600000, 2592000000 is wanted"),
    (TOPIC, {"retention.bytes": "1048576"}, "retention.bytes=1048576, -1 is wanted"),
    (TOPIC, {"max.message.bytes": "65536"}, "max.message.bytes=65536, 1000000 is wanted"),
    (TOPIC, {"unclean.leader.election.enable": "true"}, "unclean.leader.election.enable=true, false is wanted"),
)


@pytest.mark.parametrize(("name", "config", "said"), LOSING)
async def test_a_topic_that_would_lose_data_is_refused_by_name_setting_and_value(
    kafka_bootstrap: str, name: str, config: dict[str, str], said: str
) -> None:
    empty(kafka_bootstrap)
    await _make(kafka_bootstrap, name, config)

    async def is_refused() -> bool:
        try:
            await create_topics(kafka_bootstrap, load_topics())
        except UnsafeTopic as refusal:
            return f"the topic {name} has {said}" in str(refusal)
        return False

    await eventually(is_refused)  # a broker learns a moment later how a topic was made


async def test_a_topic_that_keeps_more_than_is_wanted_is_taken_as_it_is(kafka_bootstrap: str) -> None:
    empty(kafka_bootstrap)
    await _make(kafka_bootstrap, TOPIC, {"retention.ms": "-1", "max.message.bytes": "8000000"})
    await create_topics(kafka_bootstrap, load_topics())
    await create_topics(kafka_bootstrap, load_topics())
    admin = AdminClient({"bootstrap.servers": kafka_bootstrap})
    (found,) = admin.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, TOPIC)]).values()
    assert found.result()["retention.ms"].value == "-1"


async def test_a_house_says_why_it_does_not_start_on_a_topic_that_would_lose_data(
    kafka_bootstrap: str, tmp_path: Path
) -> None:
    empty(kafka_bootstrap)
    await _make(kafka_bootstrap, TOPIC, {"cleanup.policy": "compact"})
    environment = {
        **os.environ,
        "LAUREL_KAFKA": kafka_bootstrap,
        "LAUREL_VAR": str(tmp_path),
        "LAUREL_PORT": str(free_port()),
        "COLUMNS": "300",
    }
    laurel = Path(sys.executable).with_name("laurel")
    process = await asyncio.create_subprocess_exec(laurel, "up", env=environment, stdout=PIPE, stderr=STDOUT)
    said, _ = await process.communicate()
    assert process.returncode == 3
    assert f"UnsafeTopic: the topic {TOPIC} has cleanup.policy=compact, delete is wanted".encode() in said
    assert b"Traceback" not in said


async def _make(bootstrap: str, name: str, config: dict[str, str]) -> None:
    """A topic that somebody made by hand; once this returns the broker knows how."""
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1, config=config)])[name].result(
        timeout=20
    )

    async def is_known() -> bool:
        (found,) = admin.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, name)]).values()
        try:
            settings = found.result(timeout=10)
        except KafkaException:
            return False
        return all(settings[key].value == value for key, value in config.items())

    await eventually(is_known)
