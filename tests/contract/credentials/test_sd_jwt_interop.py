"""`@sd-jwt/core` (npm), a library that shares nothing with ours, verifies what we issue; and we, what it issues."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from credentials.dids import did_jwk
from credentials.formats import FORMATS, Format
from credentials.jose import b64, to_jwk
from credentials.keys import KINDS, P256, KeyKind, SigningKey
from credentials.proofs import SD_JWT, SD_JWT_ES256, SdJwtProof
from credentials.proofs.key_binding import NotHeld, Occasion, bind, check_key_binding
from credentials.proofs.sd_jwt import SdJwt, disclosed
from tests.builders import NOW, a_learner, a_status_entry, an_award
from tests.contract.credentials.sd_jwt_cases import frame
from tests.servers.node import sd_jwt_library

HOLDER = SigningKey.generate(P256)
READER, NONCE = "https://employer.example", "n-0S6_WzA2Mj"
AT = int(NOW.timestamp()) + 5
FORMAT = pytest.mark.parametrize("name", ["eudi-learning-credential", "verifiable-micro-credential"])
PROOF = pytest.mark.parametrize("proof", [SD_JWT, SD_JWT_ES256], ids=lambda proof: proof.name)


def private(key: SigningKey) -> dict[str, Any]:
    return {**to_jwk(key.public), "d": b64(key.private)}


def composed(format_: Format) -> dict[str, Any]:
    award = an_award(learner=a_learner(did=did_jwk(HOLDER.public)))
    return format_.compose(award, issued=NOW, status=a_status_entry())


@FORMAT
@PROOF
def test_it_verifies_what_we_issue_shown_in_full_in_part_and_with_its_holder(
    node: str, name: str, proof: SdJwtProof
) -> None:
    key = SigningKey.generate(proof.key)
    token = SdJwt.parse(proof.secure(composed(FORMATS[name]), key, "did:web:uex#key-1", NOW, decoys=2))
    part = token.showing(lambda path: path[0] in {"learning_outcomes", "learningOutcomes", "title"})
    held = SdJwt.parse(bind(part.text, HOLDER, audience=READER, nonce=NONCE, issued=NOW))
    known = {"do": "verify", "key": to_jwk(key.public), "at": AT}
    tasks = [
        {**known, "token": token.text},
        {**known, "token": part.text},
        {**known, "token": held.text, "holder": to_jwk(HOLDER.public), "nonce": NONCE},
        {**known, "token": held.text, "holder": to_jwk(HOLDER.public), "nonce": "another"},
        {**known, "token": token.text, "key": to_jwk(SigningKey.generate(proof.key).public)},
    ]
    whole, some, bound, elsewhere, forged = sd_jwt_library(node, tasks)
    assert whole == {"error": None, "claims": token.reveal().claims, "kb": None}
    assert some == {"error": None, "claims": part.reveal().claims, "kb": None}
    assert bound["error"] is None
    assert bound["claims"] == part.reveal().claims
    assert (bound["kb"]["aud"], bound["kb"]["nonce"]) == (READER, NONCE)
    assert elsewhere["error"]
    assert forged["error"]


@FORMAT
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_we_verify_what_it_issues_and_what_its_holders_show(node: str, name: str, kind: KeyKind) -> None:
    key, holder = SigningKey.generate(kind), SigningKey.generate(kind)
    document = {**composed(FORMATS[name]), "cnf": {"jwk": to_jwk(holder.public)}}
    issue = {
        "do": "issue",
        "claims": disclosed(document),
        "frame": {**frame(document), "_sd_decoy": 3},
        "key": private(key),
        "typ": "dc+sd-jwt",
    }
    (issued,) = sd_jwt_library(node, [issue])
    assert issued["error"] is None
    token = SdJwt.parse(issued["token"])
    assert token.jws.verify(key.public)
    assert token.reveal().claims == disclosed(document)
    present = {
        "do": "present",
        "token": token.text,
        "frame": {"given_name": True, "givenName": True},
        "holder": private(holder),
        "payload": {"iat": AT, "aud": READER, "nonce": NONCE},
    }
    (shown,) = sd_jwt_library(node, [present])
    presentation = SdJwt.parse(shown["token"])
    assert [path[0] for path in presentation.reveal().paths.values()] in (["given_name"], ["givenName"])
    now = NOW + timedelta(seconds=6)
    check_key_binding(presentation, holder.public, now=now, occasion=Occasion(READER, NONCE))
    with pytest.raises(NotHeld):
        check_key_binding(presentation, key.public, now=now, occasion=Occasion(READER, NONCE))
