"""What passed by, as operators see it: a stage, a moment, what it was about; nothing about the person."""

from __future__ import annotations

from enum import StrEnum
from functools import singledispatch
from math import ceil
from uuid import UUID

from schemas.events import (
    DIRECT,
    AssessmentCompleted,
    CompletionCorrected,
    CompletionParked,
    CorrectionDecided,
    CredentialIssued,
    CredentialStatusChanged,
    CredentialVerified,
    Event,
    IssuanceRefused,
    OfferingPublished,
    OrganisationRegistered,
    fact_id,
)
from schemas.values import Frozen, Instant


class Stage(StrEnum):
    """How far it has come, in the order of the flow; the last five stand beside it."""

    RECEIVED = "received"
    ISSUED = "issued"
    REFUSED = "refused"
    PARKED = "parked"
    VERIFIED = "verified"
    STATUS_CHANGED = "status-changed"
    CORRECTED = "corrected"
    CORRECTION_DECIDED = "correction-decided"
    OFFERING = "offering"
    ORGANISATION = "organisation"


class Sighting(Frozen):
    """One fact that passed by. Its id is the event's, so that a fact told twice is seen once."""

    id: UUID
    stage: Stage
    at: Instant
    """When it happened, in the world."""
    about: str
    """The completion, award, offering or organisation it is about; for a verification, the verification."""
    completion: UUID | None = None
    award: UUID | None = None
    platform: str | None = None
    organisation: str | None = None
    offering: str | None = None
    note: str | None = None
    """A code: the reason of a refusal, the decision of a verification, the new state of a credential, what was
    corrected."""
    seconds: float | None = None
    """From acceptance to the sealed credential; or what a verification took."""
    times: int = 1
    """How many such facts it stands for: verifications that end alike are told together."""


def sightings(event: Event) -> tuple[Sighting, ...]:
    """What operators see of an event, in the order it happened.

    What was issued at a provider's word was accepted where it was decided, and no event told of that.
    """
    seen = sighting(event)
    if seen.platform != DIRECT or not isinstance(event, CredentialIssued | IssuanceRefused):
        return (seen,)
    said = event.data
    accepted = Sighting(
        id=fact_id(said.completion, "completed"), stage=Stage.RECEIVED, at=said.received, about=str(said.completion),
        completion=said.completion, platform=DIRECT, organisation=seen.organisation, offering=said.offering,
    )  # fmt: skip
    return accepted, seen


@singledispatch
def sighting(event: Event) -> Sighting:
    """What operators see of an event."""
    raise TypeError(f"the monitor does not know {event.type}")


@sighting.register
def _(event: AssessmentCompleted) -> Sighting:
    done = event.data
    return Sighting(
        id=event.id, stage=Stage.RECEIVED, at=done.received, about=str(done.id), completion=done.id,
        platform=done.platform.id, organisation=done.platform.organisation, offering=done.offering,
    )  # fmt: skip


@sighting.register
def _(event: CredentialIssued) -> Sighting:
    issued = event.data
    return Sighting(
        id=event.id, stage=Stage.ISSUED, at=event.time, about=str(issued.award), completion=issued.completion,
        award=issued.award, platform=issued.platform, organisation=issued.organisation, offering=issued.offering,
        note=issued.format, seconds=max(0.0, (event.time - issued.received).total_seconds()),
    )  # fmt: skip


@sighting.register
def _(event: IssuanceRefused) -> Sighting:
    refused = event.data
    return Sighting(
        id=event.id, stage=Stage.REFUSED, at=event.time, about=str(refused.completion), completion=refused.completion,
        award=refused.award, platform=refused.platform, offering=refused.offering, note=refused.reason,
    )  # fmt: skip


@sighting.register
def _(event: CompletionParked) -> Sighting:
    parked = event.data
    return Sighting(
        id=event.id, stage=Stage.PARKED, at=event.time, about=str(parked.completion), completion=parked.completion,
        platform=parked.platform, note=parked.reason,
    )  # fmt: skip


@sighting.register
def _(event: CredentialStatusChanged) -> Sighting:
    changed = event.data
    return Sighting(
        id=event.id, stage=Stage.STATUS_CHANGED, at=event.time, about=str(changed.award), award=changed.award,
        organisation=changed.organisation, note=changed.state,
    )  # fmt: skip


@sighting.register
def _(event: CompletionCorrected) -> Sighting:
    said = event.data
    return Sighting(
        id=event.id, stage=Stage.CORRECTED, at=event.time, about=str(said.completion), completion=said.completion,
        platform=said.platform, organisation=said.organisation, offering=said.offering, note=said.change,
    )  # fmt: skip


@sighting.register
def _(event: CorrectionDecided) -> Sighting:
    made = event.data
    return Sighting(
        id=event.id, stage=Stage.CORRECTION_DECIDED, at=event.time, about=str(made.completion),
        completion=made.completion, award=made.award, platform=made.platform, organisation=made.organisation,
        offering=made.offering, note=f"{made.change}: {made.effect}",
    )  # fmt: skip


@sighting.register
def _(event: CredentialVerified) -> Sighting:
    return Sighting(
        id=event.id, stage=Stage.VERIFIED, at=event.time, about=str(event.id), organisation=event.data.organisation,
        note=event.data.decision, seconds=event.data.milliseconds / 1000, times=event.data.times,
    )  # fmt: skip


@sighting.register
def _(event: OfferingPublished) -> Sighting:
    offering = event.data
    return Sighting(
        id=event.id, stage=Stage.OFFERING, at=event.time, about=offering.key, organisation=offering.organisation,
        offering=offering.id, note=offering.state,
    )  # fmt: skip


@sighting.register
def _(event: OrganisationRegistered) -> Sighting:
    return Sighting(
        id=event.id, stage=Stage.ORGANISATION, at=event.time, about=event.data.id, organisation=event.data.id
    )


class Tally(Frozen):
    """How many facts of a stage were seen, and when the last one happened."""

    stage: Stage
    count: int
    last: Instant | None = None


class Flow(Frozen):
    """The flow at a glance."""

    stages: tuple[Tally, ...]
    events: tuple[Sighting, ...]
    """The newest facts, newest first."""
    seconds_to_credential: float | None
    """Of the newest credentials, 95 in 100 were sealed within this many seconds of the completion's acceptance."""


def percentile(values: tuple[float, ...], share: float) -> float | None:
    """The smallest of the values that at least this share of them does not exceed; None of none."""
    if not values:
        return None
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]
