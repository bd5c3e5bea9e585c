# ruff: noqa: ANN401 a builder hands its changes to the model, which validates them
"""Realistic values of the language, for every room's tests: `an_offering(title={"en": "Knots"})` changes what matters.

Nothing here is random and nothing reads a clock: the same call builds the same value.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from schemas.events import (
    AssessmentCompleted,
    Change,
    ChangedStatus,
    Completion,
    CompletionCorrected,
    CompletionParked,
    Correction,
    CorrectionDecided,
    CredentialIssued,
    CredentialState,
    CredentialStatusChanged,
    CredentialVerified,
    DecidedCorrection,
    Decision,
    Effect,
    Event,
    IssuanceRefused,
    IssuedCredential,
    OfferingPublished,
    OrganisationRegistered,
    ParkedCompletion,
    Platform,
    RefusalReason,
    RefusedIssuance,
    StatusEntry,
    Trigger,
    TriggerKind,
    Verification,
    fact_id,
)
from schemas.microcredential import (
    Award,
    Grade,
    Learner,
    Offering,
    OfferingState,
    Organisation,
    PersonalData,
)
from schemas.values import SealedData

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""When most things in the tests happen."""

DATA_ETHICS: dict[str, Any] = {
    "id": "data-ethics",
    "organisation": "uex",
    "title": {"en": "Data ethics for public services", "de": "Datenethik für öffentliche Dienste"},
    "description": {"en": "The responsible use of data in public services, on cases from four administrations."},
    "primary_language": "en",
    "learning_outcomes": [
        {
            "title": {"en": "Weigh the benefits and harms of a use of data, for those it concerns"},
            "skill_type": "skill",
            "reuse_level": "cross-sector",
            "esco_skills": ["http://data.europa.eu/esco/skill/5fd5c985-eaaa-47aa-8314-62359c54505a"],
        },
        {
            "title": {"en": "Explain the principles of the General Data Protection Regulation"},
            "skill_type": "knowledge",
        },
    ],
    "workload": {"hours": "125", "credits": {"points": "5", "system": "ECTS"}},
    "level": {"eqf": "6", "cycle": "first-cycle"},
    "assessments": [
        {
            "type": "written-examination",
            "title": {"en": "Final examination"},
            "mode": "presential",
            "supervision": "supervised-with-id-verification",
            "grading": {"title": {"en": "Percentage"}, "minimum": "0", "maximum": "100", "pass_mark": "50"},
        }
    ],
    "participation": ["blended"],
    "quality_assurance": [
        {
            "type": "institutional-quality-assurance",
            "title": {"en": "Institutional review"},
            "agent": {"en": "Quality Agency of Example"},
            "decision": "https://quality.example.org/decisions/2024-17",
        }
    ],
    "prerequisites": {"en": "None"},
    "integration": "stackable",
    "stackable_towards": [{"title": {"en": "Master in Public Administration"}}],
    "fields": ["0312"],
    "further_information": ["https://uex.example.org/data-ethics/faq"],
    "homepage": "https://uex.example.org/data-ethics",
    "validity_months": 60,
}
"""A complete offering as a provider drafts it: every element of Annex I that an offering can carry."""


def an_id(name: str) -> UUID:
    """A UUID that is the same for the same name."""
    return uuid5(UUID(int=0), name)


def a_draft(**changes: Any) -> dict[str, Any]:
    """The body a provider sends to draft an offering, as JSON values."""
    return {**DATA_ETHICS, **changes}


def an_offering(**changes: Any) -> Offering:
    """A published offering, complete per Annex I."""
    return Offering(**{**DATA_ETHICS, "version": 1, "published": NOW - timedelta(days=90), **changes})


def a_retired_offering(**changes: Any) -> Offering:
    """The same offering, retired a day ago."""
    return an_offering(**{"state": OfferingState.RETIRED, "retired": NOW - timedelta(days=1), **changes})


def an_organisation(**changes: Any) -> Organisation:
    """The awarding body of `an_offering`."""
    known: dict[str, Any] = {
        "id": "uex",
        "did": "did:web:localhost%3A8000:organisations:uex",
        "legal_name": {"en": "University of Example", "ga": "Ollscoil an tSampla"},
        "country": "IRL",
        "region": "IE061",
        "homepage": "https://uex.example.org",
        "identifiers": [{"value": "uex.example.org", "scheme": "ext:schacHomeOrganization"}],
        "registered": NOW - timedelta(days=365),
    }
    return Organisation(**{**known, **changes})


