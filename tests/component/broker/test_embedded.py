"""The broker suite on the embedded broker, and what is true of that one alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import pytest

from chassis.broker import EmbeddedLog, EventLog
from chassis.embedded import EmbeddedBroker
from schemas.faults import Unavailable
from tests.broker_suite import TOPICS, BrokerSuite, Place, a_broker_that_dies_while_publishing_loses_nothing


class TestOnTheEmbeddedBroker(BrokerSuite):
    @pytest.fixture
    async def log(self) -> AsyncIterator[EventLog]:
        log = EmbeddedLog(TOPICS)
        log.session = 2.0  # a group whose member left waits nearly as long for it before another may join
        await log.open()
        try:
            yield log
        finally:
            await log.close()

    async def test_a_broker_that_dies_while_publishing_loses_nothing(self, place: Place) -> None:
        broker = cast("EmbeddedLog", place.log)._broker
        assert broker is not None
        await a_broker_that_dies_while_publishing_loses_nothing(place, broker.close)


async def test_a_log_that_is_not_open_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        _ = EmbeddedLog(TOPICS).bootstrap


def test_several_brokers_live_beside_each_other_and_closing_twice_does_no_harm() -> None:
    with EmbeddedBroker({"a": 1}) as first, EmbeddedBroker({"a": 1}) as second:
        assert first.bootstrap != second.bootstrap
        first.close()
        first.close()
