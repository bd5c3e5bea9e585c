"""What would become of completions, were they told now. Nothing is written, and nothing about a person is needed."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from issuer.domain.awarding import Held, NotAwarded
from issuer.handlers import facts
from issuer.handlers.knowing import Knowledge, Known, pair_of
from issuer.ports import AwardIds, Offerings, Organisations, Outcome, Outcomes, OutcomeState
from schemas.events import AssessmentCompleted, Platform, RefusalReason
from schemas.microcredential import Learner, PersonalData
from schemas.values import Frozen, Instant, SealedData, ShortText, Slug

SOMEBODY = PersonalData(learner=Learner(full_name="Somebody"))
"""Who has a name, which is all that a decision asks of a learner."""


class Prospect(Frozen):
    """A completion that somebody may tell: its facts, without the person."""

    completion: UUID
    platform: Platform
    episode: ShortText
    offering: Slug
    learner: UUID
    """Opaque: the same learner of the same platform, always."""
    passed: bool
    completed: Instant

    def event(self) -> AssessmentCompleted:
        """The fact as it would be told, with nobody sealed in it."""
        return facts.completed(
            self.completion,
            at=self.completed,
            platform=self.platform,
            episode=self.episode,
            offering=self.offering,
            learner=self.learner,
            passed=self.passed,
            personal=SealedData(learner=self.learner, nonce=bytes(12), ciphertext=bytes(16)),
            received=self.completed,
        )


class Prognosis(StrEnum):
    """What would become of it, or has."""

    WOULD_BE_ISSUED = "would-be-issued"
    WOULD_BE_REFUSED = "would-be-refused"
    ISSUED = "issued"
    REFUSED = "refused"
    IN_FLIGHT = "in-flight"


_PAST = {
    OutcomeState.ISSUED: Prognosis.ISSUED,
    OutcomeState.REFUSED: Prognosis.REFUSED,
    OutcomeState.WAITING: Prognosis.IN_FLIGHT,
}


class Judgement(Frozen):
    """What would become of a completion, and why."""

    completion: UUID
    award: UUID
    prognosis: Prognosis
    reason: RefusalReason | None = None
    detail: str | None = None


class JudgeCompletions:
    """Say what would be decided."""

    def __init__(
        self, outcomes: Outcomes, offerings: Offerings, organisations: Organisations, *, award_id: AwardIds
    ) -> None:
        self._outcomes = outcomes
        self._know = Knowledge(offerings, organisations, outcomes)
        self._award_id = award_id

    async def __call__(self, prospects: Sequence[Prospect]) -> Sequence[Judgement]:
        """In order. The earlier completions of a learner are taken for decided before the later ones."""
        awards = [self._award_id(prospect.platform.id, prospect.episode) for prospect in prospects]
        stored = await self._outcomes.get_many(map(str, awards))
        events = [prospect.event() for prospect in prospects]
        known = await self._know(events)
        held = {pair: list(some) for pair, some in known.held.items()}
        known = Known(known.versions, known.organisations, held)
        judged: dict[int, Judgement] = {}
        for place in sorted(range(len(events)), key=lambda place: events[place].time):
            award, event = awards[place], events[place]
            outcome, pair = stored.get(str(award)), pair_of(event)
            judged[place] = _past(outcome) if outcome is not None else _prospective(award, event, known)
            if judged[place].prognosis is Prognosis.WOULD_BE_ISSUED and pair in held:
                held[pair].append(Held(award, event.time, stands=True))
        return [judged[place] for place in range(len(events))]


def _past(outcome: Outcome) -> Judgement:
    refusal = outcome.refusal
    return Judgement(
        completion=outcome.completion,
        award=UUID(outcome.id),
        prognosis=_PAST[outcome.state],
        reason=refusal.reason if refusal else None,
        detail=refusal.detail if refusal else None,
    )


def _prospective(award: UUID, event: AssessmentCompleted, known: Known) -> Judgement:
    try:
        known.judge(award, event, SOMEBODY)
    except NotAwarded as no:
        return Judgement(
            completion=event.data.id,
            award=award,
            prognosis=Prognosis.WOULD_BE_REFUSED,
            reason=no.reason,
            detail=str(no),
        )
    return Judgement(completion=event.data.id, award=award, prognosis=Prognosis.WOULD_BE_ISSUED)
