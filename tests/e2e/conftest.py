"""Where the events of an end-to-end test go: the broker inside the house, or Apache Kafka outside it."""

from __future__ import annotations

import pytest

from tests.servers.kafka import empty


@pytest.fixture
def empty_kafka(kafka_bootstrap: str) -> str:
    """Apache Kafka, empty: houses name their topics and groups alike, so those of earlier ones go."""
    empty(kafka_bootstrap)
    return kafka_bootstrap


@pytest.fixture(params=["embedded", "kafka"])
def event_log(request: pytest.FixtureRequest) -> dict[str, str]:
    """The environment of a house: the broker that dies with it, or one that outlives it."""
    return {"LAUREL_KAFKA": request.getfixturevalue("empty_kafka")} if request.param == "kafka" else {}
