"""Many deliveries at the same time: each comes to what it would have come to alone, and all of them end."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

import pytest
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, format_trace_id, use_span

from chassis.documents import PendingEvent
from chassis.documents.sqlite import SqliteCollection
from chassis.outbox import EventTooLarge, pending_event
from moodle_bridge.handlers import accepting
from moodle_bridge.ports import AcceptedCompletion
from schemas.events import AssessmentCompleted
from schemas.faults import Unavailable
from tests.component.bridge.conftest import Bridge, a_body

MANY = 300
insert_many = SqliteCollection.insert_many


def _bodies(count: int) -> list[bytes]:
    return [a_body(episode=f"course_completions:{number}") for number in range(count)]


@pytest.fixture
def portions(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many completions were stored at a time."""
    sizes: list[int] = []

    async def counted(
        self: SqliteCollection[AcceptedCompletion], documents: Sequence[AcceptedCompletion]
    ) -> frozenset[str]:
        if self.schema.model is AcceptedCompletion:
            sizes.append(len(documents))
        return await insert_many(self, documents)

    monkeypatch.setattr(SqliteCollection, "insert_many", counted)
    return sizes


async def test_all_of_many_deliveries_at_once_are_accepted_each_once_and_stored_together(
    bridge: Bridge, portions: list[int]
) -> None:
    answers = await asyncio.gather(*map(bridge.deliver, _bodies(MANY)))
    assert Counter(answer.status_code for answer in answers) == {202: MANY}
    assert {answer.json()["completion"] for answer in answers} == {one.id for one in await bridge.stored()}
    assert sum(portions) == MANY
    assert max(portions) <= accepting.TOGETHER
    assert len(portions) < MANY / 10


async def test_the_same_and_another_body_of_an_episode_at_once_are_recognised(bridge: Bridge) -> None:
    body, other = a_body(), a_body(grade=None)
    answers = await asyncio.gather(*map(bridge.deliver, (body, body, other)))
    assert sorted(answer.status_code for answer in answers) == [202, 202, 409]
    accepted = [answer.json() for answer in answers if answer.status_code == 202]
    assert sorted(answer["duplicate"] for answer in accepted) == [False, True]
    assert len(await bridge.stored()) == 1


async def test_what_is_stored_together_belongs_to_its_own_platform(bridge: Bridge) -> None:
    await bridge.register("other-moodle", organisation="other")
    await asyncio.gather(bridge.deliver(a_body()), bridge.deliver(a_body(), platform="other-moodle"))
    assert sorted((one.platform, one.organisation) for one in await bridge.stored()) == [
        ("other-moodle", "other"),
        ("uex-moodle", "uex"),
    ]


async def test_what_is_stored_together_goes_on_with_its_own_trace(bridge: Bridge) -> None:
    async def traced(number: int, body: bytes) -> tuple[str, str]:
        span = NonRecordingSpan(SpanContext(number, number, is_remote=False, trace_flags=TraceFlags(1)))
        with use_span(span):
            return str(await bridge.accepted(body)), format_trace_id(number)

    traces = dict(await asyncio.gather(*(traced(*each) for each in enumerate(_bodies(20), 1))))
    told = {one.id: one.pending[0].headers["traceparent"].split("-")[1] for one in await bridge.stored()}
    assert told == traces


async def test_one_that_cannot_be_stored_keeps_no_other_out(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    def choosy(event: AssessmentCompleted) -> PendingEvent:
        if event.data.episode == "course_completions:7":
            raise EventTooLarge("too much to tell")
        return pending_event(event)

    monkeypatch.setattr(accepting, "pending_event", choosy)
    answers = await asyncio.gather(*map(bridge.deliver, _bodies(20)))
    assert [answer.status_code for answer in answers] == [202] * 7 + [400] + [202] * 12


async def test_while_nothing_can_be_stored_all_are_told_to_come_again(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> frozenset[str]:
        raise Unavailable("the database cannot be used")

    with monkeypatch.context() as patch:
        patch.setattr(SqliteCollection, "insert_many", away)
        answers = await asyncio.gather(*map(bridge.deliver, _bodies(20)))
        assert {(answer.status_code, "retry-after" in answer.headers) for answer in answers} == {(503, True)}
    answers = await asyncio.gather(*map(bridge.deliver, _bodies(20)))
    assert {(answer.status_code, answer.json()["duplicate"]) for answer in answers} == {(202, False)}


async def test_more_than_may_wait_are_told_to_come_again_and_are_not_accepted(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accepting, "MOST_WAITING", 5)
    monkeypatch.setattr(accepting, "TOGETHER", 5)
    answers = await asyncio.gather(*map(bridge.deliver, _bodies(50)))
    turned_away = [answer for answer in answers if answer.status_code == 503]
    assert {answer.status_code for answer in answers} == {202, 503}
    assert {answer.json()["type"] for answer in turned_away} == {"urn:laurel:problem:too-busy"}
    assert all("retry-after" in answer.headers for answer in turned_away)
    assert len(await bridge.stored()) == 50 - len(turned_away)
    assert (await bridge.ledger())["turned_away"] == 0, "who comes again is not turned away"


async def test_one_that_came_and_went_while_others_were_stored_fails_alone(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[str] = []

    async def forgetful(
        self: SqliteCollection[AcceptedCompletion], documents: Sequence[AcceptedCompletion]
    ) -> frozenset[str]:
        """Says of one that somebody else stored it, who has taken it away since."""
        if self.schema.model is not AcceptedCompletion or gone:
            return await insert_many(self, documents)
        gone.append(documents[0].id)
        return frozenset(gone) | await insert_many(self, documents[1:])

    monkeypatch.setattr(SqliteCollection, "insert_many", forgetful)
    answers = await asyncio.gather(*map(bridge.deliver, _bodies(20)))
    assert Counter(answer.status_code for answer in answers) == {202: 19, 503: 1}
    accepted = {answer.json()["completion"] for answer in answers if answer.status_code == 202}
    assert accepted == {one.id for one in await bridge.stored()}
