"""What became of a completion, as far as the bridge was told."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from functools import singledispatch
from uuid import UUID

from schemas.events import (
    DISCARDED,
    CompletionParked,
    CredentialIssued,
    CredentialState,
    CredentialStatusChanged,
    Event,
    IssuanceRefused,
)
from schemas.values import Frozen, Instant


class State(StrEnum):
    """Where a completion stands."""

    IN_FLIGHT = "in-flight"
    PARKED = "parked"
    REFUSED = "refused"
    ISSUED = "issued"


class Fate(Frozen):
    """What became of a completion, and why."""

    state: State = State.IN_FLIGHT
    reason: str | None = None
    detail: str | None = None
    reopenable: bool = False
    award: UUID | None = None
    at: Instant | None = None
    """When it was decided."""


class Holding(Frozen):
    """Whether the credential holds, as it was last changed."""

    state: CredentialState = CredentialState.ACTIVE
    reason: str | None = None
    changed: Instant | None = None

    @classmethod
    def of(cls, event: CredentialStatusChanged) -> Holding:
        """As the issuer tells it."""
        return cls(state=event.data.state, reason=event.data.reason, changed=event.time)

    def later(self, told: Holding) -> Holding:
        """What holds of the two, in whatever order they arrive: what is revoked stays revoked, else the later."""
        if CredentialState.REVOKED in {self.state, told.state}:
            return self if self.state is CredentialState.REVOKED else told
        return told if self.changed is None or (told.changed is not None and told.changed > self.changed) else self


DECIDED = frozenset({State.REFUSED, State.ISSUED})
"""What a correction can be of."""

_WEIGHT = {State.IN_FLIGHT: 0, State.PARKED: 1, State.REFUSED: 2, State.ISSUED: 3}


@singledispatch
def fate(event: Event) -> Fate:
    """What an event says became of its completion."""
    raise TypeError(f"{event.type} says nothing of an outcome")


@fate.register
def _(event: CredentialIssued) -> Fate:
    return Fate(state=State.ISSUED, award=event.data.award, at=event.time)


@fate.register
def _(event: IssuanceRefused) -> Fate:
    refused = event.data
    return Fate(
        state=State.REFUSED,
        reason=refused.reason,
        detail=refused.detail,
        reopenable=refused.reopenable,
        award=refused.award,
        at=event.time,
    )


@fate.register
def _(event: CompletionParked) -> Fate:
    parked = event.data
    return Fate(
        state=State.PARKED,
        reason=parked.reason,
        detail=parked.detail,
        reopenable=parked.reason != DISCARDED,
        at=event.time,
    )


def settled(known: Fate, told: Fate) -> Fate:
    """What holds of the two, in whatever order they arrive.

    A credential outweighs a refusal, which may have been re-opened; a decision outweighs that nobody could decide. Of
    two alike the later holds: of two credentials it corrects the other.
    """
    if _WEIGHT[known.state] != _WEIGHT[told.state]:
        return max(known, told, key=lambda one: _WEIGHT[one.state])
    if known.at is None or told.at is None:
        return known
    return told if told.at > known.at else known


def overdue(became: Fate, received: datetime, now: datetime, ceiling: timedelta) -> bool:
    """True when it has had no outcome for longer than it is told again: nobody can account for it."""
    return became.state is State.IN_FLIGHT and now - received > ceiling


def pause(repeats: int, first: timedelta, longest: timedelta) -> timedelta:
    """How long to wait for an outcome before the completion is told again: twice as long each time, up to a limit."""
    return min(first * (1 << min(repeats, 20)), longest)
