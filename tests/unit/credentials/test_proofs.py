from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from credentials import proofs
from credentials.canonical import Unbounded, UndefinedTerm, UnknownContext
from credentials.contexts import CREDENTIALS_V1, CREDENTIALS_V2, DATA_INTEGRITY_V2
from credentials.dids import did_key, did_key_method, resolve_did_key, verification_key
from credentials.keys import P256, SigningKey
from credentials.multibase import base58btc
from credentials.proofs import (
    ECDSA_JCS_2019,
    ECDSA_RDFC_2019,
    EDDSA_JCS_2022,
    EDDSA_RDFC_2022,
    PROOFS,
    DataIntegrity,
    ProofOutcome,
    ProofResult,
    WrongKind,
    bound_to_issuer,
    verification_methods,
    verify_proofs,
)
from credentials.registry import Registry
from tests.builders import NOW

Document = dict[str, Any]

ISSUER, OTHER = SigningKey.generate(), SigningKey.generate()
DID = did_key(ISSUER.public)
METHOD, OTHERS_METHOD = did_key_method(DID), did_key_method(did_key(OTHER.public))
P256_ISSUER = SigningKey.generate(P256)
SIGNERS = {key.kind.name: key for key in (ISSUER, P256_ISSUER)}
SUITES = pytest.mark.parametrize("suite", list(proofs.SUITES.values()), ids=list(proofs.SUITES))


def a_credential(**changes: Any) -> Document:  # noqa: ANN401 any JSON
    return {
        "@context": [CREDENTIALS_V2],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential"],
        "issuer": DID,
        "name": "Knots",
        "credentialSubject": {"id": "did:example:abc"},
        **changes,
    }


def secured(suite: DataIntegrity, document: Document | None = None, **how: Any) -> Document:  # noqa: ANN401 passed on
    """A credential of the issuer that has the suite's kind of key."""
    key = SIGNERS[suite.key.name]
    did = did_key(key.public)
    document = a_credential(issuer=did) if document is None else document
    return suite.secure(document, key, did_key_method(did), NOW, **how)


def verify(document: Document, **how: Any) -> tuple[ProofResult, ...]:  # noqa: ANN401 passed on
    keys = {
        method: verification_key(resolve_did_key(method.partition("#")[0]), method)
        for method in verification_methods(document)
        if method.startswith("did:key:")
    }
    return verify_proofs(document, **{"keys": keys, "now": NOW, **how})


def outcomes(document: Document, **how: Any) -> list[ProofOutcome]:  # noqa: ANN401 passed on
    return [result.outcome for result in verify(document, **how)]


def with_proof(document: Document, **changes: Any) -> Document:  # noqa: ANN401 any JSON
    (proof,) = document["proof"]
    return {**document, "proof": [{**proof, **changes}]}


@SUITES
def test_what_was_secured_verifies_and_says_by_whom(suite: DataIntegrity) -> None:
    document = secured(suite)
    (result,) = verify(document)
    assert result.verified
    method = did_key_method(document["issuer"])
    assert (result.cryptosuite, result.verification_method, result.created) == (suite.name, method, NOW)
    assert bound_to_issuer(document, (result,)) == (result,)


@SUITES
def test_securing_leaves_the_document_it_was_given_as_it_was(suite: DataIntegrity) -> None:
    document = a_credential()
    secured(suite, document)
    assert document == a_credential()


@SUITES
@pytest.mark.parametrize(
    "change", [{"name": "Not"}, {"issuer": "did:example:x"}, {"validUntil": "2027-01-01T00:00:00Z"}]
)
def test_any_change_of_the_document_breaks_its_proof(suite: DataIntegrity, change: Document) -> None:
    document = secured(suite) | change
    assert outcomes(document) == [ProofOutcome.INVALID]


