"""Open Badges 3.0 on VC Data Model 2.0, carrying every EU standard element.

Source: https://www.imsglobal.org/spec/ob/v3p0/; the elements' places follow the facts of the European Learning Model:
Open Badges' own vocabulary first, ELM's terms for what it cannot say. Multi-valued terms are arrays, as the Open Badges
JSON schema asks.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from credentials.canonical import pin
from credentials.contexts import CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS
from credentials.formats import elm
from credentials.formats.format import Format
from credentials.formats.guards import Unwritable, check_writable
from credentials.formats.open_badges_reading import NotAnOpenBadge, read
from credentials.formats.same import Same
from credentials.moments import seconds_text
from credentials.proofs import (
    ECDSA_JCS_2019,
    ECDSA_RDFC_2019,
    EDDSA_JCS_2022,
    EDDSA_RDFC_2022,
    VC_JWT_EDDSA,
    VC_JWT_ES256,
)
from credentials.status import StatusPurpose
from schemas.events import StatusEntry
from schemas.microcredential import (
    Assessment,
    Award,
    Grade,
    GradingScheme,
    Identifier,
    Learner,
    Offering,
    Organisation,
)
from schemas.values import JsonObject, in_language

SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
SALT_BYTES = 16

_IDENTITY_TYPES = frozenset({
    "name", "sourcedId", "systemId", "productId", "userName", "accountId", "emailAddress", "nationalIdentityNumber",
    "isbn", "issn", "lisSourcedId", "oneRosterSourcedId", "sisSourcedId", "ltiContextId", "ltiDeploymentId",
    "ltiToolId", "ltiPlatformId", "ltiUserId", "identifier",
})  # fmt: skip
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_LANGUAGE_CODE = re.compile(r"[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")


def compose(award: Award, *, issued: datetime, status: StatusEntry, salt: bytes | None = None) -> JsonObject:
    """The Open Badge of an award, unsecured (see `Compose`).

    `awardedDate` is when the assessment was completed, `validFrom` when it is sealed.

    Raises:
        Unwritable: the award holds what libraries write differently, or not at all, or the salt is too short.
    """
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    if len(salt) < SALT_BYTES:
        raise Unwritable(f"a salt has at least {SALT_BYTES} random bytes")
    frame = _frame(Same(award.organisation), Same(award.offering), _grading(award.grade))
    subject = _subject(award, salt, frame)
    varying: JsonObject = {
        "validFrom": seconds_text(issued),
        **({"validUntil": seconds_text(award.valid_until)} if award.valid_until else {}),
        "awardedDate": seconds_text(award.completed),
        "credentialSubject": subject,
        **({"evidence": [{"id": url, "type": ["Evidence"]} for url in award.evidence]} if award.evidence else {}),
        "credentialStatus": _status(status, "revocation"),
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }
    check_writable(varying)
    inline = elm.inline_context(frame.terms | elm.terms_of(varying))
    pin(inline)
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS, inline],
        "id": award.id.urn,
        **frame.members,
        **varying,
        "credentialSubject": {**subject, "achievement": frame.achievement},
    }


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the badges of one offering say alike: composed and checked once, and a part of each of them."""

    members: JsonObject
    achievement: JsonObject
    graded_by: str | None
    """The description that a grade is a result of."""
    terms: frozenset[str]


@lru_cache(maxsize=256)  # each keeps an offering in memory
def _frame(organisation_: Same[Organisation], offering_: Same[Offering], grading: str | None) -> _Frame:
    """`grading` is what `_grading` says of the grade."""
    organisation, offering = organisation_.value, offering_.value
    members: JsonObject = {
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": in_language(offering.title, offering.primary_language),
        "description": _summary(offering),
        "issuer": _issuer(organisation, offering.primary_language),
    }
    descriptions, graded_by = _descriptions(organisation, offering, grading)
    achievement = _achievement(organisation, offering, descriptions)
    whole = {**members, "credentialSubject": {"achievement": achievement}}
    check_writable(whole)
    return _Frame(members, achievement, graded_by, elm.terms_of(whole))


def _status(status: StatusEntry, purpose: StatusPurpose) -> JsonObject:
    return {
        "id": f"{status.list}#{status.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(status.index),
        "statusListCredential": status.list,
    }


def suspend(document: JsonObject, status: StatusEntry) -> JsonObject:
    """A badge with a second status, for suspensions.

    The data model has several; the JSON schema of Open Badges has one, so that the badge no longer names that schema.
    """
    named = {name: value for name, value in document.items() if name != "credentialSchema"}
    return {**named, "credentialStatus": [document["credentialStatus"], _status(status, "suspension")]}


def identity_hash(identifier: str, salt: str) -> str:
    """`identityHash` of a hashed identifier: SHA-256 of its UTF-8 text with the salt's appended (IdentityObject)."""
    return "sha256$" + hashlib.sha256((identifier + salt).encode()).hexdigest()


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _line(text: str) -> str:
    """One line of Markdown."""
    return " ".join(text.split())


