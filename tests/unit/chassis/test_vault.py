from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid5

import pytest

from chassis import vault as module
from chassis.documents import Collection, Documents, Schema, SqliteDocuments
from chassis.secrets import MasterKey, WrongMasterKey
from chassis.vault import Erased, Vault
from schemas.faults import Malformed, NotFound

ANA = UUID("6ba7b810-9dad-81d1-80b4-00c04fd430c8")
BEN = UUID("6ba7b811-9dad-81d1-80b4-00c04fd430c8")


@pytest.fixture
def vault(documents: SqliteDocuments, master: MasterKey) -> Vault:
    return Vault(documents, master)


class Counted:
    """A database that counts the round trips."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self.trips: list[str] = []

    def collection(self, schema: Schema[Any]) -> Collection[Any]:
        collection, trips = self._documents.collection(schema), self.trips

        class Counting:
            def __getattr__(self, name: str) -> object:
                trips.append(name)
                return getattr(collection, name)

        return Counting()  # type: ignore[return-value]


async def test_what_was_sealed_is_opened_by_any_process(
    vault: Vault, documents: SqliteDocuments, master: MasterKey
) -> None:
    sealed = await vault.seal(ANA, b"Ana Andromeda")
    assert sealed.learner == ANA
    assert b"Ana" not in sealed.ciphertext
    assert await vault.open(sealed) == b"Ana Andromeda"
    assert await Vault(documents, master).open(sealed) == b"Ana Andromeda"


async def test_the_same_words_never_look_the_same(vault: Vault) -> None:
    assert await vault.seal(ANA, b"x") != await vault.seal(ANA, b"x")


async def test_each_learner_has_a_key_of_their_own(vault: Vault) -> None:
    sealed = await vault.seal(ANA, b"Ana")
    await vault.seal(BEN, b"Ben")
    with pytest.raises(Malformed):
        await vault.open(sealed.model_copy(update={"learner": BEN}))


async def test_a_changed_byte_is_noticed(vault: Vault) -> None:
    sealed = await vault.seal(ANA, b"Ana")
    changed = bytes([sealed.ciphertext[0] ^ 1]) + sealed.ciphertext[1:]
    with pytest.raises(Malformed, match="changed"):
        await vault.open(sealed.model_copy(update={"ciphertext": changed}))
    with pytest.raises(Malformed):
        await vault.open(sealed.model_copy(update={"nonce": b"n" * 12}))


async def test_an_erased_learner_is_erased_everywhere_and_the_others_are_not(
    vault: Vault, documents: SqliteDocuments, master: MasterKey
) -> None:
    ana, ben = await vault.seal_many([(ANA, b"Ana"), (BEN, b"Ben")])
    await vault.erase(ANA)
    for reader in (vault, Vault(documents, master)):
        with pytest.raises(Erased) as raised:
            await reader.open(ana)
        assert isinstance(raised.value, NotFound)
        opened = await reader.open_many([ana, ben, ana])
        assert [type(one) for one in opened] == [Erased, bytes, Erased]
        assert opened[1] == b"Ben"


async def test_nothing_is_left_of_an_erased_key(vault: Vault, documents: SqliteDocuments) -> None:
    await vault.seal(ANA, b"Ana")
    await vault.erase(ANA)
    stored = await documents.collection(module.LEARNER_KEYS).get(str(ANA))
    assert stored is not None
    assert stored.wrapped is None


async def test_erasing_twice_or_a_stranger_does_no_harm(vault: Vault) -> None:
    await vault.seal(ANA, b"Ana")
    await vault.erase(ANA)
    await vault.erase(ANA)
    await vault.erase(BEN)
    assert await vault.open(await vault.seal(BEN, b"Ben")) == b"Ben"


async def test_what_was_under_way_when_a_learner_was_erased_is_not_sealed_again(vault: Vault) -> None:
    await vault.seal(ANA, b"Ana")
    await vault.erase(ANA)
    with pytest.raises(Erased):
        await vault.seal(ANA, b"Ana's credential")


async def test_a_learner_who_returns_gets_a_new_key_and_the_past_stays_erased(vault: Vault) -> None:
    old = await vault.seal(ANA, b"before")
    await vault.erase(ANA)
    new = await vault.seal(ANA, b"after", returning=True)
    assert await vault.open(new) == b"after"
    with pytest.raises(Erased):
        await vault.open(old)
    await vault.erase(ANA)
    assert [type(one) for one in await vault.open_many([old, new])] == [Erased, Erased]


async def test_what_another_vault_sealed_is_not_opened(documents: SqliteDocuments, vault: Vault) -> None:
    sealed = await vault.seal(ANA, b"Ana")
    stranger = Vault(documents, MasterKey(b"x" * 32))
    with pytest.raises(WrongMasterKey):
        await stranger.open(sealed)
    with pytest.raises(Erased):
        await vault.open(sealed.model_copy(update={"learner": BEN}))


async def test_a_key_cannot_be_given_to_another_learner_in_the_store(
    documents: SqliteDocuments, vault: Vault, master: MasterKey
) -> None:
    sealed = await vault.seal(ANA, b"Ana")
    keys = documents.collection(module.LEARNER_KEYS)
    stolen = await keys.get(str(ANA))
    assert stolen is not None
    await keys.put_many([stolen.model_copy(update={"id": str(BEN)})])
    with pytest.raises(Malformed):
        await Vault(documents, master).open(sealed.model_copy(update={"learner": BEN}))


async def test_processes_that_meet_a_learner_at_once_agree_on_the_key(
    documents: SqliteDocuments, master: MasterKey
) -> None:
    vaults = [Vault(documents, master) for _ in range(8)]
    sealed = await asyncio.gather(*(vault.seal(ANA, b"Ana") for vault in vaults))
    for vault in vaults:
        assert await vault.open_many(sealed) == [b"Ana"] * 8


async def test_a_batch_takes_as_many_round_trips_as_one(documents: SqliteDocuments, master: MasterKey) -> None:
    async def trips(learners: int) -> tuple[int, int, int]:
        counted = Counted(documents)
        items = [(uuid5(ANA, f"{learners}/{n}"), b"x") for n in range(learners)]
        sealed = await Vault(counted, master).seal_many(items)  # type: ignore[arg-type]
        sealing = len(counted.trips)
        await Vault(counted, master).open_many(sealed)  # type: ignore[arg-type]
        opening = len(counted.trips) - sealing
        await Vault(counted, master).seal_many(items)  # type: ignore[arg-type]
        return sealing, opening, len(counted.trips) - sealing - opening

    assert await trips(1) == await trips(500) == (2, 1, 1)


async def test_known_keys_take_no_round_trip_until_they_are_due(
    documents: SqliteDocuments, master: MasterKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(module.time, "monotonic", lambda: now)
    counted = Counted(documents)
    vault = Vault(counted, master)  # type: ignore[arg-type]
    sealed = await vault.seal(ANA, b"Ana")
    counted.trips.clear()
    assert await vault.open_many([]) == []
    await vault.open(sealed)
    await vault.seal(ANA, b"Ana")
    assert counted.trips == []
    await Vault(documents, master).erase(ANA)
    now += module.CACHED_SECONDS
    with pytest.raises(Erased):
        await vault.open(sealed)
    assert counted.trips == ["get_many"]


async def test_the_cache_stays_small(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CACHED_KEYS", 3)
    sealed = await vault.seal_many([(uuid5(ANA, str(n)), b"x") for n in range(10)])
    assert len(vault._cache) == 3
    assert await vault.open_many(sealed) == [b"x"] * 10
