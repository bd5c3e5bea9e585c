"""Issuers of SD-JWT VCs that are known by an https address, and publish their keys below it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from credentials.dids import NotADid, WrongController, verification_key
from credentials.jose import to_jwk
from credentials.jwt_vc_issuer import NotIssuerMetadata, issuer_document, jwks_url, metadata_url
from credentials.keys import P256, SigningKey
from schemas.faults import NotFound, Unavailable
from tests.component.verifier.test_guarded_client import client, reply, serving
from verifier.adapters.web import WebDidDocuments

KEY = SigningKey.generate(P256)
ISSUER = "https://issuer.example/tenants/uex"
JWKS = {"keys": [{**to_jwk(KEY.public), "kid": "key-1"}]}
METADATA: dict[str, Any] = {"issuer": ISSUER, "jwks": JWKS}


async def resolved(answers: dict[str, Any], issuer: str = ISSUER) -> dict[str, Any]:
    public = "https://issuer.example"
    async with serving() as trap, client(public, inside={public: trap.origin}) as guarded:
        trap.answers = {path: reply(json.dumps(answer).encode()) for path, answer in answers.items()}
        return await WebDidDocuments(guarded).resolve(issuer)


WELL_KNOWN = "/.well-known/jwt-vc-issuer/tenants/uex"


async def test_its_keys_are_found_in_its_metadata() -> None:
    document = await resolved({WELL_KNOWN: METADATA})
    assert verification_key(document, f"{ISSUER}#key-1") == KEY.public
    with pytest.raises(NotFound):
        verification_key(document, f"{ISSUER}#key-2")


async def test_its_keys_may_be_elsewhere() -> None:
    metadata = {"issuer": ISSUER, "jwks_uri": "https://issuer.example/keys"}
    document = await resolved({WELL_KNOWN: metadata, "/keys": JWKS})
    assert verification_key(document, f"{ISSUER}#key-1") == KEY.public


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {WELL_KNOWN: []},
        {WELL_KNOWN: {"issuer": ISSUER}},
        {WELL_KNOWN: {**METADATA, "issuer": "https://mallory.example"}},
        {WELL_KNOWN: {**METADATA, "jwks_uri": "https://issuer.example/keys"}},
        {WELL_KNOWN: {"issuer": ISSUER, "jwks_uri": "http://localhost/keys"}},
        {WELL_KNOWN: {"issuer": ISSUER, "jwks": {"keys": {}}}},
    ],
)
async def test_metadata_that_says_something_else_is_no_use(answers: dict[str, Any]) -> None:
    with pytest.raises(Unavailable):
        await resolved(answers)


@pytest.mark.parametrize(
    ("issuer", "url"),
    [
        ("https://issuer.example", "https://issuer.example/.well-known/jwt-vc-issuer"),
        ("https://issuer.example/", "https://issuer.example/.well-known/jwt-vc-issuer"),
        ("https://issuer.example:8443/a/b", "https://issuer.example:8443/.well-known/jwt-vc-issuer/a/b"),
    ],
)
def test_the_well_known_path_stands_between_host_and_path(issuer: str, url: str) -> None:
    assert metadata_url(issuer) == url


@pytest.mark.parametrize(
    "issuer", ["http://issuer.example", "https://", "https://a@issuer.example", "https://i.example?x=1", "urn:x:y"]
)
def test_an_address_that_is_not_plain_is_none(issuer: str) -> None:
    with pytest.raises(NotADid):
        metadata_url(issuer)


def test_keys_without_a_name_or_for_something_else_are_left_out() -> None:
    jwks = {"keys": [to_jwk(KEY.public), {**JWKS["keys"][0], "use": "enc"}, "key", None]}
    assert issuer_document(ISSUER, {"issuer": ISSUER}, jwks)["verificationMethod"] == []
    with pytest.raises(NotIssuerMetadata):
        issuer_document(ISSUER, {"issuer": ISSUER}, {"keys": [{}] * 101})
    with pytest.raises(WrongController):
        issuer_document(ISSUER, {"issuer": None}, JWKS)
    with pytest.raises(NotIssuerMetadata):
        jwks_url({"jwks_uri": 5})
