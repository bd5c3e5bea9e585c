from typing import Any

import pytest

from catalogue.domain.search import Wanted, folded, matches
from tests.builders import an_offering


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"text": "ethics"},
        {"text": "PUBLIC data"},
        {"text": "datenethik"},
        {"text": "offentliche"},
        {"text": "harms"},
        {"field": "0312"},
        {"field": "03"},
        {"level": "6"},
        {"text": "ethics", "field": "031", "level": "6"},
    ],
)
def test_an_offering_is_found_by_words_of_any_language_by_field_and_by_level(wanted: dict[str, Any]) -> None:
    assert matches(an_offering(), Wanted(**wanted))


@pytest.mark.parametrize(
    "wanted",
    [
        {"text": "knots"},
        {"text": "ethics knots"},
        {"field": "0311"},
        {"field": "06"},
        {"level": "5"},
        {"text": "ethics", "level": "7"},
    ],
)
def test_every_word_and_every_filter_has_to_match(wanted: dict[str, Any]) -> None:
    assert not matches(an_offering(), Wanted(**wanted))


def test_an_offering_without_a_level_in_the_framework_is_not_found_by_one() -> None:
    assert not matches(an_offering(level={"cycle": "first-cycle"}), Wanted(level="6"))


def test_case_and_accents_make_no_difference() -> None:
    assert folded("ÖFFENTLICHE Straße Ñandú") == "offentliche strasse nandu"
