"""The wallet attestation of micro-credentials, `VerifiableMicroCredential`, as SD-JWT VC.

Source: the rulebook drafted for the European Digital Identity wallet in the WE BUILD pilot, version 0.1 (2026-07-21).
Its integrity rules MC-IR-01 to 09 are one table, held to by whoever issues and whoever verifies. Where an award has
several of what the rulebook names in the singular (types of assessment, say), the claim is an array of them.
"""

from __future__ import annotations

import math
import re
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from credentials.formats.format import Format
from credentials.formats.learning_credential import eqf_level
from credentials.formats.sd_jwt_vc import (
    MEDIA_TYPE,
    Claim,
    CredentialType,
    Rule,
    Statement,
    any_subset,
    country,
    flag,
    full_date,
    iri,
    mandatory,
    moment,
    object_,
    text,
    text_or_texts,
    texts,
)
from credentials.proofs.sd_jwt import SD_JWT, SD_JWT_ES256
from schemas import annex1
from schemas.events import StatusEntry
from schemas.microcredential import Assessment, Award, Grade, Integration, Offering, QualityAssurance, Workload
from schemas.values import JsonObject, in_language

VCT: Final = "VerifiableMicroCredential"
CATEGORY: Final = "non-qualified-EAA"
UNITS: Final = ("ECTS", "hours")

ASSESSMENT: Final = MappingProxyType({"portfolio": "portfolio-assessment", "project-work": "project-assessment"})
"""The rulebook's names for types of assessment, where they are not ours; others keep their own, as it allows."""
PARTICIPATION: Final = MappingProxyType({"presential": "on-site"})
QUALITY: Final = MappingProxyType(
    {
        "institutional-quality-assurance": "institutional-accreditation",
        "institutional-license": "institutional-accreditation",
        "program-quality-assurance": "programme-accreditation",
        "program-license": "programme-accreditation",
    }
)
NO_GRADE: Final = frozenset({"level-of-attendance"})
"""Types of assessment that end in no grade: being there is not measured."""
_ESCO = re.compile(
    r"http://data\.europa\.eu/esco/(skill|occupation|isced-f|concept|qualification|model)/[A-Za-z0-9./-]+"
)
_LEVEL = re.compile("EQF-[1-8]")


def _level(value: object) -> str | None:
    return None if isinstance(value, str) and _LEVEL.fullmatch(value) else "is none of EQF-1 to EQF-8"


def _objects(value: object) -> str | None:
    each = value if isinstance(value, list) and value else [value]
    return next(filter(None, map(object_, each)), None)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _birth(statement: Statement) -> str | None:
    return "dateOfBirth is in the future" if statement.in_future("dateOfBirth") else None


def _issuance(statement: Statement) -> str | None:
    if statement.in_future("issuanceDate"):
        return "issuanceDate is in the future"
    stated = statement.date("issuanceDate")
    if stated and statement.completed and stated < statement.completed.date():
        return "issuanceDate is before the assessment was completed"
    return None


def _grade(statement: Statement) -> str | None:
    claims = statement.claims
    if "grade" not in claims:
        return None
    types = _listed(claims.get("typeOfAssessment"))
    if types and all(each in NO_GRADE for each in types):
        return f"no {' and no '.join(types)} ends in a grade"
    if "gradingScheme" not in claims and not statement.hidden:
        return "grade has no gradingScheme to be read on"
    return None


def _esco(statement: Statement) -> str | None:
    wrong = [each for each in statement.claims.get("escoReference", []) if not _ESCO.fullmatch(each)]
    return f"{wrong[0][:200]!r} is no reference to ESCO" if wrong else None


def _workload(statement: Statement) -> str | None:
    workload = statement.claims.get("notionalWorkload")
    if workload is None:
        return None
    value, unit = workload.get("value"), workload.get("unit")
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value <= 0:
        return "notionalWorkload is not a positive number"
    return None if unit in UNITS else f"notionalWorkload counts in {str(unit)[:40]!r}, not in {' or '.join(UNITS)}"


def _stackable(statement: Statement) -> str | None:
    claims = statement.claims
    if claims.get("stackable") is True and "partOfQualification" not in claims and not statement.hidden:
        return "stackable does not say towards what"
    return None


