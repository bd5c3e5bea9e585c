"""What Open Badges cannot say, in the terms of the European Learning Model 3.

The terms are defined by an object inside the credential's own `@context`, each mapped to ELM's IRI, so that whoever
verifies needs no context of ours. Only the terms a credential uses are in it: a definition that is not used could be
changed without breaking the signature. See decisions/0001-inline-context.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from schemas.microcredential import Assessment, Integration, LearningOutcome, Offering, QualityAssurance, StackingTarget
from schemas.values import JsonObject, LanguageMap
from schemas.vocabularies import Concept

_IN_LANGUAGES = "@language"


def _reference(name: str) -> JsonObject:
    return {"@id": name, "@type": "@id"}


TERMS: Mapping[str, Any] = MappingProxyType(
    {
        # classes
        "Accreditation": "elm:Accreditation",
        "CreditPoint": "elm:CreditPoint",
        "GradingScheme": "elm:GradingScheme",
        "LearningAssessmentSpecification": "elm:LearningAssessmentSpecification",
        "LearningOutcome": "elm:LearningOutcome",
        "Note": "elm:Note",
        "Organisation": "elm:Organisation",
        "Qualification": "elm:Qualification",
        # texts in several languages
        "title": {"@id": "http://purl.org/dc/terms/title", "@container": _IN_LANGUAGES},
        "summary": {"@id": "http://purl.org/dc/terms/description", "@container": _IN_LANGUAGES},
        "legalName": {"@id": "http://www.w3.org/ns/regorg#legalName", "@container": _IN_LANGUAGES},
        "noteLiteral": {"@id": "elm:noteLiteral", "@container": _IN_LANGUAGES},
        # properties
        "accreditation": _reference("elm:accreditation"),
        "accreditingAgent": _reference("elm:accreditingAgent"),
        "countryCode": _reference("elm:countryCode"),
        "creditPoint": _reference("elm:creditPoint"),
        "dcType": _reference("http://purl.org/dc/terms/type"),
        "educationLevel": _reference("elm:educationLevel"),
        "entryRequirement": _reference("elm:entryRequirement"),
        "eqfLevel": _reference("elm:EQFLevel"),
        "expiryDate": {"@id": "elm:expiryDate", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"},
        "framework": _reference("elm:framework"),
        "gradingScheme": _reference("elm:gradingScheme"),
        "homepage": _reference("http://xmlns.com/foaf/0.1/homepage"),
        "idVerification": _reference("elm:idVerification"),
        "isPartOf": _reference("elm:isPartOf"),
        "isPartialQualification": {
            "@id": "elm:isPartialQualification",
            "@type": "http://www.w3.org/2001/XMLSchema#boolean",
        },
        "learningOutcome": _reference("elm:learningOutcome"),
        "mode": _reference("elm:mode"),
        "nqfLevel": _reference("elm:NQFLevel"),
        "point": {"@id": "elm:point", "@type": "http://www.w3.org/2001/XMLSchema#string"},
        "provenBy": _reference("elm:provenBy"),
        "relatedESCOSkill": _reference("elm:relatedESCOSkill"),
        "report": _reference("elm:report"),
        "reusabilityLevel": _reference("elm:reusabilityLevel"),
        "supplementaryDocument": _reference("elm:supplementaryDocument"),
        "thematicArea": _reference("elm:ISCEDFCode"),
        "volumeOfLearning": {"@id": "elm:volumeOfLearning", "@type": "http://www.w3.org/2001/XMLSchema#duration"},
    }
)
"""Names and IRIs as in the Commission's own context (EDC application profile 1.1.0); `summary` is its `description`."""

_LANGUAGE_MAPS = frozenset(
    term for term, meaning in TERMS.items() if isinstance(meaning, dict) and meaning.get("@container") == _IN_LANGUAGES
)
_CONTAINERS = (dict, list)
_TAG = re.compile(r"[a-z]{1,8}(-[a-z0-9]{1,8})*")
_PREFIX = ("elm", "http://data.europa.eu/snb/model/elm/")


def _gather_names(value: object, names: set[str]) -> None:
    """Every key and every type of a document: where a term stands."""
    if isinstance(value, dict):
        for key, below in value.items():
            names.add(key)
            if key == "type":
                names.update(below if isinstance(below, list) else (below,))
            elif isinstance(below, _CONTAINERS):
                _gather_names(below, names)
    elif isinstance(value, list):
        for below in value:
            if isinstance(below, _CONTAINERS):
                _gather_names(below, names)


def terms_of(document: JsonObject) -> frozenset[str]:
    """The terms that a document uses."""
    names: set[str] = set()
    _gather_names(document, names)
    return frozenset(names.intersection(TERMS))


@lru_cache(maxsize=1024)
def inline_context(terms: frozenset[str]) -> JsonObject:
    """The definitions of these terms."""
    return {_PREFIX[0]: _PREFIX[1], **{term: TERMS[term] for term in sorted(terms)}}


