"""What the bridge is told about one completion."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

CONTRACT = Path(__file__).parents[2] / "contract/moodle"
RECORDED = [path for path in sorted((CONTRACT / "recorded").glob("*.json")) if b'"version":2' in path.read_bytes()]

ROW = {
    "episode": "course_completions:17",
    "triggerkind": "course",
    "triggerid": "4",
    "timecompleted": "1795437433",
    "timeclaimed": None,
}
COURSE = {"id": "4", "shortname": "DE1", "fullname": "Data ethics", "idnumber": "DE-2026"}
USER = {
    "id": "5",
    "firstname": "Ana",
    "lastname": "Andromeda",
    "email": "ana@example.org",
    "idnumber": None,
    "lang": "en",
}
GRADE = {"value": "85.00", "minimum": "0.00", "maximum": "100.00", "passmark": "50.00", "display": "B"}


def composed(
    plugin: Callable[..., Any],
    *,
    grade: Mapping[str, object] | None = GRADE,
    esi: str = "",
    circumstances: Mapping[str, object] | None = None,
    **changes: dict[str, object],
) -> str:
    row, course, user = (
        original | changes.get(name, {}) for name, original in (("row", ROW), ("course", COURSE), ("user", USER))
    )
    text: str = plugin(
        "completion", row=row, course=course, user=user, grade=grade, esi=esi, circumstances=dict(circumstances or {})
    )
    return text


def test_a_completion_is_told_in_full(plugin: Callable[..., Any]) -> None:
    assert json.loads(composed(plugin)) == {
        "version": 2,
        "site": "https://moodle.example",
        "episode": "course_completions:17",
        "trigger": {"kind": "course", "id": "4"},
        "offering": "data-ethics",
        "course": {"id": "4", "shortname": "DE1", "fullname": "Data ethics", "idnumber": "DE-2026"},
        "learner": {
            "id": "5",
            "fullname": "Ana Andromeda",
            "firstname": "Ana",
            "lastname": "Andromeda",
            "email": "ana@example.org",
            "idnumber": "",
            "esi": "",
            "language": "en",
        },
        "grade": {
            "value": "85.00",
            "minimum": "0.00",
            "maximum": "100.00",
            "pass_mark": "50.00",
            "display": "B",
            "scale": None,
        },
        "passed": True,
        "completed": "2026-11-23T12:37:13Z",
        "attempt": None,
        "evidence": [],
        "previous": None,
        "claimed": None,
        "overrides": [],
        "supervision": None,
    }


def test_what_else_is_known_of_a_completion_is_told(plugin: Callable[..., Any]) -> None:
    circumstances = {
        "attempt": 2,
        "evidence": ["https://moodle.example/mod/quiz/review.php?attempt=12"],
        "previous": "course_completions:12",
        "overrides": ["grade"],
        "supervision": "SupId",
    }
    esi = "urn:schac:personalUniqueCode:int:esi:example.org:118"
    body = json.loads(
        composed(
            plugin,
            grade=GRADE | {"scale": ["Not yet", "Good"]},
            esi=esi,
            circumstances=circumstances,
            row={"timeclaimed": 1795437500},
        )
    )
    assert {name: body[name] for name in circumstances} == circumstances | {"supervision": "supid"}
    assert (body["learner"]["esi"], body["claimed"]) == (esi, "2026-11-23T12:38:20Z")
    assert body["grade"]["scale"] == ["Not yet", "Good"]


def test_a_word_for_supervision_that_europe_does_not_have_is_left_out(plugin: Callable[..., Any]) -> None:
    assert json.loads(composed(plugin, circumstances={"supervision": "webcam"}))["supervision"] is None


def test_ids_are_text_whichever_type_the_database_gives(plugin: Callable[..., Any]) -> None:
    body = json.loads(composed(plugin, row={"triggerid": 4}, course={"id": 4}, user={"id": 5}))
    assert (body["trigger"]["id"], body["course"]["id"], body["learner"]["id"]) == ("4", "4", "5")


def test_a_grade_below_the_pass_mark_does_not_pass(plugin: Callable[..., Any]) -> None:
    assert json.loads(composed(plugin, grade=GRADE | {"value": "49.99999"}))["passed"] is False
    assert json.loads(composed(plugin, grade=GRADE | {"value": "50.00"}))["passed"] is True


def test_a_completed_course_without_pass_mark_or_grade_is_passed(plugin: Callable[..., Any]) -> None:
    without_mark = json.loads(composed(plugin, grade=GRADE | {"value": "1.00", "passmark": None}))
    assert without_mark["passed"] is True
    assert without_mark["grade"]["pass_mark"] is None
    without_grade = json.loads(composed(plugin, grade=None))
    assert without_grade["passed"] is True
    assert without_grade["grade"] is None


def test_a_grade_hidden_from_the_learner_is_judged_but_not_told(plugin: Callable[..., Any]) -> None:
    body = json.loads(composed(plugin, grade=GRADE | {"value": "10.00", "hidden": True}))
    assert body["grade"] is None
    assert body["passed"] is False


def test_course_names_are_filtered_and_not_escaped(plugin: Callable[..., Any]) -> None:
    body = json.loads(composed(plugin, course={"fullname": '<span lang="en">Ethics & data</span> '}))
    assert body["course"]["fullname"] == "Ethics & data"


def test_letters_outside_ascii_travel_as_they_are(plugin: Callable[..., Any]) -> None:
    text = composed(plugin, user={"firstname": "Дарья", "lastname": "Ñandú/Östlund"})
    assert '"fullname":"Дарья Ñandú/Östlund"' in text


@pytest.mark.parametrize(
    ("code", "tag"),
    [
        ("en", "en"),
        ("pt_br", "pt-br"),
        ("ca_valencia", "ca-valencia"),
        ("zh_cn", "zh-cn"),
        ("de_toolonging", "de"),
        ("", "de"),
        ("x", "en"),
    ],
)
def test_moodle_s_language_codes_become_language_tags(plugin: Callable[..., Any], code: str, tag: str) -> None:
    assert json.loads(composed(plugin, user={"lang": code}))["learner"]["language"] == tag


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("85.00000", "85.00"),
        ("66.66667", "66.66667"),
        (100, "100.00"),
        ("-5.50000", "-5.50"),
        (0.1, "0.10"),
        ("1000000.00000", "1000000.00"),
    ],
)
def test_a_grade_keeps_two_to_five_decimals(plugin: Callable[..., Any], number: object, text: str) -> None:
    assert plugin("decimal", number=number) == text


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda path: path.stem)
def test_what_a_real_moodle_sent_is_what_is_composed_here(plugin: Callable[..., Any], recorded: Path) -> None:
    """The stubs beside this file are no other Moodle than the real one: same facts in, same bytes out."""
    text = recorded.read_text(encoding="utf-8")
    sent = json.loads(text)
    learner, grade = sent["learner"], sent["grade"]
    completed = int(datetime.fromisoformat(sent["completed"]).timestamp())
    assert text == plugin(
        "completion",
        row={
            "episode": sent["episode"],
            "triggerkind": sent["trigger"]["kind"],
            "triggerid": sent["trigger"]["id"],
            "timecompleted": completed,
            "timeclaimed": sent["claimed"] and int(datetime.fromisoformat(sent["claimed"]).timestamp()),
        },
        course=sent["course"],
        user=learner | {"lang": learner["language"]},
        esi=learner["esi"],
        grade=grade and {"passmark": grade["pass_mark"]} | {k: v for k, v in grade.items() if k != "pass_mark"},
        circumstances={name: sent[name] for name in ("attempt", "evidence", "previous", "overrides", "supervision")},
    )


def test_there_are_recorded_bodies() -> None:
    assert RECORDED
