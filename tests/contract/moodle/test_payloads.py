"""What the Moodle plugin sends is read, and says what it should. A payload once recorded here stays readable."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from moodle_bridge.domain.corrections import read_correction
from moodle_bridge.domain.translate import Supervision, read, told
from schemas.events import Change, Override
from schemas.microcredential import Grade, GradingScheme, Identifier, Learner, PersonalData
from tests.builders import NOW

PAYLOADS = Path(__file__).parent / "payloads"


def points(value: str, minimum: str, maximum: str, pass_mark: str) -> Grade:
    scheme = GradingScheme(title={"en": "Points"}, minimum=minimum, maximum=maximum, pass_mark=pass_mark)
    return Grade(value=value, scheme=scheme)


EXPECTED: dict[str, tuple[dict[str, Any], PersonalData]] = {
    "course-passed": (
        {"episode": "course_completions:17", "passed": True, "completed": NOW, "attempt": 1},
        PersonalData(
            learner=Learner(
                given_name="Ana",
                family_name="Andromeda",
                full_name="Ana Andromeda",
                email="ana@example.org",
                language="en",
            ),
            grade=points("85.00", "0.00", "100.00", "50.00"),
        ),
    ),
    "course-passed-again": (
        {
            "previous": "course_completions:17",
            "claimed": datetime(2026, 11, 23, 10, 5, tzinfo=UTC),
            "overrides": (Override.GRADE,),
            "supervision": Supervision.SUPERVISED_WITH_ID,
        },
        PersonalData(
            learner=Learner(
                given_name="Ana",
                family_name="Andromeda",
                full_name="Ana Andromeda",
                email="ana@example.org",
                identifiers=(
                    Identifier(value="S-2026/118", scheme="sisSourcedId"),
                    Identifier(
                        value="urn:schac:personalUniqueCode:int:esi:example.org:118",
                        scheme="urn:schac:personalUniqueCode:int:esi",
                    ),
                ),
                language="en",
            ),
            grade=points("85.00", "0.00", "100.00", "50.00"),
        ),
    ),
    "course-failed": (
        {"passed": False, "completed": datetime(2026, 11, 23, 10, 30, tzinfo=UTC), "attempt": 2},
        PersonalData(
            learner=Learner(
                given_name="Żaneta",
                family_name="Ğüneş-O'Brien",
                full_name="Żaneta Ğüneş-O'Brien",
                email="zaneta@example.org",
                identifiers=(Identifier(value="S-2026/118", scheme="sisSourcedId"),),
                language="pt-br",
            ),
            grade=points("31.50000", "0.00000", "100.00000", "50.00000"),
            evidence=("https://moodle.example/school/mod/quiz/review.php?attempt=12",),
        ),
    ),
    "activity-on-a-scale": (
        {"passed": True, "attempt": None, "offering": "battery-recycling"},
        PersonalData(learner=Learner(full_name="李小龍", language="zh-tw"), grade=Grade(value="Outstanding")),
    ),
    "competency-without-a-grade": (
        {"passed": True, "grade": None},
        PersonalData(learner=Learner(given_name="Chiara", family_name="Conti", full_name="Chiara Conti")),
    ),
}


@pytest.mark.parametrize("payload", sorted(PAYLOADS.glob("*.json")), ids=lambda path: path.stem)
def test_every_recorded_payload_says_what_it_said_when_it_was_recorded(payload: Path) -> None:
    said = read(payload.read_bytes(), datetime(2100, 1, 1, tzinfo=UTC))
    fields, personal = EXPECTED[payload.stem]
    assert {name: getattr(said, name) for name in fields} == fields
    assert told(said).personal == personal


CORRECTIONS = {
    "grade-lowered": Change.GRADE_CHANGED,
    "completion-withdrawn": Change.COMPLETION_WITHDRAWN,
    "completion-restored": Change.COMPLETION_RESTORED,
    "learner-unenrolled": Change.LEARNER_UNENROLLED,
    "learner-deleted": Change.LEARNER_DELETED,
    "name-corrected": Change.LEARNER_CORRECTED,
}


@pytest.mark.parametrize("payload", sorted((PAYLOADS / "corrections").glob("*.json")), ids=lambda path: path.stem)
def test_every_recorded_correction_says_what_it_said_when_it_was_recorded(payload: Path) -> None:
    said = read_correction(payload.read_bytes(), datetime(2100, 1, 1, tzinfo=UTC))
    assert (said.change, said.episode) == (CORRECTIONS[payload.stem], "course_completions:17")
    assert (said.passed is False, said.grade is not None) == ((payload.stem == "grade-lowered"),) * 2
    assert (said.learner is not None) is (payload.stem == "name-corrected")
