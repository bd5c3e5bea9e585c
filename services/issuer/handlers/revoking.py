"""Taking a credential back: for good, or until further notice.

Whichever it is, the status list says so when this returns, and whoever verifies reads the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from chassis.outbox import pending_event
from issuer.handlers import facts
from issuer.handlers.status import StatusLists
from issuer.ports import Clock, Outcome, Outcomes, SealedCredential
from schemas.events import CredentialState
from schemas.faults import Conflict, NotFound, Refused

ATTEMPTS = 5


class NotSuspendable(Refused):
    """It was issued without a place in a list of suspended credentials: it can be revoked, or be left as it is."""


def brought_into(
    state: CredentialState, outcome: Outcome, reason: str, at: datetime, *, superseded_by: UUID | None = None
) -> Outcome:
    """The outcome with its credential in this state, and the event that tells of it."""
    assert outcome.credential is not None  # noqa: S101 for the type checker: only what was issued has a state
    told_in = None if state is CredentialState.ACTIVE else outcome.credential.list
    change = {"state": state, "told_in": told_in, "reason": reason, "changed": at, "superseded_by": superseded_by}
    changed = outcome.model_copy(update={"credential": outcome.credential.model_copy(update=change)})
    events = tuple(pending_event(event) for event in facts.status(changed))
    return changed.model_copy(update={"pending": (*outcome.pending, *events)})


class _ChangeState:
    """Bring a credential into another state, with a reason."""

    state: ClassVar[CredentialState]

    def __init__(
        self, outcomes: Outcomes, status_lists: StatusLists, *, nudge: Callable[[], None], clock: Clock
    ) -> None:
        self._outcomes = outcomes
        self._status_lists = status_lists
        self._nudge = nudge
        self._clock = clock

    async def __call__(self, award: UUID, reason: str) -> Outcome:
        """The credential in its new state. Asked again with the same reason it says the same.

        Raises `NotFound`, and what `check` raises.
        """
        for _ in range(ATTEMPTS):
            outcome = await self._outcomes.get(str(award))
            if outcome is None or outcome.credential is None:
                raise NotFound(f"there is no credential {award}")
            credential = outcome.credential
            if credential.state is self.state and credential.reason == reason:
                return outcome
            self.check(award, credential)
            try:
                changed = await self._outcomes.replace(brought_into(self.state, outcome, reason, self._clock()))
            except Conflict:
                continue
            self._status_lists.note(credential.list, outcome.id)
            self._nudge()
            return changed
        raise Conflict(f"credential {award} kept changing: try again")

    def check(self, award: UUID, credential: SealedCredential) -> None:
        """Raise what speaks against the change."""
        raise NotImplementedError


class RevokeCredential(_ChangeState):
    """Revoke: final."""

    state = CredentialState.REVOKED

    def check(self, award: UUID, credential: SealedCredential) -> None:
        """Raises `Conflict` when it was revoked for another reason: the first was published and stands."""
        if credential.state is CredentialState.REVOKED:
            raise Conflict(f"credential {award} was revoked before, for another reason")


class SuspendCredential(_ChangeState):
    """Suspend: it does not hold until it is reinstated."""

    state = CredentialState.SUSPENDED

    def check(self, award: UUID, credential: SealedCredential) -> None:
        """Raises `NotSuspendable`, or `Conflict` when it is revoked, or suspended for another reason."""
        if credential.suspension is None:
            raise NotSuspendable(f"credential {award} was issued without a place in a list of suspended credentials")
        if credential.state is CredentialState.REVOKED:
            raise Conflict(f"credential {award} is revoked, and that is final")
        if credential.state is CredentialState.SUSPENDED:
            raise Conflict(f"credential {award} is suspended already, for another reason")


class ReinstateCredential(_ChangeState):
    """Reinstate: what was suspended holds again."""

    state = CredentialState.ACTIVE

    def check(self, award: UUID, credential: SealedCredential) -> None:
        """Raises `NotSuspendable`, or `Conflict` when it is not suspended."""
        if credential.suspension is None:
            raise NotSuspendable(f"credential {award} was issued without a place in a list of suspended credentials")
        if credential.state is not CredentialState.SUSPENDED:
            raise Conflict(f"credential {award} is {credential.state}, not suspended")
