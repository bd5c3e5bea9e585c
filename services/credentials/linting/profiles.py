"""Frameworks as named tables of rules: what each asks beyond the EU standard elements, or more narrowly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from credentials.linting.rules import ANNEX_I, ANNEX_I_RULES, Including, Levels, OneOf, Required, Rule, Within
from credentials.linting.view import Aspect
from credentials.registry import Registry
from schemas.vocabularies import CREDIT_SYSTEMS, SUPERVISION_VERIFICATION

_CMF: Final = "Common Microcredential Framework (European MOOC Consortium)"
_DC4EU: Final = "DC4EU educational pilot, EUHEMC micro-credential schema"
_SURF: Final = "SURF edubadges, micro-credential schema"


@dataclass(frozen=True, slots=True)
class Profile:
    """A framework's rules, by name."""

    name: str
    title: str
    rules: tuple[Rule, ...]


EU_ANNEX_I: Final = Profile("EU-Annex-I", ANNEX_I, ANNEX_I_RULES)

EMC_CMF: Final = Profile(
    "EMC-CMF",
    _CMF,
    (
        *ANNEX_I_RULES,
        Required("the hours of study", (Aspect.HOURS,), _CMF),
        Required("the credit points", (Aspect.CREDITS,), _CMF),
        Required("an EQF level", (Aspect.EQF,), _CMF),
        Required("how identity is verified at the assessment", (Aspect.SUPERVISION,), _CMF),
        Required("a degree programme that it counts towards", (Aspect.PART_OF,), _CMF),
        Within(Aspect.HOURS, 100, 150, _CMF),
        Within(Aspect.CREDITS, 4, 6, _CMF, unit="ECTS"),
        Levels(("6", "7"), ("4", "5"), (4, 6), _CMF),
        OneOf(Aspect.SUPERVISION, (SUPERVISION_VERIFICATION["supid"], SUPERVISION_VERIFICATION["nosupid"]), _CMF),
    ),
)
"""100 to 150 hours, 4 to 6 ECTS, EQF 6 or 7, a reliable identity check, part of a degree programme."""

DC4EU: Final = Profile(
    "DC4EU-EUHEMC",
    _DC4EU,
    (
        *ANNEX_I_RULES,
        Including(
            Aspect.TYPES,
            frozenset({
                "VerifiableCredential", "VerifiableAttestation", "EuropeanDigitalCredential",
                "EuropeanHigherEducationMicrocredential",
            }),
            _DC4EU,
        ),
        Required("the learner's given name", (Aspect.GIVEN_NAME,), _DC4EU),
        Required("the learner's family name", (Aspect.FAMILY_NAME,), _DC4EU),
        Required("the learner's date of birth", (Aspect.BIRTH,), _DC4EU),
        Required("the id of its subject", (Aspect.HOLDER,), _DC4EU),
        Required("the credit points", (Aspect.CREDITS,), _DC4EU),
        Required("an EQF level", (Aspect.EQF,), _DC4EU),
        Required("a grade", (Aspect.GRADE,), _DC4EU),
        Required("the field of education", (Aspect.FIELD,), _DC4EU),
        OneOf(Aspect.CREDITS, (CREDIT_SYSTEMS["ECTS"],), _DC4EU),
        Within(Aspect.CREDITS, 1, 15, _DC4EU, step=1, unit="ECTS"),
    ),
)  # fmt: skip
"""1 to 15 whole ECTS, a European Digital Credential of the pilot's own types."""

SURF: Final = Profile(
    "SURF-edubadges-MC",
    _SURF,
    (
        *ANNEX_I_RULES,
        Required("a description", (Aspect.DESCRIPTION,), _SURF),
        Required("an image", (Aspect.IMAGE,), _SURF),
        Required("how results are described", (Aspect.SCALE,), _SURF),
        Required("the language of instruction", (Aspect.LANGUAGE,), _SURF),
        Required("supervision and identity verification", (Aspect.SUPERVISION,), _SURF),
        Within(Aspect.CREDITS, 3, 30, _SURF, step=0.5, unit="ECTS"),
    ),
)
"""3 to 30 ECTS in halves, or hours of study alone."""

PROFILES: Final = Registry(EU_ANNEX_I, EMC_CMF, DC4EU, SURF)
"""Every framework known here; the first is the default."""
