"""The JSON-LD contexts Laurel knows: shipped as files, never fetched.

`manifest.json` says of each file its address, npm package, version, licence and SHA-256, and of each address every
digest it is known by: a package's copy may differ from the W3C's in bytes and be equal as JSON. `refresh` rebuilds the
files from the packages.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from schemas.faults import Malformed
from schemas.values import Frozen, JsonObject, Url

CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OPEN_BADGES_EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
COMPREHENSIVE_LEARNER_RECORD = "https://purl.imsglobal.org/spec/clr/v2p0/context.json"
BITSTRING_STATUS_LIST = "https://www.w3.org/ns/credentials/status/v1"
"""Defines the entries of a Bitstring Status List for credentials of VC Data Model 1.1."""
DATA_INTEGRITY_V2 = "https://w3id.org/security/data-integrity/v2"

Contexts = Mapping[str, JsonObject]
"""Context documents by their address."""


class UnknownContext(Malformed):
    """A context that is not shipped: what it defines is unknown here, so nothing can be said of what it signs."""


class ShippedContext(Frozen):
    """Where a shipped file is from."""

    url: Url
    file: str
    package: str
    version: str
    member: str
    licence: str
    sha256: str


class KnownDigest(Frozen):
    """One set of bytes an address is, or was, published as."""

    of: str
    sha256: str
    sha384: str


class Manifest(Frozen):
    """What is shipped, and the digests known for each address."""

    contexts: tuple[ShippedContext, ...]
    digests: dict[Url, tuple[KnownDigest, ...]]


@cache
def manifest() -> Manifest:
    """The manifest beside the files."""
    return Manifest.model_validate_json((files(__name__) / "manifest.json").read_bytes())


@cache
def shipped() -> Contexts:
    """Every shipped context document, each held to its digest.

    Raises:
        RuntimeError: a file is not what the manifest says: the installation is damaged.
    """
    documents: dict[str, Any] = {}
    for context in manifest().contexts:
        content = (files(__name__) / context.file).read_bytes()
        if hashlib.sha256(content).hexdigest() != context.sha256:
            raise RuntimeError(f"{context.file} is not the file of {context.package} {context.version}")
        documents[context.url] = json.loads(content)
    return MappingProxyType(documents)


def known_digests(url: str) -> tuple[KnownDigest, ...]:
    """The digests a context's address is known by; none for an address that is not shipped."""
    return manifest().digests.get(url, ())


def loader(url: str) -> JsonObject:
    """The context at an address.

    Raises:
        UnknownContext: it is not shipped; it is never fetched.
    """
    try:
        return shipped()[url]
    except KeyError:
        raise UnknownContext(f"the context {url[:300]} is not one of those known here") from None
