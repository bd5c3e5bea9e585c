from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pytest
from faststream.kafka.subscriber.usecase import BatchSubscriber
from faststream.middlewares import AckPolicy
from opentelemetry.trace import NoOpTracer

from chassis.broker import EmbeddedLog, EventLog, KafkaLog, Listener, Received, Unhandled
from chassis.broker.delivery import Forecast
from chassis.broker.listener import _consumer
from schemas.events import AssessmentCompleted, CredentialIssued, CredentialStatusChanged, Event, encode
from schemas.faults import NotFound, Unavailable
from tests.builders import assessment_completed


class NoParking:
    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def park(self, messages: Sequence[Unhandled]) -> None: ...


def a_listener(log: EventLog | None = None) -> Listener:
    listener = Listener("issuer", log or EmbeddedLog(), NoParking(), tracer=NoOpTracer())

    @listener.on(AssessmentCompleted, group="issuer.assessment-completed", owes_outcome=True)
    async def completed(_: list[AssessmentCompleted]) -> None:
        """Issue the credentials the learners have just earned."""

    @listener.on(CredentialIssued, group="issuer.credential-issued")
    async def issued(_: list[CredentialIssued]) -> None: ...

    @listener.on(CredentialStatusChanged, group="issuer.status", broadcast=True)
    async def changed(_: list[CredentialStatusChanged]) -> None: ...

    return listener


def subscribers(listener: Listener) -> list[BatchSubscriber]:
    return [cast("BatchSubscriber", subscriber) for subscriber in listener.router.subscribers]


@pytest.mark.parametrize("log", [EmbeddedLog(), KafkaLog("localhost:9092")], ids=["embedded", "kafka"])
def test_no_subscriber_commits_before_its_handler_or_begins_at_the_end(log: EventLog) -> None:
    found = subscribers(a_listener(log))
    assert len(found) == 3
    for subscriber in found:
        assert subscriber.ack_policy is AckPolicy.MANUAL
        assert subscriber._connection_args["enable_auto_commit"] is False
        assert subscriber._connection_args["auto_offset_reset"] == "earliest"
        assert subscriber.max_records == 500


def test_each_replica_has_a_group_of_its_own_for_what_all_must_hear() -> None:
    groups = [{subscriber.group_id for subscriber in subscribers(a_listener())} for _ in range(2)]
    assert groups[0] & groups[1] == {"issuer.assessment-completed", "issuer.credential-issued"}
    assert all(str(group).startswith("issuer.status.") for group in groups[0] ^ groups[1])


def test_two_members_of_one_group_in_a_process_are_refused() -> None:
    with pytest.raises(ValueError, match=r"issuer\.status listens already"):
        a_listener().on(Event, group="issuer.status")


async def test_who_leads_a_partition_is_asked_anew_within_a_session() -> None:
    log = KafkaLog("127.0.0.1:9")
    consumer = _consumer(log, {"bootstrap_servers": ["127.0.0.1:9"]}, group_id="issuer.assessment-completed")
    assert consumer._client._metadata_max_age_ms <= log.session * 1000


async def test_one_that_was_not_started_is_not_ready() -> None:
    with pytest.raises(Unavailable):
        await a_listener().check()


def a_message(value: bytes) -> Received:
    return Received(AssessmentCompleted.topic, partition=0, offset=7, key=b"k", value=value)


async def test_one_message_is_given_to_its_subscription_again_and_what_comes_of_it_is_said() -> None:
    fails: list[Exception] = []
    heard: list[AssessmentCompleted] = []
    listener = Listener("issuer", EmbeddedLog(), NoParking(), tracer=NoOpTracer())

    async def foresee(event: AssessmentCompleted) -> str:
        if fails:
            raise fails[0]
        return f"{event.subject} would be heard"

    @listener.on(AssessmentCompleted, group="issuer.assessment-completed", owes_outcome=True, foresee=foresee)
    async def completed(events: list[AssessmentCompleted]) -> None:
        if fails:
            raise fails[0]
        heard.extend(events)

    event = assessment_completed()
    group, message = "issuer.assessment-completed", a_message(encode(event))
    assert await listener.foresee(group, message) == Forecast(handled=True, said=f"{event.subject} would be heard")
    assert heard == []
    assert await listener.redeliver(group, message) is None
    assert heard == [event]

    fails = [RuntimeError("somebody's name")]
    unhandled = await listener.redeliver(group, message)
    assert unhandled is not None
    assert (unhandled.reason, unhandled.owes_outcome) == ("handler-failed", True)
    assert "somebody" not in unhandled.detail + (await listener.foresee(group, message)).said
    assert not (await listener.foresee(group, message)).handled

    fails = [ConnectionError("refused")]
    for attempt in (listener.redeliver, listener.foresee):
        with pytest.raises(Unavailable):
            await attempt(group, message)
        with pytest.raises(NotFound, match="issuer has no subscription"):
            await attempt("issuer.kitchen", message)

    unreadable = await listener.redeliver(group, a_message(b"nonsense"))
    assert unreadable is not None
    assert unreadable.reason == "not-json"
    assert "still cannot be read" in (await listener.foresee(group, a_message(b"nonsense"))).said


async def test_a_subscription_that_foresees_nothing_says_that_a_message_can_be_read() -> None:
    said = await a_listener().foresee("issuer.assessment-completed", a_message(encode(assessment_completed())))
    assert said == Forecast(handled=True, said="it can be read, and issuer.assessment-completed would be given it")
