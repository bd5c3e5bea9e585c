"""Taking a credential back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from chassis.outbox import pending_event
from issuer.handlers import facts
from issuer.handlers.status import StatusLists
from issuer.ports import Clock, Outcome, Outcomes, SealedCredential
from schemas.events import CredentialState
from schemas.faults import Conflict, NotFound

ATTEMPTS = 5


class RevokeCredential:
    """Revoke: final, with a reason that whoever verifies will read. The status list says so when this returns."""

    def __init__(
        self, outcomes: Outcomes, status_lists: StatusLists, *, nudge: Callable[[], None], clock: Clock
    ) -> None:
        self._outcomes = outcomes
        self._status_lists = status_lists
        self._nudge = nudge
        self._clock = clock

    async def __call__(self, award: UUID, reason: str) -> Outcome:
        """Revoked. Asked again with the same reason it says the same.

        Raises `NotFound`, or `Conflict` when it was revoked for another reason: the first was published and stands.
        """
        for _ in range(ATTEMPTS):
            outcome = await self._outcomes.get(str(award))
            if outcome is None or outcome.credential is None:
                raise NotFound(f"there is no credential {award}")
            credential = outcome.credential
            if credential.state is CredentialState.REVOKED:
                if credential.reason != reason:
                    raise Conflict(f"credential {award} was revoked before, for another reason")
                return outcome
            try:
                revoked = await self._outcomes.replace(self._revoked(outcome, credential, reason))
            except Conflict:
                continue
            self._status_lists.forget(credential.list)
            self._nudge()
            return revoked
        raise Conflict(f"credential {award} kept changing: try again")

    def _revoked(self, outcome: Outcome, credential: SealedCredential, reason: str) -> Outcome:
        changed = credential.model_copy(
            update={"state": CredentialState.REVOKED, "reason": reason, "changed": self._clock()}
        )
        revoked = outcome.model_copy(update={"credential": changed})
        told = tuple(pending_event(event) for event in facts.status(revoked))
        return revoked.model_copy(update={"pending": (*outcome.pending, *told)})
