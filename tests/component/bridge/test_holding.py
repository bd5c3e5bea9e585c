"""Whether a corrected credential holds, whatever is heard first."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from itertools import permutations
from typing import TypeVar
from uuid import UUID

import pytest

from moodle_bridge.handlers import ForgetStrangers, RecordHolding, RecordOutcomes
from moodle_bridge.ports import Completions
from schemas.events import CredentialIssued, CredentialState, CredentialStatusChanged
from schemas.faults import Unavailable
from tests.builders import NOW, an_id, credential_issued, credential_status_changed
from tests.component.bridge.conftest import Bridge, a_body

CORRECTED = an_id("corrected")
SECONDS = timedelta(seconds=1)
Heard = Callable[[], Awaitable[None]]
E = TypeVar("E", CredentialIssued, CredentialStatusChanged)


def holding_of(bridge: Bridge, completions: Completions | None = None) -> RecordHolding:
    return RecordHolding(completions or bridge.completions, bridge.heard, bridge.chassis.clock)


async def hear_issued(bridge: Bridge, event: CredentialIssued) -> None:
    """As the bridge hears it."""
    await RecordOutcomes(bridge.completions)([event])
    await holding_of(bridge).catch_up({event.data.award} if event.data.replaces else ())


async def first_credential(bridge: Bridge, number: int = 17) -> tuple[UUID, UUID]:
    """A completion and its award."""
    completion = await bridge.accepted(a_body(episode=f"course_completions:{number}"))
    stored = await bridge.completions.get(str(completion))
    assert stored is not None
    assert stored.award is not None
    await hear_issued(bridge, at(credential_issued(completion=completion, award=stored.award), 0))
    return completion, stored.award


def at(event: E, second: int) -> E:
    return event.model_copy(update={"time": NOW + second * SECONDS})


def changed(award: UUID, state: CredentialState, second: int) -> CredentialStatusChanged:
    return at(credential_status_changed(award=award, state=state, reason=state), second)


async def told(bridge: Bridge, completion: UUID) -> tuple[str, str]:
    said = (await bridge.outcome(completion)).json()
    return said["award"], said["credential"]["state"]


async def test_what_becomes_of_a_corrected_credential_is_known_in_whatever_order_it_is_heard(bridge: Bridge) -> None:
    record = holding_of(bridge)
    for number, order in enumerate(permutations(range(4))):
        completion, first = await first_credential(bridge, number)
        corrected = an_id(f"corrected {number}")
        issued = at(credential_issued(completion=completion, award=corrected, replaces=first), 2)
        heard: list[Heard] = [
            partial(record, [changed(first, CredentialState.REVOKED, 1)]),
            partial(hear_issued, bridge, issued),
            partial(record, [changed(corrected, CredentialState.SUSPENDED, 3)]),
            partial(record, [changed(corrected, CredentialState.REVOKED, 4)]),
        ]
        for place in (*order, *order):  # all of it is told again
            await heard[place]()
            if place == order[-1]:
                assert await told(bridge, completion) == (str(corrected), "revoked"), order
        assert await bridge.heard.get(str(corrected)) is None


async def test_what_is_heard_of_it_while_it_is_written_is_not_missed(bridge: Bridge) -> None:
    completion, first = await first_credential(bridge)
    issued = at(credential_issued(completion=completion, award=CORRECTED, replaces=first), 2)
    find, raced = bridge.completions.find, False

    class Racing:
        def __getattr__(self, name: str) -> object:
            return getattr(bridge.completions, name)

        async def find(self, *arguments: object, **named: object) -> object:
            nonlocal raced
            page = await find(*arguments, **named)  # type: ignore[arg-type]
            if not raced:
                raced = True
                await hear_issued(bridge, issued)
            return page

    await holding_of(bridge, Racing())([changed(CORRECTED, CredentialState.REVOKED, 3)])  # type: ignore[arg-type]
    assert await told(bridge, completion) == (str(CORRECTED), "revoked")


async def test_killed_after_the_outcome_was_written_it_is_caught_up_with_when_it_is_told_again(bridge: Bridge) -> None:
    completion, first = await first_credential(bridge)
    issued = at(credential_issued(completion=completion, award=CORRECTED, replaces=first), 2)
    await holding_of(bridge)([changed(CORRECTED, CredentialState.REVOKED, 3)])
    await RecordOutcomes(bridge.completions)([issued])
    assert await told(bridge, completion) == (str(CORRECTED), "active")
    await hear_issued(bridge, issued)
    assert await told(bridge, completion) == (str(CORRECTED), "revoked")


async def test_what_is_heard_of_one_at_the_same_time_in_two_places_is_merged(bridge: Bridge) -> None:
    states = [CredentialState.SUSPENDED, CredentialState.REVOKED, CredentialState.ACTIVE]
    await asyncio.gather(
        *(holding_of(bridge)([changed(CORRECTED, state, second)]) for second, state in enumerate(states)),
    )
    (kept,) = (await bridge.heard.find({})).items
    assert kept.holding.state is CredentialState.REVOKED


async def test_what_nobody_comes_to_know_is_forgotten_after_a_while(bridge: Bridge) -> None:
    forget = ForgetStrangers(bridge.heard, bridge.chassis.clock, timedelta(days=7))
    await holding_of(bridge)([changed(an_id("a stranger"), CredentialState.REVOKED, 1)])
    bridge.later(days=6)
    await holding_of(bridge)([changed(CORRECTED, CredentialState.REVOKED, 1)])
    await forget()
    assert len((await bridge.heard.find({})).items) == 2
    bridge.later(days=1)
    await forget()
    assert [one.id for one in (await bridge.heard.find({})).items] == [str(CORRECTED)]


async def test_what_cannot_be_kept_is_heard_again(bridge: Bridge) -> None:
    class Away:
        async def get_many(self, _: object) -> object:
            raise Unavailable("the database is away")

    record = RecordHolding(bridge.completions, Away(), bridge.chassis.clock)  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        await record([changed(CORRECTED, CredentialState.REVOKED, 1)])
