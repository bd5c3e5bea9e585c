"""Where a verification is worked on, and what it asks again: the promises behind the speed."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from credentials.canonical import KnownShapes
from credentials.proofs import EDDSA_JCS_2022, EDDSA_RDFC_2022, VC_JWT_EDDSA, Proof
from credentials.status import StatusList
from schemas.events import Decision
from schemas.values import JsonObject
from tests.component.verifier.world import INDEX, LATER, UEX, World, a_badge, a_status_list
from verifier.domain import status
from verifier.domain.verdicts import Code
from verifier.handlers import VerifyCredential
from verifier.handlers.working import AT_ONCE, QUICK_BYTES, Workers, is_quick, together
from verifier.ports import FetchedList


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was handed to a thread."""
    work: list[object] = []
    to_thread = asyncio.to_thread

    async def told(function: Callable[[], object]) -> object:
        work.append(function)
        return await to_thread(function)

    monkeypatch.setattr(asyncio, "to_thread", told)
    return work


@pytest.mark.parametrize("suite", [EDDSA_RDFC_2022, EDDSA_JCS_2022, VC_JWT_EDDSA], ids=lambda suite: suite.name)
async def test_credentials_of_known_shapes_are_verified_at_once(suite: Proof, handed: list[object]) -> None:
    world = World()
    assert (await world.verify(UEX.sign(a_badge(), suite))).decision is Decision.ACCEPT
    handed.clear()
    assert (await world.verify(UEX.sign(a_badge(), suite))).decision is Decision.ACCEPT
    assert handed == []


async def test_a_shape_that_was_never_seen_is_looked_at_beside_the_event_loop(handed: list[object]) -> None:
    odd = a_badge()
    odd["credentialSubject"]["identifier"] *= 3
    sealed = UEX.sign(odd, EDDSA_RDFC_2022.over(KnownShapes(capacity=0)))
    assert (await World().verify(sealed)).decision is Decision.ACCEPT
    assert handed != []


async def test_a_large_document_is_looked_at_beside_the_event_loop(handed: list[object]) -> None:
    badge = a_badge(description="x" * QUICK_BYTES)
    assert (await World().verify(UEX.sign(badge))).decision is Decision.ACCEPT
    handed.clear()
    assert (await World().verify(UEX.sign(badge))).decision is Decision.ACCEPT
    assert handed != []
    assert not is_quick("x" * (QUICK_BYTES + 1))
    assert not is_quick({"number": 2**70})


async def test_no_more_than_two_pieces_of_long_work_go_on_together() -> None:
    workers, under_way, most = Workers(), 0, 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        time.sleep(0.01)
        with lock:
            under_way -= 1

    await asyncio.gather(*(workers.run(work) for _ in range(8)))
    assert most == AT_ONCE


async def test_works_together_give_what_they_give_in_their_order() -> None:
    async def number(value: int) -> int:
        await asyncio.sleep(0.001 * (3 - value))
        return value

    assert await together([]) == []
    assert await together([number(1)]) == [1]
    assert await together([number(1), number(2), number(3)]) == [1, 2, 3]


class Kept:
    """Status lists that are kept, as the cache keeps them: the same copy until it is fetched anew."""

    def __init__(self, *served: JsonObject) -> None:
        self.served = [FetchedList(each, LATER - timedelta(seconds=5)) for each in served]

    async def fetch(self, url: str, *, as_token: bool = False) -> FetchedList:
        del url, as_token
        return self.served[0]


async def test_another_copy_of_a_list_counts_within_the_same_second() -> None:
    good, revoked = UEX.sign(a_status_list()), UEX.sign(a_status_list(INDEX))
    lists = Kept(good, revoked)
    verify = VerifyCredential(replace(World().sources(), status_lists=lists))
    badge = UEX.sign(a_badge())
    assert (await verify(badge, at=LATER)).decision is Decision.ACCEPT
    lists.served.pop(0)
    assert (await verify(badge, at=LATER)).codes == (Code.REVOKED,)


async def test_a_kept_list_whose_time_is_over_counts_no_more() -> None:
    lists = Kept(UEX.sign(a_status_list(valid_until=LATER + timedelta(seconds=1))))
    verify = VerifyCredential(replace(World().sources(), status_lists=lists))
    badge = UEX.sign(a_badge())
    assert (await verify(badge, at=LATER)).decision is Decision.ACCEPT
    assert (await verify(badge, at=LATER + timedelta(seconds=2))).codes == (Code.STATUS_LIST_OUTDATED,)


async def test_a_kept_list_is_unpacked_once_for_many(monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked: list[str] = []
    kind = status._BITS["BitstringStatusListEntry"]

    def counted(text: str) -> StatusList:
        unpacked.append(text)
        return kind.decode(text)

    monkeypatch.setattr(status, "_BITS", {"BitstringStatusListEntry": replace(kind, decode=counted)})
    verify = VerifyCredential(replace(World().sources(), status_lists=Kept(UEX.sign(a_status_list()))))
    for _ in range(5):
        assert (await verify(UEX.sign(a_badge()), at=LATER)).decision is Decision.ACCEPT
    assert len(unpacked) == 1
