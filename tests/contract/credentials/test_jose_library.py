"""`jose` (npm), an implementation that shares nothing with ours, accepts our tokens, and we accept its."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from credentials.dids import did_jwk
from credentials.formats import OPEN_BADGES_3
from credentials.jose import b64, thumbprint, to_jwk
from credentials.keys import ED25519, P256, KeyKind, SigningKey
from credentials.proofs import VC_JWT_EDDSA, VC_JWT_ES256, ProofOutcome, VcJwt, VcJwtProof
from credentials.status import StatusList, compose_status_list
from schemas.values import JsonObject
from tests.builders import NOW, a_status_entry, an_award
from tests.servers.node import jose_library

KEYS = {kind: SigningKey.generate(kind) for kind in (ED25519, P256)}
DID = an_award().organisation.did
METHOD = f"{DID}#key-1"
LATER = NOW + timedelta(days=30)
PROOFS = pytest.mark.parametrize("proof", [VC_JWT_EDDSA, VC_JWT_ES256], ids=lambda proof: proof.name)


def private(key: SigningKey) -> JsonObject:
    return {**to_jwk(key.public), "d": b64(key.private)}


def sealed(proof: VcJwtProof) -> list[tuple[str, JsonObject]]:
    """A badge and a status list, each as a token and as it was."""
    status_list = compose_status_list(
        url="https://laurel.example.org/organisations/uex/status-lists/1",
        issuer=DID,
        purpose="revocation",
        encoded=StatusList.with_set([77]).encode(),
        issued=NOW,
    )
    badge = OPEN_BADGES_3.compose(an_award(), issued=NOW, status=a_status_entry())
    return [(proof.secure(one, KEYS[proof.key], METHOD, NOW), one) for one in (badge, status_list)]


@PROOFS
def test_it_verifies_our_tokens_and_reads_what_we_sealed(node: str, proof: VcJwtProof) -> None:
    tokens = sealed(proof)
    key = to_jwk(KEYS[proof.key].public)
    tasks = [
        {"do": "verify", "token": token, "key": key, "typ": "vc+jwt", "at": LATER.isoformat()} for token, _ in tokens
    ]
    for answer, (_, document) in zip(jose_library(node, tasks), tokens, strict=True):
        assert answer["claims"] == document
        assert answer["header"] == {"alg": proof.algorithm.name, "typ": "vc+jwt", "cty": "vc", "kid": METHOD}


@PROOFS
def test_it_turns_down_what_was_changed_and_what_others_signed(node: str, proof: VcJwtProof) -> None:
    (token, badge), _ = sealed(proof)
    head, _, signature = token.split(".")
    changed = f"{head}.{b64(json.dumps({**badge, 'name': 'Knots'}).encode())}.{signature}"
    other = SigningKey.generate(proof.key)
    at = LATER.isoformat()
    answers = jose_library(
        node,
        [
            {"do": "verify", "token": changed, "key": to_jwk(KEYS[proof.key].public), "typ": "vc+jwt", "at": at},
            {"do": "verify", "token": token, "key": to_jwk(other.public), "typ": "vc+jwt", "at": at},
        ],
    )
    assert ["JWSSignatureVerificationFailed" in answer["error"] for answer in answers] == [True, True]


@pytest.mark.parametrize("kind", KEYS, ids=lambda kind: kind.name)
def test_we_verify_its_tokens_and_name_keys_alike(node: str, kind: KeyKind) -> None:
    key = KEYS[kind]
    did = did_jwk(key.public)
    claims = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": did,
        "credentialSubject": {"id": "did:example:ana", "name": "Änna \u2019"},
    }
    header = {"typ": "vc+jwt", "kid": f"{did}#0"}
    issued, named = jose_library(
        node,
        [
            {"do": "issue", "claims": claims, "header": header, "key": private(key)},
            {"do": "thumbprint", "key": to_jwk(key.public)},
        ],
    )
    opened = VcJwt.parse(issued["token"])
    assert opened.document == claims
    (result,) = opened.verify({f"{did}#0": key.public}, now=LATER)
    assert result.outcome is ProofOutcome.VERIFIED
    assert named["thumbprint"] == thumbprint(key.public)
