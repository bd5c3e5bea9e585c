"""What is decided on, read for a batch of completions in as many round trips as there are kinds of things to know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic
from uuid import UUID

from chassis.documents.port import D, OneOf, every
from issuer.domain.awarding import Held, award
from issuer.ports import (
    Offerings,
    Organisations,
    Outcome,
    Outcomes,
    PublishedOffering,
    RegisteredOrganisation,
    SealedCredential,
)
from schemas.events import AssessmentCompleted, CredentialState
from schemas.microcredential import Award, Offering, PersonalData, Reaward

PORTION = 1000
"""More awards than a batch finds, unless its learners have been awarded the same again and again."""

REMEMBERED = 256
"""Offerings, and organisations, of which what is made of them is remembered."""

Pair = tuple[UUID, str]
"""A learner and an offering."""


def pair_of(completed: AssessmentCompleted) -> Pair:
    """Who completed what."""
    return completed.data.learner, completed.data.offering


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to know about a batch."""

    versions: Mapping[str, Sequence[Offering]]
    organisations: Mapping[str, RegisteredOrganisation]
    held: Mapping[Pair, Sequence[Held]]
    """What learners were awarded before, of offerings for which it matters."""

    def judge(self, award_id: UUID, completed: AssessmentCompleted, personal: PersonalData | None) -> Award:
        """The award, were this completion decided on now. Raises `NotAwarded`."""
        completion = completed.data
        registered = self.organisations.get(completion.platform.organisation)
        return award(
            award_id,
            completed,
            personal,
            self.versions.get(completion.offering, ()),
            registered.organisation if registered else None,
            held=self.held.get(pair_of(completed), ()),
        )


class _Unchanged(Generic[D]):
    """What was read again and says the same is the very object that was read before.

    What is made of an offering is remembered by which object it was (`credentials.formats.same`).
    """

    def __init__(self) -> None:
        self._read: dict[str, D] = {}

    def __call__(self, document: D) -> D:
        """This document, or the one that was read before."""
        known = self._read.get(document.id)
        if known != document:
            if len(self._read) >= REMEMBERED:
                self._read.clear()
            self._read[document.id] = known = document
        return known


class Knowledge:
    """Reads what there is to know."""

    def __init__(self, offerings: Offerings, organisations: Organisations, outcomes: Outcomes) -> None:
        self._unchanged_offering = _Unchanged[PublishedOffering]()
        self._unchanged_organisation = _Unchanged[RegisteredOrganisation]()
        self._offerings = offerings
        self._organisations = organisations
        self._outcomes = outcomes

    async def __call__(self, completed: Sequence[AssessmentCompleted]) -> Known:
        """About these completions. Raises `Unavailable`."""
        names = {event.data.offering for event in completed}
        versions: defaultdict[str, list[Offering]] = defaultdict(list)
        async for published in every(self._offerings, {"offering.id": OneOf(tuple(names))}):
            versions[published.offering.id].append(self._unchanged_offering(published).offering)
        found = await self._organisations.get_many({event.data.platform.organisation for event in completed})
        organisations = {name: self._unchanged_organisation(registered) for name, registered in found.items()}
        return Known(versions, organisations, await self._held(completed, versions))

    async def _held(
        self, completed: Sequence[AssessmentCompleted], versions: Mapping[str, Sequence[Offering]]
    ) -> Mapping[Pair, Sequence[Held]]:
        bound = {
            name
            for name, published in versions.items()
            if any(version.reawarded is not Reaward.RENEWABLE for version in published)
        }
        held: dict[Pair, list[Held]] = {pair_of(event): [] for event in completed if event.data.offering in bound}
        if not held:
            return held
        learners, offerings = ({str(pair[place]) for pair in held} for place in (0, 1))
        where = {"learner": OneOf(tuple(learners)), "offering": OneOf(tuple(offerings))}
        async for outcome in every(self._outcomes, where, portion=PORTION):
            if outcome.credential is not None and (outcome.learner, outcome.offering) in held:
                held[outcome.learner, outcome.offering].append(_held(outcome, outcome.credential))
        return held


def _held(outcome: Outcome, credential: SealedCredential) -> Held:
    return Held(
        award=UUID(outcome.id),
        completed=outcome.completed,
        stands=credential.state is not CredentialState.REVOKED,
        superseded_by=credential.superseded_by,
    )
