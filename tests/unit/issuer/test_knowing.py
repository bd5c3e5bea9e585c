"""What is read for a batch."""

from __future__ import annotations

from issuer.handlers.knowing import Knowledge
from schemas.values import LanguageMap
from tests.builders import an_offering
from tests.unit.issuer.workshop import Workshop


async def test_what_says_the_same_again_is_the_same_object_so_that_what_is_made_of_it_is_made_once() -> None:
    workshop = await Workshop().open(an_offering())
    know = Knowledge(workshop.offerings, workshop.organisations, workshop.outcomes)
    completed = [await workshop.completed()]
    first, second = await know(completed), await know(completed)
    assert first.versions["data-ethics"][0] is second.versions["data-ethics"][0]
    assert first.organisations["uex"] is second.organisations["uex"]


async def test_what_says_something_else_is_read_as_it_is() -> None:
    workshop = await Workshop().open(an_offering())
    know = Knowledge(workshop.offerings, workshop.organisations, workshop.outcomes)
    completed = [await workshop.completed()]
    await know(completed)
    changed = an_offering(title=LanguageMap({"en": "Another title"}))
    await workshop.publish(changed)
    assert (await know(completed)).versions["data-ethics"] == [changed]
