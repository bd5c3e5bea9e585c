"""What the issuer says over HTTP, and is told."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from issuer.handlers import Judgement, Prospect
from issuer.ports import Outcome, OutcomeState
from schemas.events import CredentialState, RefusalReason, StatusEntry
from schemas.microcredential import Organisation
from schemas.values import Frozen, Instant, Iri, ShortText, Slug, Text, Url


class Standing(StrEnum):
    """Where a completion stands."""

    IN_FLIGHT = "in-flight"
    ISSUED = "issued"
    REFUSED = "refused"


_STANDINGS = {
    OutcomeState.WAITING: Standing.IN_FLIGHT,
    OutcomeState.ISSUED: Standing.ISSUED,
    OutcomeState.REFUSED: Standing.REFUSED,
}


class OutcomeView(Frozen):
    """What became of a completion."""

    completion: UUID
    award: UUID
    platform: Slug
    offering: Slug
    state: Standing
    decided: Instant | None
    deadline: Instant | None
    """In flight: until when it waits for its offering."""
    reason: RefusalReason | None
    detail: Text | None
    reopenable: bool
    claim: Url | None
    """A fresh link to the credential; it expires."""

    @classmethod
    def of(cls, outcome: Outcome, claim: str | None = None) -> OutcomeView:
        """The view of a stored outcome."""
        refusal = outcome.refusal
        return cls(
            completion=outcome.completion,
            award=UUID(outcome.id),
            platform=outcome.platform,
            offering=outcome.offering,
            state=_STANDINGS[outcome.state],
            decided=outcome.decided,
            deadline=outcome.deadline,
            reason=refusal.reason if refusal else None,
            detail=refusal.detail if refusal else None,
            reopenable=refusal.reopenable if refusal else False,
            claim=claim,
        )


class LedgerEntry(Frozen):
    """One decision, by ids alone."""

    completion: UUID
    award: UUID
    platform: Slug
    state: Standing
    reason: RefusalReason | None
    decided: Instant
    replaces: UUID | None
    """The award for the same completion that this one corrects."""
    status: StatusEntry | None
    """Issued: the credential's place in its status list, no other's."""

    @classmethod
    def of(cls, outcome: Outcome, decided: Instant) -> LedgerEntry:
        """The entry of a decided outcome."""
        return cls(
            completion=outcome.completion,
            award=UUID(outcome.id),
            platform=outcome.platform,
            state=_STANDINGS[outcome.state],
            reason=outcome.refusal.reason if outcome.refusal else None,
            decided=decided,
            replaces=outcome.replaces,
            status=outcome.credential.status if outcome.credential else None,
        )


class Ledger(Frozen):
    """A page of decisions, in the order they were taken."""

    items: tuple[LedgerEntry, ...]
    next: str | None


class OrganisationPage(Frozen):
    """Some of the organisations that award here."""

    items: tuple[Organisation, ...]
    next: str | None


class KeyView(Frozen):
    """A signing key, by its place in the organisation's DID document."""

    verification_method: Iri


class Prospects(Frozen):
    """Completions to be judged."""

    items: Annotated[tuple[Prospect, ...], Field(max_length=1000)]


class Judgements(Frozen):
    """What would become of each, in order."""

    items: tuple[Judgement, ...]


class Why(Frozen):
    """Why a credential is taken back, or given back."""

    reason: ShortText


class AwardedLearner(Frozen):
    """Whom an award was decided for."""

    award: UUID


class PlatformLearner(Frozen):
    """Whom a learning platform knows by an id of its own."""

    platform: Slug
    learner: ShortText


class StatusView(Frozen):
    """Whether a credential holds."""

    award: UUID
    state: CredentialState
    reason: Text | None
    changed: Instant | None
    status: StatusEntry
    """Its place in the list of revoked ones."""
    suspension: StatusEntry | None
    """Its place in the list of suspended ones, where it has one."""

    @classmethod
    def of(cls, outcome: Outcome) -> StatusView:
        """The view of a credential's state, as it was changed."""
        credential = outcome.credential
        assert credential is not None  # noqa: S101 for the type checker: only what was issued has a state
        return cls(
            award=UUID(outcome.id),
            state=credential.state,
            reason=credential.reason,
            changed=credential.changed,
            status=credential.status,
            suspension=credential.suspension,
        )


class IssuedView(Frozen):
    """A credential that was issued at a provider's word."""

    award: UUID
    completion: UUID
    state: Standing
    claim: Url
    expires: Instant
