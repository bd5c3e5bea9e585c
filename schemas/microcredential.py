"""The EU standard elements as types.

Source: Council Recommendation 2022/C 243/02 on a European approach to micro-credentials, Annex I; the names follow
the European Learning Model 3 where it has one. What an offering says may be incomplete while it is drafted: what it
lacks of Annex I is `schemas.annex1`'s to say.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from schemas.values import (
    Did,
    Frozen,
    Instant,
    Iri,
    LanguageMap,
    LanguageTag,
    Quarters,
    ShortText,
    Slug,
    Url,
)
from schemas.vocabularies import (
    AccreditationType,
    AssessmentType,
    Country,
    CreditSystem,
    EqfLevel,
    FieldOfEducation,
    LearningMode,
    QfEheaCycle,
    SkillReuseLevel,
    SkillType,
    SupervisionVerification,
)

Region = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[A-Z0-9]{0,3}$")]
"""A NUTS or ATU code."""
EscoSkill = Annotated[str, StringConstraints(pattern=r"^http://data\.europa\.eu/esco/[A-Za-z0-9/.-]+$", max_length=200)]
"""The URI of a skill or of a piece of knowledge in ESCO."""


class Identifier(Frozen):
    """A name somebody keeps a register of: a VAT number, a schacHomeOrganization, a European Student Identifier."""

    value: ShortText
    scheme: Iri | ShortText
    """Which register: an IRI, or the Open Badges `identifierType`."""


class Organisation(Frozen):
    """A body that awards micro-credentials and seals them with its own key."""

    id: Slug
    did: Did
    legal_name: LanguageMap
    country: Country
    region: Region | None = None
    homepage: Url | None = None
    identifiers: tuple[Identifier, ...] = ()
    registered: Instant


class LearningOutcome(Frozen):
    """What the learner knows, understands and is able to do."""

    title: LanguageMap
    skill_type: SkillType | None = None
    reuse_level: SkillReuseLevel | None = None
    esco_skills: tuple[EscoSkill, ...] = ()


class Credits(Frozen):
    """Credit points, with the system they count in."""

    points: Quarters
    system: CreditSystem


class Workload(Frozen):
    """Notional workload: hours, credits, or both."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    hours: Quarters | None = None
    credits: Credits | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.hours is None and self.credits is None:
            raise ValueError("a workload states hours, credits, or both")
        return self


