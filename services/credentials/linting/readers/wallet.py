"""The two SD-JWT VC types for the EU wallet: the reference issuers' learning credential, and the pilot's rulebook."""

from __future__ import annotations

import re

from credentials.formats import learning_credential, micro_credential
from credentials.linting.places import How, Odd, Place, Row, coded, credit, cycle, duration, named, number, plain, text
from credentials.linting.readers.reader import Reader
from credentials.linting.view import Aspect, Value
from schemas.durations import read_duration
from schemas.vocabularies import COUNTRIES, EQF_LEVELS, FIELDS_OF_EDUCATION, Vocabulary

_LEVEL = re.compile(r"(?:EQF[- ]?|Level ?)?([1-8])\Z", re.IGNORECASE)
_HOURS = re.compile(r"([0-9]{1,6}(?:[.,][0-9]{1,2})?) ?(?:hours?|hrs?|h)\b", re.IGNORECASE)
_ECTS = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,2})?) ?ECTS\b", re.IGNORECASE)
_RULEBOOK = "urn:eudi:micro-credential:"


def _list(name: str, *codes: str) -> Vocabulary:
    return Vocabulary(name, scheme=_RULEBOOK, base="", labels={code: code.replace("-", " ") for code in codes})


PARTICIPATION = _list("forms of participation in the wallet's rulebook", "online", "on-site", "blended")


def _open(place: Place) -> Value | None:
    """An entry of a list that an issuer may add to."""
    value = plain(place)
    return value and Value(value.path, value.text, name=value.text)


def _level(place: Place) -> Value | None:
    said = place.value
    if not isinstance(said, str | int) or isinstance(said, bool):
        raise Odd("neither text nor a number, where a level belongs")
    found = _LEVEL.match(str(said).strip())
    return Value(place.path, str(said), list=EQF_LEVELS, name=found[1] if found else str(said))


def _mentioned(pattern: re.Pattern[str], unit: str) -> How:
    """A number of this unit, in a text for people."""

    def take(place: Place) -> Value | None:
        if not isinstance(place.value, str):
            raise Odd("no text")
        found = pattern.search(place.value[:500])
        if found is None:
            return None
        count = number(found[1])
        return (
            Value(place.path, f"{count:g} hours", number=count) if unit == "hours" else credit(place.path, count, unit)
        )

    return take


def _otherwise(place: Place) -> Value | None:
    """A workload that names neither hours nor ECTS: perhaps a duration; else nobody can count with it."""
    value = plain(place)
    if value is not None and read_duration(value.text):
        return duration(place)
    if value is None or _HOURS.search(value.text[:500]) or _ECTS.search(value.text[:500]):
        return None
    raise Odd(f"{value.text[:40]!r}, which says neither hours nor ECTS")


def _workload(unit: str) -> How:
    """`notionalWorkload`, where it is counted in this unit."""

    def take(place: Place) -> Value | None:
        if not isinstance(place.value, dict):
            raise Odd("no object of value and unit")
        said = place.value.get("unit")
        if not isinstance(said, str) or said not in micro_credential.UNITS:
            raise Odd(f"in the unit {str(said)[:40]!r}, which is neither ECTS nor hours")
        if said != unit:
            return None
        count, path = number(place.value.get("value")), f"{place.path}.value"
        return Value(path, f"{count:g} hours", number=count) if unit == "hours" else credit(path, count, unit)

    return take


def _unscaled(grade: str, scheme: str | None) -> How:
    def take(place: Place) -> Value | None:
        value = place.first(grade)
        return None if value is None or (scheme and place.first(scheme)) else text(value)

    return take


def _stackable(place: Place) -> Value | None:
    """`Yes` or `No`, or true or false."""
    said = place.value
    yes = {"yes": True, "no": False}.get(said.casefold()) if isinstance(said, str) else said
    if not isinstance(yes, bool):
        raise Odd("neither yes nor no")
    return Value(place.path, "stackable" if yes else "standalone", name=str(yes).lower())