def a_learner(**changes: Any) -> Learner:
    """A learner as the learning platform knows them."""
    known: dict[str, Any] = {
        "given_name": "Ana",
        "family_name": "Andromeda",
        "full_name": "Ana Andromeda",
        "email": "ana@example.org",
        "language": "en",
    }
    return Learner(**{**known, **changes})


def a_grade(**changes: Any) -> Grade:
    """A pass, on the scale of `an_offering`'s examination."""
    scheme = {"title": {"en": "Percentage"}, "minimum": "0", "maximum": "100", "pass_mark": "50"}
    return Grade(**{"value": "85", "scheme": scheme, **changes})


def personal_data(**changes: Any) -> PersonalData:
    """What `a_completion` would hold, before it is sealed."""
    return PersonalData(**{"learner": a_learner(), "grade": a_grade(), **changes})


def sealed_data(**changes: Any) -> SealedData:
    """Personal data as it travels. The vault never sealed it, so nobody can open it."""
    return SealedData(**{"learner": an_id("learner 5"), "nonce": bytes(12), "ciphertext": bytes(range(48)), **changes})


def a_platform(**changes: Any) -> Platform:
    """The Moodle of `an_organisation`."""
    return Platform(**{"id": "uex-moodle", "organisation": "uex", **changes})


def a_completion(**changes: Any) -> Completion:
    """A learner passed the assessment of `an_offering`."""
    known: dict[str, Any] = {
        "id": an_id("completion 17"),
        "platform": a_platform(),
        "episode": "course_completions:17",
        "offering": "data-ethics",
        "trigger": Trigger(kind=TriggerKind.COURSE, id="4"),
        "passed": True,
        "attempt": 1,
        "learner": an_id("learner 5"),
        "personal": sealed_data(),
        "received": NOW + timedelta(seconds=2),
    }
    return Completion(**{**known, **changes})


def an_award(**changes: Any) -> Award:
    """The award for `a_completion`."""
    known: dict[str, Any] = {
        "id": an_id("award 17"),
        "completion": an_id("completion 17"),
        "organisation": an_organisation(),
        "offering": an_offering(),
        "learner": a_learner(),
        "grade": a_grade(),
        "evidence": ("https://uex.example.org/evidence/17",),
        "completed": NOW,
        "valid_until": NOW.replace(year=NOW.year + 5),
    }
    return Award(**{**known, **changes})


def a_status_entry(**changes: Any) -> StatusEntry:
    """Where the status of `an_award` stands."""
    known: dict[str, Any] = {"list": "https://laurel.example.org/organisations/uex/status-lists/1", "index": 94_567}
    return StatusEntry(**{**known, **changes})


def assessment_completed(completion: Completion | None = None, **changes: Any) -> AssessmentCompleted:
    """The event of a completion, as the bridge tells it."""
    completion = completion or a_completion()
    known = _envelope(completion.id, "completed", "/moodle-bridge")
    return AssessmentCompleted(**{**known, "data": completion, **changes})


def completion_parked(**changes: Any) -> CompletionParked:
    """`a_completion` was set aside."""
    parked = ParkedCompletion(
        completion=an_id("completion 17"), platform="uex-moodle", reason="invalid", detail="data.offering: missing"
    )
    return CompletionParked(**{**_envelope(parked.completion, "parked", "/issuer"), "data": parked, **changes})


def completion_corrected(**changes: Any) -> CompletionCorrected:
    """The grade of `a_completion` is another one. What `Correction` has may be changed by name."""
    known: dict[str, Any] = {
        "id": an_id("correction 1"),
        "completion": an_id("completion 17"),
        "platform": "uex-moodle",
        "organisation": "uex",
        "episode": "course_completions:17",
        "offering": "data-ethics",
        "change": Change.GRADE_CHANGED,
        "passed": False,
        "learner": an_id("learner 5"),
        "personal": sealed_data(),
        "received": NOW + timedelta(days=2),
    }
    correction = Correction(**{**known, **changes})
    envelope = _envelope(correction.completion, f"corrected {correction.id}", "/moodle-bridge", NOW + timedelta(days=1))
    return CompletionCorrected(**envelope, data=correction)


def correction_decided(**changes: Any) -> CorrectionDecided:
    """Somebody should look at `completion_corrected`. What `DecidedCorrection` has may be changed by name."""
    known: dict[str, Any] = {
        "correction": an_id("correction 1"),
        "completion": an_id("completion 17"),
        "award": an_id("award 17"),
        "platform": "uex-moodle",
        "organisation": "uex",
        "offering": "data-ethics",
        "change": Change.GRADE_CHANGED,
        "effect": Effect.REVIEW,
        "detail": "the grade no longer passes",
    }
    decided = DecidedCorrection(**{**known, **changes})
    return CorrectionDecided(
        **_envelope(decided.correction, "decided", "/issuer", NOW + timedelta(days=2)), data=decided
    )


