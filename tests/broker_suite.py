"""What listening and publishing promise, on any event log. A subclass brings the log; both run all of this."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.util import calc_crc32c
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from chassis.broker import EventLog, Listener, Publisher
from chassis.documents import Collection, Document, Index, PendingEvent, Schema, SqliteDocuments
from chassis.outbox import Announcement, Announcer, Outbox, pending_event
from chassis.parking.store import PARKED, ParkedMessage, Parking
from chassis.retry import Backoff
from chassis.topics import Topic, Topics
from schemas.events import (
    AssessmentCompleted,
    CompletionParked,
    CredentialStatusChanged,
    Event,
    OfferingPublished,
    decode,
)
from schemas.faults import Conflict, Unavailable
from tests.builders import NOW, a_completion, an_id, assessment_completed, offering_published

PATIENCE = 30.0
QUICK = Backoff(first=0.01, cap=0.05)
GROUP = "issuer.assessment-completed"
TOPIC = AssessmentCompleted.topic
TOPICS = Topics(
    replication=1,
    topics={
        TOPIC: Topic(partitions=3),
        CompletionParked.topic: Topic(partitions=1),
        OfferingPublished.topic: Topic(partitions=1, config={"cleanup.policy": "compact"}),
        CredentialStatusChanged.topic: Topic(partitions=2),
    },
)

Handler = Callable[[list[AssessmentCompleted]], Awaitable[None]]


def completed(number: int, learner: str = "") -> AssessmentCompleted:
    """The n-th completion; one learner's stay in order."""
    who = an_id(learner or f"learner {number}")
    return assessment_completed(a_completion(id=an_id(f"completion {number}"), episode=str(number), learner=who))


def episodes(events: Sequence[AssessmentCompleted]) -> list[int]:
    return [int(event.data.episode) for event in events]


@dataclass
class Heard:
    """What a handler was given, and a way to wait for it."""

    events: list[AssessmentCompleted] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    calls: int = 0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def handle(self, events: list[AssessmentCompleted]) -> None:
        self.events += events
        self.batches.append(len(events))
        await self.tell()

    async def tell(self) -> None:
        self.calls += 1
        async with self.changed:
            self.changed.notify_all()

    async def until(self, satisfied: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE), self.changed:
            await self.changed.wait_for(satisfied)

    async def count(self, number: int) -> None:
        await self.until(lambda: len(self.events) >= number)

    @property
    def episodes(self) -> list[int]:
        return episodes(self.events)


async def eventually(satisfied: Callable[[], Awaitable[bool]]) -> None:
    """Ask again until it is so: for what only a look from outside can tell."""
    async with asyncio.timeout(PATIENCE):
        while not await satisfied():  # noqa: ASYNC110 what is outside this process sets no event
            await asyncio.sleep(0.02)


class Note(Document):
    """A document that has something to tell."""

    number: int = 0


NOTES = Schema("notes", Note, (Index(("number",)),))


