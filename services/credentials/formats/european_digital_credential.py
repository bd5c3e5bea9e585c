"""The European Digital Credential for Learning: the European Learning Model 3 in a credential of VC Data Model 1.1.

Source: the EDC application profile of the European Learning Model, https://europa.eu/europass/elm-browser/. Every node
has an id of its own, unlike any other's anywhere: in RDF two nodes with one id are one node. The same node said twice
is said in the same words. Texts in languages are language maps, moments have a zone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from credentials.contexts import CREDENTIALS_V1
from credentials.formats import elm
from credentials.formats.emblem import emblem
from credentials.formats.european_digital_credential_reading import CONTEXT, NotAnEuropeanDigitalCredential, read
from credentials.formats.format import Format
from credentials.formats.guards import Unwritable, check_writable
from credentials.moments import seconds_text
from credentials.proofs.jades import JADES
from schemas.events import StatusEntry
from schemas.microcredential import (
    Assessment,
    Award,
    Credits,
    GradingScheme,
    Identifier,
    Integration,
    Learner,
    LearningOutcome,
    Level,
    Offering,
    Organisation,
    QualityAssurance,
    StackingTarget,
)
from schemas.values import JsonObject, LanguageMap, closest_language, in_language
from schemas.vocabularies import LANGUAGES, Concept

_AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"
_SNB: Final = "http://data.europa.eu/snb/"


@dataclass(frozen=True, slots=True)
class ApplicationProfile:
    """A version of the application profile: what differs from one to the next."""

    version: str
    context: str
    schema: str
    """The shapes that a credential says it keeps to."""
    status: Callable[[StatusEntry], JsonObject] | None = None
    """How a credential says where its status stands; None where it cannot."""


AP_1_1_0: Final = ApplicationProfile(
    version="1.1.0",
    context=CONTEXT,
    schema=_SNB + "model/ap/edc-generic-full",
)
"""ELM 3.1, of 2023: it has no status that could be looked up, neither as an object nor as an address."""


def _concept(uri: str, scheme: str, label: str, notation: str | None = None) -> JsonObject:
    return {
        "id": uri,
        "type": "Concept",
        "inScheme": {"id": scheme, "type": "ConceptScheme"},
        **({"notation": notation} if notation else {}),
        "prefLabel": {"en": label},
    }


def _of(concept: Concept) -> JsonObject:
    return _concept(concept.uri, concept.scheme, concept.label)


def _authority(table: str, code: str, label: str) -> JsonObject:
    return _concept(f"{_AUTHORITY}{table}/{code}", f"{_AUTHORITY}{table}", label, table)


_GENERIC: Final = _concept(_SNB + "credential/e34929035b", _SNB + "credential/25831c2", "Generic")
"""The profile of the Commission's own micro-credentials: the list has none for them."""
_BASE64: Final = _concept(_SNB + "encoding/6146cde7dd", _SNB + "encoding/25831c2", "base64")
_PNG: Final = _authority("file-type", "PNG", "PNG")
_NOWHERE_STATED: Final = _authority("country", "OP_DATPRO", "Provisional data")
"""The authority tables' own word for what is not known; an organisation must have a country."""
_NQF: Final = _SNB + "qdr/"
_NUTS: Final = "http://data.europa.eu/nuts"
_ESCO: Final = "http://data.europa.eu/esco/concept-scheme/skills"


def _language(tag: str) -> JsonObject:
    code = tag.partition("-")[0].lower()
    try:
        found = LANGUAGES[code]
    except KeyError:
        if len(code) == 2:  # noqa: PLR2004 ISO 639-1
            raise Unwritable(f"the EU's list of languages has none of the code {code!r}") from None
        return _authority("language", code.upper(), code)
    return _authority("language", found.code, found.label)


