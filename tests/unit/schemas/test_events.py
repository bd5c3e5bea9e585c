"""Encoding, decoding, and the evolution of events (decision 0001)."""

from datetime import timedelta
from typing import Any, ClassVar, Literal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.events import (
    AssessmentCompleted,
    Event,
    OfferingPublished,
    Unreadable,
    decode,
    encode,
    fact_id,
)
from schemas.events.codec import RELEASED, Codec
from schemas.events.envelope import schema_urn
from schemas.events.upcast import successor
from schemas.values import Frozen, SealedData
from schemas.vocabularies import ASSESSMENT_TYPES, FIELDS_OF_EDUCATION, LEARNING_MODES
from tests.builders import (
    NOW,
    a_completion,
    an_id,
    an_offering,
    assessment_completed,
    every_event,
    offering_published,
)

TEXT = st.text(min_size=1, max_size=40).filter(str.strip)
TEXTS = st.dictionaries(st.sampled_from(["en", "de", "zh-Hant", "ga"]), TEXT, min_size=1)
OFFERINGS = st.fixed_dictionaries(
    {
        "title": TEXTS,
        "learning_outcomes": st.lists(st.fixed_dictionaries({"title": TEXTS}), max_size=3),
        "workload": st.none() | st.integers(1, 40_000).map(lambda n: {"hours": n / 4}),
        "assessments": st.lists(st.fixed_dictionaries({"type": st.sampled_from(list(ASSESSMENT_TYPES))}), max_size=3),
        "participation": st.lists(st.sampled_from(list(LEARNING_MODES)), max_size=3),
        "fields": st.lists(st.sampled_from(list(FIELDS_OF_EDUCATION)), max_size=3),
        "closes": st.none() | st.timedeltas(timedelta(0), timedelta(days=900)).map(lambda later: NOW + later),
    }
)


def changed(event: Event, **changes: object) -> bytes:
    return orjson.dumps({**orjson.loads(encode(event)), **changes})


@pytest.mark.parametrize("event", every_event(), ids=lambda event: event.type)
def test_every_event_is_what_it_was_after_a_journey(event: Event) -> None:
    assert decode(encode(event)) == event


@given(OFFERINGS)
def test_an_offering_of_any_content_is_what_it_was_after_a_journey(content: dict[str, Any]) -> None:
    event = offering_published(an_offering(**content))

    assert decode(encode(event)) == event


@given(nonce=st.binary(min_size=12, max_size=12), ciphertext=st.binary(min_size=16, max_size=400))
def test_sealed_bytes_are_what_they_were_after_a_journey(nonce: bytes, ciphertext: bytes) -> None:
    sealed = SealedData(learner=an_id("learner 5"), nonce=nonce, ciphertext=ciphertext)
    event = assessment_completed(a_completion(personal=sealed))

    assert decode(encode(event)) == event


def test_the_table_of_released_events_has_every_kind() -> None:
    assert {type(event) for event in every_event()} == set(RELEASED)


def test_an_event_travels_to_the_topic_its_type_names() -> None:
    assert OfferingPublished.topic == "laurel.offering.published"
    assert [event.topic for event in every_event()] == [event.type.removesuffix(".v1") for event in every_event()]


def test_keys_keep_together_what_must_stay_in_order() -> None:
    assert assessment_completed().key == str(a_completion().learner)
    assert offering_published(an_offering(version=3)).key == "data-ethics@3"


def test_the_same_fact_has_the_same_id() -> None:
    assert fact_id(an_id("award"), "issued") == fact_id(an_id("award"), "issued")
    assert fact_id(an_id("award"), "issued") != fact_id(an_id("award"), "refused")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not-json"),
        (b"\xff\xfe", "not-json"),
        (b'{"type": "laurel', "not-json"),
        (b"[" * 10_000, "not-json"),
        (b"null", "not-an-event"),
        (b"[1]", "not-an-event"),
        (b"{}", "not-an-event"),
        (b'{"type": 7}', "not-an-event"),
        (b'{"type": "laurel.assessment.completed.v99"}', "unknown-type"),
        (b'{"type": "laurel.assessment.completed.v1"}', "invalid"),
        (changed(assessment_completed(), specversion="0.3"), "invalid"),
        (changed(assessment_completed(), time="0001-01-01T00:00:00+14:00"), "invalid"),
    ],
)
def test_what_cannot_be_read_says_why_and_keeps_the_bytes(raw: bytes, reason: str) -> None:
    unreadable = decode(raw)

    assert isinstance(unreadable, Unreadable)
    assert (unreadable.raw, unreadable.reason) == (raw, reason)
    assert unreadable.detail


