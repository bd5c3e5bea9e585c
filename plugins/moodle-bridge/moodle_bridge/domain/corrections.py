"""What changed in Moodle after a completion was delivered: told beside it. What was told first stands."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, ValidationError

from moodle_bridge.domain.translate import CLOCK_TOLERANCE, MoodleGrade, MoodleLearner, PlainUrl
from schemas.faults import Malformed
from schemas.values import Frozen, Instant, ShortText


class Change(StrEnum):
    """What happened. What it means for the credential is the issuer's policy, not the platform's."""

    GRADE_CHANGED = "grade-changed"
    """The grade is another one; `passed` says whether it still passes."""
    COMPLETION_WITHDRAWN = "completion-withdrawn"
    """The course was reset, its criteria were unlocked, or the activity counts as not completed any more."""
    LEARNER_UNENROLLED = "learner-unenrolled"
    LEARNER_DELETED = "learner-deleted"
    LEARNER_CORRECTED = "learner-corrected"
    """A name, the e-mail address or the ID number is another one; `learner` is as it should have been told."""


class MoodleCorrection(Frozen):
    """The body of a correction, version 1. The sender freezes it at its first attempt."""

    version: Literal[1]
    site: PlainUrl
    id: UUID
    """Of this correction, the same at every attempt."""
    episode: ShortText
    """The completion it is about."""
    change: Change
    noticed: Instant
    passed: Annotated[bool, Field(strict=True)] | None = None
    grade: MoodleGrade | None = None
    learner: MoodleLearner | None = None


def read_correction(body: bytes, now: datetime) -> MoodleCorrection:
    """The correction's body. Raises `Malformed`, each field named and no value repeated: it may be personal."""
    try:
        said = MoodleCorrection.model_validate_json(body)
    except ValidationError as error:
        fields = (f"{'.'.join(map(str, one['loc'])) or 'body'}: {one['msg']}" for one in error.errors())
        raise Malformed("; ".join(fields)) from None
    if said.noticed > now + CLOCK_TOLERANCE:
        raise Malformed("noticed: lies in the future")
    return said
