"""JAdES: what is sealed verifies, and nothing that was tampered with does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.certificates import ESeal
from credentials.issuance_log import digest_of, digest_of_opened
from credentials.jose import b64, from_b64, read_object
from credentials.proofs import ProofOutcome, jades
from credentials.proofs.jades import (
    JADES,
    Envelope,
    NoSeal,
    NotAnEnvelope,
    SealedDocument,
    SealOutOfDate,
    SealResult,
    verify_seal,
)
from schemas.faults import Malformed
from tests.builders import NOW
from tests.seals import PASSWORD, a_certificate, a_key, a_name, a_seal, a_seal_of, an_authority, unchecked_seal

DOCUMENT = {
    "id": "urn:uuid:1",
    "issuer": {"id": "did:web:uex", "legalName": {"ga": "?"}, "eIDASIdentifier": {"notation": "?"}},
    "title": 'Data ethics: "é", \\ and\n𝄞',
}
Json = dict[str, Any]


def sealed(seal: ESeal | None = None, document: Json = DOCUMENT) -> Json:
    return JADES.sealing_with(seal or a_seal()).secure(document, None, None, NOW)


def verified(envelope: Json | bytes) -> SealResult:
    document = envelope if isinstance(envelope, dict) else read_object(envelope)
    return verify_seal(Envelope.open(document), now=NOW + timedelta(days=1))


def holds(envelope: bytes) -> bool:
    """As a stranger's file is judged: unreadable is as good as invalid."""
    try:
        return verified(envelope).verified
    except Malformed:
        return False


def with_header(change: Callable[[Json], object], seal: ESeal | None = None) -> Json:
    """A seal whose protected header says something else, signed by the same key all the same."""
    seal = seal or a_seal()
    made = sealed(seal)
    header = read_object(from_b64(made["signatures"][0]["protected"]))
    change(header)
    protected = b64(orjson.dumps(header))
    signature = b64(jades._sign(seal, f"{protected}.{made['payload']}".encode()))
    return {**made, "signatures": [{"protected": protected, "signature": signature}]}


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_what_is_sealed_verifies_and_says_by_whom_and_when(kind: str) -> None:
    result = verified(sealed(a_seal(kind)))
    assert (result.outcome, result.detail) == (ProofOutcome.VERIFIED, "")
    assert result.algorithm == {"ec": "ES256", "rsa": "RS256"}[kind]
    assert result.created == NOW
    assert result.certificate == a_seal(kind).certificate
    assert result.chain == (an_authority().certificate,)


def test_the_header_is_that_of_a_baseline_signature() -> None:
    envelope = sealed()
    assert envelope.keys() == {"payload", "signatures"}
    header = Envelope.open(envelope).header
    assert header["typ"] == "jose+json"
    assert header["b64"] is False
    assert header["crit"] == ["b64", "sigT"]
    assert header["sigT"] == "2026-11-23T10:00:00Z"
    assert header["x5t#S256"] == a_seal().thumbprint
    assert len(header["x5c"]) == 2


def test_the_issuer_becomes_who_the_certificate_names() -> None:
    issuer = Envelope.open(sealed()).document()["issuer"]
    assert issuer["eIDASIdentifier"]["notation"] == "VATIE-1234567X"
    assert issuer["legalName"] == {"ga": "University of Example"}
    assert Envelope.open(sealed()).document()["issued"] == "2026-11-23T10:00:00Z"


def test_a_document_that_names_no_legal_person_is_sealed_as_it_is() -> None:
    assert Envelope.open(sealed(document={"issuer": "did:key:z6Mk"})).document() == {"issuer": "did:key:z6Mk"}


@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_any_changed_byte_breaks_the_seal(place: float, flip: int) -> None:
    whole = bytearray(orjson.dumps(sealed()))
    whole[int(place * len(whole))] ^= flip
    assert not holds(bytes(whole))


@given(place=st.floats(0, 1, exclude_max=True), more=st.binary(min_size=1, max_size=3))
def test_nothing_can_be_put_into_a_seal(place: float, more: bytes) -> None:
    whole = orjson.dumps(sealed())
    at = int(place * len(whole))
    larger = whole[:at] + more + whole[at:]
    assert not holds(larger) or json.loads(larger) == json.loads(whole)


