from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from credentials import jose
from credentials.contexts import CREDENTIALS_V2
from credentials.dids import did_jwk, did_key, did_key_method, resolve_here, verification_key
from credentials.jose import NotAToken, b64, to_jwk
from credentials.keys import ED25519, P256, PublicKey, SigningKey
from credentials.proofs import (
    VC_JWT_EDDSA,
    VC_JWT_ES256,
    ProofOutcome,
    ProofResult,
    VcJwt,
    VcJwtProof,
    WrongKind,
    bound_to_issuer,
)
from credentials.proofs.vc_jwt import NotACredentialToken, OlderToken
from tests.builders import NOW

Document = dict[str, Any]
KEYS = {kind.name: SigningKey.generate(kind) for kind in (ED25519, P256)}
PROOFS = pytest.mark.parametrize("proof", [VC_JWT_EDDSA, VC_JWT_ES256], ids=lambda proof: proof.name)
KEY = KEYS[P256.name]
DID = did_jwk(KEY.public)
METHOD = f"{DID}#0"


def a_credential(**changes: Any) -> Document:  # noqa: ANN401 any JSON
    return {
        "@context": [CREDENTIALS_V2],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential"],
        "issuer": DID,
        "validFrom": "2026-11-23T09:00:00Z",
        "validUntil": "2028-11-23T09:00:00Z",
        "name": "Knöten",
        "credentialSubject": {"id": "did:example:abc", "credits": 2.5},
        **changes,
    }


def a_token(claims: Document | None = None, key: SigningKey = KEY, **header: Any) -> str:  # noqa: ANN401 any JSON
    """A token by somebody who need not keep the rules; a header of None is left out."""
    header = {"typ": "vc+jwt", "cty": "vc", "kid": METHOD, **header}
    said = {name: value for name, value in header.items() if value is not None}
    return jose.sign(said, a_credential() if claims is None else claims, key)


def verify(token: str, now: datetime = NOW, keys: dict[str, PublicKey] | None = None) -> ProofResult:
    opened = VcJwt.parse(token)
    if keys is None:
        keys = {}
        for method in opened.methods:
            document = resolve_here(method.partition("#")[0])
            if document is not None:
                keys[method] = verification_key(document, method)
    (result,) = opened.verify(keys, now=now)
    return result


@PROOFS
def test_what_was_sealed_verifies_and_is_what_it_was(proof: VcJwtProof) -> None:
    key = KEYS[proof.key.name]
    did = did_key(key.public)
    credential = a_credential(issuer=did)
    token = proof.secure(credential, key, did_key_method(did), NOW)
    opened = VcJwt.parse(token)
    assert opened.jws.header == {
        "alg": proof.algorithm.name,
        "typ": "vc+jwt",
        "cty": "vc",
        "kid": did_key_method(did),
    }
    assert opened.document == credential
    assert opened.jws.claims() == credential  # the credential as it is, and nothing beside it
    result = verify(token)
    assert (result.outcome, result.verification_method) == (ProofOutcome.VERIFIED, did_key_method(did))
    assert bound_to_issuer(opened.document, (result,)) == (result,)


@PROOFS
def test_it_signs_only_with_its_kind_of_key(proof: VcJwtProof) -> None:
    other = next(key for name, key in KEYS.items() if name != proof.key.name)
    with pytest.raises(WrongKind):
        proof.secure(a_credential(), other, METHOD, NOW)


@pytest.mark.parametrize("taken", ["vc", "vp", "proof", "exp", "iss", "sub", "aud", "nbf", "iat", "jti"])
def test_members_that_are_the_tokens_own_are_not_sealed(taken: str) -> None:
    with pytest.raises(NotACredentialToken):
        VC_JWT_ES256.secure(a_credential(**{taken: {}}), KEY, METHOD, NOW)


def test_any_change_of_the_payload_breaks_it() -> None:
    head, payload, signature = a_token().split(".")
    changed = json.loads(base64.urlsafe_b64decode(payload + "=="))
    changed["name"] = "Splices"
    assert verify(f"{head}.{b64(json.dumps(changed).encode())}.{signature}").outcome is ProofOutcome.INVALID


