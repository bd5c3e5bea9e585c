"""A provider's word becomes a credential at once, or a refusal that leaves nothing behind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from issuer.domain.awarding import AssessmentFailed, OfferingUnknown, PlatformNotAllowed
from issuer.handlers import DirectCompletion
from issuer.ports import OutcomeState
from schemas.faults import Malformed, NotFound
from tests.builders import NOW, a_grade, a_learner, an_offering
from tests.unit.issuer.workshop import Workshop, award_of


@pytest.fixture
async def workshop() -> AsyncIterator[Workshop]:
    workshop = await Workshop().open(an_offering())
    yield workshop
    await workshop.documents.close()


def said(**changes: Any) -> DirectCompletion:  # noqa: ANN401 passed on to what validates it
    known: dict[str, Any] = {"offering": "data-ethics", "learner": a_learner(), "completed": NOW, "grade": a_grade()}
    return DirectCompletion(**{**known, **changes})


async def test_a_providers_word_becomes_a_credential_at_once(workshop: Workshop) -> None:
    outcome = await workshop.issue_directly(said(), "uex")
    assert outcome.state is OutcomeState.ISSUED
    assert (await workshop.read(award_of(outcome))).award.grade == a_grade()


async def test_the_same_words_again_are_the_same_credential(workshop: Workshop) -> None:
    first = await workshop.issue_directly(said(), "uex")
    workshop.clock.now += timedelta(days=1)
    assert await workshop.issue_directly(said(), "uex") == first
    assert len(await workshop.all()) == 1


async def test_other_words_are_another_credential_of_the_same_learner(workshop: Workshop) -> None:
    first = await workshop.issue_directly(said(), "uex")
    second = await workshop.issue_directly(said(completed=NOW - timedelta(days=1)), "uex")
    assert first.id != second.id
    assert first.learner == second.learner


@pytest.mark.parametrize(
    ("changes", "organisation", "refusal"),
    [
        ({"passed": False}, "uex", AssessmentFailed),
        ({"offering": "knots"}, "uex", OfferingUnknown),
        ({}, "other", PlatformNotAllowed),
    ],
)
async def test_a_refusal_is_told_at_once_and_nothing_is_kept_of_it(
    workshop: Workshop, changes: dict[str, Any], organisation: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await workshop.issue_directly(said(**changes), organisation)
    assert not await workshop.all()


async def test_a_completion_in_the_future_is_malformed(workshop: Workshop) -> None:
    with pytest.raises(Malformed):
        await workshop.issue_directly(said(completed=workshop.clock.now + timedelta(minutes=6)), "uex")


async def test_an_offerings_organisation_is_found_where_nobody_named_one(workshop: Workshop) -> None:
    assert await workshop.issue_directly.organisation_of("data-ethics") == "uex"
    with pytest.raises(NotFound):
        await workshop.issue_directly.organisation_of("knots")
