"""What is written of a stranger's document reads back as it was, whatever it holds."""

from __future__ import annotations

import json
from enum import StrEnum

import pytest

from credentials.json_text import parse_json, write_json


class _Word(StrEnum):
    YES = "yes"


@pytest.mark.parametrize("number", [2**53, 2**63, -(2**64), 10**25, 10**4000])
@pytest.mark.parametrize("indented", [True, False])
def test_integers_of_any_length_are_written_as_they_were_read(number: int, indented: bool) -> None:  # noqa: FBT001 a case
    said = {"long": parse_json(str(number)), "name": "Ünï", "of": [1.5, None]}
    assert parse_json(write_json(said, indented=indented)) == said


@pytest.mark.parametrize("indented", [True, False])
def test_a_long_integer_changes_nothing_in_the_form_of_the_rest(indented: bool) -> None:  # noqa: FBT001 as above
    said = {"word": _Word.YES, "several": ("a", {"b": 1}), "none": [], "number": 1}
    long = write_json({**said, "number": 10**25}, indented=indented)
    assert long.replace(str(10**25).encode(), b"1") == write_json(said, indented=indented)


def test_half_a_character_is_no_accident() -> None:
    assert json.loads(write_json(["\ud800"])) == ["\ud800"]
