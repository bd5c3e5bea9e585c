"""The broker suite on the embedded broker, and what is true of that one alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from chassis.broker import EmbeddedLog, EventLog
from chassis.embedded import EmbeddedBroker
from schemas.faults import Unavailable
from tests.broker_suite import TOPICS, BrokerSuite


class TestOnTheEmbeddedBroker(BrokerSuite):
    @pytest.fixture
    async def log(self) -> AsyncIterator[EventLog]:
        log = EmbeddedLog(TOPICS)
        await log.open()
        try:
            yield log
        finally:
            await log.close()

    @pytest.fixture
    def kill(self, log: EventLog) -> Callable[[], Awaitable[None]]:
        assert isinstance(log, EmbeddedLog)
        broker = log._broker
        assert broker is not None

        async def kill() -> None:
            broker.close()

        return kill


async def test_a_log_that_is_not_open_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        _ = EmbeddedLog(TOPICS).bootstrap


def test_several_brokers_live_beside_each_other_and_closing_twice_does_no_harm() -> None:
    with EmbeddedBroker({"a": 1}) as first, EmbeddedBroker({"a": 1}) as second:
        assert first.bootstrap != second.bootstrap
        first.close()
        first.close()
