from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.dids import (
    NotADid,
    WrongController,
    WrongPurpose,
    did_document,
    did_jwk,
    did_key,
    did_key_method,
    resolve_did_jwk,
    resolve_did_key,
    resolve_here,
    verification_key,
    web_did,
    web_did_url,
)
from credentials.jose import b64, to_jwk
from credentials.keys import KINDS, P256, KeyKind, NotAKey, PublicKey, SigningKey
from credentials.multibase import NotMultibase, base58btc, base64url, from_base58btc, from_base64url
from schemas.faults import NotFound

DID = "did:web:laurel.example.org:organisations:uex"
OLD, NEW = SigningKey.generate(), SigningKey.generate()
EACH_KIND = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def a_document_with(**stated: Any) -> dict[str, Any]:  # noqa: ANN401 any JSON
    """The document of a DID whose one verification method states this."""
    method = {"id": f"{DID}#key-1", "controller": DID, "type": "JsonWebKey", **stated}
    return {"id": DID, "verificationMethod": [method], "assertionMethod": ["#key-1"]}


@given(st.binary(max_size=80))
def test_multibase_texts_read_back_as_the_bytes_they_were_written_from(data: bytes) -> None:
    assert from_base58btc(base58btc(data)) == data
    assert from_base64url(base64url(data)) == data


@pytest.mark.parametrize("text", ["", "abc", "z0", "zO", "m123", "z" + "1" * 600])
def test_what_is_no_base58_is_refused(text: str) -> None:
    with pytest.raises(NotMultibase):
        from_base58btc(text)


@pytest.mark.parametrize("text", ["", "abcd", "uab=", "ua", "ua+b/"])
def test_what_is_no_base64url_is_refused(text: str) -> None:
    with pytest.raises(NotMultibase):
        from_base64url(text)


@EACH_KIND
def test_a_key_verifies_what_it_signed_and_nothing_else(kind: KeyKind) -> None:
    key, other = SigningKey.generate(kind), SigningKey.generate(kind)
    signature = key.sign(b"hello")
    assert key.public.verify(signature, b"hello")
    assert not key.public.verify(signature, b"hullo")
    assert not other.public.verify(signature, b"hello")
    assert not key.public.verify(signature[:-1], b"hello")
    assert not key.public.verify(bytes(64), b"hello")
    assert not key.public.verify(b"\xff" * 64, b"hello")
    assert SigningKey.from_private(key.private, kind).public == key.public


@EACH_KIND
def test_a_private_key_never_shows(kind: KeyKind) -> None:
    key = SigningKey.generate(kind)
    assert key.private.hex() not in repr(key)
    assert repr(key.private) not in repr(key)


@EACH_KIND
def test_a_public_key_reads_back_from_every_way_it_is_written(kind: KeyKind) -> None:
    public = SigningKey.generate(kind).public
    assert PublicKey.from_multikey(public.multikey) == public
    for did, method in (
        (did_key(public), did_key_method(did_key(public))),
        (did_jwk(public), f"{did_jwk(public)}#0"),
    ):
        document = resolve_here(did)
        assert document is not None
        assert verification_key(document, method) == public


def test_the_published_p256_key_is_written_as_published() -> None:
    # Controlled Identifiers 1.0, section 2.2.2, and the pair of vc-di-ecdsa.
    text = "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP"
    public = PublicKey.from_multikey(text)
    assert (public.kind, public.multikey) == (P256, text)


def test_the_published_did_jwk_resolves() -> None:
    # The P-256 example of the did:jwk method.
    did = (
        "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAi"
        "LCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9"
    )
    document = resolve_did_jwk(did)
    (method,) = document["verificationMethod"]
    assert method["publicKeyJwk"] == {
        "crv": "P-256",
        "kty": "EC",
        "x": "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0",
        "y": "_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE",
    }
    assert did_jwk(verification_key(document, f"{did}#0")) == did