def understood(document: JsonObject) -> frozenset[str]:
    """The terms that a document defines exactly as here; any other definition may mean something else."""
    contexts = document.get("@context")
    inline = [context for context in contexts if isinstance(context, dict)] if isinstance(contexts, list) else []
    if len(inline) != 1 or inline[0].get(_PREFIX[0]) != _PREFIX[1]:
        return frozenset()
    return frozenset(term for term, meaning in inline[0].items() if TERMS.get(term) == meaning)


def misspelt_language(value: object, terms: frozenset[str]) -> str | None:
    """A language tag that is not in lower case, among the language maps of these terms.

    RDF has all tags in lower case, so that a signature holds over either spelling; here there is one.
    """
    maps = _LANGUAGE_MAPS & terms
    if not maps:
        return None
    waiting = [value]
    for found in waiting:  # which grows
        if isinstance(found, dict):
            for key, inside in found.items():
                if key in maps and isinstance(inside, dict):
                    for tag in inside:
                        if not _TAG.fullmatch(tag):
                            return str(tag)
                elif isinstance(inside, _CONTAINERS) and key != "@context":
                    waiting.append(inside)
        elif isinstance(found, list):
            waiting += [inside for inside in found if isinstance(inside, _CONTAINERS)]
    return None


def in_languages(texts: LanguageMap) -> JsonObject:
    """A language map; tags in lower case, as RDF has them."""
    return {tag.lower(): text for tag, text in texts.items()}


def _uri(concept: Concept | None, key: str) -> JsonObject:
    return {key: concept.uri} if concept else {}


def _outcome(outcome: LearningOutcome) -> JsonObject:
    return {
        "type": ["LearningOutcome"],
        "title": in_languages(outcome.title),
        **_uri(outcome.skill_type, "dcType"),
        **_uri(outcome.reuse_level, "reusabilityLevel"),
        **({"relatedESCOSkill": list(outcome.esco_skills)} if outcome.esco_skills else {}),
    }


def _assessment(assessment: Assessment) -> JsonObject:
    grading = assessment.grading
    return {
        "type": ["LearningAssessmentSpecification"],
        "title": in_languages(assessment.title or {"en": assessment.type.label}),
        "dcType": assessment.type.uri,
        **({"mode": [assessment.mode.uri]} if assessment.mode else {}),
        **_uri(assessment.supervision, "idVerification"),
        **({"gradingScheme": {"type": ["GradingScheme"], "title": in_languages(grading.title)}} if grading else {}),
    }


def _accreditation(assured: QualityAssurance, moment_text: str | None) -> JsonObject:
    return {
        "type": ["Accreditation"],
        "title": in_languages(assured.title),
        "dcType": assured.type.uri,
        "accreditingAgent": {"type": ["Organisation"], "legalName": in_languages(assured.agent)},
        **({"report": assured.decision} if assured.decision else {}),
        **({"expiryDate": moment_text} if moment_text else {}),
    }


def _part_of(target: StackingTarget) -> JsonObject:
    return {
        **({"id": target.url} if target.url else {}),
        "type": ["Qualification"],
        "title": in_languages(target.title),
    }


def duration(hours: float) -> str:
    """Hours as an XSD duration: `PT125H`, `PT12H15M`."""
    whole, minutes = divmod(round(hours * 60), 60)
    return "PT" + (f"{whole}H" if whole else "") + (f"{minutes}M" if minutes else "")


def qualification(offering: Offering, expiry: Mapping[int, str]) -> JsonObject:
    """What an offering says that Open Badges has no terms for; `expiry` is when quality assurances end, by place."""
    workload, level = offering.workload, offering.level
    credits_ = workload.credits if workload else None
    said: JsonObject = {
        "title": in_languages(offering.title),
        "summary": in_languages(offering.description) if offering.description else None,
        "homepage": offering.homepage,
        "learningOutcome": [_outcome(outcome) for outcome in offering.learning_outcomes],
        "volumeOfLearning": duration(float(workload.hours)) if workload and workload.hours else None,
        "creditPoint": [
            {"type": ["CreditPoint"], "framework": credits_.system.uri, "point": f"{credits_.points.normalize():f}"}
        ]
        if credits_
        else None,
        "eqfLevel": level.eqf.uri if level and level.eqf else None,
        "nqfLevel": [level.nqf] if level and level.nqf else None,
        "educationLevel": [level.cycle.uri] if level and level.cycle else None,
        "provenBy": [_assessment(assessment) for assessment in offering.assessments],
        "mode": [mode.uri for mode in offering.participation],
        "accreditation": [
            _accreditation(assured, expiry.get(place)) for place, assured in enumerate(offering.quality_assurance)
        ],
        "entryRequirement": {"type": ["Note"], "noteLiteral": in_languages(offering.prerequisites)}
        if offering.prerequisites
        else None,
        "isPartialQualification": offering.integration is Integration.STACKABLE if offering.integration else None,
        "isPartOf": [_part_of(target) for target in offering.stackable_towards],
        "thematicArea": [field.uri for field in offering.fields],
        "supplementaryDocument": list(offering.further_information),
    }
    return {term: value for term, value in said.items() if value is not None and value != []}