def offering_published(offering: Offering | None = None, **changes: Any) -> OfferingPublished:
    """The event of an offering's state, as the catalogue tells it."""
    offering = offering or an_offering()
    known: dict[str, Any] = {
        "id": fact_id(an_id(offering.id), offering.key, offering.state),
        "source": "/catalogue",
        "subject": offering.key,
        "time": offering.retired or offering.published,
        "data": offering,
    }
    return OfferingPublished(**{**known, **changes})


def organisation_registered(organisation: Organisation | None = None, **changes: Any) -> OrganisationRegistered:
    """The event of an organisation's registration, as the issuer tells it."""
    organisation = organisation or an_organisation()
    known: dict[str, Any] = {
        "id": fact_id(an_id(organisation.id), "registered"),
        "source": "/issuer",
        "subject": organisation.id,
        "time": organisation.registered,
        "data": organisation,
    }
    return OrganisationRegistered(**{**known, **changes})


def credential_issued(**changes: Any) -> CredentialIssued:
    """The credential of `an_award` exists. What `IssuedCredential` has may be changed by name."""
    known: dict[str, Any] = {
        "award": an_id("award 17"),
        "completion": an_id("completion 17"),
        "platform": "uex-moodle",
        "organisation": "uex",
        "offering": "data-ethics",
        "offering_version": 1,
        "learner": an_id("learner 5"),
        "format": "open-badges-3",
        "proofs": ("eddsa-rdfc-2022", "eddsa-jcs-2022"),
        "status": a_status_entry(),
        "valid_until": NOW.replace(year=NOW.year + 5),
        "received": NOW + timedelta(seconds=2),
    }
    issued = IssuedCredential(**{**known, **changes})
    return CredentialIssued(**_envelope(issued.award, "issued", "/issuer", NOW + timedelta(seconds=3)), data=issued)


def issuance_refused(**changes: Any) -> IssuanceRefused:
    """No credential for `a_completion`. What `RefusedIssuance` has may be changed by name."""
    known: dict[str, Any] = {
        "award": an_id("award 17"),
        "completion": an_id("completion 17"),
        "platform": "uex-moodle",
        "offering": "data-ethics",
        "reason": RefusalReason.OFFERING_UNKNOWN,
        "detail": "No offering `data-ethics` was published when the assessment was completed.",
        "reopenable": True,
        "received": NOW + timedelta(seconds=2),
    }
    refused = RefusedIssuance(**{**known, **changes})
    return IssuanceRefused(**_envelope(refused.award, "refused", "/issuer", NOW + timedelta(hours=1)), data=refused)


def credential_status_changed(**changes: Any) -> CredentialStatusChanged:
    """The credential of `an_award` was revoked. What `ChangedStatus` has may be changed by name."""
    known: dict[str, Any] = {
        "award": an_id("award 17"),
        "organisation": "uex",
        "state": CredentialState.REVOKED,
        "reason": "Issued to the wrong person.",
        "status": a_status_entry(),
    }
    changed = ChangedStatus(**{**known, **changes})
    envelope = _envelope(changed.award, changed.state, "/issuer", NOW + timedelta(days=1))
    return CredentialStatusChanged(**envelope, data=changed)


def credential_verified(**changes: Any) -> CredentialVerified:
    """Somebody verified a credential. What `Verification` has may be changed by name."""
    known: dict[str, Any] = {
        "decision": Decision.ACCEPT,
        "format": "open-badges-3",
        "organisation": "uex",
        "milliseconds": 4.5,
    }
    verification = Verification(**{**known, **changes})
    return CredentialVerified(**_envelope(an_id("verification 1"), "verified", "/verifier"), data=verification)


def every_event() -> tuple[Event, ...]:
    """One of each kind."""
    return (
        assessment_completed(),
        completion_parked(),
        completion_corrected(),
        correction_decided(),
        offering_published(),
        organisation_registered(),
        credential_issued(),
        issuance_refused(),
        credential_status_changed(),
        credential_verified(),
    )


def _envelope(subject: UUID, happened: str, source: str, time: datetime = NOW) -> dict[str, Any]:
    return {"id": fact_id(subject, happened), "source": source, "subject": str(subject), "time": time}