class _Nodes:
    """Makes nodes, each with an id of its own: unique in this credential, and among all others."""

    def __init__(self, award: UUID) -> None:
        self._award = award
        self._made: Counter[str] = Counter()

    def __call__(self, kind: str, /, **members: object) -> JsonObject:
        """A node of this type, with those members that say something."""
        self._made[kind] += 1
        name = f"urn:epass:{kind[0].lower()}{kind[1:]}:{self._award}:{self._made[kind]}"
        said = {key: value for key, value in members.items() if value is not None and value not in ([], {})}
        return {"id": name, "type": kind, **said}

    def note(self, texts: LanguageMap) -> JsonObject:
        return self("Note", noteLiteral=elm.in_languages(texts))

    def link(self, url: str) -> JsonObject:
        return self("WebResource", contentURL=url)

    def identifier(self, identifier: Identifier) -> JsonObject:
        named = "schemeId" if ":" in identifier.scheme and not identifier.scheme.startswith("ext:") else "schemeName"
        return self("Identifier", notation=identifier.value, **{named: identifier.scheme.removeprefix("ext:")})

    def location(self, country: JsonObject, region: str | None = None) -> JsonObject:
        return self(
            "Location",
            address=self("Address", countryCode=country),
            spatialCode=_concept(f"{_NUTS}/code/{region}", _NUTS, region, region) if region else None,
        )


def compose(
    award: Award, *, issued: datetime, status: StatusEntry, salt: bytes | None = None, profile: ApplicationProfile
) -> JsonObject:
    """The European Digital Credential of an award, unsecured (see `Compose`).

    `awardingDate` is when the assessment was completed; issued and valid from when it is sealed. What the issuer's
    certificate says of it, the seal puts in: here stands what the organisation says of itself. The learner's
    identifiers stand in the clear, as this format has no other way; the e-mail address is left out. There is no `salt`.

    Raises:
        Unwritable: the award holds what libraries write differently, or not at all.
    """
    del salt
    node = _Nodes(award.id)
    offering, organisation = award.offering, award.organisation
    now = seconds_text(issued)
    end = seconds_text(award.valid_until) if award.valid_until else None
    ends: JsonObject = {"validUntil": end, "expirationDate": end} if end else {}
    awarded = node(
        "AwardingProcess",
        awardingBody=_organisation(node, organisation) | {"id": f"{organisation.did}#awarding-body"},
        awardingDate=seconds_text(award.completed),
    )
    document: JsonObject = {
        "@context": [CREDENTIALS_V1, profile.context],
        "id": award.id.urn,
        "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
        "credentialSchema": [{"id": profile.schema, "type": "ShaclValidator2017"}],
        "credentialProfiles": [_GENERIC],
        "displayParameter": _display(node, offering),
        "issuer": _issuer(node, organisation),
        "issuanceDate": now,
        "issued": now,
        "validFrom": now,
        **ends,
        **({"credentialStatus": profile.status(status)} if profile.status else {}),
        "credentialSubject": _learner(node, award.learner, offering.primary_language)
        | {"hasClaim": [_achievement(node, award, awarded)]},
    }
    check_writable(document)
    return document


def _display(node: _Nodes, offering: Offering) -> JsonObject:
    language = _language(closest_language(offering.title, offering.primary_language))
    image = node("MediaObject", content=emblem(), contentEncoding=_BASE64, contentType=_PNG)
    return node(
        "DisplayParameter",
        title=elm.in_languages(offering.title),
        description=elm.in_languages(offering.description) if offering.description else None,
        primaryLanguage=language,
        language=list({one["id"]: one for one in (language, *map(_language, offering.title))}.values()),
        individualDisplay=[
            node("IndividualDisplay", language=language, displayDetail=[node("DisplayDetail", page=1, image=image)])
        ],
    )


def _organisation(node: _Nodes, organisation: Organisation) -> JsonObject:
    return node(
        "Organisation",
        legalName=elm.in_languages(organisation.legal_name),
        identifier=[node.identifier(identifier) for identifier in organisation.identifiers],
        homepage=node.link(organisation.homepage) if organisation.homepage else None,
        location=[node.location(_country(organisation), organisation.region)],
    )


def _country(organisation: Organisation) -> JsonObject:
    return _authority("country", organisation.country.code, organisation.country.label)


def _issuer(node: _Nodes, organisation: Organisation) -> JsonObject:
    """The organisation as it seals: a node apart from the awarding body, as the certificate may name it otherwise."""
    legal = node(
        "LegalIdentifier",
        notation=organisation.did,
        spatial=_country(organisation),
        schemeName="eIDAS legal person identifier",
    )
    return _organisation(node, organisation) | {"id": organisation.did, "eIDASIdentifier": legal}


