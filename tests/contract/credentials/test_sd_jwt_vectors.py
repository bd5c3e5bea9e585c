"""The test cases of the SD-JWT reference implementation, and of the SD-JWT VC draft, where they are at hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from credentials.jose import Jws, b64, to_jwk
from credentials.proofs.key_binding import Occasion, bind, check_key_binding, holder_key
from credentials.proofs.sd_jwt import SD_JWT_ES256, SdJwt, disclosed
from tests.contract.credentials.sd_jwt_cases import Case, cases, frame
from tests.servers.node import sd_jwt_library

FOLDERS = ("sd-jwt-testcases", "sd-jwt-vc-examples")


@pytest.fixture(scope="module")
def every_case(reference_data: Path) -> list[Case]:
    found = [case for folder in FOLDERS for case in cases(reference_data / "vectors" / folder)]
    assert len(found) == 20
    return found


def issued(case: Case) -> SdJwt:
    registered = {"iss": case.settings["identifiers"]["issuer"], "exp": case.settings["exp"]}
    if case.bound:
        registered["cnf"] = {"jwk": to_jwk(case.holder.public)}
    at = datetime.fromtimestamp(case.settings["iat"], UTC)
    return SdJwt.parse(SD_JWT_ES256.secure({**registered, **case.document}, case.issuer, "issuer-key", at))


def own_claims(claims: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in claims.items() if name not in {"iss", "iat", "exp", "cnf", "vct"}}


def test_what_is_issued_shows_what_is_expected(every_case: list[Case]) -> None:
    for case in every_case:
        shows_what_is_expected(case)


def shows_what_is_expected(case: Case) -> None:
    token = issued(case)
    assert token.jws.verify(case.issuer.public)
    assert own_claims(token.reveal().claims) == own_claims(disclosed(case.document)), case.name
    shown = case.shown(token)
    if case.json:
        shown = SdJwt.from_json(json.loads(json.dumps(shown.to_json())))
        general = shown.to_json()
        signature = {name: general.pop(name) for name in ("protected", "signature", "header")}
        other = {"protected": "e30", "signature": "AA", "header": {"kid": "issuer-key-2"}}
        assert SdJwt.from_json({**general, "signatures": [signature, other]}) == shown
    if case.expected is not None:
        assert own_claims(shown.reveal().claims) == case.expected, case.name
    if case.bound:
        at = datetime.fromtimestamp(case.settings["iat"], UTC)
        audience, nonce = case.settings["identifiers"]["verifier"], case.settings["key_binding_nonce"]
        presented = SdJwt.parse(bind(shown.text, case.holder, audience=audience, nonce=nonce, issued=at))
        key = holder_key(presented.reveal().claims)
        assert key == case.holder.public
        check_key_binding(presented, key, now=at + timedelta(seconds=9), occasion=Occasion(audience, nonce))


def test_another_library_shows_of_ours_what_is_expected(node: str, every_case: list[Case]) -> None:
    jwk = {case.name: to_jwk(case.issuer.public) for case in every_case}
    tasks = [
        {"do": "verify", "token": case.shown(issued(case)).text, "key": jwk[case.name], "at": case.settings["iat"]}
        for case in every_case
    ]
    for case, verdict in zip(every_case, sd_jwt_library(node, tasks), strict=True):
        assert verdict["error"] is None, case.name
        if case.expected is not None:
            assert own_claims(verdict["claims"]) == case.expected, case.name


def test_we_show_of_another_librarys_what_is_expected(node: str, every_case: list[Case]) -> None:
    tasks = [
        {
            "do": "issue",
            "claims": disclosed(case.document),
            "frame": frame(case.document),
            "key": {**to_jwk(case.issuer.public), "d": b64(case.issuer.private)},
            "typ": "dc+sd-jwt",
        }
        for case in every_case
    ]
    for case, answer in zip(every_case, sd_jwt_library(node, tasks), strict=True):
        assert answer["error"] is None, case.name
        token = SdJwt.parse(answer["token"])
        assert Jws.parse(token.token).verify(case.issuer.public)
        assert own_claims(token.reveal().claims) == own_claims(disclosed(case.document))
        if case.expected is not None:
            assert own_claims(case.shown(token).reveal().claims) == case.expected, case.name