def _summary(offering: Offering) -> str:
    workload, level = offering.workload, offering.level
    facts = [
        f"{workload.credits.points.normalize():f} {workload.credits.system.notation}"
        if workload and workload.credits
        else None,
        f"{workload.hours.normalize():f} hours" if workload and workload.hours else None,
        f"EQF level {level.eqf.code}" if level and level.eqf else None,
    ]
    return ", ".join(["Micro-credential", *(fact for fact in facts if fact)])


def _issuer(organisation: Organisation, language: str) -> JsonObject:
    return {
        "id": organisation.did,
        "type": ["Profile"],
        "name": in_language(organisation.legal_name, language),
        "legalName": elm.in_languages(organisation.legal_name),
        **({"url": organisation.homepage} if organisation.homepage else {}),
        "address": {
            "type": ["Address"],
            "addressCountry": organisation.country.label,
            "addressCountryCode": organisation.country.notation,
            "countryCode": organisation.country.uri,
            **({"addressRegion": organisation.region} if organisation.region else {}),
        },
        **(
            {
                "otherIdentifier": [
                    {
                        "type": "IdentifierEntry",
                        "identifier": identifier.value,
                        "identifierType": _identifier_type(identifier),
                    }
                    for identifier in organisation.identifiers
                ]
            }
            if organisation.identifiers
            else {}
        ),
    }


def _identifier_type(identifier: Identifier) -> str:
    if identifier.scheme in _IDENTITY_TYPES:
        return identifier.scheme
    return "ext:" + _NOT_IN_A_NAME.sub("-", identifier.scheme.removeprefix("ext:")).strip("-")


def _identities(learner: Learner, salt: bytes) -> Iterator[JsonObject]:
    salt_text = salt.hex()
    hashed = [(identifier.value, _identifier_type(identifier)) for identifier in learner.identifiers]
    if learner.email:
        hashed.insert(0, (learner.email, "emailAddress"))
    for value, kind in hashed:
        yield {
            "type": "IdentityObject",
            "hashed": True,
            "identityHash": identity_hash(value, salt_text),
            "identityType": kind,
            "salt": salt_text,
        }
    yield {"type": "IdentityObject", "hashed": False, "identityHash": learner.full_name, "identityType": "name"}


def _subject(award: Award, salt: bytes, frame: _Frame) -> JsonObject:
    """All of it but the achievement."""
    workload, grade = award.offering.workload, award.grade
    return {
        **({"id": award.learner.did} if award.learner.did else {}),
        "type": ["AchievementSubject"],
        "identifier": list(_identities(award.learner, salt)),
        **({"creditsEarned": _number(workload.credits.points)} if workload and workload.credits else {}),
        **({"result": [_result(grade, frame.graded_by)]} if grade and frame.graded_by else {}),
    }


def achievement_id(organisation: Organisation, offering: Offering) -> UUID:
    """The same for every badge of one published version."""
    return uuid5(NAMESPACE_URL, f"{organisation.did}/offerings/{offering.key}")


_UNSCALED: Final = "null"


def _grading(grade: Grade | None) -> str | None:
    """The scheme of a grade as JSON, None where there is no grade."""
    if grade is None:
        return None
    return grade.scheme.model_dump_json() if grade.scheme else _UNSCALED


def _descriptions(
    organisation: Organisation, offering: Offering, grading: str | None
) -> tuple[list[JsonObject], str | None]:
    """How each assessment is graded, and which of it a grade belongs to: the one assessment, or the whole."""
    achievement, language = achievement_id(organisation, offering), offering.primary_language
    scale = None if grading in {None, _UNSCALED} else GradingScheme.model_validate_json(str(grading))
    descriptions = []
    for place, assessment in enumerate(offering.assessments, start=1):
        scheme = scale if scale and len(offering.assessments) == 1 else assessment.grading
        name = in_language(assessment.title, language) if assessment.title else assessment.type.label.capitalize()
        descriptions.append(_result_description(uuid5(achievement, f"assessment {place}"), name, scheme))
    if grading is None:
        return descriptions, None
    if len(descriptions) != 1:
        descriptions.append(_result_description(uuid5(achievement, "overall"), "Overall result", scale))
    return descriptions, descriptions[-1]["id"]


def _result(grade: Grade, description: str) -> JsonObject:
    return {"type": ["Result"], "resultDescription": description, "value": grade.value}


def _result_description(name: UUID, title: str, scheme: GradingScheme | None) -> JsonObject:
    scored = scheme is not None and scheme.minimum is not None and scheme.maximum is not None
    return {
        "id": name.urn,
        "type": ["ResultDescription"],
        "name": title,
        "resultType": "RawScore" if scored else "Result",
        **({"valueMin": scheme.minimum} if scheme and scheme.minimum else {}),
        **({"valueMax": scheme.maximum} if scheme and scheme.maximum else {}),
        **({"requiredValue": scheme.pass_mark} if scheme and scheme.pass_mark else {}),
    }