def _accreditation(statement: Statement) -> str | None:
    kinds = _listed(statement.claims.get("qualityAssurance"))
    for each in _listed(statement.claims.get("accreditation")):
        kind = each.get("type")
        if kinds and kind not in kinds:
            return f"accreditation is of the type {str(kind)[:80]!r}, and qualityAssurance says {', '.join(kinds)}"
    return None


INTEGRITY: Final = (
    Rule("MC-IR-02", "the date of birth is not in the future", _birth),
    Rule("MC-IR-03", "it was not issued in the future, nor before the assessment was completed", _issuance),
    Rule("MC-IR-04", "a grade comes from an assessment that can give one, with its scheme", _grade),
    Rule("MC-IR-05", "every reference to ESCO is one", _esco),
    Rule("MC-IR-06", "the workload is positive, in a unit of the list", _workload),
    Rule("MC-IR-07", "what is stackable says towards what", _stackable),
    Rule("MC-IR-08", "the accreditation agrees with the quality assurance", _accreditation),
)
"""The rules about values; 01 and 09 are about the table of claims."""

MICRO_CREDENTIAL_TYPE: Final = CredentialType(
    vct=VCT,
    title="Micro-credential",
    description="A micro-credential with every standard element of the European approach, attested to a wallet",
    claims=(
        Claim("attestation_legal_category", "Legal category", text, mandatory=True, disclosable=False),
        Claim("vct", "Type", text, mandatory=True, disclosable=False),
        Claim("iss", "Issuer", iri, mandatory=True, disclosable=False),
        Claim("iat", "Issued at", moment, mandatory=True, disclosable=False),
        Claim("trust_anchor", "Trust anchor", text, disclosable=False),
        Claim("cryptographically_bound_to", "Bound to", text, disclosable=False),
        Claim("identifier", "Identifier", text, mandatory=True),
        Claim("title", "Title", text, mandatory=True, element=annex1.TITLE),
        Claim("givenName", "Given name", text, mandatory=True, element=annex1.LEARNER),
        Claim("familyName", "Family name", text, mandatory=True, element=annex1.LEARNER),
        Claim("issuerCountry", "Country of the issuer", country, mandatory=True, element=annex1.COUNTRY),
        Claim("awardingBody", "Awarding body", text, mandatory=True, element=annex1.AWARDING_BODY),
        Claim("issuanceDate", "Date of issuing", full_date, mandatory=True, element=annex1.DATE_OF_ISSUING),
        Claim("learningOutcomes", "Learning outcomes", texts, mandatory=True, element=annex1.LEARNING_OUTCOMES),
        Claim("notionalWorkload", "Workload", object_, mandatory=True, element=annex1.WORKLOAD),
        Claim("typeOfAssessment", "Type of assessment", text_or_texts, mandatory=True, element=annex1.ASSESSMENT),
        Claim(
            "formOfParticipation", "Form of participation", text_or_texts,
            mandatory=True, element=annex1.PARTICIPATION,
        ),
        Claim(
            "qualityAssurance", "Quality assurance", text_or_texts, mandatory=True, element=annex1.QUALITY_ASSURANCE
        ),
        Claim("level", "Level", _level, element=annex1.LEVEL),
        Claim("grade", "Grade", text, element=annex1.GRADE),
        Claim("gradingScheme", "Grading scheme", text),
        Claim("escoReference", "Skills in ESCO", texts),
        Claim("stackable", "Stackable", flag, element=annex1.INTEGRATION),
        Claim("partOfQualification", "Stackable towards", text_or_texts, element=annex1.INTEGRATION),
        Claim("dateOfBirth", "Date of birth", full_date),
        Claim("nationalQualificationsFrameworkLevel", "National level", text, element=annex1.LEVEL),
        Claim("educationLevelDescriptor", "Cycle", text, element=annex1.LEVEL),
        Claim("learningOutcomeSummary", "Summary of the learning outcomes", text),
        Claim("fieldOfEducation", "Field of education", text_or_texts),
        Claim("learningActivityType", "Type of learning activity", text_or_texts),
        Claim("languageOfAssessment", "Language of the assessment", text_or_texts),
        Claim(
            "idVerificationMethod", "Supervision and identity verification", text_or_texts, element=annex1.SUPERVISION
        ),
        Claim("entryRequirements", "Prerequisites", text, element=annex1.PREREQUISITES),
        Claim("accreditation", "Accreditation", _objects),
        Claim("awardingBodyAddress", "Address of the awarding body", text),
        Claim("awardingBodyHomepage", "Homepage of the awarding body", iri),
        Claim("awardingBodyIdentifier", "Identifier of the awarding body", text_or_texts),
        Claim("additionalNote", "Further information", text_or_texts, element=annex1.FURTHER_INFORMATION),
        Claim("mail", "E-mail address", text),
        Claim("placeOfBirth", "Place of birth", text),
        Claim("citizenshipCountry", "Citizenship", country),
        Claim("nationalID", "National identity number", text),
        Claim("registeredAddress", "Registered address", text),
    ),
    rules=lambda of: (mandatory(of, "MC-IR-01"), *INTEGRITY, any_subset(of, "MC-IR-09")),
    identifier="identifier",
    name_claims=("givenName", "familyName"),
    title_claim="title",
    description_claim="learningOutcomeSummary",
    authority_claim="awardingBody",
)  # fmt: skip


