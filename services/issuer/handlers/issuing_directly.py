"""A credential without a learning platform: the provider says who completed what."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from chassis.documents.port import OneOf
from issuer.handlers import facts
from issuer.handlers.issuing import IssueCredentials
from issuer.ports import Clock, Offerings, Outcome, Outcomes, OutcomeState, Vault
from schemas.events import DIRECT, AssessmentCompleted, Platform
from schemas.faults import Conflict, Malformed, NotFound
from schemas.microcredential import Grade, Learner, PersonalData
from schemas.values import Frozen, Instant, Slug, Url

AHEAD = timedelta(minutes=5)
"""How far another clock may be ahead of ours."""


class DirectCompletion(Frozen):
    """What a provider says: this learner completed this offering then. Saying it again is the same completion."""

    offering: Slug
    learner: Learner
    completed: Instant
    passed: bool = True
    grade: Grade | None = None
    evidence: tuple[Url, ...] = ()


class Identities(Protocol):
    """Ids that nobody can guess."""

    def completion(self, platform: str, episode: str) -> UUID:
        """A completion's."""
        ...

    def learner(self, platform: str, learner_id: str) -> UUID:
        """A learner's."""
        ...


class IssueDirectly:
    """Decide at once on what a provider says. It goes the same road as a learning platform's completion."""

    def __init__(  # noqa: PLR0913 the wiring names each thing it is given
        self,
        *,
        issue: IssueCredentials,
        outcomes: Outcomes,
        offerings: Offerings,
        vault: Vault,
        identity: Identities,
        clock: Clock,
    ) -> None:
        self._issue = issue
        self._outcomes = outcomes
        self._offerings = offerings
        self._vault = vault
        self._identity = identity
        self._clock = clock

    async def organisation_of(self, offering: str) -> str:
        """Who offers this. Raises `NotFound`."""
        page = await self._offerings.find({"offering.id": OneOf((offering,))}, limit=1)
        if not page.items:
            raise NotFound(f"no offering {offering} has been published")
        return page.items[0].offering.organisation

    async def __call__(self, said: DirectCompletion, organisation: str) -> Outcome:
        """The credential's outcome, the same for the same words.

        Raises `NotAwarded` (nothing is kept of it then), `Malformed` for a completion that lies in the future.
        """
        now = self._clock()
        if said.completed > now + AHEAD:
            raise Malformed(f"completed: {said.completed:%Y-%m-%d %H:%M} UTC lies in the future")
        completed = await self._event(said, organisation)
        award = str(self._issue.identify(completed))
        stored = await self._outcomes.get(award)
        if stored is None or stored.state is not OutcomeState.ISSUED:
            await self._issue.judge(completed)
            await self._issue([completed])
            stored = await self._outcomes.get(award)
        if stored is None or stored.state is not OutcomeState.ISSUED:
            raise Conflict("the offering changed while this was being decided: say it again")
        return stored

    async def _event(self, said: DirectCompletion, organisation: str) -> AssessmentCompleted:
        words = hashlib.sha256(said.model_dump_json().encode()).hexdigest()
        episode = f"{organisation}:{words}"
        learner = self._identity.learner(DIRECT, f"{organisation}:{_name_of(said.learner)}")
        personal = PersonalData(learner=said.learner, grade=said.grade, evidence=said.evidence)
        (sealed,) = await self._vault.seal_many([(learner, personal.model_dump_json().encode())])
        completion = self._identity.completion(DIRECT, episode)
        return facts.completed(
            completion,
            at=said.completed,
            platform=Platform(id=DIRECT, organisation=organisation),
            episode=episode,
            offering=said.offering,
            learner=learner,
            passed=said.passed,
            personal=sealed,
            received=self._clock(),
        )


def _name_of(learner: Learner) -> str:
    """What tells this learner from the organisation's others, best first."""
    if learner.email:
        return f"mailto:{learner.email.lower()}"
    if learner.identifiers:
        return f"{learner.identifiers[0].scheme} {learner.identifiers[0].value}"
    return learner.full_name
