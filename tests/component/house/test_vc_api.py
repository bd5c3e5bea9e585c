# ruff: noqa: ANN401 a document's members are any JSON
"""The interface for other people's tools: what it issues and verifies, and what it says of everything that is wrong."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.access import Scope
from credentials.contexts import CREDENTIALS_V1, CREDENTIALS_V2
from credentials.contexts.examples import EXAMPLES_V2
from credentials.dids import did_key, did_key_method
from credentials.keys import P256, SigningKey
from credentials.multibase import base58btc
from credentials.proofs import ECDSA_RDFC_2019, EDDSA_JCS_2022, EDDSA_RDFC_2022, SUITES, DataIntegrity
from schemas.values import JsonObject
from tests.component.house.house import ADMIN, House

MODEL, SECURITY = "https://www.w3.org/TR/vc-data-model#", "https://w3id.org/security#"
MALFORMED, PARSING, RANGE = f"{MODEL}MALFORMED_VALUE_ERROR", f"{MODEL}PARSING_ERROR", f"{MODEL}RANGE_ERROR"
TAMPERED, LOST = f"{MODEL}CRYPTOGRAPHIC_SECURITY_ERROR", f"{SECURITY}DATA_LOSS_DETECTION_ERROR"
GENERATION, VERIFICATION = f"{SECURITY}PROOF_GENERATION_ERROR", f"{SECURITY}PROOF_VERIFICATION_ERROR"
CHALLENGE, DOMAIN = f"{SECURITY}INVALID_CHALLENGE_ERROR", f"{SECURITY}INVALID_DOMAIN_ERROR"
NO_METHOD = f"{SECURITY}INVALID_VERIFICATION_METHOD"
NO_DOCUMENT = f"{SECURITY}INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"
STATUS_LIST = "https://www.w3.org/ns/credentials/status-list#"
RETRIEVAL, NO_STATUS = f"{STATUS_LIST}STATUS_RETRIEVAL_ERROR", f"{STATUS_LIST}STATUS_VERIFICATION_ERROR"

KEY, OTHER = SigningKey.generate(), SigningKey.generate()
DID, OTHER_DID = did_key(KEY.public), did_key(OTHER.public)
SUBJECT = "did:example:subject"
ASKED: JsonObject = {"challenge": "xyzzy", "domain": "verifier.example"}

Change = Callable[[JsonObject], Any]


def a_credential(issuer: str = DID, **more: Any) -> JsonObject:
    return {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiableCredential"],
        "issuer": issuer,
        "credentialSubject": {"id": SUBJECT, "name": "Ana"},
        **more,
    }


def an_older_credential(issuer: str) -> JsonObject:
    return {
        "@context": [CREDENTIALS_V1],
        "type": ["VerifiableCredential"],
        "issuer": issuer,
        "issuanceDate": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": SUBJECT},
    }


def signed(
    document: JsonObject, key: SigningKey = KEY, suite: DataIntegrity = EDDSA_RDFC_2022, **more: Any
) -> JsonObject:
    return suite.secure(document, key, did_key_method(did_key(key.public)), datetime.now(UTC), **more)


def a_presentation(*credentials: JsonObject, key: SigningKey = KEY, **more: Any) -> JsonObject:
    """Signed by its holder, in answer to what was asked."""
    unsigned: JsonObject = {"@context": [CREDENTIALS_V2], "type": ["VerifiablePresentation"], "holder": DID}
    unsigned = changed(unsigned, verifiableCredential=list(credentials) or None, **more)
    proof: JsonObject = {
        "type": "DataIntegrityProof",
        "cryptosuite": EDDSA_RDFC_2022.name,
        "created": "2026-01-01T00:00:00Z",
        "verificationMethod": did_key_method(did_key(key.public)),
        "proofPurpose": "authentication",
        **ASKED,
    }
    made = EDDSA_RDFC_2022.hash_data(unsigned, {**proof, "@context": unsigned["@context"]})
    return {**unsigned, "proof": {**proof, "proofValue": base58btc(key.sign(made))}}


def a_clique(size: int) -> JsonObject:
    """Nodes without names of which each knows each: to tell them apart takes longer than the world is old."""
    names = [f"_:n{number}" for number in range(size)]
    knowing = [{"id": name, "knows": [other for other in names if other != name]} for name in names]
    return {
        "@context": [CREDENTIALS_V2, {"knows": {"@id": "urn:x:knows", "@type": "@id"}}],
        "credentialSubject": {"id": SUBJECT, "knows": knowing},
    }


def changed(document: JsonObject, **more: Any) -> JsonObject:
    """With these members; None takes one away."""
    return {name: value for name, value in (copy.deepcopy(document) | more).items() if value is not None}


async def said(house: House, path: str, body: Any, headers: Mapping[str, str] = {}) -> tuple[int, list[str]]:
    """The status, and the types of the problems."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = await house.http.post(path, content=raw, headers=headers)
    told = answer.json()
    problems = told.get("problemDetails", [told] if "type" in told else [])
    assert answer.status_code < 500, answer.text
    assert path.endswith("issue") or told["verified"] is (answer.status_code == 200)
    return answer.status_code, [problem["type"] for problem in problems]