def test_a_did_jwk_for_encryption_signs_nothing() -> None:
    jwk = {**to_jwk(OLD.public), "use": "enc"}
    did = f"did:jwk:{b64(json.dumps(jwk).encode())}"
    with pytest.raises(WrongPurpose):
        verification_key(resolve_did_jwk(did), f"{did}#0")


@pytest.mark.parametrize(
    "did",
    [
        "did:jwk:",
        "did:jwk:e30",
        "did:jwk:e30=",
        "did:jwk:!",
        "did:jwk:" + b64(b'{"kty":"oct","k":"AA"}'),
        "did:jwk:" + b64(json.dumps({**to_jwk(OLD.public), "d": b64(OLD.private)}).encode()),
        "did:jwk:" + b64(json.dumps({**to_jwk(OLD.public), "alg": "HS256"}).encode()),
        "did:jwk:" + b64(b'{"kty":"EC","crv":"P-256","x":"' + b"A" * 43 + b'","y":"' + b"A" * 43 + b'"}'),
        "did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKV",
    ],
)
def test_a_did_whose_name_holds_no_public_key_is_refused(did: str) -> None:
    with pytest.raises((NotADid, NotAKey)):
        resolve_here(did)


def test_others_are_asked_for_the_documents_of_other_dids() -> None:
    assert resolve_here(DID) is None


@pytest.mark.parametrize("private", [bytes(32), b"\xff" * 32, bytes(31)])
def test_a_number_outside_the_curve_is_no_private_key(private: bytes) -> None:
    with pytest.raises(NotAKey):
        SigningKey.from_private(private, P256)


@pytest.mark.parametrize("name", ["JsonWebKey", "JsonWebKey2020"])
@EACH_KIND
def test_keys_written_as_jwk_are_read_from_did_documents(name: str, kind: KeyKind) -> None:
    public = SigningKey.generate(kind).public
    assert verification_key(a_document_with(type=name, publicKeyJwk=to_jwk(public)), f"{DID}#key-1") == public


@pytest.mark.parametrize(
    "stated",
    [
        {},
        {"publicKeyJwk": "text"},
        {"publicKeyJwk": {"kty": "RSA", "n": "AQ", "e": "AQAB"}},
        {"publicKeyJwk": to_jwk(OLD.public), "publicKeyMultibase": NEW.public.multikey},
        {"publicKeyJwk": {**to_jwk(OLD.public), "use": "enc"}},
        {"publicKeyJwk": {**to_jwk(OLD.public), "d": b64(OLD.private)}},
        {"publicKeyMultibase": ["z"]},
    ],
)
def test_a_method_that_states_no_key_or_more_than_one_has_none(stated: dict[str, Any]) -> None:
    with pytest.raises(NotAKey):
        verification_key(a_document_with(**stated), f"{DID}#key-1")


def test_a_small_order_public_key_verifies_nothing() -> None:
    everything = PublicKey(OLD.kind, bytes([1]) + bytes(31))
    assert not everything.verify(bytes([1]) + bytes(63), b"anything")


@pytest.mark.parametrize("private", [b"", bytes(31), bytes(64)])
def test_private_bytes_of_another_length_are_no_key(private: bytes) -> None:
    with pytest.raises(NotAKey):
        SigningKey.from_private(private)


@pytest.mark.parametrize("text", [base58btc(b"\xed\x01" + bytes(31)), base58btc(b"\x80\x24" + bytes(33)), "z"])
def test_a_multikey_of_another_kind_or_length_is_no_key(text: str) -> None:
    with pytest.raises(NotAKey):
        PublicKey.from_multikey(text)


def test_a_did_key_resolves_to_its_own_key() -> None:
    did = did_key(OLD.public)
    assert verification_key(resolve_did_key(did), did_key_method(did)) == OLD.public


@pytest.mark.parametrize("did", ["did:web:x", "did:key:zabc", "did:key:", "nonsense"])
def test_what_is_no_did_key_does_not_resolve(did: str) -> None:
    with pytest.raises((NotADid, NotAKey, NotMultibase)):
        resolve_did_key(did)


