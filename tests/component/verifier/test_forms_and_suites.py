# ruff: noqa: ANN401 a document's members are any JSON
"""Credentials in every form and with every suite, and the lies that can be told with each."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from credentials import jose
from credentials.contexts import CREDENTIALS_V2, OPEN_BADGES, known_digests
from credentials.dids import did_document, did_jwk, did_key, did_key_method
from credentials.jose import b64, to_jwk
from credentials.keys import P256, SigningKey
from credentials.multibase import base58btc, base64url
from credentials.proofs import (
    ECDSA_JCS_2019,
    ECDSA_RDFC_2019,
    VC_JWT_EDDSA,
    VC_JWT_ES256,
    Proof,
)
from credentials.status import StatusList
from schemas.events import CredentialState, Decision
from schemas.values import JsonObject
from tests.component.verifier.test_verdicts_of_credentials import decided
from tests.component.verifier.world import (
    INDEX,
    LATER,
    LIST,
    UEX,
    Issuer,
    World,
    a_badge,
    a_status_list,
)
from verifier.domain.report import Report
from verifier.domain.status import KnownState
from verifier.domain.trust import TrustedIssuer
from verifier.domain.verdicts import CheckId, Code

P256_KEY = SigningKey.from_private(bytes(range(1, 33)), P256)
CURVE = Issuer("did:web:curve.example.org", P256_KEY)


@dataclass
class Jwk(Issuer):
    """An issuer whose DID is its key, as a JWK."""

    did: str = did_jwk(P256_KEY.public)
    key: SigningKey = field(default_factory=lambda: P256_KEY)

    @property
    def method(self) -> str:
        return f"{self.did}#0"


JWK = Jwk()


def a_world(issuer: Issuer = CURVE, **changes: Any) -> World:
    """A world in which this issuer is trusted, with a list of its own."""
    proof = VC_JWT_ES256 if issuer.key.kind is P256 else VC_JWT_EDDSA
    known: dict[str, Any] = {
        "dids": {issuer.did: issuer.document},
        "lists": {LIST: issuer.sign(a_status_list(issuer=issuer), proof)},
        "trusted": {issuer.did: TrustedIssuer(did=issuer.did, name="An issuer")},
    }
    return World(**{**known, **changes})


def forged(token: str, payload: JsonObject | None = None, **header: Any) -> str:
    """A token with another header or payload and the signature it had."""
    head, body, signature = token.split(".")
    told = json.loads(base64.urlsafe_b64decode(head + "==")) | header
    if payload is not None:
        body = b64(json.dumps(payload).encode())
    return f"{b64(json.dumps(told).encode())}.{body}.{signature}"


def enveloped(token: str, media_type: str = "application/vc+jwt", **changes: Any) -> JsonObject:
    return {
        "@context": [CREDENTIALS_V2],
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:{media_type},{token}",
        **changes,
    }


# Genuine ones


@pytest.mark.parametrize("proof", [ECDSA_RDFC_2019, ECDSA_JCS_2019, VC_JWT_ES256], ids=lambda proof: proof.name)
@pytest.mark.parametrize("issuer", [CURVE, JWK], ids=["did:web", "did:jwk"])
async def test_a_genuine_credential_by_a_p256_key_is_accepted(proof: Proof, issuer: Issuer) -> None:
    report = await a_world(issuer).verify(issuer.sign(a_badge(issuer), proof))
    decided(report, Decision.ACCEPT)
    assert report.check(CheckId.SIGNATURE).evidence["key"] == issuer.method
    assert report.credential is not None
    assert report.credential.title == "Data ethics for public services"


async def test_a_token_by_an_ed25519_key_is_accepted_with_a_list_in_either_form() -> None:
    token = UEX.sign(a_badge(), VC_JWT_EDDSA)
    decided(await World().verify(token), Decision.ACCEPT)
    decided(await a_world(UEX).verify(token), Decision.ACCEPT)


async def test_a_token_is_accepted_however_it_is_handed_in() -> None:
    token = CURVE.sign(a_badge(CURVE), VC_JWT_ES256)
    for submission in (token, token.encode(), f"  {token}\n", json.dumps(token), enveloped(token)):
        decided(await a_world().verify(submission), Decision.ACCEPT)
    decided(await a_world().verify(json.dumps(enveloped(token))), Decision.ACCEPT)


async def test_somebody_unknown_with_a_did_jwk_is_for_a_person_to_judge() -> None:
    report = await a_world(JWK, trusted={}).verify(JWK.sign(a_badge(JWK), VC_JWT_ES256))
    decided(report, Decision.REVIEW, Code.ISSUER_UNKNOWN)


async def test_nobody_is_asked_for_the_document_of_a_did_that_is_its_key() -> None:
    world = a_world(JWK)
    await world.verify(JWK.sign(a_badge(JWK), VC_JWT_ES256))
    assert world.asked == [LIST]


async def test_a_key_written_as_jwk_in_a_did_document_is_read() -> None:
    document = did_document(CURVE.did, [("key-1", P256_KEY.public)])
    method = document["verificationMethod"][0]
    del method["publicKeyMultibase"]
    method |= {"type": "JsonWebKey", "publicKeyJwk": to_jwk(P256_KEY.public)}
    decided(await a_world(dids={CURVE.did: document}).verify(CURVE.sign(a_badge(CURVE), VC_JWT_ES256)), Decision.ACCEPT)


# Lies about the signature


async def test_a_changed_payload_is_rejected() -> None:
    badge = a_badge(CURVE)
    token = CURVE.sign(badge, VC_JWT_ES256)
    report = await a_world().verify(forged(token, {**badge, "name": "Doctor of Everything"}))
    decided(report, Decision.REJECT, Code.SIGNATURE_INVALID)


@pytest.mark.parametrize("name", ["none", "NONE", "HS256", "EdDSA"])
async def test_another_algorithm_than_the_keys_is_rejected(name: str) -> None:
    token = CURVE.sign(a_badge(CURVE), VC_JWT_ES256)
    decided(await a_world().verify(forged(token, alg=name)), Decision.REJECT, Code.SIGNATURE_INVALID)
    signed = forged(token, alg=name).rpartition(".")[0]
    resigned = f"{signed}.{b64(P256_KEY.sign(signed.encode()))}"
    decided(await a_world().verify(resigned), Decision.REJECT, Code.SIGNATURE_INVALID)


async def test_an_algorithm_that_is_not_known_here_leaves_the_question_open() -> None:
    token = CURVE.sign(a_badge(CURVE), VC_JWT_ES256)
    decided(await a_world().verify(forged(token, alg="ES384")), Decision.INDETERMINATE, Code.SIGNATURE_UNSUPPORTED)


async def test_an_unsigned_token_is_rejected() -> None:
    head, body, _ = CURVE.sign(a_badge(CURVE), VC_JWT_ES256).split(".")
    decided(await a_world().verify(f"{head}.{body}."), Decision.REJECT, Code.SIGNATURE_INVALID)


async def test_a_key_in_the_header_is_not_the_issuers() -> None:
    mallory = SigningKey.generate(P256)
    header = {"typ": "vc+jwt", "kid": CURVE.method, "jwk": to_jwk(mallory.public)}
    token = jose.sign(header, a_badge(CURVE), mallory)
    decided(await a_world().verify(token), Decision.REJECT, Code.SIGNATURE_INVALID)


async def test_a_key_of_somebody_else_is_not_the_issuers() -> None:
    mallory = SigningKey.generate(P256)
    token = jose.sign({"typ": "vc+jwt", "kid": f"{did_jwk(mallory.public)}#0"}, a_badge(CURVE), mallory)
    decided(await a_world().verify(token), Decision.REJECT, Code.ISSUER_MISMATCH)
    token = jose.sign({"typ": "vc+jwt", "kid": did_key_method(did_key(mallory.public))}, a_badge(CURVE), mallory)
    decided(await a_world().verify(token), Decision.REJECT, Code.ISSUER_MISMATCH)


async def test_a_key_that_the_issuer_does_not_list_is_rejected() -> None:
    token = CURVE.sign(a_badge(CURVE), VC_JWT_ES256, verification_method=f"{CURVE.did}#key-9")
    decided(await a_world().verify(token), Decision.REJECT, Code.KEY_NOT_LISTED)


async def test_a_key_that_cannot_be_had_leaves_the_question_open() -> None:
    token = CURVE.sign(a_badge(CURVE), VC_JWT_ES256)
    decided(await a_world(dids={}).verify(token), Decision.INDETERMINATE, Code.KEY_UNAVAILABLE)


@pytest.mark.parametrize(
    "claims", [{"exp": 1}, {"nbf": 4_000_000_000}, {"iss": "did:web:other.example"}, {"aud": "me"}, {"jti": "urn:x"}]
)
async def test_claims_that_contradict_the_credential_or_the_time_are_rejected(claims: JsonObject) -> None:
    token = jose.sign({"typ": "vc+jwt", "kid": CURVE.method}, {**a_badge(CURVE), **claims}, P256_KEY)
    decided(await a_world().verify(token), Decision.REJECT, Code.SIGNATURE_INVALID)


async def test_an_end_that_repeats_the_credentials_own_makes_it_expired_and_not_forged() -> None:
    badge = a_badge(CURVE, validUntil="2026-12-01T00:00:00Z")
    token = jose.sign({"typ": "vc+jwt", "kid": CURVE.method}, {**badge, "exp": 1_796_083_200}, P256_KEY)
    decided(await a_world().verify(token), Decision.REVIEW, Code.EXPIRED)


# Lies about what it is


@pytest.mark.parametrize(
    ("header", "claims", "decision", "code"),
    [
        ({"typ": "JWT"}, {"vc": {}}, Decision.INDETERMINATE, Code.FORM_UNSUPPORTED),
        ({"typ": "vc+jwt"}, {"vc": {}}, Decision.REJECT, Code.DOCUMENT_MALFORMED),
        ({"typ": "vc+jwt"}, {"vp": {}}, Decision.REJECT, Code.DOCUMENT_MALFORMED),
        ({"typ": "vc+jwt"}, {"proof": []}, Decision.REJECT, Code.DOCUMENT_MALFORMED),
        ({"typ": "at+jwt"}, {}, Decision.REJECT, Code.DOCUMENT_MALFORMED),
        ({"typ": "vc+jwt", "crit": ["b64"], "b64": False}, {}, Decision.REJECT, Code.DOCUMENT_MALFORMED),
        ({"typ": "vc+jwt", "crit": ["exp"]}, {}, Decision.REJECT, Code.DOCUMENT_MALFORMED),
        ({"typ": "vc+jwt"}, {"issuer": []}, Decision.REJECT, Code.FORMAT_INVALID),
        ({"typ": "vc+jwt"}, {"type": ["Odd"]}, Decision.REJECT, Code.FORMAT_INVALID),
        (
            {"typ": "vc+jwt"},
            {"@context": [CREDENTIALS_V2, "https://mallory.example/v1"]},
            Decision.INDETERMINATE,
            Code.CONTEXT_UNKNOWN,
        ),
        ({"typ": "vc+jwt"}, {"@context": [OPEN_BADGES, CREDENTIALS_V2]}, Decision.REJECT, Code.FORMAT_INVALID),
    ],
)
async def test_a_token_with_something_else_in_it_is_told_by_what_it_is(
    header: JsonObject, claims: JsonObject, decision: Decision, code: Code
) -> None:
    token = jose.sign({"kid": CURVE.method, **header}, {**a_badge(CURVE), **claims}, P256_KEY)
    decided(await a_world().verify(token), decision, code)


@pytest.mark.parametrize("payload", [b"5", b"[]", b"{", b'{"id":"a","id":"b"}', b"[" * 5000, b"\xff"])
async def test_a_token_around_no_one_object_cannot_be_read(payload: bytes) -> None:
    token = jose.sign_bytes({"typ": "vc+jwt", "kid": CURVE.method}, payload, P256_KEY)
    decided(await a_world().verify(token), Decision.REJECT, Code.DOCUMENT_MALFORMED)


@pytest.mark.parametrize(
    "envelope",
    [
        {"id": "https://uex.example/credential.jwt"},
        {"id": None},
        {"id": "data:application/vc+jwt;base64,ZXk="},
        {"id": "data:image/png,AAAA"},
        {"id": "data:application/vc+jwt,"},
    ],
)
async def test_an_envelope_without_a_token_leaves_the_question_open(envelope: JsonObject) -> None:
    report = await a_world().verify(enveloped("x.y.z", **envelope))
    decided(report, Decision.INDETERMINATE, Code.FORM_UNSUPPORTED)


async def test_what_stands_around_an_envelope_is_not_believed() -> None:
    token = CURVE.sign(a_badge(CURVE), VC_JWT_ES256)
    report = await a_world().verify(enveloped(token, name="Doctor", issuer=UEX.did))
    decided(report, Decision.ACCEPT)
    assert report.credential is not None
    assert report.credential.issuer.id == CURVE.did
    garbled = await a_world().verify(enveloped(forged(token, {**a_badge(CURVE), "name": "Doctor"})))
    decided(garbled, Decision.REJECT, Code.SIGNATURE_INVALID)


# Status lists in tokens, and of other kinds


async def judged_with(status_list: Any, badge: JsonObject | None = None, **changes: Any) -> Report:
    world = World(lists={LIST: status_list}, **changes)
    return await world.verify(UEX.sign(a_badge() if badge is None else badge))


async def test_a_list_in_a_token_is_read_as_any_other() -> None:
    decided(await judged_with(UEX.sign(a_status_list(), VC_JWT_EDDSA)), Decision.ACCEPT)
    decided(await judged_with(UEX.sign(a_status_list(INDEX), VC_JWT_EDDSA)), Decision.REJECT, Code.REVOKED)


async def test_a_list_in_a_token_that_cannot_be_relied_on_says_nothing() -> None:
    token = UEX.sign(a_status_list(INDEX), VC_JWT_EDDSA)
    unset = a_status_list()
    for status_list, code in (
        (forged(token, unset), Code.STATUS_LIST_FORGED),
        (forged(token, unset, alg="none"), Code.STATUS_LIST_FORGED),
        (jose.sign({"typ": "at+jwt", "kid": UEX.method}, unset, UEX.key), Code.STATUS_LIST_MALFORMED),
        ("e30.e30.e30", Code.STATUS_LIST_MALFORMED),
    ):
        decided(await judged_with(status_list), Decision.INDETERMINATE, code)


def suspendable() -> JsonObject:
    badge = a_badge()
    other = {
        **badge["credentialStatus"],
        "id": f"{LIST}/suspension#{INDEX}",
        "statusPurpose": "suspension",
        "statusListCredential": f"{LIST}/suspension",
    }
    return {**badge, "credentialStatus": [badge["credentialStatus"], other]}


@pytest.mark.parametrize(
    ("revoked", "suspended", "codes"),
    [
        ((), (), ()),
        ((), (INDEX,), (Code.SUSPENDED,)),
        ((INDEX,), (), (Code.REVOKED,)),
        ((INDEX,), (INDEX,), (Code.REVOKED,)),
    ],
)
async def test_suspension_and_revocation_are_kept_apart(
    revoked: tuple[int, ...], suspended: tuple[int, ...], codes: tuple[Code, ...]
) -> None:
    suspension = f"{LIST}/suspension"
    lists = {
        LIST: UEX.sign(a_status_list(*revoked)),
        suspension: UEX.sign(a_status_list(*suspended, url=suspension, purpose="suspension")),
    }
    report = await World(lists=lists).verify(UEX.sign(suspendable()))
    decided(report, Decision.REJECT if codes else Decision.ACCEPT, *codes)


async def test_one_list_out_of_reach_leaves_open_what_it_would_have_said() -> None:
    lists: dict[str, Any] = {LIST: UEX.sign(a_status_list())}
    report = await World(lists=lists).verify(UEX.sign(suspendable()))
    decided(report, Decision.INDETERMINATE, Code.STATUS_UNAVAILABLE)
    lists = {LIST: UEX.sign(a_status_list(INDEX))}
    decided(await World(lists=lists).verify(UEX.sign(suspendable())), Decision.REJECT, Code.REVOKED)


async def test_the_reason_for_a_suspension_is_told_and_ends_with_it() -> None:
    suspension = f"{LIST}/suspension"
    states = {(suspension, INDEX): KnownState(CredentialState.SUSPENDED, "under appeal", LATER)}
    lists = {
        LIST: UEX.sign(a_status_list()),
        suspension: UEX.sign(a_status_list(INDEX, url=suspension, purpose="suspension")),
    }
    report = await World(lists=lists, states=states).verify(UEX.sign(suspendable()))
    decided(report, Decision.REJECT, Code.SUSPENDED)
    assert report.check(CheckId.STATUS).evidence["reason"] == "under appeal"
    lists[suspension] = UEX.sign(a_status_list(url=suspension, purpose="suspension"))
    states = {(suspension, INDEX): KnownState(CredentialState.ACTIVE, "appeal upheld", LATER)}
    decided(await World(lists=lists, states=states).verify(UEX.sign(suspendable())), Decision.ACCEPT)


STATUS_LIST_2021 = "https://w3id.org/vc/status-list/2021/v1"


def older(document: JsonObject) -> JsonObject:
    """By VC Data Model 1.1 and Status List 2021."""
    contexts = ["https://www.w3.org/2018/credentials/v1", STATUS_LIST_2021]
    renamed = {"validFrom": "issuanceDate", "validUntil": "expirationDate"}
    return {**{renamed.get(name, name): value for name, value in document.items()}, "@context": contexts}


def a_2021_list(*indexes: int, padded: bool = False, **changes: Any) -> JsonObject:
    document = older(a_status_list(*indexes))
    encoded = StatusList.with_set(indexes).encode().removeprefix("u")
    subject = {
        "id": f"{LIST}#list",
        "type": "StatusList2021",
        "statusPurpose": "revocation",
        "encodedList": encoded + "=" * (-len(encoded) % 4 if padded else 0),
    }
    return {
        **document,
        "type": ["VerifiableCredential", "StatusList2021Credential"],
        "credentialSubject": {**subject, **changes},
    }


def a_2021_credential() -> JsonObject:
    return {
        "@context": ["https://www.w3.org/2018/credentials/v1", STATUS_LIST_2021],
        "type": ["VerifiableCredential"],
        "issuer": UEX.did,
        "issuanceDate": "2026-11-23T10:00:03Z",
        "credentialSubject": {"id": "did:example:ana"},
        "credentialStatus": {
            "id": f"{LIST}#{INDEX}",
            "type": "StatusList2021Entry",
            "statusPurpose": "revocation",
            "statusListIndex": str(INDEX),
            "statusListCredential": LIST,
        },
    }


@pytest.mark.parametrize(
    ("status_list", "code"),
    [
        (a_2021_list(), Code.STATUS_GOOD),
        (a_2021_list(padded=True), Code.STATUS_GOOD),
        (a_2021_list(INDEX), Code.REVOKED),
        (a_2021_list(INDEX, padded=True), Code.REVOKED),
        (a_2021_list(encodedList="!"), Code.STATUS_LIST_MALFORMED),
        (a_2021_list(encodedList=base64url(gzip.compress(b"\0")).removeprefix("u")), Code.STATUS_LIST_TOO_SHORT),
        (a_2021_list(statusPurpose="suspension"), Code.STATUS_PURPOSE_MISMATCH),
        (a_status_list(), Code.STATUS_LIST_MALFORMED),
    ],
)
async def test_the_older_status_list_is_read(status_list: JsonObject, code: Code) -> None:
    report = await judged_with(UEX.sign(status_list), a_2021_credential())
    assert report.check(CheckId.STATUS).code is code


async def test_a_newer_entry_is_not_answered_by_an_older_list() -> None:
    decided(await judged_with(UEX.sign(a_2021_list())), Decision.INDETERMINATE, Code.STATUS_LIST_MALFORMED)


REVOKED_IDS = "https://uex.example.org/revoked"


def with_named_list(**changes: Any) -> JsonObject:
    status = {"id": REVOKED_IDS, "type": "1EdTechRevocationList"}
    return a_badge(**{"credentialStatus": status, **changes})


@pytest.mark.parametrize(
    ("listed", "code"),
    [
        ([], Code.STATUS_GOOD),
        ([{"id": "urn:uuid:other"}], Code.STATUS_GOOD),
        ([{"id": "ID"}], Code.REVOKED),
        ([{"id": "ID", "revoked": True}], Code.REVOKED),
        ([{"id": "ID", "revoked": "perhaps"}], Code.REVOKED),
        ([{"id": "ID", "revoked": False}], Code.STATUS_GOOD),
        ("ID", Code.REVOKED),
        ([{"id": 5}], Code.STATUS_LIST_MALFORMED),
        ([5], Code.STATUS_LIST_MALFORMED),
        (None, Code.STATUS_LIST_MALFORMED),
    ],
)
@pytest.mark.parametrize("member", ["revokedCredential", "revokedCredentials"])
async def test_1edtechs_list_of_revoked_ids_is_read(member: str, listed: Any, code: Code) -> None:
    badge = with_named_list()
    named = json.loads(json.dumps(listed).replace('"ID"', json.dumps(badge["id"])))
    status_list = {"id": REVOKED_IDS, "issuer": UEX.did, member: named}
    report = await World(lists={REVOKED_IDS: status_list}).verify(UEX.sign(badge))
    assert report.check(CheckId.STATUS).code is code


async def test_1edtechs_list_counts_only_as_the_issuers_own() -> None:
    badge = with_named_list()
    good: JsonObject = {"id": REVOKED_IDS, "issuer": {"id": UEX.did}, "revokedCredential": []}
    for status_list, code in (
        (good, Code.STATUS_GOOD),
        ({**good, "issuer": "did:web:other.example"}, Code.STATUS_LIST_FOREIGN),
        ({**good, "issuer": None}, Code.STATUS_LIST_FOREIGN),
        ({**good, "id": "https://uex.example.org/other"}, Code.STATUS_LIST_MALFORMED),
        ({"error": "gone"}, Code.STATUS_LIST_MALFORMED),
        (UEX.sign(a_status_list(), VC_JWT_EDDSA), Code.STATUS_LIST_MALFORMED),
    ):
        report = await World(lists={REVOKED_IDS: status_list}).verify(UEX.sign(badge))
        assert report.check(CheckId.STATUS).code is code
    decided(await World().verify(UEX.sign(badge)), Decision.INDETERMINATE, Code.STATUS_UNAVAILABLE)
    nameless = with_named_list(id=None)
    decided(await World().verify(UEX.sign(nameless)), Decision.INDETERMINATE, Code.STATUS_LIST_MALFORMED)


async def test_the_reason_in_1edtechs_list_is_told() -> None:
    badge = with_named_list()
    entry = {"id": badge["id"], "revoked": True, "revocationReason": "Issued in error."}
    status_list = {"id": REVOKED_IDS, "issuer": UEX.did, "revokedCredential": [entry]}
    report = await World(lists={REVOKED_IDS: status_list}).verify(UEX.sign(badge))
    decided(report, Decision.REJECT, Code.REVOKED)
    assert report.check(CheckId.STATUS).evidence["reason"] == "Issued in error."


# What it refers to

PICTURE = "https://uex.example.org/picture.png"
CONTENT = b"\x89PNG a picture"


def sri(name: str, content: bytes = CONTENT) -> str:
    return f"{name}-{base64.b64encode(hashlib.new(name, content).digest()).decode()}"


def multibase(content: bytes = CONTENT) -> str:
    return base64url(b"\x12\x20" + hashlib.sha256(content).digest())


OTHER = b"another picture"


@pytest.mark.parametrize(
    ("digests", "code"),
    [
        ({"digestSRI": sri("sha256")}, Code.FORMAT_VALID),
        ({"digestSRI": sri("sha384")}, Code.FORMAT_VALID),
        ({"digestSRI": sri("sha512")}, Code.FORMAT_VALID),
        ({"digestSRI": sri("sha256").replace("+", "-").replace("/", "_").rstrip("=")}, Code.FORMAT_VALID),
        ({"digestMultibase": multibase()}, Code.FORMAT_VALID),
        ({"digestMultibase": base58btc(b"\x12\x20" + hashlib.sha256(CONTENT).digest())}, Code.FORMAT_VALID),
        ({"digestSRI": sri("sha256"), "digestMultibase": multibase()}, Code.FORMAT_VALID),
        ({"digestSRI": f"{sri('sha256', OTHER)} {sri('sha384')}"}, Code.FORMAT_VALID),
        ({"digestSRI": f"{sri('sha384', OTHER)} {sri('sha256')}"}, Code.RESOURCE_CHANGED),
        ({"digestSRI": sri("sha256", OTHER)}, Code.RESOURCE_CHANGED),
        ({"digestSRI": sri("sha256"), "digestMultibase": multibase(OTHER)}, Code.RESOURCE_CHANGED),
        ({"digestMultibase": multibase(OTHER)}, Code.RESOURCE_CHANGED),
        ({"digestSRI": "md5-AAAA"}, Code.FORMAT_INVALID),
        ({"digestSRI": "sha256-*"}, Code.FORMAT_INVALID),
        ({"digestSRI": ""}, Code.FORMAT_INVALID),
        ({"digestMultibase": "uAAAA"}, Code.FORMAT_INVALID),
        ({"digestMultibase": "x"}, Code.FORMAT_INVALID),
        ({}, Code.FORMAT_INVALID),
    ],
)
async def test_what_it_refers_to_is_held_to_its_digest(digests: JsonObject, code: Code) -> None:
    badge = a_badge(relatedResource=[{"id": PICTURE, **digests}])
    report = await World(pages={PICTURE: CONTENT}).verify(UEX.sign(badge))
    assert report.check(CheckId.FORMAT).code is code
    assert (report.decision is Decision.ACCEPT) == (code is Code.FORMAT_VALID)


async def test_what_could_not_be_had_was_not_checked() -> None:
    badge = a_badge(relatedResource=[{"id": PICTURE, "digestSRI": sri("sha256")}])
    decided(await World().verify(UEX.sign(badge)), Decision.INDETERMINATE, Code.RESOURCE_UNAVAILABLE)


async def test_a_resource_that_changed_outweighs_one_that_could_not_be_had() -> None:
    other = {"id": f"{PICTURE}?2", "digestSRI": sri("sha256", OTHER)}
    badge = a_badge(relatedResource=[{"id": PICTURE, "digestSRI": sri("sha256")}, other])
    report = await World(pages={f"{PICTURE}?2": CONTENT}).verify(UEX.sign(badge))
    decided(report, Decision.REJECT, Code.RESOURCE_CHANGED)


async def test_contexts_are_known_by_their_digests_in_either_revision_and_not_fetched() -> None:
    for known in known_digests(CREDENTIALS_V2):
        for name, text in (("sha256", known.sha256), ("sha384", known.sha384)):
            digest = f"{name}-{base64.b64encode(bytes.fromhex(text)).decode()}"
            badge = a_badge(relatedResource=[{"id": CREDENTIALS_V2, "digestSRI": digest}])
            world = World()
            decided(await world.verify(UEX.sign(badge)), Decision.ACCEPT)
            assert CREDENTIALS_V2 not in world.asked
    badge = a_badge(relatedResource={"id": CREDENTIALS_V2, "digestSRI": sri("sha384")})
    decided(await World().verify(UEX.sign(badge)), Decision.REJECT, Code.RESOURCE_CHANGED)


async def test_nobody_is_asked_for_resources_on_the_word_of_a_forged_document() -> None:
    badge = UEX.sign(a_badge(relatedResource=[{"id": PICTURE, "digestSRI": sri("sha256")}]))
    world = World(pages={PICTURE: CONTENT})
    decided(await world.verify({**badge, "name": "Doctor"}), Decision.REJECT, Code.SIGNATURE_INVALID)
    assert PICTURE not in world.asked


@pytest.mark.parametrize(
    "related",
    [
        [{"id": PICTURE, "digestSRI": sri("sha256")}] * 2,
        [{"id": f"{PICTURE}?{n}", "digestSRI": sri("sha256")} for n in range(11)],
        [{"digestSRI": sri("sha256")}],
    ],
)
async def test_what_refers_to_too_much_or_to_nothing_breaks_the_rules(related: Any) -> None:
    world = World(pages={PICTURE: CONTENT})
    decided(
        await world.verify(UEX.sign(a_badge(relatedResource=related), VC_JWT_EDDSA)),
        Decision.REJECT,
        Code.FORMAT_INVALID,
    )
    assert PICTURE not in world.asked


async def test_a_token_sealed_later_than_now_and_valid_earlier_is_judged_by_its_own_dates() -> None:
    report = await a_world().verify(CURVE.sign(a_badge(CURVE), VC_JWT_ES256), at=LATER - timedelta(days=60))
    assert report.check(CheckId.VALIDITY).code is Code.NOT_YET_VALID
