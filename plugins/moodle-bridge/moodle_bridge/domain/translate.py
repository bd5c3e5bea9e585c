"""From what Moodle says to what Laurel says."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, TypeAdapter, ValidationError

from moodle_bridge.domain.told import Told
from schemas.events import Override, Trigger
from schemas.faults import Malformed
from schemas.microcredential import Grade, GradingScheme, Identifier, Learner, PersonalData
from schemas.values import Frozen, Instant, LanguageTag, ShortText, Slug, Url
from schemas.vocabularies import SUPERVISION_VERIFICATION

CLOCK_TOLERANCE = timedelta(minutes=5)
MOST_EVIDENCE = 20
MOST_SCALE_ITEMS = 100

STUDENT_IDENTIFIER = "urn:schac:personalUniqueCode:int:esi"
"""The register of European Student Identifiers. Source: SCHAC Attribute Definitions 1.6.0, schacPersonalUniqueCode."""

_NUMBER = re.compile(r"-?[0-9]+([.,][0-9]+)?\s*%?", re.ASCII)
_language = TypeAdapter(LanguageTag)


def none_when_blank(value: object) -> object:
    """An empty field says nothing."""
    return None if isinstance(value, str) and not value.strip() else value


OptionalText = Annotated[ShortText | None, BeforeValidator(none_when_blank)]
"""Moodle leaves a field empty where it has nothing to say."""
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$", max_length=320)]
PlainUrl = Annotated[Url, AfterValidator(str)]


class MoodleCourse(Frozen):
    """The course that was completed, for people to recognise it by."""

    id: ShortText
    shortname: ShortText
    fullname: ShortText
    idnumber: OptionalText = None


class MoodleLearner(Frozen):
    """Who completed it, as Moodle knows them when it delivers."""

    id: ShortText
    fullname: ShortText
    firstname: OptionalText = None
    lastname: OptionalText = None
    email: Annotated[Email | None, BeforeValidator(none_when_blank)] = None
    idnumber: OptionalText = None
    esi: OptionalText = None
    """European Student Identifier, where the site keeps one."""
    language: OptionalText = None


class MoodleGrade(Frozen):
    """The course's grade: numbers as text, so that nobody rounds them."""

    value: ShortText
    minimum: OptionalText = None
    maximum: OptionalText = None
    pass_mark: OptionalText = None
    display: OptionalText = None
    """As Moodle prints it: the number again, or the word for it on the course's scale."""
    scale: Annotated[tuple[ShortText, ...], Field(max_length=MOST_SCALE_ITEMS)] | None = None
    """The words of the course's scale, worst first, where it is graded on one."""


class Supervision(StrEnum):
    """Who watched, and whether they knew whom: notations of the European vocabulary (ELM `idVerification`)."""

    UNSUPERVISED_WITH_ID = "nosupid"
    UNSUPERVISED = "nosupnoid"
    SUPERVISED_WITH_ID = "supid"
    SUPERVISED = "supnoid"


class MoodleCompletion(Frozen):
    """The body of a delivery, frozen by its sender at the first attempt. Version 2 says more, and nothing otherwise."""

    version: Literal[1, 2]
    site: PlainUrl
    episode: ShortText
    trigger: Trigger
    offering: Slug
    course: MoodleCourse
    learner: MoodleLearner
    grade: MoodleGrade | None = None
    passed: Annotated[bool, Field(strict=True)]
    completed: Instant
    attempt: Annotated[int, Field(ge=1, strict=True)] | None = None
    evidence: Annotated[tuple[PlainUrl, ...], Field(max_length=MOST_EVIDENCE)] = ()
    previous: ShortText | None = None
    """The episode in which this learner completed the same before: whether that renews is for the issuer to say."""
    claimed: Instant | None = None
    """When the learner asked for the credential, where the course leaves that to them."""
    overrides: tuple[Override, ...] = ()
    supervision: Supervision | None = None


def read(body: bytes, now: datetime) -> MoodleCompletion:
    """The delivery's body. Raises `Malformed`, each field named and no value repeated: it may be personal."""
    try:
        said = MoodleCompletion.model_validate_json(body)
    except ValidationError as error:
        raise Malformed(fields(error)) from None
    if said.completed > now + CLOCK_TOLERANCE:
        raise Malformed("completed: lies in the future")
    return said


def told(said: MoodleCompletion) -> Told:
    """What it says, in Laurel's words."""
    return Told(
        episode=said.episode,
        offering=said.offering,
        trigger=said.trigger,
        passed=said.passed,
        completed=said.completed,
        learner=said.learner.id,
        personal=_personal_data(said),
        attempt=said.attempt,
        previous=said.previous,
        overrides=said.overrides,
        supervision=SUPERVISION_VERIFICATION[said.supervision] if said.supervision else None,
    )


def _personal_data(said: MoodleCompletion) -> PersonalData:
    return PersonalData(
        learner=learner(said.learner), grade=grade(said.grade) if said.grade else None, evidence=said.evidence
    )


def learner(said: MoodleLearner) -> Learner:
    """Whom it is about, as Moodle knows them."""
    # The student number, where there is one; Open Badges 3.0, IdentifierTypeEnum.
    numbers = tuple(
        Identifier(value=value, scheme=scheme)
        for value, scheme in ((said.idnumber, "sisSourcedId"), (said.esi, STUDENT_IDENTIFIER))
        if value
    )
    return Learner(
        given_name=said.firstname,
        family_name=said.lastname,
        full_name=said.fullname,
        email=said.email,
        identifiers=numbers,
        language=_tag(said.language),
    )


def grade(said: MoodleGrade) -> Grade:
    """A number on its scale; or the word that the course's own scale has for it, which no minimum or maximum fits."""
    if said.display is not None and not _NUMBER.fullmatch(said.display):
        return Grade(value=said.display)
    scheme = GradingScheme(title={"en": "Points"}, minimum=said.minimum, maximum=said.maximum, pass_mark=said.pass_mark)
    return Grade(value=said.value, scheme=scheme)


def fields(error: ValidationError) -> str:
    """What is wrong with which field; no value is repeated, it may be personal."""
    return "; ".join(
        f"{'.'.join(map(str, one['loc'])) or 'body'}: {one['msg'].removeprefix('Value error, ')}"
        for one in error.errors()
    )


def _tag(language: str | None) -> str | None:
    """Moodle's language packs (`pt_br`, `de_kids`) as BCP 47, where they are that."""
    if language is None:
        return None
    try:
        return _language.validate_python(language.lower().replace("_", "-"))
    except ValidationError:
        return None
