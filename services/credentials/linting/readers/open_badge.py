"""Open Badges 3.0: its own vocabulary, alignments, and ELM's terms where the badge gives them ELM's meaning."""

from __future__ import annotations

from typing import Any

from credentials.formats import elm
from credentials.formats.open_badges_reading import read
from credentials.linting.places import (
    How,
    Odd,
    Place,
    Row,
    any_concept,
    coded,
    concept,
    credit,
    duration,
    flag,
    number,
    plain,
    present,
    text,
)
from credentials.linting.readers.reader import Reader, types
from credentials.linting.view import Aspect, Value
from schemas.faults import Malformed
from schemas.values import JsonObject
from schemas.vocabularies import (
    ACCREDITATION_TYPES,
    ASSESSMENT_TYPES,
    COUNTRIES,
    EQF_LEVELS,
    FIELDS_OF_EDUCATION,
    LEARNING_MODES,
    QF_EHEA_CYCLES,
    SUPERVISION_VERIFICATION,
    Vocabulary,
)

_SUBJECT = "credentialSubject"
_ACHIEVEMENT = f"{_SUBJECT}.achievement"
_SCALE = frozenset({"valueMin", "valueMax", "allowedValue", "rubricCriterionLevel", "requiredValue", "requiredLevel"})


def _meant(document: JsonObject) -> JsonObject:
    """Without ELM's terms where the badge gives them no meaning, or another."""
    foreign = elm.TERMS.keys() - elm.understood(document)

    def without(value: Any) -> Any:  # noqa: ANN401 any JSON
        if isinstance(value, list):
            return [without(below) for below in value]
        if isinstance(value, dict):
            return {name: without(below) for name, below in value.items() if name not in foreign}
        return value

    meant: JsonObject = without({name: value for name, value in document.items() if name != "@context"})
    return meant


def _strict(document: JsonObject) -> tuple[Value, ...]:
    try:
        read(document)
    except Malformed as fault:
        return (Value("$", f"verifiers refuse it: {fault}"),)
    return ()


def _aligned(kind: str, vocabulary: Vocabulary | None, *, label: bool = False) -> How:
    """An alignment of this kind: by its type, or by an address in the code list."""
    wanted = kind.casefold()

    def take(place: Place) -> Value | None:
        if not isinstance(place.value, dict):
            raise Odd("no object, where an alignment belongs")
        said = {name: text for name, text in place.value.items() if isinstance(text, str)}
        url, code = said.get("targetUrl", ""), said.get("targetCode", "")
        in_list = vocabulary is not None and any(url == one.uri for one in vocabulary)
        if said.get("targetType", "").removeprefix("ext:").casefold() != wanted and not in_list:
            return None
        known = {name for one in vocabulary or () for name in (one.uri, one.code, one.notation)}
        name = code if not in_list and code in known else url or code
        title = said.get("targetName")
        return Value(
            place.path,
            title or name,
            list=vocabulary,
            name=name or None,
            label=title if label else None,
        )

    return take


def _credits(place: Place) -> Value | None:
    """A credit point of ELM."""
    if not isinstance(place.value, dict):
        raise Odd("no object of points and framework")
    points, system = number(place.value.get("point")), place.value.get("framework")
    return credit(f"{place.path}.point", points, system if isinstance(system, str) else None)


def _available(place: Place) -> Value | None:
    """Credits in Open Badges' own words, which name no system: of interest where nothing else says it."""
    points = number(place.value)
    achievement = Place(place.root).first(*_ACHIEVEMENT.split("."))
    said = achievement.first("creditPoint") if achievement else None
    return None if said else credit(place.path, points, None)


def _name(place: Place) -> Value | None:
    value = place.value if isinstance(place.value, dict) else {}
    name = value.get("identityHash")
    if value.get("hashed") is False and value.get("identityType") == "name" and isinstance(name, str):
        return Value(place.path, name)
    return None


def _identity(place: Place) -> Value | None:
    value = place.value if isinstance(place.value, dict) else {}
    kind = value.get("identityType")
    return Value(place.path, f"{kind} (hashed)") if value.get("hashed") is True and isinstance(kind, str) else None


def _unscaled(place: Place) -> Value | None:
    """A result whose description gives no scale."""
    value = place.value if isinstance(place.value, dict) else {}
    grade = value.get("value")
    if not isinstance(grade, str):
        return None
    for described in Place(place.root, root=place.root).down(*_ACHIEVEMENT.split("."), "resultDescription"):
        one = described.value if isinstance(described.value, dict) else {}
        if one.get("id") == value.get("resultDescription") and _SCALE & one.keys():
            return None
    schemes = Place(place.root, root=place.root).down(*_ACHIEVEMENT.split("."), "provenBy", "gradingScheme")
    return None if any(True for _ in schemes) else Value(f"{place.path}.value", grade)


def _scale(place: Place) -> Value | None:
    value = place.value if isinstance(place.value, dict) else {}
    return Value(place.path, str(value.get("name"))) if _SCALE & value.keys() else None


