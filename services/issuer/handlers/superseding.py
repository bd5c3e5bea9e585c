"""Revoking credentials because others take their place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from issuer.handlers.revoking import ATTEMPTS, brought_into
from issuer.handlers.status import StatusLists
from issuer.ports import Clock, Outcome, Outcomes
from schemas.events import CredentialState
from schemas.faults import Unavailable


class SupersedeCredentials:
    """Revoke earlier credentials, a batch at a time."""

    def __init__(
        self, outcomes: Outcomes, status_lists: StatusLists, *, nudge: Callable[[], None], clock: Clock
    ) -> None:
        self._outcomes = outcomes
        self._status_lists = status_lists
        self._nudge = nudge
        self._clock = clock

    async def __call__(self, successors: Mapping[UUID, UUID]) -> frozenset[UUID]:
        """By earlier awards, the award that takes the place of each. None of the earlier ones stands any more.

        Returned are those that were revoked for anything else: their place is taken, or gone. Done again it changes
        nothing. Raises `Unavailable`: some may be revoked then, and others not.
        """
        gone: set[UUID] = set()
        left = {str(earlier): successor for earlier, successor in successors.items()}
        for _ in range(ATTEMPTS):
            if not left:
                return frozenset(gone)
            stored = await self._outcomes.get_many(left)
            gone |= {UUID(id_) for id_, outcome in stored.items() if _revoked_otherwise(outcome, left[id_])}
            revoked = [
                brought_into(
                    CredentialState.REVOKED,
                    outcome,
                    f"superseded by {left[outcome.id]}",
                    self._clock(),
                    superseded_by=left[outcome.id],
                )
                for outcome in stored.values()
                if outcome.credential is not None and outcome.credential.state is not CredentialState.REVOKED
            ]
            raced = await self._outcomes.replace_many(revoked)
            for outcome in revoked:
                if outcome.credential is not None:
                    self._status_lists.note(outcome.credential.list, outcome.id)
            self._nudge()
            left = {earlier: left[earlier] for earlier in raced}
        raise Unavailable("credentials that are to be superseded keep changing")


def _revoked_otherwise(outcome: Outcome, successor: UUID) -> bool:
    credential = outcome.credential
    return (
        credential is not None and credential.state is CredentialState.REVOKED and credential.superseded_by != successor
    )