# Who chooses the algorithm, and the key


@pytest.mark.parametrize("name", ["none", "None", "NONE", "HS256", "HS384", "HS512"])
def test_algorithms_by_which_anybody_could_write_it_are_invalid(name: str) -> None:
    public = json.dumps(to_jwk(KEY.public)).encode()
    forged = [bytes(64), b"", KEY.sign(b"anything"), public[:64]]
    for signature in forged:
        head = b64(json.dumps({"alg": name, "typ": "vc+jwt", "kid": METHOD}).encode())
        token = f"{head}.{b64(json.dumps(a_credential()).encode())}.{b64(signature)}"
        assert verify(token).outcome is ProofOutcome.INVALID


def test_an_algorithm_that_the_key_does_not_have_is_invalid() -> None:
    head = b64(json.dumps({"alg": "EdDSA", "typ": "vc+jwt", "kid": METHOD}).encode())
    signed = f"{head}.{b64(json.dumps(a_credential()).encode())}"
    assert verify(f"{signed}.{b64(KEY.sign(signed.encode()))}").outcome is ProofOutcome.INVALID


@pytest.mark.parametrize("name", ["ES384", "RS256", "PS256", "ES256K", 5, None])
def test_an_algorithm_that_is_not_known_here_is_not_judged(name: object) -> None:
    head = b64(json.dumps({"alg": name, "typ": "vc+jwt", "kid": METHOD}).encode())
    token = f"{head}.{b64(json.dumps(a_credential()).encode())}.{b64(bytes(64))}"
    assert verify(token).outcome is ProofOutcome.UNSUPPORTED


def test_a_key_that_comes_with_the_token_is_not_used() -> None:
    mallory = SigningKey.generate(P256)
    token = a_token(key=mallory, jwk=to_jwk(mallory.public), x5c=["AA=="], jku="https://mallory.example/keys")
    assert verify(token).outcome is ProofOutcome.INVALID
    assert verify(a_token(a_credential(issuer="https://uex.example"), kid=None)).outcome is ProofOutcome.UNSUPPORTED


@pytest.mark.parametrize(
    ("kid", "method"),
    [
        (METHOD, METHOD),
        ("#0", METHOD),
        ("0", METHOD),
        (None, METHOD),
        ("did:web:other.example#key-1", "did:web:other.example#key-1"),
        ("", None),
        (5, None),
        (["#0"], None),
    ],
)
def test_the_key_is_the_one_its_kid_names_in_the_issuers_document(kid: object, method: str | None) -> None:
    assert VcJwt.parse(a_token(kid=kid)).method == method


def test_somebody_elses_key_does_not_speak_for_the_issuer() -> None:
    mallory = SigningKey.generate(P256)
    method = f"{did_jwk(mallory.public)}#0"
    token = a_token(key=mallory, kid=method)
    result = verify(token)
    assert result.verified
    assert bound_to_issuer(VcJwt.parse(token).document, (result,)) == ()


def test_a_key_that_cannot_be_had_leaves_it_unjudged() -> None:
    assert verify(a_token(), keys={}).outcome is ProofOutcome.NO_KEY


# What the token is


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "vc+sd-jwt"},
        {"typ": "at+jwt"},
        {"typ": "vp+jwt"},
        {"typ": "openid4vci-proof+jwt"},
        {"typ": 5},
        {"typ": ["vc+jwt"]},
        {"crit": ["b64"], "b64": False},
        {"crit": ["exp"]},
        {"crit": []},
        {"b64": False},
        {"b64": True},
    ],
)
def test_a_token_of_another_type_or_with_extensions_is_no_credential(header: Document) -> None:
    with pytest.raises(NotAToken):
        VcJwt.parse(a_token(**header))