def compose(award: Award, *, issued: datetime, status: StatusEntry, salt: bytes | None = None) -> JsonObject:
    """The wallet attestation of an award, unsecured (see `Compose`; each claim is salted when it is sealed).

    What would only identify the learner further (e-mail address, numbers) is left out: the credential is bound to a
    key instead. A grade without a scale to read it on is left out too.

    Raises:
        BrokenRule: the award lacks what the type requires.
        Unwritable: it holds what libraries write differently, or not at all.
    """
    del salt
    offering, organisation, learner = award.offering, award.organisation, award.learner
    language = offering.primary_language
    grade, scheme = _graded(award)
    level, homepage = eqf_level(offering.level), organisation.homepage
    said = {
        "attestation_legal_category": CATEGORY,
        "exp": int(award.valid_until.timestamp()) if award.valid_until else None,
        "identifier": award.id.urn,
        "title": in_language(offering.title, language),
        "givenName": learner.given_name,
        "familyName": learner.family_name,
        "issuerCountry": organisation.country.notation,
        "awardingBody": in_language(organisation.legal_name, language),
        "issuanceDate": f"{issued:%Y-%m-%d}",
        "learningOutcomes": [in_language(outcome.title, language) for outcome in offering.learning_outcomes],
        "notionalWorkload": _counted(offering.workload) if offering.workload else None,
        "typeOfAssessment": _one_or_all([assessment_type(each) for each in offering.assessments]),
        "formOfParticipation": _one_or_all(
            [PARTICIPATION.get(mode.slug, mode.slug) for mode in offering.participation]
        ),
        "qualityAssurance": _one_or_all([quality_type(each) for each in offering.quality_assurance]),
        "level": f"EQF-{level}" if level else None,
        "nationalQualificationsFrameworkLevel": offering.level.nqf if offering.level else None,
        "educationLevelDescriptor": offering.level.cycle.label if offering.level and offering.level.cycle else None,
        "grade": grade,
        "gradingScheme": scheme,
        "escoReference": list(dict.fromkeys(uri for each in offering.learning_outcomes for uri in each.esco_skills)),
        "stackable": _stacks(offering),
        "partOfQualification": _one_or_all(
            [in_language(target.title, language) for target in offering.stackable_towards]
        ),
        "learningOutcomeSummary": in_language(offering.description, language) if offering.description else None,
        "fieldOfEducation": _one_or_all([field.code for field in offering.fields]),
        "idVerificationMethod": _one_or_all([each for each in map(supervision, offering.assessments) if each]),
        "entryRequirements": in_language(offering.prerequisites, language) if offering.prerequisites else None,
        "accreditation": _one_or_all([_accredited(each, language) for each in offering.quality_assurance]),
        "awardingBodyHomepage": homepage,
        "awardingBodyIdentifier": _one_or_all([identifier.value for identifier in organisation.identifiers]),
        "additionalNote": _one_or_all(_further(offering)),
    }
    return MICRO_CREDENTIAL_TYPE.compose(award, said, issued=issued, status=status)


