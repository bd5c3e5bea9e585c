"""Issuers that are known by an address: where their keys are published, and as what document a verifier reads them.

Source: SD-JWT VC (https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/), section 4, JWT VC Issuer Metadata.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit, urlunsplit

from credentials.dids import NotADid, WrongController
from schemas.faults import Malformed
from schemas.values import JsonObject

WELL_KNOWN: Final = "/.well-known/jwt-vc-issuer"
MOST_KEYS: Final = 100


class NotIssuerMetadata(Malformed):
    """It does not say which keys an issuer has."""


def metadata_url(issuer: str) -> str:
    """Where an issuer's metadata is: its address, with the well-known path between host and path.

    Raises:
        NotADid: it is no plain https address.
    """
    parts = urlsplit(issuer)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise NotADid(f"{issuer[:200]!r} is no issuer whose keys could be looked up")
    return urlunsplit(("https", parts.netloc, WELL_KNOWN + parts.path.rstrip("/"), "", ""))


def jwks_url(metadata: JsonObject) -> str | None:
    """Where the keys are that are not in the metadata itself; None where they are.

    Raises:
        NotIssuerMetadata: it has neither or both.
    """
    url = metadata.get("jwks_uri")
    if ("jwks" in metadata) == (url is not None):
        raise NotIssuerMetadata("it has either its keys or their address")
    if url is not None and not isinstance(url, str):
        raise NotIssuerMetadata("the address of its keys is none")
    return url


def issuer_document(issuer: str, metadata: JsonObject, jwks: object) -> JsonObject:
    """The issuer's keys as a controlled identifier document: each a method of its own, listed for signing.

    Keys without a name (`kid`) cannot be asked for, and are left out.

    Raises:
        WrongController: the metadata is another issuer's.
        NotIssuerMetadata: it holds no set of keys.
    """
    if metadata.get("issuer") != issuer:
        raise WrongController(f"the metadata is of {str(metadata.get('issuer'))[:200]!r}, not of {issuer!r}")
    keys = jwks.get("keys") if isinstance(jwks, dict) else None
    if not isinstance(keys, list) or len(keys) > MOST_KEYS:
        raise NotIssuerMetadata("it holds no set of keys, or too many")
    methods = [
        {"id": f"{issuer}#{key['kid']}", "type": "JsonWebKey", "controller": issuer, "publicKeyJwk": key}
        for key in keys
        if isinstance(key, dict) and isinstance(key.get("kid"), str) and key.get("use", "sig") == "sig"
    ]
    return {
        "id": issuer,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }
