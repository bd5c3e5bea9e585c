"""How moments of credentials are read: any number of digits, one zone, and nothing large is kept."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime

import pytest

from credentials.moments import NotAMoment, read_moment, seconds_text


def test_a_moment_has_its_zone_and_is_read_in_utc() -> None:
    read = read_moment("2026-01-01T01:30:00.5+01:30")
    assert (read, read.tzinfo) == (datetime(2026, 1, 1, 0, 0, 0, 500_000, UTC), UTC)


def test_fractions_may_have_any_number_of_digits_and_are_not_kept() -> None:
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for number in range(20):
            long = f"2026-01-01T00:00:00.{number:02}{'0' * 100_000}Z"
            assert read_moment(long) == datetime(2026, 1, 1, 0, 0, 0, number * 10_000, UTC)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 1_000_000


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00", 5])
def test_what_is_no_moment_of_utc_is_refused(text: object) -> None:
    with pytest.raises(NotAMoment):
        read_moment(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_the_first_and_the_last_moment_are_read_and_written(text: str) -> None:
    assert seconds_text(read_moment(text)) == text