def _stacks(offering: Offering) -> bool | None:
    """Whether it is stackable; nothing where it is said to be, but not towards what."""
    if offering.integration is Integration.STANDALONE:
        return False
    return True if offering.integration and offering.stackable_towards else None


def _one_or_all(values: list[Any]) -> Any:  # noqa: ANN401 texts or objects, one or several
    """The one value, or the array of several; None for none."""
    unique = [value for place, value in enumerate(values) if value not in values[:place]]
    return unique[0] if len(unique) == 1 else unique or None


def _counted(workload: Workload) -> JsonObject:
    """ECTS wherever possible, as Annex I asks; hours otherwise."""
    credits_ = workload.credits
    if credits_ and credits_.system.notation == "ECTS":
        value, unit = credits_.points, "ECTS"
    elif workload.hours:
        value, unit = workload.hours, "hours"
    else:
        return {"unit": credits_.system.notation if credits_ else None}  # which MC-IR-06 refuses
    return {"value": int(value) if value == value.to_integral_value() else float(value), "unit": unit}


def _further(offering: Offering) -> list[str]:
    hours = offering.workload.hours if offering.workload and offering.workload.credits else None
    return [
        *([f"Workload: {hours.normalize():f} hours"] if hours else []),
        *([offering.homepage] if offering.homepage else []),
        *offering.further_information,
    ]


def assessment_type(assessment: Assessment) -> str:
    """The rulebook's name, or our own where it has none."""
    return ASSESSMENT.get(assessment.type.slug, assessment.type.slug)


def quality_type(assured: QualityAssurance) -> str:
    """The rulebook's name, or our own where it has none."""
    return QUALITY.get(assured.type.slug, assured.type.slug)


def supervision(assessment: Assessment) -> str | None:
    """How the learner was identified, by the rulebook's names where one fits."""
    if assessment.supervision is None:
        return None
    if assessment.supervision.notation == "supid":
        online = assessment.mode is not None and assessment.mode.slug == "online"
        return "proctored-online-exam" if online else "in-person-supervision"
    return (
        "identity-verified-remote-exam" if assessment.supervision.notation == "nosupid" else assessment.supervision.slug
    )


def _accredited(assured: QualityAssurance, language: str) -> JsonObject:
    return {
        "title": in_language(assured.title, language),
        "type": quality_type(assured),
        "accreditingAgent": in_language(assured.agent, language),
        **({"decision": assured.decision} if assured.decision else {}),
        **({"reviewDate": f"{assured.expires:%Y-%m-%d}"} if assured.expires else {}),
    }


def _graded(award: Award) -> tuple[str | None, str | None]:
    """The grade and its scheme, where the assessment can give one and the scheme is known."""
    grade, assessments = award.grade, award.offering.assessments
    gives = any(assessment_type(each) not in NO_GRADE for each in assessments) or not assessments
    if grade is None or not gives:
        return None, None
    scheme = grade.scheme or (assessments[0].grading if len(assessments) == 1 else None)
    if scheme is None:
        return None, None
    return grade.value, _scheme(Grade(value=grade.value, scheme=scheme), award.offering.primary_language)


def _scheme(grade: Grade, language: str) -> str | None:
    """`Percentage, 0 to 100, passed from 50`."""
    scheme = grade.scheme
    if scheme is None:
        return None
    parts = [
        in_language(scheme.title, language),
        f"{scheme.minimum} to {scheme.maximum}" if scheme.minimum and scheme.maximum else None,
        f"passed from {scheme.pass_mark}" if scheme.pass_mark else None,
    ]
    return ", ".join(part for part in parts if part)


MICRO_CREDENTIAL: Final = Format(
    name="verifiable-micro-credential",
    title="Verifiable micro-credential (SD-JWT VC)",
    media_type=MEDIA_TYPE,
    compose=compose,
    read=MICRO_CREDENTIAL_TYPE.read,
    audience="For wallets of the European Digital Identity, with every standard element; you choose what you show.",
    proofs=(SD_JWT_ES256, SD_JWT),
    tells_suspension=True,
    loses=MICRO_CREDENTIAL_TYPE.loses,
)
"""For wallets of the European Digital Identity, by the pilot's rulebook."""
