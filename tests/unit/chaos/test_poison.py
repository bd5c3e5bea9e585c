from __future__ import annotations

import pytest

from chassis.broker.reasons import reason_for
from chassis.topics import MESSAGE_BYTES
from schemas.events import AssessmentCompleted, Unreadable, decode
from schemas.faults import Fault
from tests.builders import an_offering
from tests.chaos.poison import POISONS, Poison, of_nobody
from tests.unit.issuer.workshop import Workshop


@pytest.mark.parametrize("poison", POISONS, ids=lambda poison: poison.name)
async def test_poison_is_parked_for_the_reason_it_stands_with(poison: Poison) -> None:
    workshop = await Workshop().open(an_offering())
    genuine = await workshop.completed()
    brewed = poison.brew(of_nobody(genuine, poison.name))
    assert len(brewed) < MESSAGE_BYTES
    read = decode(brewed)
    if isinstance(read, Unreadable):
        assert read.reason == poison.reason
    else:
        assert isinstance(read, AssessmentCompleted)
        assert read.data.id != genuine.data.id
        with pytest.raises(Fault) as raised:
            await workshop.issue([read])
        assert reason_for(raised.value)[0] == poison.reason
    await workshop.documents.close()


async def test_what_poison_is_made_of_is_none() -> None:
    workshop = await Workshop().open(an_offering())
    await workshop.issue([of_nobody(await workshop.completed(), "the cup")])
    assert len(await workshop.all()) == 1
    await workshop.documents.close()