def _learner(node: _Nodes, learner: Learner, language: str) -> JsonObject:
    def named(name: str | None) -> JsonObject | None:
        return {(learner.language or language).lower(): name} if name else None

    person = node(
        "Person",
        givenName=named(learner.given_name),
        familyName=named(learner.family_name),
        fullName=named(learner.full_name),
        identifier=[node.identifier(identifier) for identifier in learner.identifiers],
    )
    return person | ({"id": learner.did} if learner.did else {})


def _achievement(node: _Nodes, award: Award, awarded: JsonObject) -> JsonObject:
    offering = award.offering
    specified = [
        _assessment_specification(node, assessment, _scale(award, assessment)) for assessment in offering.assessments
    ]
    credit = offering.workload.credits if offering.workload else None
    return node(
        "LearningAchievement",
        title=elm.in_languages(offering.title),
        awardedBy=awarded,
        creditReceived=[_credit(node, credit)] if credit else None,
        provenBy=_assessments(node, award, specified, awarded),
        specifiedBy=_qualification(node, offering, specified),
        supplementaryDocument=[node.link(url) for url in award.evidence],
    )


def _credit(node: _Nodes, credit: Credits) -> JsonObject:
    return node("CreditPoint", framework=_of(credit.system), point=f"{credit.points.normalize():f}")


def _assessments(node: _Nodes, award: Award, specified: Sequence[JsonObject], awarded: JsonObject) -> list[JsonObject]:
    """How it was proven. Each assessment has to have a grade, and there is one, or none, for the whole."""
    offering, language = award.offering, award.offering.primary_language.lower()
    result = {language: award.grade.value} if award.grade else {"en": "Passed"}
    scheme = award.grade.scheme if award.grade else None
    if len(specified) > 1:
        scale = f" on the scale {_in_words(scheme, language)}" if scheme else ""
        result = {tag: f"{text} (overall result{scale})" for tag, text in result.items()}
    made = [
        node(
            "LearningAssessment",
            title=specification["title"],
            grade=node.note(result),
            awardedBy=awarded,
            idVerification=_of(assessment.supervision) if assessment.supervision else None,
            specifiedBy=specification,
        )
        for assessment, specification in zip(offering.assessments, specified, strict=True)
    ]
    if made or award.grade is None:
        return made
    title = {"en": "Overall result"}
    specification = (
        node("LearningAssessmentSpecification", title=title, gradingScheme=_grading(node, scheme)) if scheme else None
    )
    return [
        node(
            "LearningAssessment",
            title=title,
            grade=node.note(result),
            awardedBy=awarded,
            specifiedBy=specification,
        )
    ]


def _scale(award: Award, assessment: Assessment) -> GradingScheme | None:
    """What a grade is read on: its own scale, where there is but one assessment that can have given it."""
    own = award.grade.scheme if award.grade else None
    return own if own and len(award.offering.assessments) == 1 else assessment.grading


def _assessment_specification(node: _Nodes, assessment: Assessment, scale: GradingScheme | None) -> JsonObject:
    return node(
        "LearningAssessmentSpecification",
        title=elm.in_languages(assessment.title or {"en": assessment.type.label}),
        dcType=_of(assessment.type),
        mode=[_of(assessment.mode)] if assessment.mode else None,
        gradingScheme=_grading(node, scale) if scale else None,
    )


def _grading(node: _Nodes, scheme: GradingScheme) -> JsonObject:
    told = _bounds(scheme)
    return node("GradingScheme", title=elm.in_languages(scheme.title), description={"en": told} if told else None)


def _bounds(scheme: GradingScheme) -> str:
    """`0 to 100, pass mark 50`."""
    scale = f"{scheme.minimum} to {scheme.maximum}" if scheme.minimum and scheme.maximum else None
    return ", ".join(part for part in (scale, f"pass mark {scheme.pass_mark}" if scheme.pass_mark else None) if part)


def _in_words(scheme: GradingScheme, language: str) -> str:
    """`Percentage, 0 to 100, pass mark 50`."""
    return ", ".join(part for part in (in_language(scheme.title, language), _bounds(scheme)) if part)