async def issuers(house: House, headers: Mapping[str, str] = ADMIN) -> dict[str, list[str]]:
    told: dict[str, list[str]] = (await house.http.get("/vc-api/issuers", headers=headers)).json()
    return told


async def issue(house: House, credential: Any, headers: Mapping[str, str] = ADMIN, **options: Any) -> JsonObject:
    body = {"credential": credential, "options": options}
    answer = await house.http.post("/credentials/issue", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    sealed: JsonObject = answer.json()["verifiableCredential"]
    return sealed


async def test_what_is_issued_with_each_suite_in_each_version_verifies(house: House) -> None:
    for did, suites in (await issuers(house)).items():
        for suite in suites:
            for document in (a_credential(did), an_older_credential(did)):
                if suite.startswith("vc-jwt") and document["@context"] == [CREDENTIALS_V1]:
                    continue  # a token of that version says everything twice
                sealed = await issue(house, document, cryptosuite=suite)
                assert await said(house, "/credentials/verify", {"verifiableCredential": sealed}) == (200, []), suite
                if suite in SUITES:
                    assert sealed["proof"][0]["cryptosuite"] == suite
                    assert await said(house, "/proofs/verify", {"verifiableCredential": sealed}) == (200, []), suite
                else:
                    assert sealed["type"] == "EnvelopedVerifiableCredential"


async def test_a_status_is_kept_for_what_was_issued_and_set_by_its_tenant_alone(house: House) -> None:
    mine, others = await house.bearer(Scope.PROVIDER, "one"), await house.bearer(Scope.PROVIDER, "two")
    did = next(iter(await issuers(house, mine)))
    wanted = [{"type": "BitstringStatusListEntry", "statusPurpose": each} for each in ("revocation", "suspension")]
    sealed = await issue(house, a_credential(did), mine, credentialStatus=wanted)
    entries = {entry["statusPurpose"]: entry for entry in sealed["credentialStatus"]}
    assert entries.keys() == {"revocation", "suspension"}
    older = await issue(house, an_older_credential(did), mine, credentialStatus=wanted[0])
    assert older["credentialStatus"]["statusListIndex"] != entries["revocation"]["statusListIndex"]
    for credential in (sealed, older):
        assert await said(house, "/credentials/verify", {"verifiableCredential": credential}) == (200, [])

    async def set_status(headers: Mapping[str, str], purpose: str, *, to: object) -> int:
        body = {"credentialStatus": entries[purpose], "status": to}
        return (await house.http.post("/credentials/status", json=body, headers=headers)).status_code

    async def bit(purpose: str) -> str:
        listed = await house.http.get(entries[purpose]["statusListCredential"], headers={"accept": "application/json"})
        assert listed.headers["content-type"] == "application/json"
        document: JsonObject = listed.json()
        assert await said(house, "/credentials/verify", {"verifiableCredential": document}) == (200, [])
        return str(document["credentialSubject"]["encodedList"])

    before = await bit("revocation"), await bit("suspension")
    assert await set_status(others, "revocation", to=True) == 404
    assert await set_status({}, "revocation", to=True) == 401
    assert await set_status(mine, "revocation", to="yes") == 400
    assert (await bit("revocation"), await bit("suspension")) == before
    assert await set_status(mine, "suspension", to=True) == 200
    assert await bit("suspension") != before[1]
    assert await set_status(mine, "suspension", to=False) == 200
    assert await bit("suspension") == before[1], "a suspension can be lifted"
    assert await set_status(mine, "revocation", to=True) == 200
    assert await set_status(mine, "revocation", to=False) == 409, "a revocation cannot"
    assert await bit("revocation") != before[0]
    assert await bit("suspension") == before[1]


@pytest.mark.parametrize(("purpose", "problem"), [("revocation", "revoked"), ("suspension", "suspended")])
async def test_a_credential_that_does_not_hold_does_not_verify(house: House, purpose: str, problem: str) -> None:
    did = next(iter(await issuers(house)))
    wanted = {"type": "BitstringStatusListEntry", "statusPurpose": purpose}
    sealed = await issue(house, a_credential(did), credentialStatus=wanted)
    body = {"credentialStatus": sealed["credentialStatus"], "status": True}
    assert (await house.http.post("/credentials/status", json=body, headers=ADMIN)).status_code == 200
    question = {"verifiableCredential": sealed}
    assert await said(house, "/credentials/verify", question) == (400, [f"urn:laurel:verification:{problem}"])


async def test_nobody_issues_as_another_tenant_or_as_an_organisation(house: House) -> None:
    mine, others = await house.bearer(Scope.PROVIDER, "one"), await house.bearer(Scope.PROVIDER, "two")
    assert not (await issuers(house, mine)).keys() & (await issuers(house, others)).keys()
    for did in (*await issuers(house, others), DID, f"did:web:localhost%3A{8000}:organisations:one"):
        assert await said(house, "/credentials/issue", {"credential": a_credential(did)}, mine) == (400, [GENERATION])
    for headers in ({}, await house.bearer(Scope.OPERATOR)):
        answer = await house.http.post("/credentials/issue", json={"credential": a_credential()}, headers=headers)
        assert answer.status_code in {401, 403}


async def test_whatever_may_not_be_certified_is_refused_with_its_type(house: House) -> None:
    by_suite = {suite: did for did, suites in (await issuers(house)).items() for suite in suites}
    ours, p256 = by_suite["eddsa-rdfc-2022"], by_suite["ecdsa-rdfc-2019"]
    good = a_credential(ours)
    subject = good["credentialSubject"]
    digest = {"id": CREDENTIALS_V2, "digestMultibase": "uM4RgWQc3RUDtjJCSgTJtTfvpZ7SPEg_LNO0ESlovQC0"}
    deep: Any = "x"
    for _ in range(63):
        deep = {"name": deep}
    bad: dict[str, tuple[Any, str]] = {
        "no context": (changed(good, **{"@context": None}), MALFORMED),
        "another first context": (changed(good, **{"@context": [EXAMPLES_V2, CREDENTIALS_V2]}), MALFORMED),
        "a context that is not known": (changed(good, **{"@context": [CREDENTIALS_V2, EXAMPLES_V2]}), MALFORMED),
        "a number for a context": (changed(good, **{"@context": [CREDENTIALS_V2, 5]}), MALFORMED),
        "no type": (changed(good, type=None), MALFORMED),
        "another type": (changed(good, type=["Thing"]), MALFORMED),
        "a type that nothing defines": (changed(good, type=["VerifiableCredential", "Thing"]), LOST),
        "a term that nothing defines": (changed(good, credentialSubject={**subject, "nickname": "A"}), LOST),
        "an id that is none": (changed(good, id="no iri"), MALFORMED),
        "two ids": (changed(good, id=["urn:x:1", "urn:x:2"]), MALFORMED),
        "a relative id inside": (changed(good, termsOfUse={"type": "urn:x:terms", "id": "terms"}), MALFORMED),
        "a relative id of the subject": (changed(good, credentialSubject={"id": "ana"}), MALFORMED),
        "no subject": (changed(good, credentialSubject=None), MALFORMED),
        "an empty subject": (changed(good, credentialSubject=[subject, {}]), MALFORMED),
        "a date that is none": (changed(good, validFrom="yesterday"), MALFORMED),
        "an end before the start": (
            changed(good, validFrom="2026-01-02T00:00:00Z", validUntil="2026-01-01T00:00:00Z"),
            MALFORMED,
        ),
        "a status without a type": (changed(good, credentialStatus={"id": "urn:x:1"}), MALFORMED),
        "half a status": (changed(good, credentialStatus={"type": "BitstringStatusListEntry"}), MALFORMED),
        "a schema without an id": (changed(good, credentialSchema={"type": "urn:x:schema"}), MALFORMED),
        "a name that is none": (changed(good, name={"@value": "x", "url": "y"}), MALFORMED),
        "null": (changed(good, credentialSubject={**subject, "name": [None]}), MALFORMED),
        "nodes that nobody can tell apart": (changed(good, **a_clique(12)), RANGE),
        "a number that libraries write differently": (
            changed(good, **{"@context": [CREDENTIALS_V2, {"n": "urn:x:n"}], "n": 0.1}),
            MALFORMED,
        ),
        "a control character": (changed(good, name="a\u0000b"), MALFORMED),
        "a wrong digest": (changed(good, relatedResource=[digest]), TAMPERED),
        "no digest": (changed(good, relatedResource=[{"id": CREDENTIALS_V2}]), MALFORMED),
        "much too deep": (changed(good, credentialSubject={**subject, "description": deep}), PARSING),
        "a renamed term": (
            changed(
                good,
                **{"@context": [CREDENTIALS_V2, {"until": "https://www.w3.org/2018/credentials#validUntil"}]},
                until="2026-01-01T00:00:00Z",
            ),
            LOST,
        ),
        "no object": ("x", PARSING),
    }
    got = {
        name: await said(house, "/credentials/issue", {"credential": document}, ADMIN)
        for name, (document, _) in bad.items()
    }
    assert got == {name: (400, [problem]) for name, (_, problem) in bad.items()}

    options: dict[str, tuple[Any, str]] = {
        "a suite that is unknown": ({"cryptosuite": "rsa-2000"}, GENERATION),
        "a suite of another key": ({"cryptosuite": "ecdsa-rdfc-2019"}, GENERATION),
        "a suite that is no name": ({"cryptosuite": 5}, GENERATION),
        "an option that is unknown": ({"mandatoryPointers": ["/issuer"]}, GENERATION),
        "a status of another kind": ({"credentialStatus": {"type": "RevocationList2020Status"}}, MALFORMED),
        "a place of one's own choice": ({"credentialStatus": {"statusListIndex": "5"}}, MALFORMED),
        "a purpose twice": ({"credentialStatus": [{}, {}]}, MALFORMED),
        "no object": ([], PARSING),
    }
    told = {
        name: await said(house, "/credentials/issue", {"credential": good, "options": option}, ADMIN)
        for name, (option, _) in options.items()
    }
    assert told == {name: (400, [problem]) for name, (_, problem) in options.items()}
    with_p256 = {"credential": a_credential(p256), "options": {"cryptosuite": "eddsa-rdfc-2022"}}
    assert await said(house, "/credentials/issue", with_p256, ADMIN) == (400, [GENERATION])
    for raw in (b"", b"\x00", b"[]", b'{"credential": {}, "credential": {}}', b'{"credential": "\\ud800"}', b"NaN"):
        assert await said(house, "/credentials/issue", raw, ADMIN) == (400, [PARSING]), raw


async def test_whatever_does_not_verify_is_refused_with_its_type(house: House) -> None:
    good = signed(a_credential())
    proof = good["proof"][0]
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    wanted = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "5"}
    a_wrong_digest = {"id": CREDENTIALS_V2, "digestMultibase": "uM4RgWQc3RUDtjJCSgTJtTfvpZ7SPEg_LNO0ESlovQC0"}
    bad: dict[str, tuple[Any, str]] = {
        "a changed word": (changed(good, name="Bea"), TAMPERED),
        "a term put in": (changed(good, nickname="Bea"), LOST),
        "no proof": (changed(good, proof=None), VERIFICATION),
        "an empty proof": (changed(good, proof=[]), VERIFICATION),
        "a text for a proof": (changed(good, proof="x"), MALFORMED),
        "a proof of another kind": (changed(good, proof=[proof | {"cryptosuite": "rsa-2000"}]), VERIFICATION),
        "another purpose": (changed(good, proof=[proof | {"proofPurpose": "authentication"}]), TAMPERED),
        "no value": (changed(good, proof=[proof | {"proofValue": None}]), TAMPERED),
        "a value without its header": (
            changed(good, proof=[proof | {"proofValue": proof["proofValue"][1:]}]),
            TAMPERED,
        ),
        "no method": (changed(good, proof=[{k: v for k, v in proof.items() if k != "verificationMethod"}]), TAMPERED),
        "a key that is none": (changed(good, proof=[proof | {"verificationMethod": "did:key:z6x#z6x"}]), VERIFICATION),
        "a key not of its DID": (changed(good, proof=[proof | {"verificationMethod": f"{DID}#other"}]), NO_METHOD),
        "a DID that is not there": (
            changed(good, proof=[proof | {"verificationMethod": "did:web:localhost%3A1:x#key-1"}]),
            NO_DOCUMENT,
        ),
        "a proof of tomorrow": (changed(good, proof=[proof | {"created": later}]), TAMPERED),
        "a previous proof that is missing": (changed(good, proof=[proof | {"previousProof": "urn:x:1"}]), TAMPERED),
        "another's signature": (signed(a_credential(OTHER_DID)), TAMPERED),
        "no dates": (changed(good, validFrom="yesterday"), MALFORMED),
        "an expired one": (signed(a_credential(validUntil="2020-01-01T00:00:00Z")), "urn:laurel:verification:expired"),
        "one of tomorrow": (signed(a_credential(validFrom=later)), "urn:laurel:verification:not-yet-valid"),
        "a status that cannot be had": (
            signed(a_credential(credentialStatus=wanted | {"statusListCredential": "https://localhost:1/list"})),
            RETRIEVAL,
        ),
        "a status at an address of the machine itself": (
            signed(a_credential(credentialStatus=wanted | {"statusListCredential": "http://169.254.169.254/latest"})),
            RETRIEVAL,
        ),
        "a status at an address inside a network": (
            signed(a_credential(credentialStatus=wanted | {"statusListCredential": "https://10.0.0.1/list"})),
            RETRIEVAL,
        ),
        "a status of a kind that is unknown": (
            signed(a_credential(credentialStatus={"type": "urn:x:status", "id": "urn:x:1"})),
            NO_STATUS,
        ),
        "half a status": (signed(a_credential(credentialStatus=wanted)), MALFORMED),
        "a relative id inside": (changed(good, termsOfUse={"type": "urn:x:terms", "id": "terms"}), MALFORMED),
        "a type that nothing defines": (changed(good, type=["VerifiableCredential", "Thing"]), LOST),
        "nodes that nobody can tell apart": (changed(good, **a_clique(12)), RANGE),
        "a changed resource": (signed(a_credential(relatedResource=[a_wrong_digest])), TAMPERED),
        "a context that is not known": (changed(good, **{"@context": [CREDENTIALS_V2, EXAMPLES_V2]}), MALFORMED),
        "a hundred proofs": (changed(good, proof=[proof] * 100), RANGE),
        "a presentation": (a_presentation(), PARSING),
        "JSON in a text": (json.dumps(good), PARSING),
        "nothing": ({}, PARSING),
    }
    got = {
        name: await said(house, "/credentials/verify", {"verifiableCredential": document})
        for name, (document, _) in bad.items()
    }
    assert got == {name: (400, [problem]) for name, (_, problem) in bad.items()}
    for suite, key in ((EDDSA_JCS_2022, KEY), (ECDSA_RDFC_2019, SigningKey.generate(P256))):
        sealed = signed(a_credential(did_key(key.public)), key, suite)
        assert await said(house, "/credentials/verify", {"verifiableCredential": sealed}) == (200, [])
        edited = changed(sealed, name="Bea")
        assert await said(house, "/credentials/verify", {"verifiableCredential": edited}) == (400, [TAMPERED])


