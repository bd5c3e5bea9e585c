"""Corrections: what the policy makes of them, what is done, and what is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from credentials.proofs import EDDSA_JCS_2022
from issuer.domain.correcting import POLICY, Case, Standing, decide, policy
from issuer.domain.sealing import Seal
from issuer.handlers import DecideCorrections, ReviewCorrections
from issuer.handlers.correcting import UNDER_REVIEW
from issuer.ports import CORRECTIONS, KnownCorrection
from issuer.settings import IssuerSettings
from schemas.events import (
    AssessmentCompleted,
    Change,
    CompletionCorrected,
    CorrectionDecided,
    CredentialState,
    Effect,
    RefusalReason,
)
from schemas.faults import Conflict, NotFound
from tests.builders import an_id, an_offering, completion_corrected
from tests.unit.issuer.workshop import PLAIN, Workshop, award_of, read

ISSUED = Standing(CredentialState.ACTIVE)
FAILED = Standing(None, RefusalReason.ASSESSMENT_FAILED)
MAY_BE_ISSUED = Standing(None, RefusalReason.OFFERING_UNKNOWN, open=True)


@pytest.mark.parametrize(
    ("change", "passed", "standing", "effect"),
    [
        (Change.GRADE_CHANGED, False, ISSUED, Effect.SUSPENSION),
        (Change.GRADE_CHANGED, True, ISSUED, Effect.REVIEW),
        (Change.GRADE_CHANGED, True, FAILED, Effect.REVIEW),
        (Change.GRADE_CHANGED, False, FAILED, Effect.NOTHING),
        (Change.GRADE_CHANGED, True, Standing(None, RefusalReason.OFFERING_UNKNOWN), Effect.NOTHING),
        (Change.GRADE_CHANGED, True, Standing(None), Effect.NOTHING),
        (Change.GRADE_CHANGED, False, MAY_BE_ISSUED, Effect.REVIEW),
        (Change.GRADE_CHANGED, True, MAY_BE_ISSUED, Effect.NOTHING),
        (Change.LEARNER_CORRECTED, None, MAY_BE_ISSUED, Effect.REVIEW),
        (Change.LEARNER_UNENROLLED, None, MAY_BE_ISSUED, Effect.NOTHING),
        (Change.COMPLETION_WITHDRAWN, None, ISSUED, Effect.NOTHING),
        (Change.COMPLETION_RESTORED, None, ISSUED, Effect.NOTHING),
        (Change.LEARNER_UNENROLLED, None, ISSUED, Effect.NOTHING),
        (Change.LEARNER_DELETED, None, ISSUED, Effect.NOTHING),
        (Change.LEARNER_CORRECTED, None, ISSUED, Effect.REISSUE),
        (Change.LEARNER_CORRECTED, None, FAILED, Effect.NOTHING),
        (Change.LEARNER_CORRECTED, None, Standing(CredentialState.REVOKED), Effect.NOTHING),
        (Change.GRADE_CHANGED, False, Standing(CredentialState.REVOKED), Effect.NOTHING),
        (Change.GRADE_CHANGED, True, Standing(CredentialState.SUSPENDED), Effect.REVIEW),
        (Change.COMPLETION_RESTORED, None, Standing(CredentialState.SUSPENDED), Effect.REVIEW),
    ],
)
def test_what_a_change_leads_to_depends_on_what_became_of_the_completion(
    change: Change,
    passed: bool | None,  # noqa: FBT001 pytest passes it by name
    standing: Standing,
    effect: Effect,
) -> None:
    assert decide(change, standing, POLICY, passed=passed).effect is effect


def test_every_case_has_its_row_and_every_change_of_a_credential_its_case() -> None:
    assert POLICY.keys() == set(Case)
    for change in Change:
        decide(change, ISSUED, POLICY, passed=None)


def test_a_house_may_have_another_policy() -> None:
    theirs = policy({Case.LEARNER_DELETED: Effect.REVIEW})
    assert decide(Change.LEARNER_DELETED, ISSUED, theirs, passed=None).effect is Effect.REVIEW
    assert theirs[Case.FAILS_NOW] is POLICY[Case.FAILS_NOW]


@pytest.mark.parametrize(
    "changes", [{Case.LEARNER_DELETED: Effect.REISSUE}, {Case.PASSES_AFTER_ALL: Effect.SUSPENSION}]
)
def test_a_policy_that_cannot_be_followed_is_refused_at_the_start(changes: dict[Case, Effect]) -> None:
    with pytest.raises(ValueError, match="cannot lead to"):
        policy(changes)


def test_the_policy_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUREL_ISSUER_CORRECTIONS", '{"completion-withdrawn": "suspension"}')
    assert IssuerSettings().corrections == {Case.COMPLETION_WITHDRAWN: Effect.SUSPENSION}


class Desk:
    """A workshop with what corrections need."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self.corrections = workshop.documents.collection(CORRECTIONS)
        self.review = ReviewCorrections(self.corrections, workshop.clock)
        self.decide = DecideCorrections(
            corrections=self.corrections,
            outcomes=workshop.outcomes,
            award_id=workshop.identity.award,
            suspend=workshop.suspend,
            policy=POLICY,
            announcing=workshop.log,
            nudge=workshop.log.nudge,
            clock=workshop.clock,
        )

    async def issued(self, number: int = 1) -> AssessmentCompleted:
        completed = await self.workshop.completed(number)
        await self.workshop.issue([completed])
        return completed

    async def state(self, completed: AssessmentCompleted) -> CredentialState:
        credential = (await self.workshop.known(completed)).credential
        assert credential is not None
        return credential.state

    async def known(self, event: CompletionCorrected) -> KnownCorrection:
        return await self.review.one(event.data.id)