def _qualification(node: _Nodes, offering: Offering, specified: Sequence[JsonObject]) -> JsonObject:
    workload, level = offering.workload, offering.level
    return node(
        "Qualification",
        title=elm.in_languages(offering.title),
        description=elm.in_languages(offering.description) if offering.description else None,
        identifier=[node("Identifier", notation=offering.key, schemeName="Offering and version")],
        homepage=[node.link(offering.homepage)] if offering.homepage else None,
        eqfLevel=_of(level.eqf) if level and level.eqf else None,
        **(_other_levels(level) if level else {}),
        thematicArea=[_of(field) for field in offering.fields],
        creditPoint=[_credit(node, workload.credits)] if workload and workload.credits else None,
        volumeOfLearning=elm.duration(float(workload.hours)) if workload and workload.hours else None,
        mode=[_of(mode) for mode in offering.participation],
        isPartialQualification=offering.integration is Integration.STACKABLE if offering.integration else None,
        entryRequirement=node.note(offering.prerequisites) if offering.prerequisites else None,
        learningOutcome=[_outcome(node, outcome) for outcome in offering.learning_outcomes],
        provenBy=list(specified),
        accreditation=[_accreditation(node, assured) for assured in offering.quality_assurance],
        isPartOf=[_part_of(node, target) for target in offering.stackable_towards],
        supplementaryDocument=[node.link(url) for url in offering.further_information],
    )


def _other_levels(level: Level) -> dict[str, list[JsonObject]]:
    """The national level where it is in the EU's register of them, else beside the cycle: the shapes ask for it."""
    national = []
    if level.nqf:
        scheme = _NQF + "25831c2" if level.nqf.startswith(_NQF) else level.nqf.rpartition("/")[0] or level.nqf
        national = [_concept(level.nqf, scheme, "Level of a national qualifications framework")]
    registered = bool(level.nqf and level.nqf.startswith(_NQF))
    cycle = [_of(level.cycle)] if level.cycle else []
    return {"nqfLevel": national if registered else [], "educationLevel": cycle if registered else [*cycle, *national]}


def _outcome(node: _Nodes, outcome: LearningOutcome) -> JsonObject:
    return node(
        "LearningOutcome",
        title=elm.in_languages(outcome.title),
        dcType=_of(outcome.skill_type) if outcome.skill_type else None,
        reusabilityLevel=_of(outcome.reuse_level) if outcome.reuse_level else None,
        relatedESCOSkill=[_concept(skill, _ESCO, "ESCO skill", "Skill") for skill in outcome.esco_skills],
    )


def _accreditation(node: _Nodes, assured: QualityAssurance) -> JsonObject:
    return node(
        "Accreditation",
        title=elm.in_languages(assured.title),
        dcType=_of(assured.type),
        accreditingAgent=node(
            "Organisation", legalName=elm.in_languages(assured.agent), location=[node.location(_NOWHERE_STATED)]
        ),
        report=node.link(assured.decision) if assured.decision else None,
        expiryDate=seconds_text(assured.expires) if assured.expires else None,
    )


def _part_of(node: _Nodes, target: StackingTarget) -> JsonObject:
    return node(
        "Qualification",
        title=elm.in_languages(target.title),
        homepage=[node.link(target.url)] if target.url else None,
    )


def european_digital_credential(profile: ApplicationProfile) -> Format:
    """The format by one version of the application profile."""
    return Format(
        name="european-digital-credential",
        title="European Digital Credential",
        media_type="application/vc+ld+json",
        compose=partial(compose, profile=profile),
        read=read,
        audience="For Europass, sealed with the certificate of an organisation.",
        proofs=(JADES,),
    )


EUROPEAN_DIGITAL_CREDENTIAL = european_digital_credential(AP_1_1_0)
"""By the version whose official shapes were at hand to hold it to."""

__all__ = [
    "AP_1_1_0",
    "EUROPEAN_DIGITAL_CREDENTIAL",
    "ApplicationProfile",
    "NotAnEuropeanDigitalCredential",
    "compose",
    "european_digital_credential",
]
