"""Corrected names: of a credential and what takes its place one stands, whatever happens at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from issuer.domain.correcting import NothingToReissue
from issuer.handlers import ReissueCorrected, ReviewCorrections
from issuer.ports import CORRECTIONS, KnownCorrection, Outcome
from schemas.events import AssessmentCompleted, Change, CredentialState, Effect
from schemas.faults import Unavailable
from schemas.microcredential import CorrectedData, Reaward
from tests.builders import NOW, an_id, an_offering, completion_corrected, personal_data
from tests.unit.issuer.test_issuing import Counted
from tests.unit.issuer.workshop import Workshop, award_of

OFFERINGS = [an_offering(reaward=policy) for policy in Reaward]


@dataclass
class Desk:
    workshop: Workshop

    def reissue(self) -> ReissueCorrected:
        workshop = self.workshop
        return ReissueCorrected(
            outcomes=workshop.outcomes,
            read=workshop.read,
            vault=workshop.vault,
            issue=workshop.issue,
            review=ReviewCorrections(workshop.documents.collection(CORRECTIONS), workshop.clock),
            award_id=workshop.identity.award,
        )

    async def issued(self) -> AssessmentCompleted:
        completed = await self.workshop.completed()
        await self.workshop.issue([completed])
        return completed

    async def corrected(self, completed: AssessmentCompleted, name: str) -> KnownCorrection:
        """A correction to this name, as it waits for somebody."""
        told = completed.data
        learner = personal_data().learner.model_copy(update={"full_name": name})
        event = completion_corrected(
            id=an_id(name),
            completion=told.id,
            platform=told.platform.id,
            organisation=told.platform.organisation,
            episode=told.episode,
            offering=told.offering,
            learner=told.learner,
            change=Change.LEARNER_CORRECTED,
            passed=None,
            personal=await self.workshop.vault.seal(
                told.learner, CorrectedData(learner=learner).model_dump_json().encode()
            ),
        )
        known = KnownCorrection(
            id=str(event.data.id),
            organisation=told.platform.organisation,
            award=self.workshop.issue.identify(completed),
            event=event,
            effect=Effect.REISSUE,
            detail="another name",
            decided=NOW,
            open=True,
        )
        await self.workshop.documents.collection(CORRECTIONS).insert_many([known])
        return known

    async def standing(self) -> list[str]:
        """The awards whose credentials hold."""
        outcomes = await self.workshop.all()
        return [one.id for one in outcomes if one.credential and one.credential.state is CredentialState.ACTIVE]


class Meanwhile(Counted):
    """A collection with which something else happens just before the first of these calls."""

    def __init__(self, collection: Any, call: str, happens: Callable[[], Awaitable[object]]) -> None:  # noqa: ANN401 as `Counted` takes it
        super().__init__(collection)
        self._call, self._happens = call, [happens]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 whatever the collection has
        method = super().__getattr__(name)

        async def call(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 whatever the collection has
            if name == self._call and self._happens:
                await self._happens.pop()()
            return await method(*arguments, **named)

        return call


@pytest.fixture(params=OFFERINGS, ids=[str(offering.reawarded) for offering in OFFERINGS])
async def desk(request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    workshop = await Workshop().open(request.param)
    yield Desk(workshop)
    await workshop.documents.close()


async def test_of_two_corrections_of_one_credential_one_is_accepted(desk: Desk) -> None:
    completed = await desk.issued()
    corrections = [await desk.corrected(completed, name) for name in ("Zoë One", "Zoë Two")]
    others = [Desk(desk.workshop), Desk(desk.workshop.replica())]
    done: Sequence[Outcome | BaseException] = await asyncio.gather(
        *(one.reissue()(known) for one, known in zip(others, corrections, strict=True)), return_exceptions=True
    )
    (issued,) = [one for one in done if isinstance(one, Outcome)]
    assert [type(one) for one in done if one is not issued] == [NothingToReissue]
    assert await desk.standing() == [issued.id]


async def test_what_somebody_revokes_while_it_is_being_corrected_has_no_successor(desk: Desk) -> None:
    completed = await desk.issued()
    known = await desk.corrected(completed, "Zoë Corrected")
    workshop, award = desk.workshop, known.award
    revoke = workshop.revoke
    workshop.wire(outcomes=Meanwhile(workshop.outcomes, "replace_many", lambda: revoke(award, "Fraud.")))
    with pytest.raises(NothingToReissue):
        await desk.reissue()(known)
    assert await desk.standing() == []
    assert (await workshop.known(completed)).credential.reason == "Fraud."  # type: ignore[union-attr]


async def test_killed_between_the_revocation_and_the_new_credential_it_completes_when_it_is_said_again(
    desk: Desk,
) -> None:
    completed = await desk.issued()
    known = await desk.corrected(completed, "Zoë Corrected")
    outcomes = Counted(desk.workshop.outcomes)
    desk.workshop.wire(outcomes=outcomes)
    outcomes.before["insert_many"] = Unavailable("the database went away")
    with pytest.raises(Unavailable):
        await desk.reissue()(known)
    assert await desk.standing() == []

    restarted = Desk(desk.workshop.replica())
    issued = await restarted.reissue()(known)
    assert await desk.standing() == [issued.id]
    assert (await restarted.workshop.read(award_of(issued))).award.learner.full_name == "Zoë Corrected"
    before = await desk.workshop.known(completed)
    assert before.credential is not None
    assert before.credential.superseded_by == UUID(issued.id)
    answered = await desk.workshop.documents.collection(CORRECTIONS).get(known.id)
    assert answered is not None
    assert await restarted.reissue()(answered) == issued


async def test_a_correction_that_cannot_be_certified_takes_nothing_away(desk: Desk) -> None:
    completed = await desk.issued()
    known = await desk.corrected(completed, "Nomen Nescio")
    with pytest.raises(Exception, match="cannot be certified"):
        await desk.reissue()(known)
    assert await desk.standing() == [str(known.award)]


async def test_what_a_further_completion_superseded_meanwhile_is_not_corrected() -> None:
    workshop = await Workshop().open(an_offering(reaward=Reaward.SUPERSEDE))
    desk = Desk(workshop)
    completed = await desk.issued()
    known = await desk.corrected(completed, "Zoë Corrected")
    further = (await workshop.completed(17, id=an_id("further"), episode="further")).model_copy(
        update={"time": completed.time + timedelta(days=1)}
    )
    issue, other = workshop.issue, workshop.replica()
    # Once the one that is corrected is revoked, and before the other is written.
    workshop.wire(outcomes=Meanwhile(workshop.outcomes, "insert_many", lambda: other.issue([further])))
    with pytest.raises(NothingToReissue):
        await desk.reissue()(known)
    assert await desk.standing() == [str(issue.identify(further))]
    await workshop.documents.close()
