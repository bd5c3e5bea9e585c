"""What credentials hold, at rest."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chassis.documents.port import every
from chassis.vault import Erased
from issuer.ports import BASES, Outcome
from schemas.values import LanguageMap
from tests.builders import NOW, an_offering
from tests.unit.issuer.workshop import Workshop, award_of


async def issued(workshop: Workshop, *numbers: int, **changes: Any) -> list[Outcome]:  # noqa: ANN401 passed on
    events = [await workshop.completed(number, **changes) for number in numbers]
    await workshop.issue(events)
    found = await workshop.outcomes.get_many([str(workshop.issue.identify(event)) for event in events])
    return list(found.values())


async def bases(workshop: Workshop) -> int:
    return len([basis async for basis in every(workshop.documents.collection(BASES), {})])


async def test_what_the_awards_of_an_offering_have_in_common_is_kept_once() -> None:
    workshop = await Workshop().open(an_offering())
    await issued(workshop, 1, 2)
    await issued(await workshop.replica().open(organisation=False), 3)
    assert await bases(workshop) == 1


async def test_an_award_is_read_with_the_version_that_it_was_decided_on() -> None:
    workshop = await Workshop().open(an_offering())
    (earlier,) = await issued(workshop, 1)
    await workshop.publish(
        an_offering(version=2, title=LanguageMap({"en": "Another title"}), published=NOW - timedelta(days=1))
    )
    (later,) = await issued(workshop, 2)
    for reader in (workshop, await workshop.replica().open(organisation=False)):
        opened = [await reader.read(award_of(outcome)) for outcome in (earlier, later)]
        assert [one.award.offering.version for one in opened] == [1, 2]
        assert opened[0].award.offering == an_offering()
    assert await bases(workshop) == 2


async def test_nothing_of_a_learner_is_in_what_is_shared() -> None:
    workshop = await Workshop().open(an_offering())
    (outcome,) = await issued(workshop, 1)
    opened = await workshop.read(award_of(outcome))
    shared = [basis async for basis in every(workshop.documents.collection(BASES), {})]
    assert opened.award.learner.full_name not in shared[0].model_dump_json()
    await workshop.vault.erase(outcome.learner)
    with pytest.raises(Erased):
        await workshop.read(award_of(outcome))
