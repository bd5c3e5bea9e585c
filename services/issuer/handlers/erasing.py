"""Forgetting a learner who asks for it."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from issuer.ports import Outcome, Outcomes
from schemas.faults import NotFound
from schemas.values import Frozen


class LearnerKeys(Protocol):
    """Where the key of each learner rests."""

    async def erase(self, learner: UUID) -> bool:
        """Forget the learner's key; whether there was one."""
        ...


class LearnerIds(Protocol):
    """The opaque names of learners."""

    def learner(self, platform: str, learner_id: str) -> UUID:
        """Of whom a platform knows by this id."""
        ...


class Erasure(Frozen):
    """A learner who was erased, by their opaque name."""

    learner: UUID
    erased: bool
    """False when nothing of them could be read here before either."""


class EraseLearner:
    """Erase a learner's key, and with it the person everywhere it was used: stores, their backups, the log.

    What the learner holds is theirs and goes on being checkable; decisions and statuses are kept, by ids alone.
    """

    def __init__(self, outcomes: Outcomes, keys: LearnerKeys, ids: LearnerIds) -> None:
        self._outcomes = outcomes
        self._keys = keys
        self._ids = ids

    async def by_award(self, award: UUID) -> Outcome:
        """The decision in which the learner is found. Raises `NotFound`."""
        outcome = await self._outcomes.get(str(award))
        if outcome is None:
            raise NotFound(f"there is no award {award}")
        return outcome

    async def of_platform(self, platform: str, learner: str) -> Erasure:
        """The learner whom a platform knows by this id, erased.

        Raises `NotFound` when there was nothing to erase and no completion ever came from such a platform: then its
        name is wrong, and somebody waits to be forgotten.
        """
        erasure = await self(self._ids.learner(platform, learner))
        if not erasure.erased and not (await self._outcomes.find({"platform": platform}, limit=1)).items:
            raise NotFound(f"no completion of a platform {platform} has come here: is that its id?")
        return erasure

    async def __call__(self, learner: UUID) -> Erasure:
        """Erased when it returns; another process may remember for `chassis.vault.CACHED_SECONDS`."""
        return Erasure(learner=learner, erased=await self._keys.erase(learner))
