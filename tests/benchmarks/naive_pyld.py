"""The baseline: a credential sealed and verified the way PyLD's own examples do it. Fixed; never tuned."""

from __future__ import annotations

import hashlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pyld import jsonld

from credentials.contexts import loader as shipped
from credentials.multibase import from_base58btc


def packaged(url: str, _: object) -> dict[str, Any]:
    """A context that Laurel ships, as PyLD asks for it: nothing is fetched."""
    return {"contextUrl": None, "documentUrl": url, "document": shipped(url), "contentType": "application/ld+json"}


def canonical(document: dict[str, Any], loader: Any) -> bytes:  # noqa: ANN401 PyLD's loaders have no type
    """URDNA2015 N-Quads by PyLD, contexts from the loader."""
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": loader}
    text: str = jsonld.normalize(document, options)
    return text.encode()


def canonicalise_and_sign(
    unsigned: dict[str, Any],
    proof_options: dict[str, Any],
    key: Ed25519PrivateKey,
    loader: Any,  # noqa: ANN401 PyLD's loaders have no type
) -> bytes:
    """The signature of eddsa-rdfc-2022, section 3.2.1, step by step."""
    config = {"@context": unsigned["@context"], **proof_options}
    hashed = hashlib.sha256(canonical(config, loader)).digest() + hashlib.sha256(canonical(unsigned, loader)).digest()
    return key.sign(hashed)


def canonicalise_and_verify(sealed: dict[str, Any], public_key: bytes, loader: Any) -> None:  # noqa: ANN401 as above
    """Verify the one proof of eddsa-rdfc-2022, section 3.2.2, step by step; raises where it does not hold."""
    (proof,) = sealed["proof"]
    unsigned = {name: value for name, value in sealed.items() if name != "proof"}
    config = {"@context": sealed["@context"], **{name: value for name, value in proof.items() if name != "proofValue"}}
    hashed = hashlib.sha256(canonical(config, loader)).digest() + hashlib.sha256(canonical(unsigned, loader)).digest()
    Ed25519PublicKey.from_public_bytes(public_key).verify(from_base58btc(proof["proofValue"]), hashed)