HEADERS: dict[str, tuple[Callable[[Json], object], ProofOutcome]] = {
    "no algorithm": (lambda h: h.pop("alg"), ProofOutcome.INVALID),
    "alg none": (lambda h: h.update(alg="none"), ProofOutcome.INVALID),
    "alg HS256": (lambda h: h.update(alg="HS256"), ProofOutcome.INVALID),
    "another key's algorithm": (lambda h: h.update(alg="RS256"), ProofOutcome.INVALID),
    "an algorithm of tomorrow": (lambda h: h.update(alg="ML-DSA-44"), ProofOutcome.UNSUPPORTED),
    "an algorithm that is no text": (lambda h: h.update(alg=["ES256"]), ProofOutcome.INVALID),
    "b64 true": (lambda h: h.update(b64=True), ProofOutcome.INVALID),
    "b64 left out": (lambda h: h.pop("b64"), ProofOutcome.INVALID),
    "b64 zero": (lambda h: h.update(b64=0), ProofOutcome.INVALID),
    "no crit": (lambda h: h.pop("crit"), ProofOutcome.INVALID),
    "an empty crit": (lambda h: h.update(crit=[]), ProofOutcome.INVALID),
    "crit that is no list": (lambda h: h.update(crit="b64"), ProofOutcome.INVALID),
    "crit without b64": (lambda h: h.update(crit=["sigT"]), ProofOutcome.INVALID),
    "crit without sigT": (lambda h: h.update(crit=["b64"]), ProofOutcome.INVALID),
    "crit twice": (lambda h: h.update(crit=["b64", "sigT", "b64"]), ProofOutcome.INVALID),
    "crit of what is not there": (lambda h: h.update(crit=["b64", "sigT", "sigPId"]), ProofOutcome.INVALID),
    "crit of what goes without saying": (lambda h: h.update(crit=["b64", "sigT", "alg"]), ProofOutcome.INVALID),
    "crit of something new": (
        lambda h: h.update(crit=["b64", "sigT", "exp"], exp=1),
        ProofOutcome.UNSUPPORTED,
    ),
    "no time of signing": (lambda h: h.update(crit=["b64"], sigT=h.pop("sigT") and None), ProofOutcome.INVALID),
    "missing sigT": (lambda h: (h.pop("sigT"), h.update(crit=["b64"])), ProofOutcome.INVALID),
    "sigT without a zone": (lambda h: h.update(sigT="2026-11-23T10:00:00"), ProofOutcome.INVALID),
    "sigT in the future": (lambda h: h.update(sigT="2036-11-23T10:00:00Z"), ProofOutcome.INVALID),
    "iat at no time": (
        lambda h: (h.pop("sigT"), h.update(crit=["b64"], iat=10**18)),
        ProofOutcome.INVALID,
    ),
    "another's digest": (lambda h: h.update({"x5t#S256": "A" * 43}), ProofOutcome.INVALID),
    "no digest": (lambda h: h.pop("x5t#S256"), ProofOutcome.INVALID),
    "no certificate": (lambda h: h.pop("x5c"), ProofOutcome.INVALID),
    "an empty list of certificates": (lambda h: h.update(x5c=[]), ProofOutcome.INVALID),
    "junk for a certificate": (lambda h: h.update(x5c=["AAAA"]), ProofOutcome.INVALID),
    "a number for a certificate": (lambda h: h.update(x5c=[1]), ProofOutcome.INVALID),
    "a hundred certificates": (lambda h: h.update(x5c=h["x5c"] * 50), ProofOutcome.INVALID),
    "another type": (lambda h: h.update(typ="JWT"), ProofOutcome.INVALID),
    "something else signed": (lambda h: h.update(sigD={"mId": "x"}), ProofOutcome.INVALID),
}


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_that_breaks_a_rule_is_no_signature_though_it_is_signed(header: str) -> None:
    change, outcome = HEADERS[header]
    result = verified(with_header(change))
    assert result.outcome is outcome
    assert result.detail


def test_the_time_of_signing_may_be_told_as_newer_versions_do() -> None:
    def told(header: Json) -> None:
        header.update(crit=["b64"], iat=int(NOW.timestamp()))
        header.pop("sigT")

    result = verified(with_header(told))
    assert (result.outcome, result.created) == (ProofOutcome.VERIFIED, NOW)


def test_a_timestamp_before_signing_may_be_required_to_be_known() -> None:
    tokens = {"tstTokens": [{"val": "AAAA"}]}
    assert verified(with_header(lambda h: h.update(crit=["b64", "sigT", "adoTst"], adoTst=tokens))).verified


def test_another_payload_does_not_verify() -> None:
    other = sealed(document={**DOCUMENT, "title": "Surgery"})
    assert verified({**sealed(), "payload": other["payload"]}).outcome is ProofOutcome.INVALID


def test_the_same_words_in_another_spelling_do_not_verify() -> None:
    made = sealed()
    assert verified({**made, "payload": json.dumps(json.loads(made["payload"]))}).outcome is ProofOutcome.INVALID


