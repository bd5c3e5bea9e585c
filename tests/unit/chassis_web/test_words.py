"""What a credential writes for machines, in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.web.words import capitalised, in_words


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("PT125H", "125 hours"),
        ("PT12H15M", "12 hours 15 minutes"),
        ("P60M", "60 months"),
        ("2026-11-23T10:00:00Z", "23 November 2026"),
        ("2026-11-23T23:30:00-02:00", "24 November 2026"),
        ("2026-06-30", "30 June 2026"),
        ("emailAddress (hashed)", "e-mail address (hashed)"),
        ("ext:europeanStudentIdentifier (hashed)", "european student identifier (hashed)"),
        ("sis.sourced-Id (hashed)", "sis sourced id (hashed)"),
        ("2026-13-40T10:00:00Z", "2026-13-40T10:00:00Z"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
        ("Ana Andromeda", "Ana Andromeda"),
        ("did:key:z6Mk (hashed)", "did:key:z6Mk (hashed)"),
        ("P", "P"),
        ("", ""),
    ],
)
def test_a_value_is_said_as_people_say_it(written: str, said: str) -> None:
    assert in_words(written) == said


@pytest.mark.parametrize(
    ("text", "with_a_capital"),
    [
        ("written examination", "Written examination"),
        ("http://x.example/mode", "http://x.example/mode"),
        ("did:key:z6Mk", "did:key:z6Mk"),
        ("überblick: alles", "Überblick: alles"),
        ("", ""),
    ],
)
def test_words_get_a_capital_and_addresses_keep_theirs(text: str, with_a_capital: str) -> None:
    assert capitalised(text) == with_a_capital


@given(st.text())
def test_no_text_is_a_surprise(text: str) -> None:
    assert isinstance(capitalised(in_words(text)), str)
