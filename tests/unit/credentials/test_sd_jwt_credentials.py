"""A credential taken out of an SD-JWT VC: by which key, and what becomes of its signature."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from credentials.dids import did_jwk, did_key, did_key_method
from credentials.formats import FORMATS
from credentials.jose import b64, sign
from credentials.keys import P256, SigningKey
from credentials.proofs import SD_JWT, ProofOutcome, ProofResult
from credentials.proofs.sd_jwt import NotAnSdJwt
from credentials.proofs.sd_jwt_vc import SdJwtVc
from tests.builders import NOW, a_status_entry, an_award, an_organisation

KEY = SigningKey.generate()
DID = "did:web:uex.example.org"
METHOD = f"{DID}#key-1"


def a_token(did: str = DID, method: str = METHOD) -> str:
    award = an_award(organisation=an_organisation(did=did))
    document = FORMATS["verifiable-micro-credential"].compose(award, issued=NOW, status=a_status_entry())
    return SD_JWT.secure(document, KEY, method, NOW)


def crafted(header: dict[str, Any], claims: dict[str, Any], key: SigningKey = KEY) -> SdJwtVc:
    return SdJwtVc.open(sign({"typ": "dc+sd-jwt", **header}, {"iss": DID, "iat": NOW.timestamp(), **claims}, key) + "~")


def result(opened: SdJwtVc, **keys: SigningKey) -> ProofResult:
    known = {method: key.public for method, key in (keys or {METHOD: KEY}).items()}
    (only,) = opened.verify(known, now=NOW + timedelta(seconds=1))
    return only


def test_a_credential_verifies_with_its_issuers_key() -> None:
    opened = SdJwtVc.open(a_token())
    assert opened.issuer == DID
    assert opened.methods == (METHOD,)
    assert result(opened) == ProofResult(ProofOutcome.VERIFIED, "", "dc+sd-jwt EdDSA", METHOD, NOW)
    assert result(opened).controller == DID
    again = SdJwtVc.open(opened.sd_jwt.to_json())
    assert again == opened


@pytest.mark.parametrize(
    ("issuer", "kid", "method"),
    [
        (DID, METHOD, METHOD),
        (DID, "#key-1", METHOD),
        (DID, "key-1", METHOD),
        ("https://uex.example.org", "key-1", "https://uex.example.org#key-1"),
        (did_key(KEY.public), None, did_key_method(did_key(KEY.public))),
        (did_jwk(KEY.public), None, f"{did_jwk(KEY.public)}#0"),
        (DID, "did:web:mallory.example#key-1", "did:web:mallory.example#key-1"),
    ],
)
def test_the_key_is_found_by_its_name_or_is_the_only_one(issuer: str, kid: str | None, method: str) -> None:
    assert crafted({"kid": kid} if kid else {}, {"iss": issuer}).methods == (method,)


@pytest.mark.parametrize(
    ("header", "claims"), [({}, {}), ({"kid": 5}, {}), ({"kid": ""}, {}), ({"kid": "k"}, {"iss": 5})]
)
def test_a_key_that_is_not_named_cannot_be_asked_for(header: dict[str, Any], claims: dict[str, Any]) -> None:
    opened = crafted(header, claims)
    assert opened.methods == ()
    assert result(opened).outcome is ProofOutcome.UNSUPPORTED


def test_what_cannot_be_checked_is_not_called_false() -> None:
    opened = SdJwtVc.open(a_token())
    (missing,) = opened.verify({}, now=NOW)
    assert missing.outcome is ProofOutcome.NO_KEY
    for name, outcome in (
        ("RS256", ProofOutcome.UNSUPPORTED),
        ("none", ProofOutcome.INVALID),
        ("HS256", ProofOutcome.INVALID),
    ):
        head = b64(f'{{"alg":"{name}","typ":"dc+sd-jwt","kid":"{METHOD}"}}'.encode())
        rest = opened.sd_jwt.token.partition(".")[2]
        assert result(SdJwtVc.open(f"{head}.{rest}~")).outcome is outcome


def test_another_key_another_kind_of_key_and_another_time_do_not_verify() -> None:
    opened = SdJwtVc.open(a_token())
    assert result(opened, **{METHOD: SigningKey.generate()}).outcome is ProofOutcome.INVALID
    assert result(opened, **{METHOD: SigningKey.generate(P256)}).outcome is ProofOutcome.INVALID
    (early,) = opened.verify({METHOD: KEY.public}, now=NOW - timedelta(hours=1))
    assert early.outcome is ProofOutcome.INVALID


@pytest.mark.parametrize("typ", [None, "JWT", "kb+jwt", "statuslist+jwt", "vc+jwt", 5])
def test_an_sd_jwt_of_another_type_is_no_credential(typ: object) -> None:
    with pytest.raises(NotAnSdJwt):
        crafted({"typ": typ}, {})


def test_the_older_name_of_the_type_is_read() -> None:
    assert crafted({"typ": "vc+sd-jwt", "kid": "key-1"}, {}).methods == (METHOD,)
