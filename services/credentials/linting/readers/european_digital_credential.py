"""European Digital Credentials: the European Learning Model 3, in the keys of the Commission's JSON-LD context."""

from __future__ import annotations

from dataclasses import replace

from credentials.linting.places import (
    How,
    Odd,
    Place,
    Row,
    any_concept,
    concept,
    credit,
    cycle,
    duration,
    english,
    flag,
    named,
    number,
    plain,
    present,
    text,
)
from credentials.linting.readers.reader import Reader, types
from credentials.linting.view import Aspect, Value
from schemas.values import JsonObject
from schemas.vocabularies import (
    ACCREDITATION_TYPES,
    ASSESSMENT_TYPES,
    COUNTRIES,
    EQF_LEVELS,
    FIELDS_OF_EDUCATION,
    LANGUAGES,
    LEARNING_MODES,
    SUPERVISION_VERIFICATION,
    Vocabulary,
)

_CLAIM = "credentialSubject.hasClaim"
_SPECIFICATION = f"{_CLAIM}.specifiedBy"
_PROOF = f"{_CLAIM}.provenBy"


def _typed(kind: str, vocabulary: Vocabulary, *steps: str) -> How:
    """Something that has a title, and its type further down."""

    def take(place: Place) -> Value | None:
        if not isinstance(place.value, dict):
            raise Odd(f"no object, where {kind} belongs")
        title = english(place.value.get("title")) or kind
        typed = place.first(*steps)
        if typed is None:
            return Value(place.path, title, list=vocabulary)
        uri, label = named(typed)
        return Value(typed.path, label or title, list=vocabulary, name=uri, label=label)

    return take


def _holder(place: Place) -> Value | None:
    """Who it is about, by a name that means something outside this document."""
    value = plain(place)
    return None if value is None or value.text.startswith("urn:epass:") else value


def _credits(place: Place) -> Value | None:
    if not isinstance(place.value, dict):
        raise Odd("no object of points and framework")
    points, framework = number(place.value.get("point")), place.first("framework")
    uri, label = named(framework) if framework else (None, None)
    return replace(credit(f"{place.path}.point", points, uri), label=label)


def _unscaled(place: Place) -> Value | None:
    grade = place.first("grade", "noteLiteral")
    if grade is None or place.first("specifiedBy", "gradingScheme"):
        return None
    return text(grade)


def _primary(document: JsonObject) -> str | None:
    place = Place(document).first("displayParameter", "primaryLanguage")
    try:
        return LANGUAGES[named(place)[0]].notation if place else None
    except (Odd, KeyError):
        return None


