"""The test vectors of Data Integrity ECDSA Cryptosuites 1.0, P-256, byte by byte."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from credentials.keys import P256, SigningKey
from credentials.multibase import from_base58btc
from credentials.proofs import (
    ECDSA_JCS_2019,
    ECDSA_RDFC_2019,
    DataIntegrity,
    ProofOutcome,
)
from credentials.proofs.verification import verify_all
from credentials.registry import Registry
from tests.contract.credentials.w3c_vectors import CREATED, NOW, load, text, verify, with_examples

# A second document of theirs, of employment, uses a release candidate of a context that the data does not have.
RDFC = with_examples(ECDSA_RDFC_2019)
SUITES = Registry(RDFC, ECDSA_JCS_2019)

VECTORS = pytest.mark.parametrize(
    ("suite", "folder", "suffix", "document"),
    [
        (RDFC, "ecdsa-rdfc-2019-p256", "ECDSAP256", "unsigned.json"),
        (ECDSA_JCS_2019, "ecdsa-jcs-2019-p256", "JCSECDSAP256", "unsigned.json"),
    ],
    ids=["rdfc", "jcs"],
)


@pytest.fixture
def vectors(reference_data: Path) -> Path:
    return reference_data / "vectors" / "vc-di-ecdsa"


@VECTORS
def test_every_step_of_the_published_vector_is_reproduced(
    vectors: Path, suite: DataIntegrity, folder: str, suffix: str, document: str
) -> None:
    steps, unsigned = vectors / folder, load(vectors / document)
    configuration = load(steps / f"proofConfig{suffix}.json")
    canonical_document, canonical_proof = suite.canonicalize(unsigned), suite.canonicalize(configuration)
    assert canonical_document.decode() == text(steps / f"canonDoc{suffix}.txt")
    assert canonical_proof.decode() == text(steps / f"proofCanon{suffix}.txt")
    assert sha256(canonical_document).hexdigest() == text(steps / f"docHash{suffix}.txt")
    assert sha256(canonical_proof).hexdigest() == text(steps / f"proofHash{suffix}.txt")
    assert suite.hash_data(unsigned, configuration).hex() == text(steps / f"combinedHash{suffix}.txt")


@VECTORS
def test_the_published_signed_document_verifies_and_no_changed_one_does(
    vectors: Path, suite: DataIntegrity, folder: str, suffix: str, document: str
) -> None:
    signed = load(vectors / folder / f"signed{suffix}.json")
    (result,) = verify(signed, SUITES)
    assert (result.outcome, result.cryptosuite) == (ProofOutcome.VERIFIED, suite.name)
    assert {name: value for name, value in signed.items() if name != "proof"} == load(vectors / document)
    assert [result.outcome for result in verify({**signed, "id": "urn:uuid:0"}, SUITES)] == [ProofOutcome.INVALID]
    assert from_base58btc(signed["proof"]["proofValue"]).hex() == text(vectors / folder / f"sigHex{suffix}.txt")


@VECTORS
def test_the_published_key_seals_so_that_it_verifies(
    vectors: Path, suite: DataIntegrity, folder: str, suffix: str, document: str
) -> None:
    pair = load(vectors / "p256KeyPair.json")
    key = SigningKey.from_private(from_base58btc(pair["secretKeyMultibase"])[2:], P256)
    published = load(vectors / folder / f"signed{suffix}.json")["proof"]
    secured = suite.secure(load(vectors / document), key, published["verificationMethod"], CREATED)
    assert key.public.multikey == pair["publicKeyMultibase"]
    ours = {**secured["proof"][0], "proofValue": published["proofValue"]}
    assert ours == published  # all but the signature, which has a random number in it
    assert [result.outcome for result in verify(secured, SUITES)] == [ProofOutcome.VERIFIED]


def test_keys_of_another_curve_are_no_keys_here(vectors: Path) -> None:
    for name in ("ecdsa-rdfc-2019-p384/signedECDSAP384.json", "ecdsa-jcs-2019-p384/signedJCSECDSAP384.json"):
        results = verify_all(load(vectors / name), {}, SUITES, now=NOW)
        assert [result.outcome for result in results] == [ProofOutcome.NO_KEY]
