"""What an outcome has to tell the others. Told again, it is the same fact: every id is made from what it is about."""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from issuer.ports import KnownCorrection, Outcome, RegisteredOrganisation, SealedCredential
from schemas.events import (
    AssessmentCompleted,
    ChangedStatus,
    Completion,
    CorrectionDecided,
    CredentialIssued,
    CredentialState,
    CredentialStatusChanged,
    DecidedCorrection,
    Event,
    IssuanceRefused,
    IssuedCredential,
    OrganisationRegistered,
    Platform,
    RefusedIssuance,
    StatusEntry,
    Trigger,
    TriggerKind,
    fact_id,
)
from schemas.values import SealedData

SOURCE = "/issuer"


def completed(  # noqa: PLR0913 the parts of one fact, each by its name
    completion: UUID,
    *,
    at: datetime,
    platform: Platform,
    episode: str,
    offering: str,
    learner: UUID,
    passed: bool,
    personal: SealedData,
    received: datetime,
) -> AssessmentCompleted:
    """A completion to be decided that no platform's event brought here: put to this service, and told to nobody."""
    return AssessmentCompleted(
        id=fact_id(completion, "completed"),
        source=SOURCE,
        subject=str(completion),
        time=at,
        data=Completion(
            id=completion,
            platform=platform,
            episode=episode,
            offering=offering,
            trigger=Trigger(kind=TriggerKind.COURSE, id=offering),
            passed=passed,
            learner=learner,
            personal=personal,
            received=received,
        ),
    )


def decision(outcome: Outcome) -> tuple[Event, ...]:
    """The decision on a completion: issued or refused. A completion that waits has none."""
    award = UUID(outcome.id)
    if outcome.decided is None:
        return ()
    if outcome.credential is not None:
        credential = outcome.credential
        return (
            CredentialIssued(
                id=fact_id(award, "issued"),
                source=SOURCE,
                subject=outcome.id,
                time=credential.sealed,
                data=IssuedCredential(
                    award=award,
                    completion=outcome.completion,
                    platform=outcome.platform,
                    organisation=outcome.organisation,
                    offering=outcome.offering,
                    offering_version=credential.offering_version,
                    learner=outcome.learner,
                    format=credential.format,
                    proofs=credential.proofs,
                    status=credential.status,
                    valid_until=credential.valid_until,
                    replaces=outcome.replaces,
                    received=outcome.received,
                ),
            ),
        )
    if outcome.refusal is not None:
        refusal = outcome.refusal
        return (
            IssuanceRefused(
                id=fact_id(award, "refused", refusal.reason),
                source=SOURCE,
                subject=outcome.id,
                time=outcome.decided,
                data=RefusedIssuance(
                    award=award,
                    completion=outcome.completion,
                    platform=outcome.platform,
                    offering=outcome.offering,
                    reason=refusal.reason,
                    detail=refusal.detail,
                    reopenable=refusal.reopenable,
                    received=outcome.received,
                ),
            ),
        )
    return ()


def status(outcome: Outcome) -> tuple[Event, ...]:
    """The state of a credential, where it was ever changed."""
    credential = outcome.credential
    if credential is None or credential.changed is None or credential.reason is None:
        return ()
    award = UUID(outcome.id)
    told = _told(credential)
    return (
        CredentialStatusChanged(
            id=fact_id(award, "status", credential.state, str(int(credential.changed.timestamp() * 1000))),
            source=SOURCE,
            subject=outcome.id,
            time=credential.changed,
            data=ChangedStatus(
                award=award,
                organisation=outcome.organisation,
                state=credential.state,
                reason=credential.reason,
                status=told,
                also=tuple(place for place in credential.places if place != told),
            ),
        ),
    )


def correction(known: KnownCorrection) -> CorrectionDecided:
    """What the policy made of a correction."""
    said = known.event.data
    return CorrectionDecided(
        id=fact_id(said.id, "decided"),
        source=SOURCE,
        subject=str(said.completion),
        time=known.decided,
        data=DecidedCorrection(
            correction=said.id,
            completion=said.completion,
            award=known.award,
            platform=said.platform,
            organisation=said.organisation,
            offering=said.offering,
            change=said.change,
            effect=known.effect,
            detail=known.detail,
        ),
    )


def _told(credential: SealedCredential) -> StatusEntry:
    """Suspended and reinstated are told by the list that says so; a revocation is told by the other."""
    if credential.state is CredentialState.REVOKED or credential.suspension is None:
        return credential.status
    return credential.suspension


def registration(registered: RegisteredOrganisation) -> OrganisationRegistered:
    """An organisation awards micro-credentials here."""
    organisation = registered.organisation
    return OrganisationRegistered(
        id=fact_id(uuid5(NAMESPACE_URL, organisation.did), "registered"),
        source=SOURCE,
        subject=organisation.id,
        time=organisation.registered,
        data=organisation,
    )