@pytest.mark.parametrize("typ", ["vc+jwt", "VC+JWT", "application/vc+jwt", "vc-ld+jwt", "vc+ld+json+jwt", "JWT", None])
def test_the_names_its_type_had_and_has_are_known(typ: str | None) -> None:
    assert verify(a_token(typ=typ)).verified


def test_a_credential_in_a_claim_is_refused_by_what_it_is() -> None:
    older = {"iss": DID, "nbf": 1, "vc": {**a_credential()}}
    with pytest.raises(OlderToken):
        VcJwt.parse(a_token(older, typ="JWT"))
    with pytest.raises(OlderToken):
        VcJwt.parse(a_token({**a_credential(), "vc": a_credential()}, typ=None))
    for name in ("vc", "vp"):
        with pytest.raises(NotACredentialToken):
            VcJwt.parse(a_token({**a_credential(), name: a_credential()}))


@pytest.mark.parametrize("claims", [{}, {"sub": "ana", "exp": 4_000_000_000}])
def test_a_token_without_a_credential_is_refused(claims: Document) -> None:
    with pytest.raises(NotACredentialToken):
        VcJwt.parse(a_token(claims, typ="JWT"))


def test_a_credential_with_a_proof_of_its_own_is_refused() -> None:
    with pytest.raises(NotACredentialToken):
        VcJwt.parse(a_token(a_credential(proof=[])))


@pytest.mark.parametrize("payload", [b"", b"5", b"[]", b'"x"', b'{"a":1,"a":2}', b"{", b"\xff", b'{"a":NaN}'])
def test_a_payload_that_is_no_one_object_is_malformed(payload: bytes) -> None:
    with pytest.raises(NotAToken):
        VcJwt.parse(jose.sign_bytes({"typ": "vc+jwt"}, payload, KEY))


# The token's own claims


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


END = datetime(2028, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("claims", "outcome"),
    [
        ({}, ProofOutcome.VERIFIED),
        ({"iss": DID}, ProofOutcome.VERIFIED),
        ({"iss": "did:web:other.example"}, ProofOutcome.INVALID),
        ({"iss": None}, ProofOutcome.INVALID),
        ({"sub": "did:example:abc"}, ProofOutcome.VERIFIED),
        ({"sub": "did:example:x"}, ProofOutcome.INVALID),
        ({"jti": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33"}, ProofOutcome.VERIFIED),
        ({"jti": "urn:uuid:0"}, ProofOutcome.INVALID),
        ({"aud": "https://other.example"}, ProofOutcome.INVALID),
        ({"exp": seconds(NOW) - 1}, ProofOutcome.INVALID),
        ({"exp": seconds(NOW) + 1}, ProofOutcome.VERIFIED),
        ({"exp": "tomorrow"}, ProofOutcome.INVALID),
        ({"exp": True}, ProofOutcome.INVALID),
        ({"exp": None}, ProofOutcome.INVALID),
        ({"exp": 10**18}, ProofOutcome.INVALID),
        ({"exp": -1}, ProofOutcome.INVALID),
        ({"nbf": seconds(NOW) + 3600}, ProofOutcome.INVALID),
        ({"nbf": seconds(NOW) - 3600}, ProofOutcome.VERIFIED),
        ({"iat": seconds(NOW) + 3600}, ProofOutcome.INVALID),
        ({"iat": seconds(NOW)}, ProofOutcome.VERIFIED),
    ],
)
def test_claims_of_the_token_are_held_to_the_time_and_to_the_credential(
    claims: Document, outcome: ProofOutcome
) -> None:
    token = a_token(a_credential(**claims))
    assert verify(token).outcome is outcome
    assert VcJwt.parse(token).document == a_credential()


def test_an_end_that_repeats_the_credentials_own_is_the_credentials_end_alone() -> None:
    token = a_token(a_credential(exp=seconds(END)))
    assert verify(token, now=END + timedelta(days=1)).verified


def test_the_time_a_token_says_it_was_made_is_told() -> None:
    assert verify(a_token(a_credential(iat=seconds(NOW)))).created == NOW.replace(microsecond=0)
