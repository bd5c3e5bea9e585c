from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.values import Frozen, Instant, Quarters, in_language, instant_text

MOMENTS = st.datetimes(
    min_value=datetime(1, 1, 2),  # noqa: DTZ001 the zone is drawn
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001 as above
    timezones=st.timezones(),
)
QUARTERS = st.integers(1, 40_000).map(lambda n: Decimal(n) / 4)


class Lesson(Frozen):
    at: Instant
    hours: Quarters | None = None


@given(MOMENTS, MOMENTS)
def test_the_text_order_of_instants_is_their_order_in_time(one: datetime, other: datetime) -> None:
    first, second = sorted((Lesson(at=one).at, Lesson(at=other).at))

    assert instant_text(first) <= instant_text(second)


@given(MOMENTS)
def test_an_instant_is_what_it_was_after_a_round_trip(moment: datetime) -> None:
    lesson = Lesson(at=moment)

    assert Lesson.model_validate_json(lesson.model_dump_json()) == lesson
    assert timedelta(0) <= moment - lesson.at < timedelta(milliseconds=1)


def test_an_instant_has_one_spelling() -> None:
    summer = timezone(timedelta(hours=2))

    assert instant_text(datetime(2026, 7, 1, 14, 30, 0, 999_999, summer)) == "2026-07-01T12:30:00.999Z"
    assert instant_text(datetime(812, 1, 1, tzinfo=UTC)) == "0812-01-01T00:00:00.000Z"


@pytest.mark.parametrize(
    "text", ["2026-07-01T14:30:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "now"]
)
def test_a_moment_without_a_zone_or_outside_the_calendar_is_invalid(text: str) -> None:
    with pytest.raises(ValidationError):
        Lesson.model_validate_json(f'{{"at": "{text}"}}')


@given(QUARTERS)
def test_quarters_are_written_alike_by_every_json_library(hours: Decimal) -> None:
    lesson = Lesson(at=datetime(2026, 1, 1, tzinfo=UTC), hours=hours)

    written = lesson.model_dump_json()

    assert orjson.dumps(lesson.model_dump(mode="json")).decode() == written
    assert Lesson.model_validate_json(written).hours == hours


@pytest.mark.parametrize(
    "hours", ["0", "-1", "0.1", "10000.25", "NaN", "Infinity", "1E-999999", "125.0000000000000000000000000000001"]
)
def test_an_amount_that_is_no_positive_multiple_of_a_quarter_is_invalid(hours: str) -> None:
    with pytest.raises(ValidationError):
        Lesson(at=datetime(2026, 1, 1, tzinfo=UTC), hours=Decimal(hours))


def test_a_text_is_read_in_the_reader_s_language_else_in_english_else_as_it_is() -> None:
    assert in_language({"en": "Knots", "de": "Knoten"}, "de") == "Knoten"
    assert in_language({"en": "Knots", "de": "Knoten"}, "de-AT") == "Knoten"
    assert in_language({"de": "Knoten", "en": "Knots"}, "fr") == "Knots"
    assert in_language({"de": "Knoten"}, "fr") == "Knoten"
