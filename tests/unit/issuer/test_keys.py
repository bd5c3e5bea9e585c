"""Keys are rotated, kept, and marked when somebody else may have them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from credentials.dids import revocation, service_of, verification_key
from credentials.issuance_log import SERVICE, SignedStatement
from credentials.keys import ED25519
from credentials.proofs import verify_proofs
from issuer.handlers import RotateKey
from issuer.handlers.keys import KeyState
from schemas.faults import Conflict, Malformed, NotFound
from tests.builders import an_offering
from tests.unit.issuer.test_issuance_log import document_of, issued
from tests.unit.issuer.workshop import Workshop

DID = "did:web:localhost%3A8000:organisations:uex"


@pytest.fixture
async def workshop() -> AsyncIterator[Workshop]:
    workshop = await Workshop().open(an_offering())
    yield workshop
    await workshop.documents.close()


def rotate(workshop: Workshop) -> RotateKey:
    return RotateKey(workshop.organisations, workshop.keyring, kinds=workshop.seal.kinds, clock=workshop.clock)


async def test_what_a_rotated_key_signed_keeps_verifying_and_what_is_new_is_signed_by_the_new_key(
    workshop: Workshop,
) -> None:
    (old,) = await issued(workshop, 1)
    assert await rotate(workshop)("uex") == f"{DID}#key-2"
    (new,) = await issued(workshop, 2)
    did_document = await workshop.tell_organisations.did_document("uex")
    for outcome, method in ((old, f"{DID}#key-1"), (new, f"{DID}#key-2")):
        document = await document_of(workshop, outcome)
        keys = {method: verification_key(did_document, method)}
        (result,) = verify_proofs(document, keys, now=workshop.clock.now)
        assert result.verified
    assert revocation(did_document, f"{DID}#key-1") is None
    assert [key.state for key in await workshop.list_keys("uex")] == [KeyState.KEPT, KeyState.SIGNING]


async def test_a_compromised_key_is_marked_replaced_and_stays_listed(workshop: Workshop) -> None:
    since = workshop.clock.now
    workshop.clock.now += timedelta(hours=2)
    marked = await workshop.report("uex", "key-1", since, "A laptop was stolen.")
    assert (marked.verification_method, marked.replaced_by) == (f"{DID}#key-1", f"{DID}#key-2")
    did_document = await workshop.tell_organisations.did_document("uex")
    assert revocation(did_document, f"{DID}#key-1") == since
    assert revocation(did_document, f"{DID}#key-2") is None
    assert verification_key(did_document, f"{DID}#key-1")
    assert "laptop" not in str(did_document)
    first, second = await workshop.list_keys("uex")
    assert (first.state, first.since, first.reason) == (KeyState.COMPROMISED, since, "A laptop was stolen.")
    assert second.state is KeyState.SIGNING
    (outcome,) = await issued(workshop, 1)
    assert (await document_of(workshop, outcome))["proof"][0]["verificationMethod"] == f"{DID}#key-2"


async def test_a_key_that_signs_no_more_is_marked_and_not_replaced(workshop: Workshop) -> None:
    await rotate(workshop)("uex")
    assert (await workshop.report("uex", "key-1", workshop.clock.now, "A leak.")).replaced_by is None
    assert [key.state for key in await workshop.list_keys("uex")] == [KeyState.COMPROMISED, KeyState.SIGNING]


async def test_the_mark_can_be_moved_to_an_earlier_moment_and_never_to_a_later_one(workshop: Workshop) -> None:
    now = workshop.clock.now
    await workshop.report("uex", "key-1", now, "A leak.")
    with pytest.raises(Conflict):
        await workshop.report("uex", "key-1", now, "A leak.")
    earlier = await workshop.report("uex", "key-1", now - timedelta(days=1), "An older leak.")
    assert earlier.replaced_by is None
    assert revocation(await workshop.tell_organisations.did_document("uex"), f"{DID}#key-1") == now - timedelta(days=1)


async def test_a_moment_to_come_an_unknown_key_and_an_unknown_organisation_are_refused(workshop: Workshop) -> None:
    now = workshop.clock.now
    with pytest.raises(Malformed):
        await workshop.report("uex", "key-1", now + timedelta(seconds=1), "A leak.")
    with pytest.raises(NotFound):
        await workshop.report("uex", "key-9", now, "A leak.")
    with pytest.raises(NotFound):
        await workshop.report("nobody", "key-1", now, "A leak.")
    with pytest.raises(NotFound):
        await workshop.list_keys("nobody")


async def test_what_the_log_says_is_signed_by_the_new_key_from_then_on(workshop: Workshop) -> None:
    await issued(workshop, 1)
    before = SignedStatement.parse((await workshop.attest.head("uex")).statement)
    await workshop.report("uex", "key-1", workshop.clock.now, "A leak.")
    after = SignedStatement.parse((await workshop.attest.head("uex")).statement)
    assert (before.method, after.method) == (f"{DID}#key-1", f"{DID}#key-2")
    assert before.statement.link == after.statement.link
    did_document = await workshop.tell_organisations.did_document("uex")
    assert after.verify(verification_key(did_document, after.method)) == after.statement


async def test_status_lists_are_signed_anew_at_once(workshop: Workshop) -> None:
    await issued(workshop, 1)
    assert f"{DID}#key-1".encode() in (await workshop.status_lists("uex", 1)).body
    await workshop.report("uex", "key-1", workshop.clock.now, "A leak.")
    assert f"{DID}#key-2".encode() in (await workshop.status_lists("uex", 1)).body


async def test_the_did_document_says_where_the_log_is(workshop: Workshop) -> None:
    document = await workshop.tell_organisations.did_document("uex")
    assert service_of(document, SERVICE) == "http://localhost:8000/organisations/uex/issuance-log"
    assert {key.kind for key in await workshop.list_keys("uex")} == {ED25519.name}
