"""What the catalogue told is kept in every version, in whatever order and however often it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import permutations

import pytest

from schemas.events import OfferingPublished
from schemas.microcredential import OfferingState
from tests.builders import a_retired_offering, an_offering, offering_published
from tests.unit.issuer.workshop import Workshop


@pytest.fixture
async def workshop() -> AsyncIterator[Workshop]:
    workshop = await Workshop().open()
    yield workshop
    await workshop.documents.close()


async def kept(workshop: Workshop) -> dict[str, OfferingState]:
    page = await workshop.offerings.find({})
    return {published.id: published.offering.state for published in page.items}


async def test_every_version_is_kept(workshop: Workshop) -> None:
    await workshop.publish(an_offering(version=1), an_offering(version=2))
    assert set(await kept(workshop)) == {"data-ethics@1", "data-ethics@2"}


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("together", [True, False])
async def test_a_retired_version_stays_retired_in_whatever_order_it_is_told(
    workshop: Workshop, order: tuple[int, ...], *, together: bool
) -> None:
    events: list[OfferingPublished] = [
        offering_published(an_offering(version=1)),
        offering_published(a_retired_offering(version=1)),
        offering_published(an_offering(version=2)),
    ]
    told = [events[place] for place in order]
    for batch in [told] if together else [[event] for event in told]:
        await workshop.keep(batch)
    await workshop.keep(told)
    assert await kept(workshop) == {
        "data-ethics@1": OfferingState.RETIRED,
        "data-ethics@2": OfferingState.PUBLISHED,
    }