@SUITES
@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"created": "2026-11-23T09:59:59Z"}, ProofOutcome.INVALID),
        ({"created": "yesterday"}, ProofOutcome.INVALID),
        ({"expires": "2027-11-23T10:00:00Z"}, ProofOutcome.INVALID),
        ({"proofPurpose": "authentication"}, ProofOutcome.INVALID),
        ({"proofPurpose": None}, ProofOutcome.INVALID),
        ({"proofValue": base58btc(bytes(64))}, ProofOutcome.INVALID),
        ({"proofValue": "u123"}, ProofOutcome.INVALID),
        ({"proofValue": None}, ProofOutcome.INVALID),
        ({"verificationMethod": OTHERS_METHOD}, ProofOutcome.INVALID),
        ({"verificationMethod": ["x"]}, ProofOutcome.INVALID),
        ({"verificationMethod": "did:web:example.org#key-1"}, ProofOutcome.NO_KEY),
        ({"cryptosuite": "bbs-2023"}, ProofOutcome.UNSUPPORTED),
        ({"cryptosuite": 5}, ProofOutcome.UNSUPPORTED),
        ({"type": "Ed25519Signature2020"}, ProofOutcome.UNSUPPORTED),
        ({"previousProof": "urn:uuid:nowhere"}, ProofOutcome.INVALID),
        ({"previousProof": [5]}, ProofOutcome.INVALID),
        ({"nonsense": 1}, ProofOutcome.INVALID),
    ],
)
def test_a_changed_proof_does_not_verify(suite: DataIntegrity, changes: Document, outcome: ProofOutcome) -> None:
    document = secured(suite)
    (result,) = verify(with_proof(document, **changes))
    assert result.outcome is outcome
    assert result.detail


@SUITES
def test_one_suites_proof_is_not_anothers(suite: DataIntegrity) -> None:
    document = secured(suite)
    for other in proofs.SUITES:
        if other != suite.name:
            assert outcomes(with_proof(document, cryptosuite=other)) == [ProofOutcome.INVALID]


@SUITES
def test_a_proof_holds_until_it_expires(suite: DataIntegrity) -> None:
    document = secured(suite, expires=NOW + timedelta(days=1))
    assert outcomes(document) == [ProofOutcome.VERIFIED]
    assert outcomes(document, now=NOW + timedelta(days=1)) == [ProofOutcome.INVALID]


@SUITES
def test_a_proof_from_the_future_does_not_verify_beyond_a_clocks_error(suite: DataIntegrity) -> None:
    document = secured(suite)
    assert outcomes(document, now=NOW - timedelta(minutes=4)) == [ProofOutcome.VERIFIED]
    assert outcomes(document, now=NOW - timedelta(minutes=6)) == [ProofOutcome.INVALID]


def test_a_proof_is_checked_for_the_purpose_asked_for() -> None:
    document = EDDSA_RDFC_2022.secure(a_credential(), ISSUER, METHOD, NOW, purpose="authentication")
    assert outcomes(document) == [ProofOutcome.INVALID]
    assert outcomes(document, purpose="authentication") == [ProofOutcome.VERIFIED]


def test_a_set_may_hold_proofs_by_keys_of_both_kinds() -> None:
    did = did_key(P256_ISSUER.public)
    document = EDDSA_RDFC_2022.secure(a_credential(), ISSUER, METHOD, NOW)
    for suite in (ECDSA_RDFC_2019, ECDSA_JCS_2019):
        document = suite.secure(document, P256_ISSUER, did_key_method(did), NOW)
    results = verify(document)
    assert [result.verified for result in results] == [True] * 3
    assert [result.controller for result in bound_to_issuer(document, results)] == [DID]
    assert [result.verified for result in verify({**document, "name": "Not"})] == [False] * 3


def test_every_proof_of_a_set_is_checked() -> None:
    document = EDDSA_RDFC_2022.secure(a_credential(), ISSUER, METHOD, NOW)
    document = EDDSA_JCS_2022.secure(document, OTHER, OTHERS_METHOD, NOW)
    results = verify(document)
    assert [result.verified for result in results] == [True, True]
    assert [result.controller for result in bound_to_issuer(document, results)] == [DID]
    assert [result.verified for result in verify({**document, "name": "Not"})] == [False, False]


def test_a_proof_by_anybody_else_does_not_speak_for_the_issuer() -> None:
    document = EDDSA_RDFC_2022.secure(a_credential(), OTHER, OTHERS_METHOD, NOW)
    results = verify(document)
    assert results[0].verified
    assert bound_to_issuer(document, results) == ()


@pytest.mark.parametrize("issuer", [None, 5, {}, {"id": 5}, [DID]])
def test_where_no_issuer_is_named_no_proof_is_the_issuers(issuer: object) -> None:
    document = EDDSA_JCS_2022.secure(a_credential(issuer=issuer), ISSUER, METHOD, NOW)
    results = verify(document)
    assert results[0].verified
    assert bound_to_issuer(document, results) == ()