def _achievement(organisation: Organisation, offering: Offering, descriptions: list[JsonObject]) -> JsonObject:
    language = offering.primary_language
    title = in_language(offering.title, language)
    workload = offering.workload
    alignments = list(_alignments(offering))
    expiry = {
        place: seconds_text(assured.expires)
        for place, assured in enumerate(offering.quality_assurance)
        if assured.expires
    }
    code = language if _LANGUAGE_CODE.fullmatch(language) else language.partition("-")[0]
    return {
        "id": achievement_id(organisation, offering).urn,
        "type": ["Achievement", "Qualification"],
        "achievementType": "MicroCredential",
        "name": title,
        "description": in_language(offering.description, language) if offering.description else _summary(offering),
        "humanCode": offering.id,
        "version": str(offering.version),
        "inLanguage": code,
        "criteria": {**({"id": offering.homepage} if offering.homepage else {}), "narrative": _narrative(offering)},
        "creator": {
            "id": organisation.did,
            "type": ["Profile"],
            "name": in_language(organisation.legal_name, language),
        },
        **({"creditsAvailable": _number(workload.credits.points)} if workload and workload.credits else {}),
        **({"fieldOfStudy": offering.fields[0].label} if offering.fields else {}),
        **({"resultDescription": descriptions} if descriptions else {}),
        **({"alignment": alignments} if alignments else {}),
        **elm.qualification(offering, expiry),
    }


def _narrative(offering: Offering) -> str:
    """What is needed to earn it, in Markdown: for readers who know Open Badges and nothing else."""
    language = offering.primary_language
    parts = [
        ("Learning outcomes", [in_language(outcome.title, language) for outcome in offering.learning_outcomes]),
        ("Assessment", [_assessed(assessment, language) for assessment in offering.assessments]),
        ("Participation", [mode.label for mode in offering.participation]),
        ("Prerequisites", [in_language(offering.prerequisites, language)] if offering.prerequisites else []),
    ]
    told = (f"**{heading}**\n\n" + "\n".join(f"- {_line(item)}" for item in items) for heading, items in parts if items)
    return "\n\n".join(told) or in_language(offering.title, language)


def _assessed(assessment: Assessment, language: str) -> str:
    said = [
        assessment.type.label,
        assessment.mode.label if assessment.mode else None,
        assessment.supervision.label if assessment.supervision else None,
        f"pass mark {assessment.grading.pass_mark}" if assessment.grading and assessment.grading.pass_mark else None,
    ]
    details = ", ".join(part for part in said if part)
    return f"{in_language(assessment.title, language)}: {details}" if assessment.title else details


def _alignments(offering: Offering) -> Iterator[JsonObject]:
    language, level = offering.primary_language, offering.level
    if level and level.eqf:
        name, framework = f"EQF level {level.eqf.code}", "European Qualifications Framework"
        yield _alignment("EQF", name, level.eqf.uri, framework, code=level.eqf.code)
    if level and level.nqf:
        yield _alignment(
            "NQF", "National qualifications framework level", level.nqf, "National qualifications framework"
        )
    if level and level.cycle:
        yield _alignment("QF-EHEA", level.cycle.label, level.cycle.uri, "QF-EHEA", code=level.cycle.code)
    for field in offering.fields:
        yield _alignment("ISCED-F", field.label, field.uri, "ISCED-F 2013", code=field.code)
    for outcome in offering.learning_outcomes:
        for skill in outcome.esco_skills:
            yield _alignment("ESCO", _line(in_language(outcome.title, language)), skill, "ESCO")
    for assured in offering.quality_assurance:
        until = f", until {assured.expires:%Y-%m-%d}" if assured.expires else ""
        yield _alignment(
            "QualityAssurance",
            assured.type.label,
            assured.type.uri,
            "Europass accreditation types",
            code=assured.type.code,
            description=f"{in_language(assured.title, language)}, {in_language(assured.agent, language)}{until}",
        )
    for target in offering.stackable_towards:
        if target.url:
            yield _alignment("StackableTowards", in_language(target.title, language), target.url)


def _alignment(  # noqa: PLR0913 the members of an Alignment, by name
    kind: str,
    name: str,
    url: str,
    framework: str | None = None,
    *,
    code: str | None = None,
    description: str | None = None,
) -> JsonObject:
    return {
        "type": ["Alignment"],
        "targetType": f"ext:{kind}",
        "targetName": name,
        "targetUrl": url,
        **({"targetFramework": framework} if framework else {}),
        **({"targetCode": code} if code else {}),
        **({"targetDescription": description} if description else {}),
    }


OPEN_BADGES_3 = Format(
    name="open-badges-3",
    title="Open Badges 3.0",
    media_type="application/vc+ld+json",
    compose=compose,
    read=read,
    audience="For badge collections, employers and other learning platforms.",
    proofs=(EDDSA_RDFC_2022, EDDSA_JCS_2022, ECDSA_RDFC_2019, ECDSA_JCS_2019, VC_JWT_ES256, VC_JWT_EDDSA),
    suspend=suspend,
    fixed=frozenset({"issuer", "achievement", "credentialSchema"}),
)
"""https://www.imsglobal.org/spec/ob/v3p0/."""

__all__ = ["OPEN_BADGES_3", "SCHEMA", "NotAnOpenBadge", "achievement_id", "compose", "identity_hash"]