@pytest.mark.parametrize(
    ("base", "did", "url"),
    [
        (
            "http://localhost:8000",
            "did:web:localhost%3A8000:organisations:uex",
            "https://localhost:8000/organisations/uex/did.json",
        ),
        (
            "https://laurel.example.org/",
            "did:web:laurel.example.org:organisations:uex",
            "https://laurel.example.org/organisations/uex/did.json",
        ),
    ],
)
def test_an_organisation_has_a_did_at_the_houses_origin(base: str, did: str, url: str) -> None:
    assert web_did(base, "uex") == did
    assert web_did_url(did) == url


def test_a_did_of_a_whole_host_is_at_its_well_known_address() -> None:
    assert web_did_url("did:web:example.org") == "https://example.org/.well-known/did.json"


@pytest.mark.parametrize(
    "did",
    [
        "did:key:z6Mk",
        "did:web:",
        "did:web:example.org:..",
        "did:web:example.org:%2e%2e:a",
        "did:web:example.org%2Fx",
        "did:web:user%40example.org",
        "did:web:example.org:a b",
        "did:web:example.org:a?b",
        "did:web:example.org:",
        "did:web:example.org\n",
        "xdid:web:example.org",
    ],
)
def test_a_did_that_could_name_another_address_is_refused(did: str) -> None:
    with pytest.raises(NotADid):
        web_did_url(did)


@pytest.mark.parametrize("base", ["localhost", "https://example.org/path", "https://user@example.org", "https://x?y"])
def test_only_an_origin_makes_a_did_web(base: str) -> None:
    with pytest.raises(NotADid):
        web_did(base, "uex")


def test_a_rotated_key_stays_and_keeps_verifying() -> None:
    document = did_document(DID, [("key-1", OLD.public), ("key-2", NEW.public)])
    assert verification_key(document, f"{DID}#key-1") == OLD.public
    assert verification_key(document, f"{DID}#key-2") == NEW.public


def a_document(**changes: object) -> dict[str, Any]:
    return {**did_document(DID, [("key-1", OLD.public)]), **changes}


def test_a_key_is_given_only_for_the_purposes_it_is_listed_under() -> None:
    with pytest.raises(WrongPurpose):
        verification_key(a_document(assertionMethod=[]), f"{DID}#key-1")
    with pytest.raises(WrongPurpose):
        verification_key(a_document(), f"{DID}#key-1", "capabilityInvocation")


def test_a_document_of_somebody_else_gives_no_key() -> None:
    with pytest.raises(WrongController):
        verification_key(a_document(id="did:web:evil.example"), f"{DID}#key-1")
    foreign = {**a_document()["verificationMethod"][0], "controller": "did:web:evil.example"}
    with pytest.raises(WrongController):
        verification_key(a_document(verificationMethod=[foreign]), f"{DID}#key-1")


def test_a_key_that_is_not_in_the_document_is_not_found() -> None:
    with pytest.raises(NotFound):
        verification_key(a_document(), f"{DID}#key-9")


def test_embedded_methods_and_relative_references_are_read() -> None:
    method = {**a_document()["verificationMethod"][0], "id": "#key-1"}
    embedded = {"id": DID, "assertionMethod": [method]}
    assert verification_key(embedded, f"{DID}#key-1") == OLD.public
    relative = {"id": DID, "verificationMethod": [method], "assertionMethod": ["#key-1"]}
    assert verification_key(relative, f"{DID}#key-1") == OLD.public


@pytest.mark.parametrize("junk", [None, 1, "x", {}, [None, 1, {"id": 5}]])
def test_a_malformed_document_is_refused_in_the_language_of_faults(junk: object) -> None:
    with pytest.raises((NotFound, NotAKey, WrongController, WrongPurpose)):
        verification_key(a_document(verificationMethod=junk, assertionMethod=junk), f"{DID}#key-1")
    without_key = {k: v for k, v in a_document()["verificationMethod"][0].items() if k != "publicKeyMultibase"}
    with pytest.raises(NotAKey):
        verification_key(a_document(verificationMethod=without_key), f"{DID}#key-1")