def correction(completed: AssessmentCompleted, name: str = "one", **changes: Any) -> CompletionCorrected:  # noqa: ANN401
    about = completed.data
    return completion_corrected(
        **{
            "id": an_id(f"{about.episode} {name}"),
            "completion": about.id,
            "episode": about.episode,
            "learner": about.learner,
            **changes,
        }
    )


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    workshop = Workshop()
    workshop.wire(seal=Seal(PLAIN, (EDDSA_JCS_2022,), suspends=True))
    await workshop.open(an_offering())
    yield Desk(workshop)
    await workshop.documents.close()


@pytest.fixture
async def without_suspension() -> AsyncIterator[Desk]:
    workshop = await Workshop().open(an_offering())
    yield Desk(workshop)
    await workshop.documents.close()


async def test_what_is_no_longer_passed_does_not_hold_until_somebody_has_looked(desk: Desk) -> None:
    completed = await desk.issued()
    event = correction(completed)
    await desk.decide([event])
    assert await desk.state(completed) is CredentialState.SUSPENDED
    known = await desk.known(event)
    assert (known.effect, known.open) == (Effect.SUSPENSION, True)
    (told,) = [read(pending) for pending in known.pending]
    assert isinstance(told, CorrectionDecided)
    assert (told.data.award, told.data.effect) == (award_of(await desk.workshop.known(completed)), Effect.SUSPENSION)


async def test_where_nothing_can_be_suspended_somebody_is_asked_to_look(without_suspension: Desk) -> None:
    completed = await without_suspension.issued()
    event = correction(completed)
    await without_suspension.decide([event])
    known = await without_suspension.known(event)
    assert await without_suspension.state(completed) is CredentialState.ACTIVE
    assert (known.effect, known.open) == (Effect.REVIEW, True)
    assert "without a place in a list of suspended credentials" in known.detail


async def test_what_was_suspended_by_hand_stays_so_for_that_reason(desk: Desk) -> None:
    completed = await desk.issued()
    await desk.workshop.suspend(award_of(await desk.workshop.known(completed)), "An appeal is under way.")
    event = correction(completed)
    await desk.decide([event])
    assert (await desk.known(event)).effect is Effect.REVIEW
    credential = (await desk.workshop.known(completed)).credential
    assert credential is not None
    assert credential.reason == "An appeal is under way."


