"""Where the events of an end-to-end test go: the broker inside the house, or Apache Kafka outside it."""

from __future__ import annotations

import time

import pytest
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from tests.e2e.houses import PATIENCE


@pytest.fixture
def empty_kafka(kafka_bootstrap: str) -> str:
    """Apache Kafka as a new installation finds it: houses name their topics and groups alike, so earlier ones go."""
    admin = AdminClient({"bootstrap.servers": kafka_bootstrap})
    groups = [group.group_id for group in admin.list_consumer_groups().result().valid]
    ours = [topic for topic in admin.list_topics().topics if topic.startswith("laurel.")]
    if ours:
        for done in admin.delete_topics(ours, operation_timeout=PATIENCE).values():
            done.result()
    deadline = time.monotonic() + PATIENCE
    for group in groups:
        _forget(admin, group, deadline)
    while any(topic in admin.list_topics().topics for topic in ours):
        assert time.monotonic() < deadline, "Kafka did not forget its topics"
        time.sleep(0.1)
    return kafka_bootstrap


def _forget(admin: AdminClient, group: str, deadline: float) -> None:
    """Delete a consumer group; one whose last member was killed is in use until its session ends."""
    while time.monotonic() < deadline:
        try:
            admin.delete_consumer_groups([group])[group].result()
        except KafkaException as error:
            if error.args[0].code() == KafkaError.GROUP_ID_NOT_FOUND:
                return
            time.sleep(0.5)
        else:
            return
    raise AssertionError(f"Kafka did not forget {group}")


@pytest.fixture(params=["embedded", "kafka"])
def event_log(request: pytest.FixtureRequest) -> dict[str, str]:
    """The environment of a house: the broker that dies with it, or one that outlives it."""
    return {"LAUREL_KAFKA": request.getfixturevalue("empty_kafka")} if request.param == "kafka" else {}
