from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pytest
from faststream.kafka.subscriber.usecase import BatchSubscriber
from faststream.middlewares import AckPolicy
from opentelemetry.trace import NoOpTracer

from chassis.broker import EmbeddedLog, EventLog, KafkaLog, Listener, Unhandled
from schemas.events import AssessmentCompleted, CredentialIssued, CredentialStatusChanged, Event
from schemas.faults import Unavailable


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


async def test_one_that_was_not_started_is_not_ready() -> None:
    with pytest.raises(Unavailable):
        await a_listener().check()
