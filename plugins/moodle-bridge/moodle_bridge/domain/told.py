"""A completion as somebody told it, whatever the form: what is still to come are the ids that are made here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schemas.events import AssessmentCompleted, Completion, Override, Platform, Trigger, fact_id
from schemas.microcredential import PersonalData
from schemas.values import SealedData
from schemas.vocabularies import Concept

SOURCE = "/moodle-bridge"


@dataclass(frozen=True, slots=True)
class Told:
    """Who completed what, when."""

    episode: str
    """The platform's own name for this one completion."""
    offering: str
    trigger: Trigger
    passed: bool
    completed: datetime
    learner: str
    """The platform's own id for the learner: personal, and never told on."""
    personal: PersonalData
    """What of it is about a person: to be sealed before it goes anywhere."""
    attempt: int | None = None
    previous: str | None = None
    """The platform's name for the completion by which the learner reached the same before."""
    overrides: tuple[Override, ...] = ()
    supervision: Concept | None = None


def assessment_completed(  # noqa: PLR0913 the parts of one fact, each by its name
    told: Told,
    *,
    completion: UUID,
    previous: UUID | None,
    platform: Platform,
    learner: UUID,
    personal: SealedData,
    received: datetime,
) -> AssessmentCompleted:
    """The fact in Laurel's words. Nothing in it but `personal` is about a person anybody could name."""
    return AssessmentCompleted(
        id=fact_id(completion, "completed"),
        source=SOURCE,
        subject=str(completion),
        time=told.completed,
        data=Completion(
            id=completion,
            platform=platform,
            episode=told.episode,
            offering=told.offering,
            trigger=told.trigger,
            passed=told.passed,
            attempt=told.attempt,
            previous=previous,
            overrides=told.overrides or None,
            supervision=told.supervision,
            learner=learner,
            personal=personal,
            received=received,
        ),
    )