@given(st.binary(max_size=200) | st.recursive(st.none() | st.floats() | st.text(), st.lists).map(repr).map(str.encode))
def test_no_bytes_make_the_decoder_raise(raw: bytes) -> None:
    assert isinstance(decode(raw), Unreadable)


def test_the_detail_of_an_unreadable_event_names_the_field_and_not_its_content() -> None:
    raw = encode(assessment_completed()).replace(b'"passed":true', b'"passed":"Ana Andromeda"')

    unreadable = decode(raw)

    assert isinstance(unreadable, Unreadable)
    assert unreadable.detail.startswith("data.passed: ")
    assert "Ana" not in unreadable.detail


def test_attributes_and_fields_of_a_later_minor_are_passed_over() -> None:
    envelope = orjson.loads(encode(assessment_completed()))
    envelope["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    envelope["dataschema"] += ".1"
    envelope["data"]["room"] = "A 12"
    envelope["data"]["platform"]["vendor"] = "Moodle"

    assert decode(orjson.dumps(envelope)) == assessment_completed()


def test_a_misspelt_field_is_an_error_where_it_is_written() -> None:
    with pytest.raises(ValueError, match="lerner"):
        a_completion(lerner=an_id("learner 5"))


def test_an_event_names_the_schema_it_was_written_by() -> None:
    class Moved(Event):
        minor: ClassVar[int] = 2
        type: Literal["laurel.test.moved.v1"] = "laurel.test.moved.v1"

    assert assessment_completed().dataschema == "urn:laurel:schema:laurel.assessment.completed.v1.1"
    assert schema_urn(Moved) == "urn:laurel:schema:laurel.test.moved.v1.2"
    assert schema_urn(AssessmentCompleted) == assessment_completed().dataschema


class Grading(Frozen):
    points: int


class GradedV1(Event):
    """In its first version a mark had only points."""

    type: Literal["laurel.test.graded.v1"] = "laurel.test.graded.v1"
    data: Grading


class GradingOfHundred(Frozen):
    points: int
    maximum: int


class GradedV2(Event):
    """In its second version it says out of how many."""

    type: Literal["laurel.test.graded.v2"] = "laurel.test.graded.v2"
    data: GradingOfHundred


class Percentage(Frozen):
    percent: float


class GradedV3(Event):
    """In its third version it is a percentage."""

    type: Literal["laurel.test.graded.v3"] = "laurel.test.graded.v3"
    data: Percentage


@successor.register
def _(event: GradedV1) -> GradedV2:
    return GradedV2(**event.envelope(), data=GradingOfHundred(points=event.data.points, maximum=100))


@successor.register
def _(event: GradedV2) -> GradedV3:
    return GradedV3(**event.envelope(), data=Percentage(percent=100 * event.data.points / event.data.maximum))


GRADED: tuple[type[Event], ...] = (GradedV1, GradedV2, GradedV3)
AS_IT_WAS: dict[str, Any] = {"id": an_id("graded"), "source": "/test", "subject": "17", "time": NOW}


@pytest.mark.parametrize(
    "told",
    [
        GradedV1(**AS_IT_WAS, data=Grading(points=85)),
        GradedV2(**AS_IT_WAS, data=GradingOfHundred(points=17, maximum=20)),
        GradedV3(**AS_IT_WAS, data=Percentage(percent=85)),
    ],
    ids=["v1", "v2", "v3"],
)
def test_every_version_of_a_fact_is_read_as_its_newest_with_the_same_id(told: Event) -> None:
    assert Codec(GRADED).decode(encode(told)) == GradedV3(**AS_IT_WAS, data=Percentage(percent=85))


def test_all_versions_of_a_fact_share_a_topic() -> None:
    assert {event.topic for event in GRADED} == {"laurel.test.graded"}
