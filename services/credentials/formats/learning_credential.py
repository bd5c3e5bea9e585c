"""The learning credential of the European Digital Identity's reference issuers, as SD-JWT VC.

Source: the type metadata of `urn:eu.europa.ec.eudi:learning:credential:1` in both EUDI reference issuers. It cannot say
how, where and under whose eyes was assessed, nor what to stack it onto; what is to be read elsewhere stands in its
description.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from credentials.formats.format import Format
from credentials.formats.sd_jwt_vc import (
    MEDIA_TYPE,
    Claim,
    CredentialType,
    Rule,
    Statement,
    any_subset,
    country,
    full_date,
    iri,
    mandatory,
    moment,
    object_,
    text,
    texts,
)
from credentials.proofs.sd_jwt import SD_JWT, SD_JWT_ES256
from schemas import annex1
from schemas.events import StatusEntry
from schemas.microcredential import Award, Integration, Learner, Level, Offering, Workload
from schemas.values import JsonObject, in_language

VCT: Final = "urn:eu.europa.ec.eudi:learning:credential:1"
INSTANCE_VALIDITY: Final = timedelta(days=3652)
"""How long the token of an award that is for good can be shown: the type requires an end. Ten years."""
EQF_OF_CYCLE: Final = MappingProxyType(
    {"short-cycle": "5", "first-cycle": "6", "second-cycle": "7", "third-cycle": "8"}
)
"""The EQF levels that the cycles of the European Higher Education Area correspond to."""
_LEVEL = re.compile("Level[1-8]")


def _level(value: object) -> str | None:
    return None if isinstance(value, str) and _LEVEL.fullmatch(value) else "is none of Level1 to Level8"


def _yes_or_no(value: object) -> str | None:
    return None if value in ("Yes", "No") else "is neither Yes nor No"


def _expiry(statement: Statement) -> str | None:
    start, end = statement.date("date_of_issuance"), statement.date("date_of_expiry")
    return "date_of_expiry is before date_of_issuance" if start and end and end < start else None


def _issuance(statement: Statement) -> str | None:
    return "date_of_issuance is in the future" if statement.in_future("date_of_issuance") else None


LEARNING_CREDENTIAL_TYPE: Final = CredentialType(
    vct=VCT,
    title="Learning credential",
    description="A micro-credential, attested to a wallet of the European Digital Identity",
    claims=(
        Claim("jti", "Identifier", text, mandatory=True, disclosable=False),
        Claim("iat", "Issued at", moment, mandatory=True, disclosable=False),
        Claim("exp", "Expires", moment, mandatory=True, disclosable=False),
        Claim("vct", "Type", text, mandatory=True, disclosable=False),
        Claim("iss", "Issuer", iri, mandatory=True, disclosable=False),
        Claim("cnf", "Key of the holder", object_, mandatory=True, disclosable=False, where_bound=True),
        Claim(
            "issuing_authority", "Awarding body", text,
            mandatory=True, disclosable=False, element=annex1.AWARDING_BODY,
        ),
        Claim(
            "issuing_country", "Country of the issuer", country,
            mandatory=True, disclosable=False, element=annex1.COUNTRY,
        ),
        Claim(
            "date_of_issuance", "Date of issuing", full_date,
            mandatory=True, disclosable=False, element=annex1.DATE_OF_ISSUING,
        ),
        Claim("date_of_expiry", "Valid until", full_date, disclosable=False),
        Claim("family_name", "Family name", text, mandatory=True, element=annex1.LEARNER),
        Claim("given_name", "Given name", text, element=annex1.LEARNER),
        Claim(
            "achievement_title", "Title", text, mandatory=True, disclosable=False, element=annex1.TITLE
        ),
        Claim(
            "achievement_description", "Description", text, disclosable=False, element=annex1.FURTHER_INFORMATION
        ),
        Claim("learning_outcomes", "Learning outcomes", texts, element=annex1.LEARNING_OUTCOMES),
        Claim("assessment_grade", "Grade", text, element=annex1.GRADE),
        Claim("language_of_classes", "Language of the classes", texts, mandatory=True, disclosable=False),
        Claim("learner_identification", "Identifier of the learner", text, mandatory=True, element=annex1.LEARNER),
        Claim("expected_study_time", "Workload", text, mandatory=True, element=annex1.WORKLOAD),
        Claim("level_of_learning_experience", "Level", _level, mandatory=True, element=annex1.LEVEL),
        Claim(
            "types_of_quality_assurance", "Types of quality assurance", texts,
            mandatory=True, element=annex1.QUALITY_ASSURANCE,
        ),
        Claim("prerequisites_to_enroll", "Prerequisites", texts, element=annex1.PREREQUISITES),
        Claim("integration_stackability_options", "Stackable", _yes_or_no, element=annex1.INTEGRATION),
    ),
    rules=lambda of: (
        mandatory(of),
        Rule("issuance", "it was not issued in the future", _issuance),
        Rule("expiry", "it ends after it begins", _expiry),
        any_subset(of),
    ),
    identifier="jti",
    name_claims=("given_name", "family_name"),
    title_claim="achievement_title",
    description_claim="achievement_description",
    authority_claim="issuing_authority",
)  # fmt: skip


def compose(award: Award, *, issued: datetime, status: StatusEntry, salt: bytes | None = None) -> JsonObject:
    """The learning credential of an award, unsecured (see `Compose`; each claim is salted when it is sealed).

    Raises:
        BrokenRule: the award lacks what the type requires.
        Unwritable: it holds what libraries write differently, or not at all.
    """
    del salt
    offering, organisation, learner = award.offering, award.organisation, award.learner
    language = offering.primary_language
    until = award.valid_until
    said = {
        "jti": award.id.urn,
        "exp": int((until or issued + INSTANCE_VALIDITY).timestamp()),
        "issuing_authority": in_language(organisation.legal_name, language),
        "issuing_country": organisation.country.notation,
        "date_of_issuance": f"{issued:%Y-%m-%d}",
        "date_of_expiry": f"{until:%Y-%m-%d}" if until else None,
        "family_name": learner.family_name or learner.full_name,
        "given_name": learner.given_name if learner.family_name else None,
        "achievement_title": in_language(offering.title, language),
        "achievement_description": _description(offering),
        "learning_outcomes": [in_language(outcome.title, language) for outcome in offering.learning_outcomes],
        "assessment_grade": award.grade.value if award.grade else None,
        "language_of_classes": [language],
        "learner_identification": _identification(learner),
        "expected_study_time": study_time(offering.workload) if offering.workload else None,
        "level_of_learning_experience": f"Level{level}" if (level := eqf_level(offering.level)) else None,
        "types_of_quality_assurance": [assured.type.label for assured in offering.quality_assurance],
        "prerequisites_to_enroll": [in_language(offering.prerequisites, language)] if offering.prerequisites else None,
        "integration_stackability_options": ("Yes" if offering.integration is Integration.STACKABLE else "No")
        if offering.integration
        else None,
    }
    return LEARNING_CREDENTIAL_TYPE.compose(award, said, issued=issued, status=status)


def _description(offering: Offering) -> str | None:
    """What it is, and where more is to be found: the type has no other place for that."""
    about = [in_language(offering.description, offering.primary_language)] if offering.description else []
    more = [*([offering.homepage] if offering.homepage else []), *offering.further_information]
    return "\n".join([*about, *more]) or None


def _identification(learner: Learner) -> str | None:
    """What the learner is known by: a number somebody keeps a register of, else the e-mail address, else the DID."""
    return next((identifier.value for identifier in learner.identifiers), None) or learner.email or learner.did


def study_time(workload: Workload) -> str:
    """`5 ECTS (125 hours)`."""
    hours = f"{workload.hours.normalize():f} hours" if workload.hours else None
    if workload.credits is None:
        return str(hours)
    points = f"{workload.credits.points.normalize():f} {workload.credits.system.notation}"
    return f"{points} ({hours})" if hours else points


def eqf_level(level: Level | None) -> str | None:
    """The EQF level, stated or that of the cycle; a national level has none that could be known here."""
    if level is None or level.eqf:
        return level.eqf.code if level and level.eqf else None
    return EQF_OF_CYCLE.get(level.cycle.code) if level.cycle else None


LEARNING_CREDENTIAL: Final = Format(
    name="eudi-learning-credential",
    title="EUDI learning credential (SD-JWT VC)",
    media_type=MEDIA_TYPE,
    compose=compose,
    read=LEARNING_CREDENTIAL_TYPE.read,
    audience="For wallets of the European Digital Identity.",
    proofs=(SD_JWT_ES256, SD_JWT),
    tells_suspension=True,
    loses=LEARNING_CREDENTIAL_TYPE.loses,
)
"""For wallets of the European Digital Identity."""