@dataclass
class Place:
    """One service's parts on one log."""

    log: EventLog
    documents: SqliteDocuments
    publisher: Publisher
    spans: InMemorySpanExporter = field(default_factory=InMemorySpanExporter)
    started: list[Listener] = field(default_factory=list)
    limit: int = 1000

    def __post_init__(self) -> None:
        self.tracers = TracerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(self.spans))
        self.tracer = self.tracers.get_tracer("test")

    @property
    def parked(self) -> Collection[ParkedMessage]:
        return self.documents.collection(PARKED)

    async def all_parked(self) -> list[ParkedMessage]:
        return list((await self.parked.find({}, order_by="offset")).items)

    async def parked_count(self, number: int) -> list[ParkedMessage]:
        async def reached() -> bool:
            return await self.parked.count({}) >= number

        await eventually(reached)
        return await self.all_parked()

    def listener(self, service: str = "issuer", *, patience: float = 5.0) -> Listener:
        parking = Parking(service, self.documents, self.publisher, clock=lambda: NOW, limit=self.limit, backoff=QUICK)
        listener = Listener(service, self.log, parking, tracer=self.tracer, backoff=QUICK, patience=patience)
        self.started.append(listener)
        return listener

    async def listen(self, handler: Handler, *, group: str = GROUP, patience: float = 5.0) -> Listener:
        listener = self.listener(patience=patience)
        listener.on(AssessmentCompleted, group=group, owes_outcome=True)(handler)
        await listener.start()
        return listener

    async def tell(self, *events: Event) -> None:
        await self.publisher.publish([pending_event(event) for event in events])

    async def send_raw(
        self,
        value: bytes | None,
        *,
        key: bytes = b"k",
        headers: Sequence[tuple[str, bytes]] = (),
        partition: int | None = None,
    ) -> None:
        async with self.producer() as producer:
            await producer.send_and_wait(TOPIC, value, key=key, headers=list(headers), partition=partition)

    @contextlib.asynccontextmanager
    async def producer(self) -> AsyncIterator[AIOKafkaProducer]:
        producer = AIOKafkaProducer(bootstrap_servers=self.log.bootstrap)
        await producer.start()
        try:
            yield producer
        finally:
            await producer.stop()

    async def committed(self, group: str = GROUP) -> int:
        """How many of the topic's records the group has committed."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.log.bootstrap, group_id=group, enable_auto_commit=False)
        await consumer.start()
        try:
            partitions = [TopicPartition(TOPIC, number) for number in range(TOPICS.topics[TOPIC].partitions)]
            consumer.assign(partitions)
            return sum([await consumer.committed(partition) or 0 for partition in partitions])
        finally:
            await consumer.stop()

    async def committed_all(self, number: int, group: str = GROUP) -> None:
        async def reached() -> bool:
            return await self.committed(group) == number

        await eventually(reached)

    async def on_topic(self, topic: str, number: int) -> list[Event]:
        """The first so many events of a topic."""
        consumer = AIOKafkaConsumer(topic, bootstrap_servers=self.log.bootstrap, auto_offset_reset="earliest")
        await consumer.start()
        try:
            async with asyncio.timeout(PATIENCE):
                found = [decode((await consumer.getone()).value) for _ in range(number)]
        finally:
            await consumer.stop()
        return [event for event in found if isinstance(event, Event)]


@contextlib.asynccontextmanager
async def a_place(log: EventLog, folder: Path) -> AsyncIterator[Place]:
    """A service's parts on this log, let go of in the end."""
    documents = SqliteDocuments(folder / "issuer.sqlite")
    documents.collection(PARKED)
    await documents.open()
    place = Place(log, documents, Publisher(log, timeout=2.0))
    try:
        yield place
    finally:
        for listener in place.started:
            await listener.stop()
        await place.publisher.close()
        await documents.close()


