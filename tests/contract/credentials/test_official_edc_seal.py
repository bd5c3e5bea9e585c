"""The Commission's own signed sample verifies, and a changed byte breaks it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.certificates import in_date, legal_person
from credentials.jose import read_object
from credentials.proofs import ProofOutcome
from credentials.proofs.jades import Envelope, verify_seal
from schemas.faults import Malformed

SOON_AFTER = datetime(2023, 10, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def sample(reference_data: Path) -> bytes:
    return (reference_data / "examples" / "edc-official" / "Sample-MC-Annex1-signed.jsonld").read_bytes()


def holds(content: bytes) -> bool:
    try:
        return verify_seal(Envelope.open(read_object(content)), now=SOON_AFTER).verified
    except Malformed:
        return False


def test_it_verifies_and_says_who_sealed_it_and_when(sample: bytes) -> None:
    envelope = Envelope.open(read_object(sample))
    result = verify_seal(envelope, now=SOON_AFTER)
    assert (result.outcome, result.detail, result.algorithm) == (ProofOutcome.VERIFIED, "", "RS256")
    assert result.certificate is not None
    assert result.created == datetime(2023, 9, 27, 11, 54, 17, tzinfo=UTC)
    assert in_date(result.certificate, result.created)
    holder = legal_person(result.certificate)
    assert (holder.identifier, holder.name, holder.country) == ("VATES-A00000000", "ORGANIZACION TEST", "ESP")
    issuer = envelope.document()["issuer"]
    assert issuer["eIDASIdentifier"]["notation"] == holder.identifier
    assert issuer["legalName"] == {"en": holder.name}


def unprotected(content: bytes) -> range:
    """Where the timestamps and validation data stand: no signature is over them, and nothing follows from them."""
    start = content.index(b'"header"')
    parts: dict[str, Any] = json.loads(content)["signatures"][0]
    end = content.index(parts["signature"].encode())
    return range(start, end if end > start else len(content))


@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_a_changed_byte_breaks_it(sample: bytes, place: float, flip: int) -> None:
    loose = unprotected(sample)
    at = int(place * (len(sample) - len(loose)))
    at = at if at < loose.start else at + len(loose)
    changed = sample[:at] + bytes([sample[at] ^ flip]) + sample[at + 1 :]
    try:
        same = json.loads(changed) == json.loads(sample)
    except ValueError:
        same = False
    assert same or not holds(changed)
