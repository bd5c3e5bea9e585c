"""Completions from before Laurel, as the lines of a file say them: flat, so that a spreadsheet can be one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, ConfigDict, Field, ValidationError

from moodle_bridge.domain.told import Told
from moodle_bridge.domain.translate import (
    CLOCK_TOLERANCE,
    MOST_EVIDENCE,
    Email,
    OptionalText,
    PlainUrl,
    none_when_blank,
)
from schemas.events import Trigger, TriggerKind
from schemas.faults import Malformed
from schemas.microcredential import Grade, GradingScheme, Identifier, Learner, PersonalData
from schemas.values import Frozen, Instant, JsonObject, LanguageTag, ShortText, Slug, instant_text


class EarlierCompletion(Frozen):
    """A line. A spreadsheet's numbers are text here; an empty cell says nothing."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    offering: Slug
    learner: ShortText
    """The platform's own id for the learner, as its deliveries carry it."""
    full_name: ShortText
    completed: Instant
    passed: bool = True
    given_name: OptionalText = None
    family_name: OptionalText = None
    email: Annotated[Email | None, BeforeValidator(none_when_blank)] = None
    student_number: OptionalText = None
    language: Annotated[LanguageTag | None, BeforeValidator(none_when_blank)] = None
    grade: OptionalText = None
    grade_minimum: OptionalText = None
    grade_maximum: OptionalText = None
    pass_mark: OptionalText = None
    evidence: Annotated[tuple[PlainUrl, ...], Field(max_length=MOST_EVIDENCE)] = ()
    course: OptionalText = None
    """The platform's own id for the course; none is the offering's."""
    attempt: Annotated[int, Field(ge=1)] | None = None
    episode: OptionalText = None
    """The platform's own name for this one completion; none is made of offering, learner and moment."""


class Unreadable(Malformed):
    """A line says something that cannot be understood: which field, and what of it. Never the value."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {message}" for field, message in problems.items()))
        self.problems = problems


def read(line: JsonObject, now: datetime) -> EarlierCompletion:
    """What a line says. Raises `Unreadable`."""
    try:
        said = EarlierCompletion.model_validate(line)
    except ValidationError as error:
        raise Unreadable({".".join(map(str, one["loc"])): one["msg"] for one in error.errors()}) from None
    if said.completed > now + CLOCK_TOLERANCE:
        raise Unreadable({"completed": "lies in the future"})
    return said


def told(said: EarlierCompletion, learner: UUID) -> Told:
    """What it says, in Laurel's words; `learner` is the opaque name that they have here."""
    numbers = (Identifier(value=said.student_number, scheme="sisSourcedId"),) if said.student_number else ()
    return Told(
        episode=said.episode or f"earlier:{said.offering}:{learner}:{instant_text(said.completed)}",
        offering=said.offering,
        trigger=Trigger(kind=TriggerKind.COURSE, id=said.course or said.offering),
        passed=said.passed,
        completed=said.completed,
        learner=said.learner,
        personal=PersonalData(
            learner=Learner(
                given_name=said.given_name,
                family_name=said.family_name,
                full_name=said.full_name,
                email=said.email,
                identifiers=numbers,
                language=said.language,
            ),
            grade=_grade(said),
            evidence=said.evidence,
        ),
        attempt=said.attempt,
    )


def _grade(said: EarlierCompletion) -> Grade | None:
    if said.grade is None:
        return None
    scale = {"minimum": said.grade_minimum, "maximum": said.grade_maximum, "pass_mark": said.pass_mark}
    if not any(scale.values()):
        return Grade(value=said.grade)
    return Grade(value=said.grade, scheme=GradingScheme(title={"en": "Points"}, **scale))