def test_another_signature_of_the_same_form_does_not_verify() -> None:
    other = sealed(a_seal_of("VATDE-1", "Somebody else"))
    signature = other["signatures"][0]["signature"]
    made = sealed()
    made["signatures"][0]["signature"] = signature
    assert verified(made).outcome is ProofOutcome.INVALID
    made["signatures"][0]["signature"] = b64(from_b64(signature)[:-4])
    assert verified(made).outcome is ProofOutcome.INVALID


def test_a_certificate_that_may_not_sign_or_is_too_weak_seals_nothing() -> None:
    for key, signs in ((a_key(), False), (a_key("weak"), True)):
        certificate = a_certificate(a_name("Seal"), key, an_authority(), signs=signs)
        result = verified(sealed(unchecked_seal(key, certificate)))
        assert result.outcome is ProofOutcome.INVALID
        assert "certificate" in result.detail


ENVELOPES: dict[str, Callable[[Json], object]] = {
    "two signatures": lambda e: e["signatures"].append(dict(e["signatures"][0])),
    "no signature": lambda e: e["signatures"].clear(),
    "a signature that is none": lambda e: e.update(signatures=["x"]),
    "signatures that are no list": lambda e: e.update(signatures=e["signatures"][0]),
    "a payload that is no text": lambda e: e.update(payload={"id": "urn:uuid:1"}),
    "a member too many": lambda e: e.update(signature="x"),
    "a member of the signature too many": lambda e: e["signatures"][0].update(x=1),
    "no protected header": lambda e: e["signatures"][0].pop("protected"),
    "a protected header that is no JSON": lambda e: e["signatures"][0].update(protected="AAAA"),
    "a protected header that says a name twice": lambda e: e["signatures"][0].update(
        protected=b64(b'{"alg":"ES256","alg":"none"}')
    ),
    "padding": lambda e: e["signatures"][0].update(signature=e["signatures"][0]["signature"] + "=="),
    "a header said twice": lambda e: e["signatures"][0].update(header={"alg": "none"}),
    "an unprotected header that is none": lambda e: e["signatures"][0].update(header=[]),
    "half a character": lambda e: e.update(payload="\ud800"),
    "a header without end": lambda e: e["signatures"][0].update(protected="A" * 300_000),
}


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_what_is_no_single_signature_over_a_text_is_malformed(envelope: str) -> None:
    made = sealed()
    ENVELOPES[envelope](made)
    with pytest.raises(NotAnEnvelope):
        Envelope.open(made)


def test_what_is_inside_has_one_meaning() -> None:
    for payload in ('{"a":1,"a":2}', "[]", "NaN", "{"):
        with pytest.raises(NotAnEnvelope):
            Envelope.open({**sealed(), "payload": payload}).document()


def test_without_a_certificate_nothing_is_sealed() -> None:
    with pytest.raises(NoSeal):
        JADES.secure(DOCUMENT, None, None, NOW)


@pytest.mark.parametrize("days", [-365, 3650])
def test_a_seal_whose_certificate_is_out_of_date_seals_nothing(days: int) -> None:
    with pytest.raises(SealOutOfDate, match="valid from"):
        JADES.sealing_with(a_seal()).secure(DOCUMENT, None, None, NOW + timedelta(days=days))


class Stamp:
    def __init__(self) -> None:
        self.asked: list[bytes] = []

    def timestamp(self, digest: bytes) -> bytes:
        self.asked.append(digest)
        return b"a token"


def test_a_timestamp_authority_attests_the_signature() -> None:
    authority = Stamp()
    made = JADES.sealing_with(a_seal(), authority).secure(DOCUMENT, None, None, NOW)
    signature = made["signatures"][0]
    assert authority.asked == [hashlib.sha256(signature["signature"].encode()).digest()]
    [stamp] = signature["header"]["etsiU"]
    assert read_object(from_b64(stamp)) == {"sigTst": {"tstTokens": [{"val": "YSB0b2tlbg=="}]}}
    assert verified(made).verified


def test_whatever_it_seals_with_it_is_the_same_proof() -> None:
    assert JADES.sealing_with(a_seal()) == JADES
    assert "PrivateKey" not in repr(JADES.sealing_with(a_seal())) + repr(a_seal())
    assert PASSWORD not in repr(a_seal())


def test_a_log_knows_it_by_what_is_signed_sealed_or_opened_and_whatever_is_attested_later() -> None:
    envelope = sealed()
    digest = digest_of(envelope)
    assert digest_of_opened(SealedDocument.open(envelope)) == digest
    [signature] = envelope["signatures"]
    later = {**envelope, "signatures": [{**signature, "header": {"etsiU": []}}]}
    assert digest_of(later) == digest
    assert digest_of(sealed(document={**DOCUMENT, "id": "urn:other"})) != digest
