"""What every keyring promises. A subclass brings the keyring."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from credentials.dids import did_document, verification_key
from credentials.keys import ED25519, KINDS, P256, KeyKind, PublicKey
from credentials.proofs import SUITES, VC_JWT_EDDSA, VC_JWT_ES256, Proof, ProofOutcome, VcJwt, verify_proofs
from issuer.ports import KeyMissing, Keyring, OrganisationKey, RegisteredOrganisation
from schemas.values import JsonObject
from tests.builders import an_organisation

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
DOCUMENT: JsonObject = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "urn:uuid:6a1c7d2e-4c3b-4f7e-9d7a-0d6f3b1c2a55",
    "type": ["VerifiableCredential"],
    "issuer": an_organisation().did,
    "validFrom": "2026-11-23T10:00:00Z",
    "credentialSubject": {"id": "did:example:ana"},
}

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def registered(*keys: OrganisationKey, id_: str = "uex") -> RegisteredOrganisation:
    """An organisation with these keys."""
    return RegisteredOrganisation(id=id_, organisation=an_organisation(id=id_), keys=keys)


class KeyringContract:
    """Inherit, and provide the fixtures `keyring` and `restart`: the same keyring in another process, as it were."""

    @pytest.fixture
    def restart(self) -> Callable[[], Awaitable[Keyring]]:
        raise NotImplementedError

    @every_kind
    async def test_what_a_new_key_signs_verifies_with_its_public_half(self, keyring: Keyring, kind: KeyKind) -> None:
        made = await keyring.make("uex", "key-1", kind, NOW)
        assert (made.fragment, made.kind, made.created) == ("key-1", kind, NOW)
        key, method = keyring.signing(registered(made), kind)
        assert method == f"{an_organisation().did}#key-1"
        assert key.kind is kind
        assert key.public == PublicKey.from_multikey(made.multikey)
        for data in (b"", b"a digest, or 4 KB of a token", bytes(5_000)):
            signature = await asyncio.to_thread(key.sign, data)
            assert key.public.verify(signature, data)
            assert not key.public.verify(signature, data + b".")

    async def test_no_two_keys_are_the_same(self, keyring: Keyring) -> None:
        made = [await keyring.make(name, "key-1", kind, NOW) for name in ("uex", "acme") for kind in KINDS]
        again = await keyring.make("uex", "key-1", ED25519, NOW)
        assert len({key.multikey for key in (*made, again)}) == 5

    async def test_the_record_of_a_key_comes_back_from_the_store(self, keyring: Keyring) -> None:
        made = await keyring.make("uex", "key-1", ED25519, NOW)
        assert OrganisationKey.model_validate_json(made.model_dump_json()) == made
        assert OrganisationKey.model_validate(made.model_dump(mode="json")) == made

    async def test_after_a_restart_the_same_keys_sign(
        self, keyring: Keyring, restart: Callable[[], Awaitable[Keyring]]
    ) -> None:
        owner = registered(*[await keyring.make("uex", f"key-{kind.name}", kind, NOW) for kind in KINDS])
        again = await restart()
        for kind in KINDS:
            key, _ = again.signing(owner, kind)
            assert key.public.verify(await asyncio.to_thread(key.sign, b"data"), b"data")

    @every_kind
    async def test_the_newest_of_a_kind_signs_and_the_older_ones_stay_in_the_did_document(
        self, keyring: Keyring, kind: KeyKind
    ) -> None:
        keys = [await keyring.make("uex", f"key-{n}", each, NOW) for n, each in enumerate((kind, *KINDS, kind), 1)]
        owner = registered(*keys)
        signed = {}
        for until in range(1, 5):
            then = registered(*keys[:until])
            if then.newest(kind) is not None:
                key, method = keyring.signing(then, kind)
                signed[method] = await asyncio.to_thread(key.sign, b"data")
        assert keyring.signing(owner, kind).method.endswith("#key-4")
        assert len(signed) == 3
        document = did_document(
            owner.organisation.did, [(key.fragment, PublicKey.from_multikey(key.multikey)) for key in keys]
        )
        for method, signature in signed.items():
            assert verification_key(document, method).verify(signature, b"data")

    async def test_a_kind_that_was_never_made_is_missing(self, keyring: Keyring) -> None:
        owner = registered(await keyring.make("uex", "key-1", ED25519, NOW))
        with pytest.raises(KeyMissing, match="P-256"):
            keyring.signing(owner, P256)

    async def test_it_holds_what_it_made_and_not_what_another_made(self, keyring: Keyring, other: Keyring) -> None:
        made, foreign = [await each.make("uex", "key-1", ED25519, NOW) for each in (keyring, other)]
        assert (keyring.holds(made), keyring.holds(foreign)) == (True, False)
        with pytest.raises(KeyMissing):
            keyring.signing(registered(made, foreign), ED25519)
        assert keyring.signing(registered(foreign, made), ED25519).key.public.multikey == made.multikey

    @every_kind
    async def test_a_key_signs_for_its_organisation_and_under_its_name_alone(
        self, keyring: Keyring, kind: KeyKind
    ) -> None:
        made = await keyring.make("uex", "key-1", kind, NOW)
        renamed = made.model_copy(update={"fragment": "key-2"})
        for owner in (registered(made, id_="acme"), registered(renamed)):
            with pytest.raises(Exception, match=r"changed, or not wrapped|has no key"):
                await asyncio.to_thread(keyring.signing(owner, kind).key.sign, b"data")

    async def test_many_sign_at_once(self, keyring: Keyring) -> None:
        owner = registered(*[await keyring.make("uex", f"key-{kind.name}", kind, NOW) for kind in KINDS])

        def sign(number: int) -> bool:
            key, _ = keyring.signing(owner, KINDS[number % 2])
            return key.public.verify(key.sign(b"%d" % number), b"%d" % number)

        assert all(await asyncio.gather(*(asyncio.to_thread(sign, number) for number in range(200))))

    @pytest.mark.parametrize("suite", SUITES.values(), ids=lambda suite: suite.name)
    async def test_every_suite_seals_with_its_keys(self, keyring: Keyring, suite: Proof) -> None:
        assert suite.key is not None
        key, method = keyring.signing(registered(await keyring.make("uex", "key-1", suite.key, NOW)), suite.key)
        sealed = await asyncio.to_thread(suite.secure, DOCUMENT, key, method, NOW)
        assert isinstance(sealed, dict)
        (result,) = verify_proofs(sealed, {method: key.public}, now=NOW)
        assert result.outcome is ProofOutcome.VERIFIED

    @pytest.mark.parametrize("proof", [VC_JWT_EDDSA, VC_JWT_ES256], ids=lambda proof: proof.name)
    async def test_tokens_are_sealed_with_its_keys(self, keyring: Keyring, proof: Proof) -> None:
        assert proof.key is not None
        key, method = keyring.signing(registered(await keyring.make("uex", "key-1", proof.key, NOW)), proof.key)
        token = await asyncio.to_thread(proof.secure, DOCUMENT, key, method, NOW)
        (result,) = VcJwt.parse(str(token)).verify({method: key.public}, now=NOW)
        assert result.outcome is ProofOutcome.VERIFIED

    async def test_it_is_there(self, keyring: Keyring) -> None:
        await keyring.ping()
