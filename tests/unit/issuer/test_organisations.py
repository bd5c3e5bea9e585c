"""Organisations get their DID and key once, and keep them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from chassis.secrets import MasterKey, WrongMasterKey
from credentials.dids import verification_key
from credentials.keys import ED25519, P256
from credentials.proofs import ECDSA_JCS_2019, EDDSA_JCS_2022
from issuer.adapters.keyring import MasterKeyring
from issuer.domain.sealing import Seal
from issuer.handlers import RotateKey, every_organisation, every_status
from issuer.ports import KeyMissing
from schemas.events import CredentialStatusChanged, OrganisationRegistered
from schemas.faults import Conflict, NotFound
from tests.builders import an_offering, an_organisation
from tests.unit.issuer.workshop import PLAIN, Workshop, award_of, draft, read


@pytest.fixture
async def workshop() -> AsyncIterator[Workshop]:
    workshop = await Workshop().open(an_offering(), organisation=False)
    yield workshop
    await workshop.documents.close()


async def test_an_organisation_gets_a_did_and_a_key_and_is_announced(workshop: Workshop) -> None:
    organisation, new = await workshop.register(draft())
    assert new
    assert organisation.did == "did:web:localhost%3A8000:organisations:uex"
    assert organisation.registered == workshop.clock.now
    stored = await workshop.organisations.get("uex")
    assert stored is not None
    (said,) = map(read, stored.pending)
    assert isinstance(said, OrganisationRegistered)
    assert said.data == organisation

    document = await workshop.tell_organisations.did_document("uex")
    key, method = workshop.keyring.signing(stored, ED25519)
    assert verification_key(document, method) == key.public


async def test_registering_again_with_the_same_words_changes_nothing(workshop: Workshop) -> None:
    first, _ = await workshop.register(draft())
    assert await workshop.register(draft()) == (first, False)


async def test_registering_again_with_other_words_is_a_conflict(workshop: Workshop) -> None:
    await workshop.register(draft())
    with pytest.raises(Conflict):
        await workshop.register(draft(an_organisation(legal_name={"en": "Somebody else"})))


async def test_registered_by_many_at_once_it_has_one_key(workshop: Workshop) -> None:
    results = await asyncio.gather(*(workshop.register(draft()) for _ in range(5)))
    assert len({organisation.model_dump_json() for organisation, _ in results}) == 1
    assert sum(new for _, new in results) == 1


async def test_the_private_key_rests_wrapped_and_another_master_key_does_not_open_it(workshop: Workshop) -> None:
    await workshop.register(draft())
    stored = await workshop.organisations.get("uex")
    assert stored is not None
    key, _ = workshop.keyring.signing(stored, ED25519)
    assert key.private not in stored.keys[0].wrapped
    with pytest.raises(WrongMasterKey):
        MasterKeyring(MasterKey(bytes(31) + b"x")).signing(stored, ED25519)


async def test_a_key_moved_to_another_organisation_does_not_open(workshop: Workshop) -> None:
    await workshop.register(draft())
    await workshop.register(draft(an_organisation(id="other")))
    one, other = await workshop.organisations.get("uex"), await workshop.organisations.get("other")
    assert one is not None
    assert other is not None
    with pytest.raises(Exception, match="changed, or not wrapped"):
        MasterKeyring(workshop.master).signing(other.model_copy(update={"keys": one.keys}), ED25519)


async def test_an_organisation_has_a_key_of_each_kind_that_is_signed_with(workshop: Workshop) -> None:
    workshop.wire(seal=Seal(PLAIN, (EDDSA_JCS_2022, ECDSA_JCS_2019)))
    await workshop.register(draft())
    stored = await workshop.organisations.get("uex")
    assert stored is not None
    assert [key.kind for key in stored.keys] == [ED25519, P256]
    document = await workshop.tell_organisations.did_document("uex")
    for kind in (ED25519, P256):
        key, method = workshop.keyring.signing(stored, kind)
        assert key.kind is kind
        assert verification_key(document, method) == key.public


async def test_an_organisation_registered_before_gets_the_kind_it_lacks_and_keeps_what_it_has(
    workshop: Workshop,
) -> None:
    await workshop.register(draft())
    before = await workshop.organisations.get("uex")
    assert before is not None
    with pytest.raises(KeyMissing):
        workshop.keyring.signing(before, P256)
    kinds = (ED25519, P256)
    rotations = [
        RotateKey(workshop.organisations, workshop.keyring, kinds=kinds, clock=workshop.clock) for _ in range(4)
    ]
    await asyncio.gather(*(rotate.complete() for rotate in rotations))
    after = await workshop.organisations.get("uex")
    assert after is not None
    assert after.keys[0] == before.keys[0]
    assert [(key.fragment, key.kind) for key in after.keys] == [("key-1", ED25519), ("key-2", P256)]
    assert workshop.keyring.signing(after, ED25519) == workshop.keyring.signing(before, ED25519)


async def test_rotating_one_kind_leaves_the_other_as_it_was(workshop: Workshop) -> None:
    workshop.wire(seal=Seal(PLAIN, (EDDSA_JCS_2022, ECDSA_JCS_2019)))
    await workshop.register(draft())
    rotate = RotateKey(workshop.organisations, workshop.keyring, kinds=workshop.seal.kinds, clock=workshop.clock)
    before = await workshop.organisations.get("uex")
    assert before is not None
    method = await rotate("uex", P256)
    after = await workshop.organisations.get("uex")
    assert after is not None
    assert workshop.keyring.signing(after, P256).method == method == f"{after.organisation.did}#key-3"
    assert workshop.keyring.signing(after, ED25519) == workshop.keyring.signing(before, ED25519)
    assert (await rotate("uex")).endswith("#key-4")
    document = await workshop.tell_organisations.did_document("uex")
    assert len(document["verificationMethod"]) == 4


async def test_an_unknown_organisation_has_no_did_document(workshop: Workshop) -> None:
    with pytest.raises(NotFound):
        await workshop.tell_organisations.did_document("nobody")


async def test_a_log_that_forgot_is_told_of_every_organisation_and_every_changed_status(workshop: Workshop) -> None:
    await workshop.register(draft())
    await workshop.register(draft(an_organisation(id="other")))
    completed = [await workshop.completed(number) for number in range(3)]
    await workshop.issue(completed)
    revoked = await workshop.revoke(award_of(await workshop.known(completed[1])), "Issued to the wrong person.")

    registered = [read(pending) async for pending in every_organisation(workshop.organisations)]
    assert [event.subject for event in registered] == ["other", "uex"]
    (status,) = [read(pending) async for pending in every_status(workshop.outcomes)]
    assert isinstance(status, CredentialStatusChanged)
    assert status == read(revoked.pending[-1])