class BrokerSuite:
    """Inherit, and provide the fixture `log`: open, its topics empty."""

    @pytest.fixture
    async def place(self, log: EventLog, tmp_path: Path) -> AsyncIterator[Place]:
        async with a_place(log, tmp_path) as place:
            yield place

    async def test_what_is_published_is_heard(self, place: Place) -> None:
        heard = Heard()
        await place.listen(heard.handle)
        await place.tell(completed(1))
        await heard.count(1)
        assert heard.events == [completed(1)]
        await place.committed_all(1)

    async def test_what_was_published_before_anyone_listened_is_heard(self, place: Place) -> None:
        await place.tell(*(completed(number) for number in range(10)))
        heard = Heard()
        await place.listen(heard.handle)
        await heard.count(10)
        assert sorted(heard.episodes) == list(range(10))

    async def test_events_come_in_batches(self, place: Place) -> None:
        await place.tell(*(completed(number) for number in range(300)))
        heard = Heard()
        await place.listen(heard.handle)
        await heard.count(300)
        assert len(heard.batches) < 30
        await place.committed_all(300)

    async def test_one_learner_s_events_stay_in_order(self, place: Place) -> None:
        learners = ("ana", "bob", "eve", "kim")
        events = [completed(number, learners[number % 4]) for number in range(200)]
        for start in range(0, 200, 50):
            await place.tell(*events[start : start + 50])
        heard = Heard()
        await place.listen(heard.handle)
        await heard.count(200)
        for learner in learners:
            own = [event for event in heard.events if event.data.learner == an_id(learner)]
            assert episodes(own) == sorted(episodes(own))

    async def test_two_thousand_events_of_common_size_are_all_delivered(self, place: Place) -> None:
        blob = os.urandom(280).hex()
        events = [pending_event(completed(number)) for number in range(2000)]
        sized = [event.model_copy(update={"headers": {"padding": blob}}) for event in events]
        assert sum(len(event.value) + len(blob) for event in sized) / len(sized) > 1300
        await place.publisher.publish(sized)
        heard = Heard()
        await place.listen(heard.handle)
        await heard.count(2000)
        assert sorted(heard.episodes) == list(range(2000))
        assert await place.parked.count({}) == 0

    async def test_an_event_larger_than_a_batch_is_delivered(self, place: Place) -> None:
        big = offering_published().data
        titles = {"en": "Knots", "de": "x" * 19_000}
        outcomes = tuple(big.learning_outcomes[0].model_copy(update={"title": titles}) for _ in range(30))
        event = offering_published(big.model_copy(update={"learning_outcomes": outcomes}))
        assert len(pending_event(event).value) > 512 * 1024
        await place.tell(offering_published(), event, offering_published())
        assert await place.on_topic(OfferingPublished.topic, 3) == [offering_published(), event, offering_published()]

    async def test_poison_is_parked_with_its_reason_and_the_rest_of_the_batch_flows(self, place: Place) -> None:
        await place.tell(completed(1))
        await place.send_raw(b"\xff\xfe not json", partition=0)
        await place.send_raw(b'{"type": "laurel.assessment.completed.v99", "data": {}}', partition=1)
        await place.send_raw(b"[]", partition=2)
        await place.send_raw(b'{"type": "laurel.assessment.completed.v1"}', partition=0)
        await place.send_raw(None, partition=1)
        await place.tell(offering := offering_published(), completed(2))
        await place.send_raw(pending_event(offering).value.encode(), partition=2)
        heard = Heard()
        await place.listen(heard.handle)
        await heard.count(2)
        parked = await place.parked_count(6)
        assert sorted(heard.episodes) == [1, 2]
        assert sorted(message.reason for message in parked) == [
            "invalid", "not-an-event", "not-json", "not-json", "unexpected-type", "unknown-type",
        ]  # fmt: skip
        assert {message.topic for message in parked} == {TOPIC}
        await place.committed_all(8)

    async def test_a_header_that_is_not_text_harms_nobody(self, place: Place) -> None:
        await place.tell(completed(1))
        value = pending_event(completed(2)).value.encode()
        await place.send_raw(value, headers=[("traceparent", b"\xff\xfe"), ("x", b"\x80")])
        await place.send_raw(b"poison", headers=[("x", b"\xff")])
        await place.tell(completed(3))
        heard = Heard()
        await place.listen(heard.handle)
        await heard.count(3)
        (parked,) = await place.parked_count(1)
        assert sorted(heard.episodes) == [1, 2, 3]
        assert parked.headers == {"x": "\\xff"}
        assert parked.raw == b"poison"

    async def test_a_header_whose_very_name_is_not_text_harms_nobody(self, place: Place) -> None:
        await place.tell(completed(0, "ana"), completed(7, "bob"), completed(8, "eve"))
        async with place.producer() as producer:
            batch = producer.create_batch()
            for number in range(1, 6):
                headers = [("BROKENNAME", b"")] if number == 3 else []
                value = pending_event(completed(number)).value.encode()
                batch.append(timestamp=None, key=b"k", value=value, headers=headers)
            _break_header_name(batch)
            await (await producer.send_batch(batch, TOPIC, partition=1))
        heard = Heard()
        await place.listen(heard.handle)
        await heard.count(8)
        await place.tell(completed(6))
        await heard.count(9)
        assert sorted(heard.episodes) == list(range(9))
        assert await place.parked.count({}) == 0
        await place.committed_all(9)

    async def test_while_the_database_is_away_events_wait_and_none_is_parked(self, place: Place) -> None:
        heard = Heard()
        away = 2

        async def handler(events: list[AssessmentCompleted]) -> None:
            nonlocal away
            if away:
                away -= 1
                raise Unavailable("the database is away")
            await heard.handle(events)

        await place.tell(*(completed(number) for number in range(20)))
        await place.listen(handler)
        await heard.count(20)
        assert sorted(heard.episodes) == list(range(20))
        assert await place.parked.count({}) == 0
        await place.committed_all(20)

    async def test_while_the_database_is_away_nothing_is_committed_and_readiness_says_why(self, place: Place) -> None:
        calls = Heard()

        async def handler(_: list[AssessmentCompleted]) -> None:
            await calls.tell()
            raise Unavailable("the database is away")

        await place.tell(completed(1))
        listener = await place.listen(handler)
        await calls.until(lambda: calls.calls > 3)
        with pytest.raises(Unavailable, match="the database is away"):
            await listener.check()
        assert await place.committed() == 0
        await listener.stop()
        assert await place.committed() == 0
        heard = Heard()
        await place.listen(heard.handle)
        await heard.count(1)

    async def test_a_bug_in_the_handler_parks_only_the_message_that_meets_it(self, place: Place) -> None:
        heard = Heard()

        async def handler(events: list[AssessmentCompleted]) -> None:
            if 13 in episodes(events):
                raise ValueError(f"secret {events[0].data.learner}")
            await heard.handle(events)

        await place.tell(*(completed(number) for number in range(40)))
        await place.listen(handler)
        await heard.until(lambda: len(set(heard.episodes)) == 39)
        (parked,) = await place.parked_count(1)
        assert sorted(set(heard.episodes)) == [number for number in range(40) if number != 13]
        assert parked.reason == "handler-failed"
        assert parked.detail.startswith("ValueError at broker_suite.py:")
        assert "secret" not in parked.model_dump_json()
        spans = place.spans.get_finished_spans()
        assert any(span.status.description == "ValueError" for span in spans)
        assert not any("secret" in span.to_json() for span in spans)
        assert parked.completion == completed(13).data.id
        assert decode(parked.raw) == completed(13)
        await place.committed_all(40)

    async def test_a_parked_completion_is_announced_once_and_told_again_when_it_comes_again(self, place: Place) -> None:
        async def handler(_: list[AssessmentCompleted]) -> None:
            raise Conflict("it exists in another state")

        await place.listen(handler)
        await place.tell(completed(1))
        (first,) = await place.on_topic(CompletionParked.topic, 1)
        await place.tell(completed(1))
        _, second = await place.on_topic(CompletionParked.topic, 2)
        (parked,) = await place.all_parked()
        assert isinstance(first, CompletionParked)
        assert isinstance(second, CompletionParked)
        assert first.id == second.id
        assert (first.data.completion, first.data.platform) == (completed(1).data.id, "uex-moodle")
        assert (first.data.reason, first.data.detail) == ("conflict", "it exists in another state")
        assert (parked.service, parked.group) == ("issuer", GROUP)

    async def test_a_message_parked_by_one_who_owes_no_outcome_announces_nothing(self, place: Place) -> None:
        async def handler(_: list[AssessmentCompleted]) -> None:
            raise Conflict("a mistake of the monitor's alone")

        listener = place.listener("monitor")
        listener.on(AssessmentCompleted, group="monitor.assessment-completed")(handler)
        await place.tell(completed(1))
        await listener.start()
        (parked,) = await place.parked_count(1)
        assert parked.pending == ()
        assert parked.completion == completed(1).data.id

    async def test_the_parking_limit_stops_the_consumer_and_readiness_says_why(self, place: Place) -> None:
        place.limit = 3
        heard = Heard()
        deployed_badly = True

        async def handler(events: list[AssessmentCompleted]) -> None:
            if deployed_badly:
                await heard.tell()
                raise KeyError("a bad deploy")
            await heard.handle(events)

        await place.tell(*(completed(number, "ana") for number in range(10)))
        listener = await place.listen(handler)

        async def stopped() -> bool:
            with contextlib.suppress(Unavailable):
                await listener.check()
                return False
            return True

        await eventually(stopped)
        with pytest.raises(Unavailable, match=r"3 messages are parked, which is the limit.*handler-failed"):
            await listener.check()
        assert await place.parked.count({}) == 3
        assert await place.committed() == 0
        deployed_badly = False
        await place.committed_all(10)
        await listener.check()
        # What is parked stays so for an operator, even where the better version handles it after all.
        assert set(range(3, 10)) <= set(heard.episodes)
        assert await place.parked.count({}) == 3

    async def test_a_restart_goes_on_where_offsets_were_committed(self, place: Place) -> None:
        heard = Heard()
        listener = await place.listen(heard.handle)
        await place.tell(*(completed(number) for number in range(5)))
        await heard.count(5)
        await place.committed_all(5)
        await listener.stop()
        await place.tell(*(completed(number) for number in range(5, 8)))
        again = Heard()
        await place.listen(again.handle)
        await again.count(3)
        assert sorted(again.episodes) == [5, 6, 7]

    async def test_a_stop_lets_the_batch_in_hand_finish(self, place: Place) -> None:
        heard, go_on = Heard(), asyncio.Event()

        async def handler(events: list[AssessmentCompleted]) -> None:
            await heard.tell()
            await go_on.wait()
            await heard.handle(events)

        await place.tell(completed(1))
        listener = await place.listen(handler)
        await heard.until(lambda: heard.calls == 1)
        stop = asyncio.create_task(listener.stop())
        await asyncio.sleep(0)
        go_on.set()
        await stop
        assert heard.episodes == [1]
        assert await place.committed() == 1

    async def test_a_batch_that_a_stop_cannot_wait_for_is_delivered_again(self, place: Place) -> None:
        started = Heard()

        async def never(_: list[AssessmentCompleted]) -> None:
            await started.tell()
            await asyncio.Event().wait()

        await place.tell(completed(1))
        listener = await place.listen(never, patience=0.05)
        await started.until(lambda: started.calls == 1)
        await listener.stop()
        assert await place.committed() == 0
        heard = Heard()
        await place.listen(heard.handle)
        await heard.count(1)

    async def test_a_broker_that_has_fallen_silent_does_not_hold_a_stop(self, place: Place) -> None:
        heard = Heard()
        await place.tell(completed(1))
        listener = await place.listen(heard.handle)
        await heard.count(1)
        for consumer in listener.consumers:

            async def never(*_: object, **__: object) -> None:
                await asyncio.Event().wait()

            consumer._client.send = never
        async with asyncio.timeout(PATIENCE):
            await listener.stop()
        assert not [task for task in asyncio.all_tasks() if task.get_name() == f"{listener.service}.parking"]

    async def test_what_is_parked_is_no_longer_told_once_a_stop_was_cut_short(self, place: Place) -> None:
        started = Heard()

        async def never(_: list[AssessmentCompleted]) -> None:
            await started.tell()
            await asyncio.Event().wait()

        await place.tell(completed(1))
        listener = await place.listen(never, patience=PATIENCE)
        await started.until(lambda: started.calls == 1)
        stop = asyncio.create_task(listener.stop())
        await asyncio.sleep(0)
        stop.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await stop
        assert not [task for task in asyncio.all_tasks() if task.get_name() == f"{listener.service}.parking"]

    async def test_with_broadcast_every_replica_hears_everything(self, place: Place) -> None:
        replicas = [Heard(), Heard()]
        for heard in replicas:
            listener = place.listener("verifier")
            listener.on(AssessmentCompleted, group="verifier.assessment-completed", broadcast=True)(heard.handle)
            await listener.start()
        await place.tell(*(completed(number) for number in range(4)))
        for heard in replicas:
            await heard.count(4)
            assert sorted(heard.episodes) == [0, 1, 2, 3]

    async def test_one_trace_runs_from_the_request_to_the_handler(self, place: Place) -> None:
        heard = Heard()
        inside: list[int] = []

        async def handler(events: list[AssessmentCompleted]) -> None:
            with place.tracer.start_as_current_span("issue") as span:
                inside.append(span.get_span_context().trace_id)
            await heard.handle(events)

        with place.tracer.start_as_current_span("POST /moodle/completions") as request:
            event = pending_event(completed(1))
        await place.publisher.publish([event])
        await place.listen(handler)
        await heard.count(1)
        assert inside == [request.get_span_context().trace_id]

    async def test_in_a_batch_every_event_keeps_its_own_trace(self, place: Place) -> None:
        heard = Heard()
        told: dict[str, str] = {}

        async def handler(events: list[AssessmentCompleted]) -> None:
            told.update({event.subject: pending_event(event).headers["traceparent"].split("-")[1] for event in events})
            await heard.handle(events)

        pending, wanted = [], {}
        for number in range(5):
            with place.tracer.start_as_current_span("POST") as request:
                pending.append(pending_event(completed(number)))
                wanted[completed(number).subject] = f"{request.get_span_context().trace_id:032x}"
        await place.publisher.publish(pending)
        await place.listen(handler)
        await heard.count(5)
        await place.committed_all(5)
        assert told == wanted
        for span in place.spans.get_finished_spans():
            text = span.to_json()
            assert not any(str(completed(number).data.learner) in text for number in range(5))

    async def test_the_outbox_tells_what_documents_have_to_say_and_forgets_it_once_confirmed(
        self, place: Place
    ) -> None:
        notes = await _notes(place)
        outbox = Outbox("issuer", (notes,), place.publisher, backoff=QUICK)
        relay = asyncio.create_task(outbox.run())
        heard = Heard()
        await place.listen(heard.handle)
        await notes.insert_many([_note(number) for number in range(20)])
        outbox.nudge()
        await heard.count(20)

        async def all_told() -> bool:
            return not await notes.with_pending()

        await eventually(all_told)
        assert sorted(heard.episodes) == list(range(20))
        await _cancel(relay)

    async def test_what_a_killed_process_left_behind_is_told_at_the_next_start(self, place: Place) -> None:
        notes = await _notes(place)
        await notes.insert_many([_note(1)])
        heard = Heard()
        await place.listen(heard.handle)
        relay = asyncio.create_task(Outbox("issuer", (notes,), place.publisher).run())
        await heard.count(1)
        await _cancel(relay)

    async def test_an_empty_topic_is_told_everything_again(self, place: Place) -> None:
        said = [completed(number) for number in range(3)]

        async def events() -> AsyncIterator[PendingEvent]:
            for event in said:
                yield pending_event(event)

        announcer = Announcer([Announcement(TOPIC, events)], place.log, place.publisher)
        assert await announcer.say_missing() == (TOPIC,)
        assert await announcer.say_missing() == ()
        heard = Heard()
        await place.listen(heard.handle)
        await heard.count(3)
        assert sorted(heard.episodes) == [0, 1, 2]