EUROPEAN_DIGITAL_CREDENTIAL = Reader(
    kind="European Digital Credential",
    recognises=lambda document: "EuropeanDigitalCredential" in types(document),
    rows=(
        Row(Aspect.TYPES, "type", plain),
        Row(Aspect.HOLDER, "credentialSubject.id", _holder),
        Row(Aspect.LEARNER_NAME, "credentialSubject.fullName"),
        Row(Aspect.GIVEN_NAME, "credentialSubject.givenName"),
        Row(Aspect.FAMILY_NAME, "credentialSubject.familyName"),
        Row(Aspect.BIRTH, "credentialSubject.dateOfBirth", plain),
        Row(Aspect.LEARNER_ID, "credentialSubject.identifier.notation", plain),
        Row(Aspect.LEARNER_ID, "credentialSubject.nationalID.notation", plain),
        Row(Aspect.TITLE, f"{_CLAIM}.title"),
        Row(Aspect.TITLE, f"{_SPECIFICATION}.title"),
        Row(Aspect.COUNTRY, "issuer.location.address.countryCode", concept(COUNTRIES)),
        Row(Aspect.REGION, "issuer.location.spatialCode", any_concept),
        Row(Aspect.AWARDING_BODY, f"{_CLAIM}.awardedBy.awardingBody.legalName"),
        Row(Aspect.AWARDING_BODY, "issuer.legalName"),
        Row(Aspect.ISSUED, "issued", plain),
        Row(Aspect.ISSUED, "issuanceDate", plain),
        Row(Aspect.ISSUED, "validFrom", plain),
        Row(Aspect.OUTCOMES, f"{_SPECIFICATION}.learningOutcome.title"),
        Row(Aspect.OUTCOMES, f"{_SPECIFICATION}.learningOutcomeSummary.noteLiteral"),
        Row(Aspect.SKILLS, f"{_SPECIFICATION}.learningOutcome.relatedESCOSkill", any_concept),
        Row(Aspect.HOURS, f"{_SPECIFICATION}.volumeOfLearning", duration),
        Row(Aspect.HOURS, f"{_CLAIM}.influencedBy.specifiedBy.volumeOfLearning", duration),
        Row(Aspect.HOURS, f"{_CLAIM}.influencedBy.workload", duration),
        Row(Aspect.CREDITS, f"{_SPECIFICATION}.creditPoint", _credits),
        Row(Aspect.CREDITS, f"{_CLAIM}.creditReceived", _credits),
        Row(Aspect.EQF, f"{_SPECIFICATION}.eqfLevel", concept(EQF_LEVELS)),
        Row(Aspect.NQF, f"{_SPECIFICATION}.nqfLevel", any_concept),
        Row(Aspect.CYCLE, f"{_SPECIFICATION}.educationLevel", lambda place: cycle(place.path, *named(place))),
        Row(Aspect.ASSESSMENT, _PROOF, _typed("an assessment", ASSESSMENT_TYPES, "specifiedBy", "dcType")),
        Row(Aspect.SCALE, f"{_PROOF}.specifiedBy.gradingScheme.title"),
        Row(Aspect.PARTICIPATION, f"{_SPECIFICATION}.mode", concept(LEARNING_MODES)),
        Row(Aspect.PARTICIPATION, f"{_CLAIM}.influencedBy.specifiedBy.mode", concept(LEARNING_MODES)),
        *(
            Row(Aspect.QUALITY, f"{path}.accreditation", _typed("an accreditation", ACCREDITATION_TYPES, "dcType"))
            for path in (_SPECIFICATION, "issuer", f"{_CLAIM}.awardedBy.awardingBody")
        ),
        Row(Aspect.PREREQUISITES, f"{_SPECIFICATION}.entryRequirement.noteLiteral"),
        Row(Aspect.SUPERVISION, f"{_PROOF}.idVerification", concept(SUPERVISION_VERIFICATION)),
        Row(Aspect.GRADE, f"{_PROOF}.grade.noteLiteral"),
        Row(Aspect.UNSCALED_GRADE, _PROOF, _unscaled),
        Row(Aspect.STACKABLE, f"{_SPECIFICATION}.isPartialQualification", flag),
        Row(Aspect.PART_OF, f"{_SPECIFICATION}.isPartOf.title"),
        Row(Aspect.PART_OF, f"{_CLAIM}.entitlesTo.title"),
        Row(Aspect.FURTHER, f"{_SPECIFICATION}.additionalNote.noteLiteral"),
        Row(Aspect.FURTHER, f"{_SPECIFICATION}.supplementaryDocument", present),
        Row(Aspect.FURTHER, f"{_SPECIFICATION}.homepage", present),
        Row(Aspect.FIELD, f"{_SPECIFICATION}.thematicArea", concept(FIELDS_OF_EDUCATION)),
        Row(Aspect.DESCRIPTION, f"{_CLAIM}.description"),
        Row(Aspect.IMAGE, "displayParameter.individualDisplay", present),
        Row(Aspect.LANGUAGE, f"{_SPECIFICATION}.language", any_concept),
    ),
    primary_language=_primary,
)
"""European Digital Credentials application profile 1.1.0."""
