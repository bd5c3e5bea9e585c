"""What would become of completions is what becomes of them, and asking changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import pytest

from issuer.handlers import JudgeCompletions, Judgement, Prognosis, Prospect
from issuer.ports import OutcomeState
from schemas.events import AssessmentCompleted, RefusalReason
from tests.builders import NOW, a_platform, a_retired_offering, an_id, an_offering
from tests.unit.issuer.workshop import Workshop


@pytest.fixture
async def workshop() -> AsyncIterator[Workshop]:
    workshop = await Workshop().open(an_offering(reaward="once"), a_retired_offering(id="knots"))
    yield workshop
    await workshop.documents.close()


def prospect(completed: AssessmentCompleted) -> Prospect:
    said = completed.data
    return Prospect(
        completion=said.id,
        platform=said.platform,
        episode=said.episode,
        offering=said.offering,
        learner=said.learner,
        passed=said.passed,
        completed=completed.time,
    )


async def judge(workshop: Workshop, *completed: AssessmentCompleted) -> Sequence[Judgement]:
    ask = JudgeCompletions(
        workshop.outcomes, workshop.offerings, workshop.organisations, award_id=workshop.identity.award
    )
    return await ask([prospect(each) for each in completed])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"passed": False}, RefusalReason.ASSESSMENT_FAILED),
        ({"offering": "unheard-of"}, RefusalReason.OFFERING_UNKNOWN),
        ({"offering": "knots"}, RefusalReason.OFFERING_RETIRED),
        ({"platform": a_platform(organisation="other")}, RefusalReason.PLATFORM_NOT_ALLOWED),
    ],
)
async def test_what_is_foretold_comes_true(
    workshop: Workshop, changes: dict[str, Any], reason: RefusalReason | None
) -> None:
    completed = await workshop.completed(**changes)
    (foretold,) = await judge(workshop, completed)
    assert foretold.prognosis is (Prognosis.WOULD_BE_REFUSED if reason else Prognosis.WOULD_BE_ISSUED)
    assert foretold.reason is reason
    assert await workshop.all() == ()

    await workshop.issue([completed])
    workshop.clock.now += timedelta(hours=2)
    await workshop.issue.reopen_overdue()
    outcome = await workshop.known(completed)
    assert outcome.state is (OutcomeState.REFUSED if reason else OutcomeState.ISSUED)
    (past,) = await judge(workshop, completed)
    assert past.prognosis is (Prognosis.REFUSED if reason else Prognosis.ISSUED)
    assert (past.reason, past.detail, str(past.award)) == (reason, foretold.detail, outcome.id)


async def test_what_waits_for_its_offering_is_in_flight(workshop: Workshop) -> None:
    completed = await workshop.completed(offering="unheard-of")
    await workshop.issue([completed])
    (judgement,) = await judge(workshop, completed)
    assert judgement.prognosis is Prognosis.IN_FLIGHT


async def test_a_second_episode_is_foretold_to_be_refused_whatever_the_order_in_which_they_are_asked_for(
    workshop: Workshop,
) -> None:
    earlier, later = [
        (await workshop.completed(id=an_id(f"c{day}"), episode=f"e{day}")).model_copy(
            update={"time": NOW + timedelta(days=day)}
        )
        for day in (-2, -1)
    ]
    second, first = await judge(workshop, later, earlier)
    assert first.prognosis is Prognosis.WOULD_BE_ISSUED
    assert (second.prognosis, second.reason) == (Prognosis.WOULD_BE_REFUSED, RefusalReason.ALREADY_AWARDED)
    assert str(first.award) in (second.detail or "")
