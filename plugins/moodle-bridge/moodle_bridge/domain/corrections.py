"""What changed in Moodle after a completion was delivered: told beside it. What was told first stands."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, ValidationError, model_validator

from moodle_bridge.domain.told import SOURCE
from moodle_bridge.domain.translate import CLOCK_TOLERANCE, MoodleGrade, MoodleLearner, PlainUrl, fields, grade, learner
from schemas.events import AssessmentCompleted, Change, CompletionCorrected, Correction, fact_id
from schemas.faults import Malformed, Refused
from schemas.microcredential import CorrectedData
from schemas.values import Frozen, Instant, SealedData, ShortText


class CompletionUnknown(Refused):
    """No completion of this episode was accepted from this platform."""


class AnotherLearner(Refused):
    """The correction names another learner than the completion it is about."""


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

    @model_validator(mode="after")
    def _says_what_it_corrects(self) -> Self:
        if self.change is Change.GRADE_CHANGED and self.passed is None:
            raise ValueError("a changed grade says whether it still passes")
        if self.change is Change.LEARNER_CORRECTED and self.learner is None:
            raise ValueError("a corrected learner is told as they should have been")
        return self


def read_correction(body: bytes, now: datetime) -> MoodleCorrection:
    """The correction's body. Raises `Malformed`, each field named and no value repeated: it may be personal."""
    try:
        said = MoodleCorrection.model_validate_json(body)
    except ValidationError as error:
        raise Malformed(fields(error)) from None
    if said.noticed > now + CLOCK_TOLERANCE:
        raise Malformed("noticed: lies in the future")
    return said


def corrected_data(said: MoodleCorrection) -> CorrectedData | None:
    """What of it is about a person: to be sealed before it goes anywhere."""
    if said.learner is None and said.grade is None:
        return None
    return CorrectedData(
        learner=learner(said.learner) if said.learner else None, grade=grade(said.grade) if said.grade else None
    )


def completion_corrected(
    said: MoodleCorrection, completed: AssessmentCompleted, personal: SealedData | None, received: datetime
) -> CompletionCorrected:
    """The fact in Laurel's words, about this completion. The sender's id names it among that completion's."""
    completion = completed.data
    id_ = correction_id(completion.id, said.id)
    return CompletionCorrected(
        id=id_,
        source=SOURCE,
        subject=str(completion.id),
        time=said.noticed,
        data=Correction(
            id=id_,
            completion=completion.id,
            platform=completion.platform.id,
            organisation=completion.platform.organisation,
            episode=completion.episode,
            offering=completion.offering,
            change=said.change,
            passed=said.passed,
            learner=completion.learner,
            personal=personal,
            received=received,
        ),
    )


def correction_id(completion: UUID, told: UUID) -> UUID:
    """Laurel's id of what the sender calls by this one."""
    return fact_id(completion, "corrected", str(told))
