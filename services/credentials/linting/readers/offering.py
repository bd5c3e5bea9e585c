"""Our own offerings: what a provider drafts, or the catalogue published (`schemas.microcredential`)."""

from __future__ import annotations

from pydantic import ValidationError

from credentials.linting.places import Odd, Place, Row, coded, credit, flag, hours, number, plain, step, text
from credentials.linting.readers.reader import EVERYTHING, Reader
from credentials.linting.view import Aspect, Value
from schemas.microcredential import Integration, Offering, OfferingContent
from schemas.values import JsonObject
from schemas.vocabularies import (
    ACCREDITATION_TYPES,
    ASSESSMENT_TYPES,
    EQF_LEVELS,
    FIELDS_OF_EDUCATION,
    LEARNING_MODES,
    QF_EHEA_CYCLES,
    SUPERVISION_VERIFICATION,
)

_PERSONAL = frozenset({
    Aspect.TYPES, Aspect.HOLDER, Aspect.LEARNER_NAME, Aspect.GIVEN_NAME, Aspect.FAMILY_NAME, Aspect.BIRTH,
    Aspect.LEARNER_ID, Aspect.ISSUED, Aspect.GRADE, Aspect.UNSCALED_GRADE,
})  # fmt: skip
_THE_ORGANISATIONS = frozenset({Aspect.COUNTRY, Aspect.REGION, Aspect.IMAGE})


def _credits(place: Place) -> Value | None:
    if not isinstance(place.value, dict):
        raise Odd("no object of points and system")
    points, system = number(place.value.get("points")), place.value.get("system")
    return credit(f"{place.path}.points", points, system if isinstance(system, str) else None)


def _integration(place: Place) -> Value | None:
    if not isinstance(place.value, str) or place.value not in set(Integration):
        raise Odd("neither standalone nor stackable")
    return flag(Place(place.value == Integration.STACKABLE, place.path, place.root))


def _strict(document: JsonObject) -> tuple[Value, ...]:
    """What the catalogue would refuse, apart from what a rule says better: codes that are in no list."""
    model = Offering if "version" in document else OfferingContent
    try:
        model.model_validate(document)
    except ValidationError as error:
        return tuple(
            Value(
                "$" + "".join(f"[{part}]" if isinstance(part, int) else step(part) for part in problem["loc"]),
                problem["msg"],
            )
            for problem in error.errors(include_url=False, include_context=False, include_input=False)
            if problem["type"] != "vocabulary"
        )
    return ()


def _primary(document: JsonObject) -> str | None:
    said = document.get("primary_language", "en")
    return said if isinstance(said, str) else None


OFFERING = Reader(
    kind="Offering",
    recognises=lambda document: {"id", "organisation", "title"} <= document.keys() and "type" not in document,
    rows=(
        Row(Aspect.TITLE, "title"),
        Row(Aspect.AWARDING_BODY, "organisation", plain),
        Row(Aspect.DESCRIPTION, "description"),
        Row(Aspect.LANGUAGE, "primary_language", plain),
        Row(Aspect.OUTCOMES, "learning_outcomes.title"),
        Row(Aspect.SKILLS, "learning_outcomes.esco_skills", plain),
        Row(Aspect.HOURS, "workload.hours", hours),
        Row(Aspect.CREDITS, "workload.credits", _credits),
        Row(Aspect.EQF, "level.eqf", coded(EQF_LEVELS)),
        Row(Aspect.NQF, "level.nqf", plain),
        Row(Aspect.CYCLE, "level.cycle", coded(QF_EHEA_CYCLES)),
        Row(Aspect.ASSESSMENT, "assessments.type", coded(ASSESSMENT_TYPES)),
        Row(Aspect.SCALE, "assessments.grading.title"),
        Row(Aspect.PARTICIPATION, "participation", coded(LEARNING_MODES)),
        Row(Aspect.QUALITY, "quality_assurance.type", coded(ACCREDITATION_TYPES)),
        Row(Aspect.PREREQUISITES, "prerequisites"),
        Row(Aspect.SUPERVISION, "assessments.supervision", coded(SUPERVISION_VERIFICATION)),
        Row(Aspect.STACKABLE, "integration", _integration),
        Row(Aspect.PART_OF, "stackable_towards.title", text),
        Row(Aspect.FURTHER, "further_information", plain),
        Row(Aspect.FIELD, "fields", coded(FIELDS_OF_EDUCATION)),
    ),
    primary_language=_primary,
    asked=EVERYTHING - _PERSONAL - _THE_ORGANISATIONS,
    strict=_strict,
)
"""What it does not say, its organisation or the credential does: country, learner, date, grade."""
