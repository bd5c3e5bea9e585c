"""Corrections of completions that were decided: what the policy makes of each, and who looked at it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from chassis.documents.port import Page, Where
from chassis.outbox import pending_event
from issuer.domain.correcting import Decision, Policy, Standing, decide
from issuer.handlers import facts
from issuer.handlers.revoking import SuspendCredential
from issuer.handlers.telling import as_corrected
from issuer.ports import Announcing, AwardIds, Clock, Corrections, KnownCorrection, Outcome, Outcomes
from schemas.events import CompletionCorrected, Effect
from schemas.faults import Conflict, NotFound, Refused

UNDER_REVIEW = "Under review: the learning platform corrected what it said of the assessment."
"""Why a credential is suspended, for whoever verifies it: what was corrected is nobody else's business."""


class DecideCorrections:
    """Apply the policy to corrections, in the order they came."""

    def __init__(  # noqa: PLR0913 the wiring names each thing it is given
        self,
        *,
        corrections: Corrections,
        outcomes: Outcomes,
        award_id: AwardIds,
        suspend: SuspendCredential,
        policy: Policy,
        announcing: Announcing,
        nudge: Callable[[], None],
        clock: Clock,
    ) -> None:
        self._corrections = corrections
        self._outcomes = outcomes
        self._award_id = award_id
        self._suspend = suspend
        self._policy = policy
        self._announcing = announcing
        self._nudge = nudge
        self._clock = clock

    async def __call__(self, corrected: Sequence[CompletionCorrected]) -> None:
        """Decide on these. What was decided before is announced again: whoever asks again may have missed it.

        Raises `Unavailable`; decided again, everything ends as it would have.
        """
        asked = {str(event.data.id): event for event in corrected}
        known = await self._corrections.get_many(asked)
        awards = {
            id_: str(self._award_id(event.data.platform, event.data.episode))
            for id_, event in asked.items()
            if id_ not in known
        }
        outcomes = await self._outcomes.get_many(awards.values())
        decided: list[KnownCorrection] = []
        for id_, award in awards.items():
            before = outcomes.get(award)
            stands = await as_corrected(self._outcomes, before) if before is not None else None
            decision, outcome = await self._decide(asked[id_], stands)
            if outcome is not None:
                outcomes[award] = outcome
            decided.append(self._document(asked[id_], outcome.id if outcome else award, decision))
        if decided:
            await self._corrections.insert_many(decided)
            self._nudge()
        if known:
            await self._announcing.publish([pending_event(facts.correction(one)) for one in known.values()])

    async def _decide(self, event: CompletionCorrected, outcome: Outcome | None) -> tuple[Decision, Outcome | None]:
        """The decision, and the outcome as it stands after it."""
        said = event.data
        decision = decide(said.change, _standing(outcome), self._policy, passed=said.passed)
        if outcome is None or decision.effect is not Effect.SUSPENSION:
            return decision, outcome
        try:
            return decision, await self._suspend(UUID(outcome.id), UNDER_REVIEW)
        except (Refused, Conflict) as no:
            return decision.instead(Effect.REVIEW, f"{no}"), outcome

    def _document(self, event: CompletionCorrected, award: str, decision: Decision) -> KnownCorrection:
        correction = KnownCorrection(
            id=str(event.data.id),
            organisation=event.data.organisation,
            award=UUID(award),
            event=event,
            effect=decision.effect,
            detail=decision.detail,
            decided=self._clock(),
            open=decision.open,
        )
        return correction.model_copy(update={"pending": (pending_event(facts.correction(correction)),)})


class ReviewCorrections:
    """What operators do with corrections: read them, and say what came of them."""

    def __init__(self, corrections: Corrections, clock: Clock) -> None:
        self._corrections = corrections
        self._clock = clock

    async def page(
        self,
        organisation: str | None,
        *,
        open: bool,  # noqa: A002 the field's own name
        after: str | None,
        limit: int,
    ) -> Page[KnownCorrection]:
        """Those that wait for somebody, or those that do not, the oldest first; None is every organisation's."""
        where: Where = {"open": open} if organisation is None else {"open": open, "organisation": organisation}
        return await self._corrections.find(where, order_by="decided", after=after, limit=limit)

    async def one(self, id_: UUID) -> KnownCorrection:
        """This one. Raises `NotFound`."""
        stored = await self._corrections.get(str(id_))
        if stored is None:
            raise NotFound(f"there is no correction {id_}")
        return stored

    async def answer(self, stored: KnownCorrection, answer: str) -> KnownCorrection:
        """Somebody looked at it, and this came of it. Raises `Conflict` where something else was answered before."""
        if stored.answer == answer:
            return stored
        if stored.answer is not None:
            raise Conflict(f"correction {stored.id} was answered before, with something else")
        return await self._corrections.replace(
            stored.model_copy(update={"open": False, "answer": answer, "answered": self._clock()})
        )


def _standing(outcome: Outcome | None) -> Standing:
    if outcome is None:
        return Standing(None)
    credential, refusal = outcome.credential, outcome.refusal
    return Standing(credential.state if credential else None, refusal.reason if refusal else None, open=outcome.open)