async def a_broker_that_dies_while_publishing_loses_nothing(place: Place, kill: Callable[[], None]) -> None:
    """For every log, each with its own way to die."""
    notes = await _notes(place)
    await notes.insert_many([_note(number) for number in range(50)])
    outbox = Outbox("issuer", (notes,), place.publisher)
    await place.tell(completed(99))
    kill()
    with pytest.raises(Unavailable):
        await outbox.relay()
    with pytest.raises(Unavailable):
        await place.publisher.ping()
    assert len(await notes.with_pending()) == 50


async def _notes(place: Place) -> Collection[Note]:
    notes = place.documents.collection(NOTES)
    await place.documents.open()
    return notes


def _note(number: int) -> Note:
    return Note(id=f"note-{number:03}", number=number, pending=(pending_event(completed(number)),))


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _break_header_name(batch: BatchBuilder) -> None:
    """Make the name of a header something no UTF-8 decoder takes, and the batch's checksum right again."""
    buffer = bytearray(batch._build())
    at = buffer.index(b"BROKENNAME")
    buffer[at] = 0xFF
    crc_at, from_attributes = 17, 21  # record batch v2: the checksum covers everything after it
    buffer[crc_at:from_attributes] = calc_crc32c(bytes(buffer[from_attributes:])).to_bytes(4, "big")
    batch._buffer = buffer
