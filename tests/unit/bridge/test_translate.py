from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from moodle_bridge.domain import translate
from moodle_bridge.domain.told import assessment_completed
from schemas.events import encode
from schemas.faults import Malformed
from tests.builders import NOW, a_platform, an_id, sealed_data

PAYLOAD = Path(__file__).parents[2] / "contract" / "moodle" / "payloads" / "course-passed.json"


def body(**changes: Any) -> bytes:  # noqa: ANN401 what Moodle may say
    said = json.loads(PAYLOAD.read_bytes())
    for path, value in changes.items():
        *parents, last = path.split("__")
        place = said
        for parent in parents:
            place = place[parent]
        place[last] = value
    return json.dumps(said).encode()


def without(name: str) -> bytes:
    said = json.loads(PAYLOAD.read_bytes())
    del said[name]
    return json.dumps(said).encode()


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (b"", "body: "),
        (b"{", "body: "),
        (b"null", "body: "),
        (b"[]", "body: "),
        (b'"x"', "body: "),
        (b"\xff\xfe", "body: "),
        (b"[" * 100_000, "body: "),
        (body(version=3), "version: "),
        (body(version="1"), "version: "),
        (without("version"), "version: "),
        (body(surprise=1), "surprise: "),
        (body(learner__username="ana"), "learner.username: "),
        (body(episode=""), "episode: "),
        (body(episode="e" * 501), "episode: "),
        (body(offering="Data Ethics!"), "offering: "),
        (body(trigger__kind="payment"), "trigger.kind: "),
        (body(trigger__id=4), "trigger.id: "),
        (body(learner__id=5), "learner.id: "),
        (body(learner__fullname=" "), "learner.fullname: "),
        (body(learner__email="not an address"), "learner.email: "),
        (body(passed="yes"), "passed: "),
        (body(passed=1), "passed: "),
        (body(passed=None), "passed: "),
        (body(completed="yesterday"), "completed: "),
        (body(completed="2026-11-23T10:00:00"), "completed: "),
        (body(attempt=0), "attempt: "),
        (body(attempt="1"), "attempt: "),
        (body(site="ftp://moodle.example"), "site: "),
        (body(evidence=["javascript:alert(1)"]), "evidence.0: "),
        (body(evidence=["https://e.example"] * 21), "evidence: "),
        (body(grade__value=85.0), "grade.value: "),
    ],
)
def test_what_cannot_be_read_is_malformed_and_the_field_is_named(raw: bytes, complaint: str) -> None:
    with pytest.raises(Malformed) as raised:
        translate.read(raw, NOW)
    assert str(raised.value).startswith(complaint)


def test_a_complaint_repeats_nothing_that_was_said() -> None:
    with pytest.raises(Malformed) as raised:
        translate.read(body(learner__email="ana andromeda", learner__surname="Andromeda"), NOW)
    assert "ndromeda" not in str(raised.value)


def test_a_completion_in_the_future_is_malformed_but_a_clock_may_be_a_little_ahead() -> None:
    assert translate.read(body(completed="2026-11-23T10:05:00Z"), NOW)
    with pytest.raises(Malformed, match="future"):
        translate.read(body(completed="2026-11-23T10:05:01Z"), NOW)


@pytest.mark.parametrize("field", ["attempt", "grade", "course__idnumber", "learner__email", "learner__language"])
def test_what_moodle_does_not_know_may_be_null(field: str) -> None:
    translate.read(body(**{field: None}), NOW)


@pytest.mark.parametrize(
    ("moodle", "tag"),
    [
        ("en", "en"),
        ("pt_br", "pt-br"),
        ("de_kids", "de-kids"),
        ("", None),
        ("x", None),
        ("en us", None),
        ("../etc", None),
    ],
)
def test_a_language_pack_becomes_a_language_tag_where_it_is_one(moodle: str, tag: str | None) -> None:
    said = translate.read(body(learner__language=moodle), NOW)
    assert translate.told(said).personal.learner.language == tag


@pytest.mark.parametrize("display", ["85.00", "85", "85,00", "85.00 %", "", None])
def test_a_grade_in_numbers_keeps_its_scale(display: str | None) -> None:
    grade = translate.told(translate.read(body(grade__display=display), NOW)).personal.grade
    assert grade is not None
    assert grade.scheme is not None
    assert (grade.value, grade.scheme.maximum) == ("85.00", "100.00")


def test_the_event_names_nobody() -> None:
    said = translate.read(body(learner__idnumber="S-118"), NOW)
    event = assessment_completed(
        translate.told(said),
        completion=an_id("c"),
        previous=None,
        platform=a_platform(),
        learner=an_id("l"),
        personal=sealed_data(),
        received=NOW + timedelta(seconds=1),
    )
    text = encode(event).decode()
    personal: list[Callable[[], object]] = [lambda: said.learner.email, lambda: said.learner.idnumber]
    for words in ("Ana", "Andromeda", "85.00", *(str(tell()) for tell in personal)):
        assert words not in text
    assert (event.subject, event.key, event.time) == (str(an_id("c")), str(an_id("l")), NOW)
    assert event.data.episode == "course_completions:17"
