"""What changed after a completion was told is told beside it, once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

AGREED = sorted((Path(__file__).parents[2] / "contract/moodle/payloads/corrections").glob("*.json"))
LEARNER = {
    "id": "5",
    "firstname": "Ana",
    "lastname": "Andromeda",
    "email": "ana@example.org",
    "idnumber": "",
    "lang": "en",
}
GRADE = {"value": "85.00", "minimum": "0.00", "maximum": "100.00", "passmark": "50.00", "display": "85.00"}
THEN: dict[str, Any] = {"reached": True, "enrolled": True, "learner": LEARNER, "grade": GRADE, "passed": True}


@pytest.mark.parametrize(
    ("now", "changes"),
    [
        ({}, []),
        ({"grade": GRADE | {"value": "60.00"}}, ["grade-changed"]),
        ({"grade": GRADE | {"value": "31.50"}, "passed": False}, ["grade-changed"]),
        ({"grade": GRADE | {"value": "95.00"}}, []),
        ({"reached": False}, ["completion-withdrawn"]),
        ({"reached": False, "grade": None}, ["completion-withdrawn"]),
        ({"enrolled": False, "grade": None}, ["learner-unenrolled"]),
        ({"learner": None, "enrolled": False, "reached": False, "grade": None}, ["learner-deleted"]),
        ({"learner": LEARNER | {"firstname": "Anna"}}, ["learner-corrected"]),
        ({"learner": LEARNER | {"idnumber": "S-1"}}, ["learner-corrected"]),
        ({"learner": LEARNER | {"email": "anna@example.org", "lang": "de"}}, []),
        (
            {"learner": LEARNER | {"firstname": "Anna"}, "grade": GRADE | {"value": "1.00"}, "passed": False},
            ["grade-changed", "learner-corrected"],
        ),
    ],
)
def test_each_change_is_told_as_what_it_is(
    plugin: Callable[..., Any], now: dict[str, object], changes: list[str]
) -> None:
    assert plugin("changes", then=THEN, now=THEN | now) == changes


def test_what_was_taken_back_may_be_reached_again(plugin: Callable[..., Any]) -> None:
    assert plugin("changes", then=THEN | {"reached": False}, now=THEN) == ["completion-restored"]
    failed = THEN | {"grade": GRADE | {"value": "1.00"}, "passed": False}
    assert plugin("changes", then=failed, now=THEN) == ["grade-changed"]


def test_what_was_told_is_not_told_again(plugin: Callable[..., Any]) -> None:
    for now in ({"reached": False}, {"enrolled": False}, {"learner": None}, {"grade": None}):
        assert plugin("changes", then=THEN | now, now=THEN | now) == []


@pytest.mark.parametrize("agreed", AGREED, ids=lambda path: path.stem)
def test_a_correction_is_composed_as_agreed_with_the_bridge(plugin: Callable[..., Any], agreed: Path) -> None:
    text = agreed.read_text(encoding="utf-8")
    said = json.loads(text)
    grade = said["grade"] and {"passmark": said["grade"]["pass_mark"]} | {
        name: value for name, value in said["grade"].items() if name != "pass_mark"
    }
    learner = said["learner"] and said["learner"] | {"lang": said["learner"]["language"]}
    assert text == plugin(
        "correction",
        id=said["id"],
        episode=said["episode"],
        change=said["change"],
        noticed=1795507200,
        standing=THEN | {"grade": grade or GRADE, "learner": learner or LEARNER, "passed": said["passed"] is not False},
    )