def _accreditation(place: Place) -> Value | None:
    value = place.value if isinstance(place.value, dict) else {}
    kind = value.get("dcType")
    name = kind if isinstance(kind, str) else None
    return Value(place.path, name or "an accreditation", list=ACCREDITATION_TYPES, name=name)


def _assessment(place: Place) -> Value | None:
    value = place.value if isinstance(place.value, dict) else {}
    kind = value.get("dcType")
    name = kind if isinstance(kind, str) else None
    return Value(place.path, name or "an assessment", list=ASSESSMENT_TYPES, name=name)


def _language(document: JsonObject) -> str | None:
    place = Place(document).first(*_ACHIEVEMENT.split("."), "inLanguage")
    return place.value if place and isinstance(place.value, str) else None


def _of(aspect: Aspect, path: str, how: How = plain) -> Row:
    return Row(aspect, f"{_ACHIEVEMENT}.{path}", how)


OPEN_BADGE = Reader(
    kind="Open Badges 3.0",
    recognises=lambda document: bool(types(document) & {"OpenBadgeCredential", "AchievementCredential"}),
    rows=(
        Row(Aspect.TYPES, "type", plain),
        Row(Aspect.HOLDER, f"{_SUBJECT}.id", plain),
        Row(Aspect.LEARNER_NAME, f"{_SUBJECT}.identifier", _name),
        Row(Aspect.LEARNER_ID, f"{_SUBJECT}.identifier", _identity),
        _of(Aspect.TITLE, "title", text),
        _of(Aspect.TITLE, "name"),
        Row(Aspect.COUNTRY, "issuer.address.countryCode", concept(COUNTRIES)),
        Row(Aspect.COUNTRY, "issuer.address.addressCountryCode", coded(COUNTRIES)),
        Row(Aspect.COUNTRY, "issuer.address.addressCountry", plain),
        Row(Aspect.REGION, "issuer.address.addressRegion", plain),
        Row(Aspect.AWARDING_BODY, "issuer.name", plain),
        _of(Aspect.AWARDING_BODY, "creator.name"),
        Row(Aspect.ISSUED, "validFrom", plain),
        Row(Aspect.ISSUED, "issuanceDate", plain),
        _of(Aspect.OUTCOMES, "learningOutcome.title", text),
        _of(Aspect.OUTCOMES, "criteria.narrative"),
        _of(Aspect.SKILLS, "learningOutcome.relatedESCOSkill"),
        _of(Aspect.SKILLS, "alignment", _aligned("ESCO", None)),
        _of(Aspect.HOURS, "volumeOfLearning", duration),
        _of(Aspect.CREDITS, "creditPoint", _credits),
        _of(Aspect.CREDITS, "creditsAvailable", _available),
        _of(Aspect.EQF, "eqfLevel", concept(EQF_LEVELS)),
        _of(Aspect.EQF, "alignment", _aligned("EQF", EQF_LEVELS)),
        _of(Aspect.NQF, "nqfLevel", any_concept),
        _of(Aspect.NQF, "alignment", _aligned("NQF", None)),
        _of(Aspect.CYCLE, "educationLevel", concept(QF_EHEA_CYCLES)),
        _of(Aspect.CYCLE, "alignment", _aligned("QF-EHEA", QF_EHEA_CYCLES)),
        _of(Aspect.ASSESSMENT, "provenBy", _assessment),
        _of(Aspect.SCALE, "resultDescription", _scale),
        _of(Aspect.SCALE, "provenBy.gradingScheme.title", text),
        _of(Aspect.PARTICIPATION, "mode", concept(LEARNING_MODES)),
        _of(Aspect.QUALITY, "accreditation", _accreditation),
        _of(Aspect.QUALITY, "alignment", _aligned("QualityAssurance", ACCREDITATION_TYPES)),
        _of(Aspect.PREREQUISITES, "entryRequirement.noteLiteral", text),
        _of(Aspect.SUPERVISION, "provenBy.idVerification", concept(SUPERVISION_VERIFICATION)),
        Row(Aspect.GRADE, f"{_SUBJECT}.result.value", plain),
        Row(Aspect.UNSCALED_GRADE, f"{_SUBJECT}.result", _unscaled),
        _of(Aspect.STACKABLE, "isPartialQualification", flag),
        _of(Aspect.PART_OF, "isPartOf.title", text),
        _of(Aspect.PART_OF, "alignment", _aligned("StackableTowards", None)),
        _of(Aspect.FURTHER, "supplementaryDocument"),
        _of(Aspect.FURTHER, "criteria.id"),
        _of(Aspect.FIELD, "thematicArea", concept(FIELDS_OF_EDUCATION)),
        _of(Aspect.FIELD, "alignment", _aligned("ISCED-F", FIELDS_OF_EDUCATION, label=True)),
        _of(Aspect.DESCRIPTION, "summary", text),
        _of(Aspect.DESCRIPTION, "description"),
        _of(Aspect.IMAGE, "image", present),
        _of(Aspect.LANGUAGE, "inLanguage"),
    ),
    primary_language=_language,
    meant=_meant,
    strict=_strict,
)
"""https://www.imsglobal.org/spec/ob/v3p0/."""