def chained(document: Document, suite: DataIntegrity) -> Document:
    """A second proof over the first (`previousProof`), by another's Ed25519 key."""
    first = {**secured(suite, document)["proof"][0], "id": "urn:uuid:1"}
    unsecured, configuration = suite.inputs(document, first)
    first["proofValue"] = base58btc(SIGNERS[suite.key.name].sign(suite.hash_data(unsecured, configuration)))
    second = {
        "type": "DataIntegrityProof",
        "id": "urn:uuid:2",
        "cryptosuite": EDDSA_RDFC_2022.name,
        "created": first["created"],
        "verificationMethod": OTHERS_METHOD,
        "proofPurpose": "assertionMethod",
        "previousProof": "urn:uuid:1",
    }
    configuration = {**second, "@context": document["@context"]}
    endorsed = {**document, "proof": [first]}
    second["proofValue"] = base58btc(OTHER.sign(EDDSA_RDFC_2022.hash_data(endorsed, configuration)))
    return {**document, "proof": [first, second]}


@SUITES
def test_a_chained_proof_holds_only_with_the_proof_before_it(suite: DataIntegrity) -> None:
    document = chained(a_credential(), suite)
    assert outcomes(document) == [ProofOutcome.VERIFIED] * 2
    first, second = document["proof"]
    assert outcomes({**document, "proof": [second]}) == [ProofOutcome.INVALID]
    assert (
        outcomes({**document, "proof": [{**first, "proofValue": second["proofValue"]}, second]})
        == [ProofOutcome.INVALID] * 2
    )
    keys = {OTHERS_METHOD: OTHER.public}
    assert outcomes(document, keys=keys) == [ProofOutcome.NO_KEY, ProofOutcome.INVALID]


def test_a_document_without_proof_has_no_results() -> None:
    assert verify(a_credential()) == ()
    assert verify(a_credential(proof=[])) == ()
    assert verification_methods(a_credential(proof=[None, 5, {"verificationMethod": 5}])) == ()


@pytest.mark.parametrize("proof", ["x", 5, None, []])
def test_a_proof_that_is_no_object_does_not_verify(proof: object) -> None:
    assert outcomes(a_credential(proof=[proof])) == [ProofOutcome.INVALID]


def test_more_proofs_than_anybody_needs_are_refused() -> None:
    document = EDDSA_RDFC_2022.secure(a_credential(), ISSUER, METHOD, NOW)
    with pytest.raises(Unbounded):
        verify({**document, "proof": document["proof"] * 11})


def test_a_document_without_a_canonical_form_is_malformed_not_merely_unverified() -> None:
    document = EDDSA_RDFC_2022.secure(a_credential(), ISSUER, METHOD, NOW)
    with pytest.raises(UndefinedTerm):
        verify({**document, "nickname": "K"})
    with pytest.raises(UnknownContext):
        verify({**document, "@context": [CREDENTIALS_V2, "https://example.org/unknown"]})


def test_an_undefined_term_cannot_be_sealed() -> None:
    with pytest.raises(UndefinedTerm):
        EDDSA_RDFC_2022.secure(a_credential(nickname="K"), ISSUER, METHOD, NOW)


@SUITES
def test_a_credential_of_the_older_data_model_gets_the_context_its_proof_needs(suite: DataIntegrity) -> None:
    older = a_credential(**{"@context": [CREDENTIALS_V1], "issuanceDate": "2026-01-01T00:00:00Z"})
    del older["name"]
    document = secured(suite, older)
    assert document["@context"] == [CREDENTIALS_V1, DATA_INTEGRITY_V2]
    assert outcomes(document) == [ProofOutcome.VERIFIED]


def test_a_jcs_proof_covers_the_contexts_it_was_made_over() -> None:
    document = EDDSA_JCS_2022.secure(a_credential(), ISSUER, METHOD, NOW)
    assert document["proof"][0]["@context"] == [CREDENTIALS_V2]
    more = {**document, "@context": [CREDENTIALS_V2, "https://example.org/more"]}
    assert outcomes(more) == [ProofOutcome.VERIFIED]
    assert outcomes({**document, "@context": [CREDENTIALS_V1]}) == [ProofOutcome.INVALID]


def test_a_suite_signs_only_with_its_kind_of_key() -> None:
    for suite, key in ((EDDSA_RDFC_2022, P256_ISSUER), (ECDSA_RDFC_2019, ISSUER), (ECDSA_JCS_2019, ISSUER)):
        with pytest.raises(WrongKind):
            suite.secure(a_credential(), key, METHOD, NOW)


def test_a_registry_knows_its_values_by_unique_names() -> None:
    assert PROOFS["eddsa-rdfc-2022"] is EDDSA_RDFC_2022
    with pytest.raises(KeyError, match="eddsa-jcs-2022"):
        PROOFS["bbs-2023"]
    with pytest.raises(ValueError, match="unique"):
        Registry(EDDSA_RDFC_2022, EDDSA_RDFC_2022)
