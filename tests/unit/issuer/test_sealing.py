"""A seal is right when it is made, not when the first learner passes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from credentials.formats import OPEN_BADGES_3, UnsuitableProof
from credentials.keys import SigningKey
from credentials.proofs import EDDSA_JCS_2022, EDDSA_RDFC_2022, ProofOutcome, verify_proofs
from issuer.domain.sealing import Seal, Signer
from tests.builders import NOW, a_status_entry, an_award, an_organisation


def test_a_proof_that_does_not_secure_the_format_fails_when_the_seal_is_made() -> None:
    picky = replace(OPEN_BADGES_3, proofs=(EDDSA_RDFC_2022,))
    assert Seal(picky, (EDDSA_RDFC_2022,))
    with pytest.raises(UnsuitableProof):
        Seal(picky, (EDDSA_RDFC_2022, EDDSA_JCS_2022))
    with pytest.raises(UnsuitableProof):
        Seal(picky, ())


def test_several_proofs_stand_side_by_side_and_each_is_good() -> None:
    key, method = SigningKey.generate(), f"{an_organisation().did}#key-1"
    seal = Seal(OPEN_BADGES_3, (EDDSA_RDFC_2022, EDDSA_JCS_2022))
    document = seal(an_award(), a_status_entry(), {key.kind: Signer(key, method)}, NOW)
    results = verify_proofs(document, {method: key.public}, now=NOW)
    assert [result.outcome for result in results] == [ProofOutcome.VERIFIED] * 2
    assert seal.proof_names == ("eddsa-rdfc-2022", "eddsa-jcs-2022")