class Level(Frozen):
    """Level of the learning experience: EQF, national framework, cycle of the European Higher Education Area."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    eqf: EqfLevel | None = None
    nqf: Iri | None = None
    cycle: QfEheaCycle | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.eqf is None and self.nqf is None and self.cycle is None:
            raise ValueError("a level names an EQF level, a national level or a QF-EHEA cycle")
        return self


class GradingScheme(Frozen):
    """The scale a grade is read on."""

    title: LanguageMap
    minimum: ShortText | None = None
    maximum: ShortText | None = None
    pass_mark: ShortText | None = None


class Assessment(Frozen):
    """How the learning outcomes are assessed, under whose eyes, and on what scale."""

    type: AssessmentType
    title: LanguageMap | None = None
    mode: LearningMode | None = None
    supervision: SupervisionVerification | None = None
    """Supervision and identity verification during the assessment."""
    grading: GradingScheme | None = None


class QualityAssurance(Frozen):
    """Who vouches for the quality, and for what: the programme or the institution."""

    type: AccreditationType
    title: LanguageMap
    agent: LanguageMap
    """The accrediting agent."""
    decision: Url | None = None
    expires: Instant | None = None


class Integration(StrEnum):
    """Integration and stackability options."""

    STANDALONE = "standalone"
    STACKABLE = "stackable"


class StackingTarget(Frozen):
    """A larger credential or programme that this one counts towards."""

    title: LanguageMap
    url: Url | None = None


class Reaward(StrEnum):
    """What a further passed completion of the same learner means (decision 0003)."""

    ONCE = "once"
    """Nothing: the credential they have stands. One that was revoked is no obstacle."""
    RENEWABLE = "renewable"
    """A further credential, whose validity starts anew; the earlier ones stay."""
    SUPERSEDE = "supersede"
    """A credential in place of the earlier ones, which are revoked."""


class OfferingContent(Frozen):
    """What a provider says about a micro-credential on offer: everything a credential will say but the learner."""

    id: Slug
    organisation: Slug
    title: LanguageMap
    description: LanguageMap | None = None
    primary_language: LanguageTag = "en"
    learning_outcomes: tuple[LearningOutcome, ...] = ()
    workload: Workload | None = None
    level: Level | None = None
    assessments: tuple[Assessment, ...] = ()
    participation: tuple[LearningMode, ...] = ()
    """Form of participation in the learning activity."""
    quality_assurance: tuple[QualityAssurance, ...] = ()
    prerequisites: LanguageMap | None = None
    integration: Integration | None = None
    stackable_towards: tuple[StackingTarget, ...] = ()
    fields: tuple[FieldOfEducation, ...] = ()
    further_information: tuple[Url, ...] = ()
    homepage: Url | None = None
    validity_months: Annotated[int, Field(ge=1, le=1200)] | None = None
    """How long a credential holds after completion; None is for good."""
    reaward: Reaward | None = None
    """What a further completion means; None is what is usual: `reawarded`."""
    opens: Instant | None = None
    closes: Instant | None = None

    @property
    def reawarded(self) -> Reaward:
        """What a further completion means: as stated, else renewable where credentials expire, and once elsewhere."""
        return self.reaward or (Reaward.ONCE if self.validity_months is None else Reaward.RENEWABLE)


class OfferingState(StrEnum):
    """Retirement is a state, not a deletion: what was earned before stays earned."""

    PUBLISHED = "published"
    RETIRED = "retired"


class Offering(OfferingContent):
    """A micro-credential on offer, in full: one published version of it."""

    version: Annotated[int, Field(ge=1)]
    state: OfferingState = OfferingState.PUBLISHED
    published: Instant
    """When this version was published."""
    retired: Instant | None = None
    """When it was retired: judged against the time of completion, not of arrival."""

    @model_validator(mode="after")
    def _retired_says_when(self) -> Self:
        if (self.state is OfferingState.RETIRED) != (self.retired is not None):
            raise ValueError("a retired offering says when it was retired, and only a retired one does")
        return self

    @property
    def key(self) -> str:
        """`offering@version`, so that a compacted log keeps every version."""
        return f"{self.id}@{self.version}"


class Learner(Frozen):
    """Who earned it. Personal data: only ever inside `SealedData`, or in the learner's own credential."""

    given_name: ShortText | None = None
    family_name: ShortText | None = None
    full_name: ShortText
    """As the learning platform prints it."""
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$", max_length=320)] | None = None
    identifiers: tuple[Identifier, ...] = ()
    did: Did | None = None
    """The learner's own DID, where they have one: the credential is then bound to its holder."""
    language: LanguageTag | None = None


class Grade(Frozen):
    """A result as awarded, and the scale it is read on."""

    value: ShortText
    scheme: GradingScheme | None = None


class PersonalData(Frozen):
    """What a completion says about a person: sealed from the first event on."""

    learner: Learner
    grade: Grade | None = None
    evidence: tuple[Url, ...] = ()


class CorrectedData(Frozen):
    """What a correction says about a person: sealed as `PersonalData` is. None is what was not corrected."""

    learner: Learner | None = None
    grade: Grade | None = None


class Award(Frozen):
    """The canonical record of one micro-credential: from it every format is composed.

    It says what was achieved, never how or when it was sealed. Contains personal data.
    """

    id: UUID
    completion: UUID
    organisation: Organisation
    offering: Offering
    learner: Learner
    grade: Grade | None = None
    evidence: tuple[Url, ...] = ()
    completed: Instant
    """When the assessment was completed: the credential's `awardedDate`."""
    valid_until: Instant | None = None
    supersedes: UUID | None = None
    """An earlier award that this one corrects or renews."""