async def test_proofs_alone_are_of_whomever_and_each_has_to_hold(house: House) -> None:
    foreign = signed(a_credential(OTHER_DID))
    assert await said(house, "/proofs/verify", {"verifiableCredential": foreign}) == (200, [])
    both = signed(foreign, OTHER)
    assert await said(house, "/proofs/verify", {"verifiableCredential": both}) == (200, [])
    unknown = changed(both, proof=[both["proof"][0] | {"cryptosuite": "rsa-2000"}, both["proof"][1]])
    purpose = {"expectedProofPurpose": "authentication"}
    bad = {
        "one that cannot be checked": ({"verifiableCredential": unknown}, VERIFICATION),
        "one that is wrong": ({"verifiableCredential": changed(both, name="Bea")}, TAMPERED),
        "another purpose": ({"verifiableCredential": both, "options": purpose}, TAMPERED),
        "another challenge": ({"verifiableCredential": both, "options": {"challenge": "x"}}, CHALLENGE),
        "an undefined term": ({"verifiableCredential": changed(both, nickname="Bea")}, LOST),
        "nodes that nobody can tell apart": ({"verifiableCredential": changed(both, **a_clique(12))}, RANGE),
        "none": ({"verifiableCredential": a_credential()}, VERIFICATION),
        "no object": ({"verifiableCredential": "x"}, PARSING),
        "no options": ({"verifiableCredential": both, "options": 5}, PARSING),
    }
    got = {name: await said(house, "/proofs/verify", body) for name, (body, _) in bad.items()}
    assert got == {name: (400, [problem]) for name, (_, problem) in bad.items()}