async def test_of_two_corrections_in_one_batch_the_second_meets_what_the_first_did(desk: Desk) -> None:
    completed = await desk.issued()
    fails, passes = correction(completed), correction(completed, "two", passed=True)
    await desk.decide([fails, passes])
    assert await desk.state(completed) is CredentialState.SUSPENDED
    assert "is suspended: is that still right?" in (await desk.known(passes)).detail


async def test_told_again_it_is_decided_once_and_the_decision_told_again(desk: Desk) -> None:
    completed = await desk.issued()
    event = correction(completed)
    await desk.decide([event])
    await desk.workshop.reinstate(award_of(await desk.workshop.known(completed)), "It was a mistake.")
    before = await desk.known(event)
    desk.workshop.clock.now += timedelta(hours=1)
    await desk.decide([event])
    assert await desk.known(event) == before
    assert await desk.state(completed) is CredentialState.ACTIVE, "what somebody decided since stands"
    assert [told.id for told in desk.workshop.log.events] == [read(pending).id for pending in before.pending]


async def test_killed_between_the_suspension_and_the_note_the_same_comes_of_it(desk: Desk) -> None:
    completed = await desk.issued()
    await desk.workshop.suspend(award_of(await desk.workshop.known(completed)), UNDER_REVIEW)
    event = correction(completed)
    await desk.decide([event])
    assert (await desk.known(event)).effect is Effect.SUSPENSION


async def test_a_correction_of_what_was_never_issued_is_kept_and_changes_nothing(desk: Desk) -> None:
    completed = await desk.workshop.completed(2, passed=False)
    await desk.workshop.issue([completed])
    fails, passes = correction(completed), correction(completed, "two", passed=True)
    unknown = correction(await desk.workshop.completed(3))
    await desk.decide([fails, passes, unknown])
    effects = [(await desk.known(event)).effect for event in (fails, passes, unknown)]
    assert effects == [Effect.NOTHING, Effect.REVIEW, Effect.NOTHING]


async def test_what_may_still_be_issued_as_it_was_told_is_looked_at(desk: Desk) -> None:
    completed = await desk.workshop.completed(4, offering="not-yet-offered")
    await desk.workshop.issue([completed])
    desk.workshop.clock.now += timedelta(hours=2)
    await desk.workshop.issue.reopen_overdue()
    event = correction(completed)
    await desk.decide([event])
    assert (await desk.known(event)).effect is Effect.REVIEW


async def test_what_waits_is_listed_the_oldest_first_until_it_is_answered(desk: Desk) -> None:
    completed = [await desk.issued(number) for number in (1, 2, 3)]
    events = [correction(one) for one in completed]
    for event in events:
        await desk.decide([event])
        desk.workshop.clock.now += timedelta(minutes=1)
    page = await desk.review.page("uex", open=True, after=None, limit=2)
    assert [one.event.data.id for one in page.items] == [event.data.id for event in events[:2]]
    assert page.next is not None
    assert not (await desk.review.page("elsewhere", open=True, after=None, limit=2)).items

    first = page.items[0]
    answered = await desk.review.answer(first, "The grade was a typing error; reinstated.")
    assert (answered.open, answered.answered) == (False, desk.workshop.clock.now)
    assert await desk.review.answer(answered, "The grade was a typing error; reinstated.") == answered
    with pytest.raises(Conflict):
        await desk.review.answer(answered, "Revoked.")
    waiting = (await desk.review.page(None, open=True, after=None, limit=9)).items
    assert [one.event.data.id for one in waiting] == [event.data.id for event in events[1:]]
    assert [one.id for one in (await desk.review.page(None, open=False, after=None, limit=9)).items] == [first.id]
    with pytest.raises(NotFound):
        await desk.review.one(an_id("another"))
