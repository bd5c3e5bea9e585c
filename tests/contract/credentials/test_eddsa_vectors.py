"""The test vectors of Data Integrity EdDSA Cryptosuites 1.0 (vc-di-eddsa @abb673e), byte by byte."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from credentials.keys import SigningKey
from credentials.multibase import from_base58btc
from credentials.proofs import (
    EDDSA_JCS_2022,
    EDDSA_RDFC_2022,
    DataIntegrity,
    ProofOutcome,
)
from credentials.registry import Registry
from tests.contract.credentials.w3c_vectors import CREATED, load, text, verify, with_examples

RDFC = with_examples(EDDSA_RDFC_2022)
SUITES = Registry(RDFC, EDDSA_JCS_2022)

VECTORS = [(RDFC, "eddsa-rdfc-2022", "DataInt"), (EDDSA_JCS_2022, "eddsa-jcs-2022", "JCS")]


@pytest.fixture
def vectors(reference_data: Path) -> Path:
    return reference_data / "vectors" / "vc-di-eddsa"


@pytest.mark.parametrize(("suite", "folder", "suffix"), VECTORS)
def test_every_step_of_the_published_vector_is_reproduced(
    vectors: Path, suite: DataIntegrity, folder: str, suffix: str
) -> None:
    steps = vectors / folder
    document = load(vectors / "unsigned.json")
    configuration = load(steps / f"proofConfig{suffix}.json")
    canonical_document, canonical_proof = suite.canonicalize(document), suite.canonicalize(configuration)
    assert canonical_document.decode() == text(steps / f"canonDoc{suffix}.txt")
    assert canonical_proof.decode() == text(steps / f"proofCanon{suffix}.txt")
    assert sha256(canonical_document).hexdigest() == text(steps / f"docHash{suffix}.txt")
    assert sha256(canonical_proof).hexdigest() == text(steps / f"proofHash{suffix}.txt")
    assert suite.hash_data(document, configuration).hex() == text(steps / f"combinedHash{suffix}.txt")


@pytest.mark.parametrize(("suite", "folder", "suffix"), VECTORS)
def test_signing_the_published_document_gives_the_published_proof(
    vectors: Path, suite: DataIntegrity, folder: str, suffix: str
) -> None:
    pair = load(vectors / "keyPair.json")
    key = SigningKey.from_private(from_base58btc(pair["privateKeyMultibase"])[2:])
    published = load(vectors / folder / f"signed{suffix}.json")
    secured = suite.secure(load(vectors / "unsigned.json"), key, published["proof"]["verificationMethod"], CREATED)
    assert key.public.multikey == pair["publicKeyMultibase"]
    assert secured["proof"] == [published["proof"]]
    assert from_base58btc(secured["proof"][0]["proofValue"]).hex() == text(vectors / folder / f"sigHex{suffix}.txt")


@pytest.mark.parametrize(("suite", "folder", "suffix"), VECTORS)
def test_the_published_signed_document_verifies(vectors: Path, suite: DataIntegrity, folder: str, suffix: str) -> None:
    (result,) = verify(load(vectors / folder / f"signed{suffix}.json"), SUITES)
    assert (result.outcome, result.cryptosuite) == (ProofOutcome.VERIFIED, suite.name)


@pytest.mark.parametrize(
    ("name", "proofs"),
    [("signedProofSet1", 1), ("signedProofSet2", 2), ("signedProofChain1", 3), ("signedProofChain2", 4)],
)
def test_published_proof_sets_and_chains_verify(vectors: Path, name: str, proofs: int) -> None:
    results = verify(load(vectors / "proof-set-chain" / f"{name}.json"), SUITES)
    assert [result.outcome for result in results] == [ProofOutcome.VERIFIED] * proofs


def test_the_chains_of_the_interoperability_suite_come_out_as_their_names_say(reference_data: Path) -> None:
    files = sorted((reference_data / "vectors/di-proof-chains/eddsa-rdfc-2022").glob("*.json"))
    assert len(files) == 12
    sound = {file.name: all(result.verified for result in verify(load(file), SUITES)) for file in files}
    assert sound == {file.name: "Ok" in file.name for file in files}