async def test_a_presentation_answers_what_was_asked_by_the_holder_of_its_key(house: House) -> None:
    mine = signed(a_credential(OTHER_DID, credentialSubject={"id": DID, "name": "Ana"}), OTHER)
    answer = await house.http.post(
        "/presentations/verify", json={"verifiablePresentation": a_presentation(mine), "options": ASKED}
    )
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["verified"], told["holder"], told["problemDetails"]) == (True, DID, [])
    assert [result["verified"] for result in told["credentialResults"]] == [True]
    assert told["results"]["checks"][-1]["evidence"]["subjectsAreHolder"] is True
    unnamed = a_presentation(mine, holder=None)
    assert await said(house, "/presentations/verify", {"verifiablePresentation": unnamed}) == (200, [])


async def test_whatever_presentation_does_not_verify_is_refused_with_its_type(house: House) -> None:
    credential = signed(a_credential())
    good = a_presentation(credential)
    forged = changed(credential, name="Bea")
    bad: dict[str, tuple[Any, Any, str]] = {
        "another challenge": (good, ASKED | {"challenge": "plugh"}, CHALLENGE),
        "another domain": (good, ASKED | {"domain": "elsewhere.example"}, DOMAIN),
        "one domain of two": (good, ASKED | {"domain": ["verifier.example", "elsewhere.example"]}, DOMAIN),
        "no proof": (changed(good, proof=None), ASKED, VERIFICATION),
        "a proof for something else": (signed(changed(good, proof=None)), ASKED, TAMPERED),
        "a changed holder": (changed(good, holder=OTHER_DID), ASKED, TAMPERED),
        "another's key": (a_presentation(credential, key=OTHER), ASKED, TAMPERED),
        "a credential taken out": (changed(good, verifiableCredential=None), ASKED, TAMPERED),
        "a credential changed": (changed(good, verifiableCredential=[forged]), ASKED, TAMPERED),
        "a forged credential": (a_presentation(forged), ASKED, TAMPERED),
        "an expired credential": (
            a_presentation(signed(a_credential(validUntil="2020-01-01T00:00:00Z"))),
            ASKED,
            "urn:laurel:verification:expired",
        ),
        "no context": (changed(good, **{"@context": None}), ASKED, MALFORMED),
        "another type": (changed(good, type=["Thing"]), ASKED, MALFORMED),
        "a holder that is none": (changed(good, holder={"name": "Acme"}), ASKED, MALFORMED),
        "a text for a credential": (changed(good, verifiableCredential=["x"]), ASKED, MALFORMED),
        "a hundred credentials": (changed(good, verifiableCredential=[credential] * 100), ASKED, RANGE),
        "an undefined term": (changed(good, nickname="x"), ASKED, LOST),
        "no options": (good, {"challenge": 5}, PARSING),
        "no object": ("x", ASKED, PARSING),
    }
    got = {
        name: await said(house, "/presentations/verify", {"verifiablePresentation": document, "options": options})
        for name, (document, options, _) in bad.items()
    }
    assert got == {name: (400, [problem]) for name, (_, _, problem) in bad.items()}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def _places(value: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    keys: list[Any] = (
        list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    )
    return [place for key in keys for place in ((*at, key), *_places(value[key], (*at, key)))]


def _put(document: JsonObject, place: tuple[str | int, ...], value: Any) -> JsonObject:
    whole: Any = copy.deepcopy(document)
    inner = whole
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    result: JsonObject = whole
    return result


@pytest.mark.filterwarnings("ignore:Do not use the `random` module")  # the house does, in the same process
@pytest.mark.parametrize(
    "path", ["/credentials/issue", "/credentials/verify", "/presentations/verify", "/proofs/verify"]
)
async def test_whatever_is_put_anywhere_in_a_good_request_is_answered_and_never_an_accident(
    house: House, path: str
) -> None:
    did = next(iter(await issuers(house)))
    credential = signed(a_credential(evidence={"type": "urn:x:evidence"}, validFrom="2026-01-01T00:00:00Z"))
    body: JsonObject = {
        "/credentials/issue": {"credential": a_credential(did), "options": {"cryptosuite": "eddsa-rdfc-2022"}},
        "/credentials/verify": {"verifiableCredential": credential, "options": ASKED},
        "/presentations/verify": {"verifiablePresentation": a_presentation(credential), "options": ASKED},
        "/proofs/verify": {"verifiableCredential": credential, "options": ASKED},
    }[path]
    loop = asyncio.get_running_loop()

    @settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
    @given(st.sampled_from(_places(body)), _JSON)
    def fuzz(place: tuple[str | int, ...], value: Any) -> None:
        raw = json.dumps(_put(body, place, value)).encode()
        answering = asyncio.run_coroutine_threadsafe(house.http.post(path, content=raw, headers=ADMIN), loop)
        assert answering.result(30).status_code in {200, 201, 400, 413}, raw

    await asyncio.to_thread(fuzz)
