"""Verifications that end alike are told together, and none waits for it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from chassis.documents import PendingEvent
from chassis.metrics import Metrics
from schemas.events import Decision
from schemas.faults import Unavailable
from tests.builders import NOW
from verifier.adapters import counts
from verifier.adapters.counts import AnnouncedCounts
from verifier.domain.report import Check, Outcome, Report
from verifier.domain.verdicts import CheckId, Code


def a_report(decision: Decision = Decision.ACCEPT, code: Code = Code.ISSUER_TRUSTED) -> Report:
    outcome = Outcome.PASS if decision is Decision.ACCEPT else Outcome.WARN
    check = Check(id=CheckId.ISSUER_TRUST, outcome=outcome, code=code, message="", evidence={"organisation": "uex"})
    return Report(decision=decision, sentence="", checks=(check,), checked_at=NOW, policy="default")


class Log:
    """A publisher that can be away."""

    def __init__(self) -> None:
        self.told: list[dict[str, object]] = []
        self.away = 0
        self.heard = asyncio.Event()

    async def publish(self, pending: Sequence[PendingEvent]) -> None:
        if self.away:
            self.away -= 1
            raise Unavailable("Kafka does not answer")
        self.told += [json.loads(event.value)["data"] for event in pending]
        self.heard.set()


def test_metrics_that_are_read_have_every_verification_in_them() -> None:
    reader = InMemoryMetricReader()
    counted = AnnouncedCounts(Log(), Metrics(MeterProvider([reader]).get_meter("test")), lambda: NOW)  # type: ignore[arg-type] # a fake
    for _ in range(3):
        counted.count(a_report(), 2.0)
    counted.count(a_report(Decision.REVIEW, Code.ISSUER_UNKNOWN), 4.0)
    data = reader.get_metrics_data()
    assert data is not None
    told = {metric.name: metric.data.data_points for metric in data.resource_metrics[0].scope_metrics[0].metrics}
    assert [point.value for point in told["laurel_verifications"]] == [3, 1]  # type: ignore[union-attr] # of a counter
    assert [point.sum for point in told["laurel_verification_seconds"]] == [0.006, 0.004]  # type: ignore[union-attr] # of a histogram


@asynccontextmanager
async def counting(log: Log) -> AsyncIterator[AnnouncedCounts]:
    counted = AnnouncedCounts(log, Metrics(MeterProvider().get_meter("test")), lambda: NOW)  # type: ignore[arg-type] # a fake
    running = asyncio.create_task(counted.run())
    yield counted
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "GATHERING_SECONDS", 0.01)
    monkeypatch.setattr(counts, "_PAUSE_SECONDS", 0.01)


async def test_verifications_that_end_alike_are_told_together() -> None:
    log = Log()
    async with counting(log) as counted:
        for milliseconds in (1.0, 2.0, 6.0):
            counted.count(a_report(), milliseconds)
        counted.count(a_report(Decision.REVIEW, Code.ISSUER_TRUSTED_LATER), 4.0)
        await asyncio.wait_for(log.heard.wait(), 5)
    alike, other = log.told
    assert (alike["decision"], alike["times"], alike["milliseconds"]) == ("accept", 3, 3.0)
    assert (other["decision"], other["times"], other["codes"]) == ("review", 1, ["issuer-trusted-later"])


async def test_what_is_counted_while_kafka_is_away_is_told_later() -> None:
    log = Log()
    log.away = 3
    async with counting(log) as counted:
        counted.count(a_report(), 1.0)
        await asyncio.wait_for(log.heard.wait(), 5)
        log.heard.clear()
        counted.count(a_report(), 1.0)
        await asyncio.wait_for(log.heard.wait(), 5)
    assert [told["times"] for told in log.told] == [1, 1]
