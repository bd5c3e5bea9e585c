from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.formats.elm import duration as written
from schemas.durations import Duration, read_duration


@pytest.mark.parametrize(
    ("text", "words", "hours"),
    [
        ("PT125H", "125 hours", 125),
        ("PT12H15M", "12 hours 15 minutes", Decimal("12.25")),
        ("PT1H", "1 hour", 1),
        ("PT1.5S", "1.5 seconds", Decimal("1.5") / 3600),
        ("P60M", "60 months", None),
        ("P1Y2M3DT4H", "1 year 2 months 3 days 4 hours", None),
        ("P2W", "2 weeks", None),
        ("-PT10H", "minus 10 hours", -10),
        ("PT0H", "0 hours", 0),
    ],
)
def test_a_duration_is_read_and_said_in_words(text: str, words: str, hours: Decimal | None) -> None:
    span = read_duration(text)

    assert span is not None
    assert (str(span), span.in_hours) == (words, hours)


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "60H", "P60", "PT5", "P1YT", "PT1H2H", "P1H", "P-1D", "PT" + "9" * 400 + "H"]
)
def test_what_names_no_span_is_none(text: str) -> None:
    assert read_duration(text) is None


@given(st.text(alphabet="PTYMDWHS.-0123456789", max_size=30))
def test_no_text_is_a_surprise(text: str) -> None:
    span = read_duration(text)
    assert span is None or isinstance(str(span), str)


@given(st.integers(1, 40_000))
def test_what_is_written_is_read(quarters: int) -> None:
    span = read_duration(written(quarters / 4))

    assert isinstance(span, Duration)
    assert span.in_hours == Decimal(quarters) / 4
