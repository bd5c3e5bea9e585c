"""The baseline: a credential canonicalised and signed the way PyLD's own examples do it. Fixed; never tuned."""

from __future__ import annotations

import hashlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyld import jsonld


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