LEARNING_CREDENTIAL = Reader(
    kind="EU wallet learning credential (SD-JWT VC)",
    recognises=lambda document: document.get("vct") == learning_credential.VCT,
    rows=(
        Row(Aspect.TYPES, "vct", plain),
        Row(Aspect.HOLDER, "cnf", lambda place: Value(place.path, "bound to the holder's key")),
        Row(Aspect.GIVEN_NAME, "given_name", plain),
        Row(Aspect.FAMILY_NAME, "family_name", plain),
        Row(Aspect.LEARNER_ID, "learner_identification", text),
        Row(Aspect.TITLE, "achievement_title", plain),
        Row(Aspect.DESCRIPTION, "achievement_description", plain),
        Row(Aspect.FURTHER, "achievement_description", plain),
        Row(Aspect.COUNTRY, "issuing_country", coded(COUNTRIES)),
        Row(Aspect.AWARDING_BODY, "issuing_authority", plain),
        Row(Aspect.ISSUED, "date_of_issuance", plain),
        Row(Aspect.OUTCOMES, "learning_outcomes", plain),
        Row(Aspect.HOURS, "expected_study_time", _mentioned(_HOURS, "hours")),
        Row(Aspect.CREDITS, "expected_study_time", _mentioned(_ECTS, "ECTS")),
        Row(Aspect.HOURS, "expected_study_time", _otherwise),
        Row(Aspect.EQF, "level_of_learning_experience", _level),
        Row(Aspect.QUALITY, "types_of_quality_assurance", _open),
        Row(Aspect.PREREQUISITES, "prerequisites_to_enroll", plain),
        Row(Aspect.GRADE, "assessment_grade", text),
        Row(Aspect.UNSCALED_GRADE, "", _unscaled("assessment_grade", None)),
        Row(Aspect.STACKABLE, "integration_stackability_options", _stackable),
        Row(Aspect.LANGUAGE, "language_of_classes", plain),
    ),
)
"""`urn:eu.europa.ec.eudi:learning:credential:1`: it has no place for the assessment, nor for the participation."""

MICRO_CREDENTIAL = Reader(
    kind="EU wallet micro-credential (SD-JWT VC)",
    recognises=lambda document: document.get("vct") == micro_credential.VCT,
    rows=(
        Row(Aspect.TYPES, "vct", plain),
        Row(Aspect.HOLDER, "cnf", lambda place: Value(place.path, "bound to the holder's key")),
        Row(Aspect.GIVEN_NAME, "givenName", plain),
        Row(Aspect.FAMILY_NAME, "familyName", plain),
        Row(Aspect.BIRTH, "dateOfBirth", plain),
        Row(Aspect.LEARNER_ID, "nationalID", text),
        Row(Aspect.TITLE, "title", plain),
        Row(Aspect.COUNTRY, "issuerCountry", coded(COUNTRIES)),
        Row(Aspect.AWARDING_BODY, "awardingBody", plain),
        Row(Aspect.ISSUED, "issuanceDate", plain),
        Row(Aspect.OUTCOMES, "learningOutcomes", plain),
        Row(Aspect.OUTCOMES, "learningOutcomeSummary", plain),
        Row(Aspect.SKILLS, "escoReference", _open),
        Row(Aspect.HOURS, "notionalWorkload", _workload("hours")),
        Row(Aspect.CREDITS, "notionalWorkload", _workload("ECTS")),
        Row(Aspect.EQF, "level", _level),
        Row(Aspect.NQF, "nationalQualificationsFrameworkLevel", plain),
        Row(Aspect.CYCLE, "educationLevelDescriptor", lambda place: cycle(place.path, *named(place))),
        Row(Aspect.ASSESSMENT, "typeOfAssessment", _open),
        Row(Aspect.SCALE, "gradingScheme", plain),
        Row(Aspect.PARTICIPATION, "formOfParticipation", coded(PARTICIPATION)),
        Row(Aspect.QUALITY, "qualityAssurance", _open),
        Row(Aspect.PREREQUISITES, "entryRequirements", text),
        Row(Aspect.SUPERVISION, "idVerificationMethod", _open),
        Row(Aspect.GRADE, "grade", text),
        Row(Aspect.UNSCALED_GRADE, "", _unscaled("grade", "gradingScheme")),
        Row(Aspect.STACKABLE, "stackable", _stackable),
        Row(Aspect.PART_OF, "partOfQualification", text),
        Row(Aspect.FURTHER, "additionalNote", text),
        Row(Aspect.FIELD, "fieldOfEducation", coded(FIELDS_OF_EDUCATION)),
        Row(Aspect.LANGUAGE, "languageOfAssessment", plain),
    ),
)
"""`VerifiableMicroCredential`, of the rulebook's version 0.1."""

__all__ = ["LEARNING_CREDENTIAL", "MICRO_CREDENTIAL"]
