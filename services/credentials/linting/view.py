"""The common view: what any offering or credential states, and where, whatever format it is in.

Rules are written over this view alone; that a format calls something else, or has no place for it, is its reader's
business.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from schemas import annex1
from schemas.annex1 import Element
from schemas.vocabularies import Concept, Vocabulary

SHOWN = 200
"""Characters of a value that are shown."""


class Aspect(StrEnum):
    """Something a micro-credential may state. Several of them may make up one element of Annex I."""

    TYPES = "types"
    HOLDER = "holder"
    LEARNER_NAME = "learner-name"
    GIVEN_NAME = "given-name"
    FAMILY_NAME = "family-name"
    BIRTH = "date-of-birth"
    LEARNER_ID = "learner-identifier"
    TITLE = "title"
    COUNTRY = "country"
    REGION = "region"
    AWARDING_BODY = "awarding-body"
    ISSUED = "date-of-issuing"
    OUTCOMES = "learning-outcomes"
    SKILLS = "skills"
    HOURS = "hours"
    CREDITS = "credits"
    EQF = "eqf-level"
    NQF = "nqf-level"
    CYCLE = "qf-ehea-cycle"
    ASSESSMENT = "assessment"
    SCALE = "grading-scale"
    PARTICIPATION = "participation"
    QUALITY = "quality-assurance"
    PREREQUISITES = "prerequisites"
    SUPERVISION = "supervision"
    GRADE = "grade"
    UNSCALED_GRADE = "grade-without-scale"
    STACKABLE = "stackable"
    PART_OF = "part-of"
    FURTHER = "further-information"
    FIELD = "field-of-education"
    DESCRIPTION = "description"
    IMAGE = "image"
    LANGUAGE = "language"


ASPECTS_OF: Mapping[Element, tuple[Aspect, ...]] = MappingProxyType(
    {
        annex1.LEARNER: (
            Aspect.LEARNER_NAME,
            Aspect.GIVEN_NAME,
            Aspect.FAMILY_NAME,
            Aspect.LEARNER_ID,
            Aspect.HOLDER,
            Aspect.BIRTH,
        ),
        annex1.TITLE: (Aspect.TITLE,),
        annex1.COUNTRY: (Aspect.COUNTRY, Aspect.REGION),
        annex1.AWARDING_BODY: (Aspect.AWARDING_BODY,),
        annex1.DATE_OF_ISSUING: (Aspect.ISSUED,),
        annex1.LEARNING_OUTCOMES: (Aspect.OUTCOMES, Aspect.SKILLS),
        annex1.WORKLOAD: (Aspect.HOURS, Aspect.CREDITS),
        annex1.LEVEL: (Aspect.EQF, Aspect.NQF, Aspect.CYCLE),
        annex1.ASSESSMENT: (Aspect.ASSESSMENT,),
        annex1.PARTICIPATION: (Aspect.PARTICIPATION,),
        annex1.QUALITY_ASSURANCE: (Aspect.QUALITY,),
        annex1.PREREQUISITES: (Aspect.PREREQUISITES,),
        annex1.SUPERVISION: (Aspect.SUPERVISION,),
        annex1.GRADE: (Aspect.GRADE, Aspect.SCALE),
        annex1.INTEGRATION: (Aspect.STACKABLE, Aspect.PART_OF),
        annex1.FURTHER_INFORMATION: (Aspect.FURTHER,),
    }
)
"""What each element of Annex I is made of."""

STATED_BY: Mapping[Element, tuple[Aspect, ...]] = MappingProxyType(
    {
        **ASPECTS_OF,
        annex1.LEARNER: tuple(aspect for aspect in ASPECTS_OF[annex1.LEARNER] if aspect is not Aspect.BIRTH),
        annex1.LEARNING_OUTCOMES: (Aspect.OUTCOMES,),
        annex1.GRADE: (Aspect.GRADE,),
    }
)
"""Which of them state it, each by itself."""

ELEMENT_OF: Mapping[Aspect, Element] = MappingProxyType(
    {aspect: element for element, aspects in ASPECTS_OF.items() for aspect in aspects}
    | {Aspect.UNSCALED_GRADE: annex1.GRADE}
)
"""The element an aspect belongs to; some belong to none."""


@dataclass(frozen=True, slots=True)
class Value:
    """One thing stated."""

    path: str
    """Where it stands: JSONPath (RFC 9535)."""
    text: str
    """For a reader."""
    languages: Mapping[str, str] | None = None
    """The text in each language, where it is a language map."""
    list: Vocabulary | None = None
    """The code list it ought to be from."""
    name: str | None = None
    """The code or URI as it stands."""
    label: str | None = None
    """The English label that stands beside the code."""
    number: float | None = None
    """Hours, or credit points."""

    @property
    def concept(self) -> Concept | None:
        """The entry of the code list that it names."""
        if self.list is None or self.name is None:
            return None
        try:
            return self.list[self.name]
        except KeyError:
            return None

    @property
    def shown(self) -> str:
        """Not more of it than a table holds."""
        concept = self.concept if self.number is None else None
        return (concept.label if concept else self.text)[:SHOWN]


@dataclass(frozen=True, slots=True)
class Statement:
    """All that was handed in, in the common view."""

    kind: str
    """The format, as a reader knows it."""
    values: Mapping[Aspect, tuple[Value, ...]]
    places: Mapping[Aspect, str]
    """Where this format states an aspect; one that is not in it has no place there."""
    asked: frozenset[Aspect]
    """What can be asked of it: an offering, for one, has no learner."""
    primary_language: str | None = None
    odd: tuple[Value, ...] = ()
    """What could not be read; `text` says why."""
    hidden: int = 0
    """How many claims it holds back, at most: it may state what it does not show."""

    def stated(self, *aspects: Aspect) -> Iterator[Value]:
        """Every value of these aspects."""
        for aspect in aspects:
            yield from self.values.get(aspect, ())
