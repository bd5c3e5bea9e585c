"""The main job with a learner who would be noticed anywhere: what was told, kept, counted and logged names nobody."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, TopicPartition
from opentelemetry.sdk.trace import ReadableSpan

from chassis.logging import configure
from laurel.demo.moodle import LearningPlatform, Pupil, completion_body, correction_body
from tests.component.house.house import ADMIN, OFFERING, House, running

ZDENKA = Pupil("learner-4711-quokka", "Zdenka", "Xylofonova", "en", OFFERING, "87.64321", passed=True)
MATRICULATION = "matrikel-998877"
PERSONAL = ("Zdenka", "Xylofonova", "zdenka.xylofonova@learners.example", ZDENKA.id, MATRICULATION, ZDENKA.grade)
EVIDENCE = "https://portfolio.example/xylofonova"

SHORTEST = 8
"""Fewer letters than this occur by chance in what is encrypted."""


def _spellings(word: str) -> Iterator[bytes]:
    """How a word may lie in bytes: as it is, in capitals or not, inside something base64, or merely digested."""
    raw = word.encode()
    yield raw.lower()
    yield hashlib.sha256(raw).hexdigest().encode()
    for before in range(3):
        # What stands before a word shifts its letters; the first and last of them depend on the neighbours.
        middle = base64.b64encode(b"\0" * before + raw)[4:-4].lower()
        if len(middle) >= SHORTEST:
            yield middle
            yield middle.replace(b"+", b"-").replace(b"/", b"_")


SPELLINGS = {word: tuple(dict.fromkeys(_spellings(word))) for word in PERSONAL}


def found_in(content: bytes) -> list[str]:
    lower = content.lower()
    return [word for word, spellings in SPELLINGS.items() if any(spelling in lower for spelling in spellings)]


def test_the_search_finds_a_name_however_it_is_spelt() -> None:
    for prefix in ("", "x", "xy"):
        hidden = base64.b64encode(f"{prefix}{ZDENKA.name} <{PERSONAL[2]}>".encode())
        assert "Xylofonova" in found_in(hidden)
    assert found_in(b"ZDENKA") == ["Zdenka"]
    assert found_in(b"nobody in particular") == []


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, down to the least important."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure("debug", stream)
    try:
        yield stream
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()


def _body(episode: str, **learner: str) -> bytes:
    said = json.loads(completion_body(ZDENKA, episode, datetime.now(UTC) - timedelta(minutes=1)))
    said["learner"] |= {"idnumber": MATRICULATION} | learner
    said["evidence"] = [EVIDENCE]
    return json.dumps(said).encode()


async def _main_job(house: House) -> None:
    """Everything that happens to a learner, and the mistakes that happen around it."""
    platform = await house.found_university()
    http = house.http
    body = _body("course_completions:1")
    issued = await house.outcome_of(platform, body)
    assert issued["state"] == "issued", issued
    assert (await platform.deliver(body, datetime.now(UTC))).json()["duplicate"]

    # Somebody looks at it, verifies it in every way, and takes it back.
    for suffix in ("", "/credential"):
        assert ZDENKA.name in (await http.get(issued["claim"] + suffix, headers={"accept": "text/html"})).text
    credential = (await http.get(f"{issued['claim']}/credential")).json()
    verified = (await http.post("/api/v1/verifications", json={"credential": credential})).json()
    assert verified["decision"] == "accept", verified
    await http.post("/api/v1/verifications", json={"url": f"{issued['claim']}/credential"})
    await http.post("/credentials/verify", json={"verifiableCredential": credential})
    assert ZDENKA.name in (await http.post("/verify", data={"credential": json.dumps(credential)})).text
    credential["credentialSubject"]["achievement"]["name"] = ZDENKA.name
    await http.post("/api/v1/verifications", json={"credential": credential})
    await house.ask("POST", f"/api/v1/credentials/{issued['award']}/revocation", {"reason": "graded by mistake"})
    word = {
        "offering": OFFERING,
        "learner": {"full_name": ZDENKA.name, "email": PERSONAL[2]},
        "completed": "2026-01-01T10:00:00Z",
        "grade": {"value": ZDENKA.grade},
    }
    await house.ask("POST", "/api/v1/issuances", word)

    # The platform corrects their name, and what it said of their grade.
    learner = json.loads(body)["learner"]
    for change in (
        {"change": "learner-corrected", "learner": learner},
        {"change": "grade-changed", "passed": True, "grade": json.loads(body)["grade"]},
    ):
        corrected = correction_body("course_completions:1", noticed=datetime.now(UTC), **change)
        assert (await platform.correct(corrected, datetime.now(UTC))).status_code == 202
    stranger_said = correction_body("course_completions:1", "grade-changed", datetime.now(UTC), passed=ZDENKA.name)
    assert (await platform.correct(stranger_said, datetime.now(UTC))).status_code == 400
    statement = {
        "actor": {"name": ZDENKA.name, "mbox": f"mailto:{PERSONAL[2]}"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"},
        "object": {"id": "https://lms.example.org/activities/1"},
        "context": {"registration": ZDENKA.id},
    }
    basic = base64.b64encode(f"{platform.id}:{platform.secret}".encode()).decode()
    answer = await http.post(
        "/xapi/statements",
        json=statement,
        headers={"authorization": f"Basic {basic}", "x-experience-api-version": "1.0.3"},
    )
    assert answer.status_code == 400

    # What goes wrong with a learner's data is told without them.
    assert (await house.outcome_of(platform, _body("course_completions:2", fullname="Zdenka\u0085Xylofonova")))[
        "state"
    ] == "parked"
    stranger = LearningPlatform(http, platform.id, "whsec_" + "A" * 43 + "=")
    assert (await stranger.deliver(body, datetime.now(UTC))).status_code == 401
    for refused in (
        body[:-1],
        _body("course_completions:3", email=ZDENKA.name),
        body.replace(b'"passed"', b'"pasted"'),
    ):
        assert (await platform.deliver(refused, datetime.now(UTC))).status_code == 400
    assert (await platform.deliver(body.replace(b"true", b"false"), datetime.now(UTC))).status_code == 409
    await http.post("/api/v1/issuances", json=word | {"offering": {"email": PERSONAL[2]}}, headers=ADMIN)
    await http.get("/catalogue", params={"q": ZDENKA.name})
    await http.get("/verify", params={"url": f"https://example.org/?who={PERSONAL[2]}"})


def _everything_on(bootstrap: str) -> list[tuple[str, bytes]]:
    """Every message on the log: its place, and key, headers and value as bytes."""
    consumer = Consumer(
        {"bootstrap.servers": bootstrap, "group.id": "of-the-test", "enable.partition.eof": True, "log_level": 2}
    )
    found = []
    try:
        topics = consumer.list_topics(timeout=10).topics
        open_ends = [
            TopicPartition(name, number, OFFSET_BEGINNING) for name, t in topics.items() for number in t.partitions
        ]
        consumer.assign(open_ends)
        left = len(open_ends)
        while left:
            message = consumer.poll(10)
            assert message is not None, "the log does not answer"
            if (error := message.error()) is not None:
                assert error.code() == KafkaError._PARTITION_EOF, error
                left -= 1
                continue
            headers = [part for name, value in message.headers() or () for part in (name.encode(), value or b"")]
            content = b"\n".join([message.key() or b"", *headers, message.value() or b""])
            found.append((message.topic(), content))
    finally:
        consumer.close()
    return found


def _of(span: ReadableSpan) -> bytes:
    told: list[Any] = [span.name, dict(span.attributes or {}), span.status.description]
    told += [(event.name, dict(event.attributes or {})) for event in span.events]
    told += [dict(link.attributes or {}) for link in span.links]
    return repr(told).encode()


async def test_what_is_told_kept_counted_and_logged_names_nobody(tmp_path: Path, log: io.StringIO) -> None:
    var = tmp_path / "var"
    async with running(var) as house:
        await _main_job(house)
        messages = _everything_on(house.chassis.log.bootstrap)
        metrics = (await house.http.get("/metrics")).content
        ready = (await house.http.get("/readyz")).content
        operators = [
            (await house.http.get(path, headers=ADMIN)).content
            for path in ("/api/v1/flow", "/api/v1/account", "/api/v1/parked", "/api/v1/account/parked")
        ]
        open_files = {file.relative_to(var): file.read_bytes() for file in var.rglob("*") if file.is_file()}
        spans = house.spans.get_finished_spans()
    closed_files = {file.relative_to(var): file.read_bytes() for file in var.rglob("*") if file.is_file()}

    assert {topic for topic, _ in messages} >= {
        f"laurel.{name}"
        for name in (
            "assessment.completed",
            "credential.issued",
            "credential.status-changed",
            "completion.parked",
            "organisation.registered",
            "offering.published",
        )
    }
    for topic, content in messages:
        assert not found_in(content), f"{topic}: {found_in(content)}"
    assert any(name.suffix == ".sqlite-wal" for name in open_files), sorted(map(str, open_files))
    for name, content in [*open_files.items(), *closed_files.items()]:
        assert not found_in(content), f"{name} holds {found_in(content)}"
        assert not found_in(str(name).encode()), name
    for what, content in (("metrics", metrics), ("readiness", ready), *(("operators", one) for one in operators)):
        assert not found_in(content), f"{what}: {found_in(content)}"
    assert len(spans) > 20
    for span in spans:
        assert not found_in(_of(span)), f"{span.name}: {found_in(_of(span))}"
    lines = log.getvalue().splitlines()
    assert len(lines) > 5
    for line in lines:
        assert not found_in(line.encode()), line


TRACED = {
    ("laurel.assessment.completed", "issuer.assessment-completed"),
    ("laurel.credential.issued", "bridge.credential-issued"),
}


async def test_one_trace_runs_from_the_delivery_through_kafka_to_all_that_hear_of_the_credential(house: House) -> None:
    platform = await house.found_university()
    house.spans.clear()
    await house.outcome_of(platform, _body("course_completions:1"))

    def heard() -> set[tuple[object, object]]:
        """By whom of the delivery's trace, as far as their spans have ended: the bridge's ends after the outcome."""
        spans = house.spans.get_finished_spans()
        (request,) = [span for span in spans if span.name == "POST /moodle/completions"]
        own = [span.attributes or {} for span in spans if span.context.trace_id == request.context.trace_id]
        return {
            (one["messaging.destination.name"], one["messaging.consumer.group.name"])
            for one in own
            if "messaging.consumer.group.name" in one
        }

    for _ in range(500):
        if heard() >= TRACED:
            break
        await asyncio.sleep(0.02)
    assert heard() >= TRACED
