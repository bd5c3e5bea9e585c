"""The standard elements of a micro-credential, and which of them are lacking: the one table of that rule.

Source: Council Recommendation of 16 June 2022 on a European approach to micro-credentials (2022/C 243/02), Annex I.
Neither the European Learning Model's shapes nor the schema of Open Badges hold a credential to these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from schemas.microcredential import Learner, OfferingContent, Organisation


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """One element of Annex I, in its words. There is one of each, and tables are looked into by which it is."""

    id: str
    title: str
    mandatory: bool = True


LEARNER = Element("learner", "Identification of the learner")
TITLE = Element("title", "Title of the micro-credential")
COUNTRY = Element("country", "Country or region of the issuer")
AWARDING_BODY = Element("awarding-body", "Awarding body")
DATE_OF_ISSUING = Element("date-of-issuing", "Date of issuing")
LEARNING_OUTCOMES = Element("learning-outcomes", "Learning outcomes")
WORKLOAD = Element("workload", "Notional workload needed to achieve the learning outcomes")
LEVEL = Element("level", "Level (and cycle) of the learning experience")
ASSESSMENT = Element("assessment", "Type of assessment")
PARTICIPATION = Element("participation", "Form of participation in the learning activity")
QUALITY_ASSURANCE = Element("quality-assurance", "Type of quality assurance")
PREREQUISITES = Element("prerequisites", "Prerequisites needed to enrol", mandatory=False)
SUPERVISION = Element("supervision", "Supervision and identity verification during assessment", mandatory=False)
GRADE = Element("grade", "Grade achieved", mandatory=False)
INTEGRATION = Element("integration", "Integration and stackability options", mandatory=False)
FURTHER_INFORMATION = Element("further-information", "Further information", mandatory=False)

ELEMENTS = (
    LEARNER,
    TITLE,
    COUNTRY,
    AWARDING_BODY,
    DATE_OF_ISSUING,
    LEARNING_OUTCOMES,
    WORKLOAD,
    LEVEL,
    ASSESSMENT,
    PARTICIPATION,
    QUALITY_ASSURANCE,
    PREREQUISITES,
    SUPERVISION,
    GRADE,
    INTEGRATION,
    FURTHER_INFORMATION,
)
"""All of Annex I, in its order."""

T = TypeVar("T")
Table = Mapping[Element, Callable[[T], object]]
"""Where each mandatory element is looked for. The date of issuing is in no table: whoever seals, dates."""

_OFFERING: Table[OfferingContent] = {
    TITLE: lambda offering: offering.primary_language in offering.title,
    LEARNING_OUTCOMES: lambda offering: offering.learning_outcomes,
    WORKLOAD: lambda offering: offering.workload,
    LEVEL: lambda offering: offering.level,
    ASSESSMENT: lambda offering: offering.assessments,
    PARTICIPATION: lambda offering: offering.participation,
    QUALITY_ASSURANCE: lambda offering: offering.quality_assurance,
}
_ORGANISATION: Table[Organisation] = {
    COUNTRY: lambda organisation: organisation.country,
    AWARDING_BODY: lambda organisation: organisation.legal_name,
}
_LEARNER: Table[Learner] = {
    LEARNER: lambda learner: learner.full_name,
}


def missing(
    offering: OfferingContent, organisation: Organisation | None = None, learner: Learner | None = None
) -> tuple[Element, ...]:
    """The mandatory elements that are lacking, in Annex I's order; of those who are given, and of nobody else."""
    lacking = {
        *_lacking(_OFFERING, offering),
        *(_lacking(_ORGANISATION, organisation) if organisation else ()),
        *(_lacking(_LEARNER, learner) if learner else ()),
    }
    return tuple(element for element in ELEMENTS if element in lacking)


def _lacking(table: Table[T], subject: T) -> set[Element]:
    return {element for element, stated in table.items() if not stated(subject)}
