"""What a credential refers to with a digest, so that it can be told whether that is still what it was.

Source: VC Data Model 2.0, section 5.3 (`relatedResource`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from credentials.contexts import known_digests
from credentials.data_model import BrokenRule, is_iri, items
from credentials.multibase import NotMultibase, from_base58btc, from_base64url
from schemas.values import JsonObject

MOST: Final = 10
"""A stranger's credential must not send this server to a hundred places."""
_HASHES: Final[Mapping[str, Callable[[bytes], Any]]] = MappingProxyType(
    {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
)
_STRENGTH: Final = tuple(_HASHES)
_MULTIHASH: Final = MappingProxyType({b"\x12\x20": "sha256", b"\x20\x30": "sha384", b"\x13\x40": "sha512"})
_BARE: Final = MappingProxyType({32: "sha256", 48: "sha384", 64: "sha512"})
_SRI: Final = re.compile(r"(sha256|sha384|sha512)-([A-Za-z0-9+/_-]+={0,2})(\?\S*)?")


@dataclass(frozen=True, slots=True)
class Resource:
    """Something a credential refers to. Each alternative of digests has to have one that fits."""

    url: str
    alternatives: tuple[frozenset[tuple[str, bytes]], ...]
    """By name of the hash and value; the strongest hash alone where several are given."""

    def known(self) -> bool | None:
        """Whether a context shipped here, known by its digest, is what it refers to; None where that is not known."""
        digests = {
            (name, bytes.fromhex(text))
            for known in known_digests(self.url)
            for name, text in (("sha256", known.sha256), ("sha384", known.sha384))
        }
        names = {name for name, _ in digests}
        if not digests or not all({name for name, _ in one} <= names for one in self.alternatives):
            return None
        return all(not one.isdisjoint(digests) for one in self.alternatives)

    def fits(self, content: bytes) -> bool:
        """Whether this content is what the credential refers to."""
        return all(any(_HASHES[name](content).digest() == value for name, value in one) for one in self.alternatives)


def resources(document: JsonObject) -> tuple[Resource, ...]:
    """What the document refers to with a digest.

    Raises:
        BrokenRule: an entry has no address or no digest, one is none, or there are too many.
    """
    stated = items(document.get("relatedResource"))
    if len(stated) > MOST:
        raise BrokenRule(f"relatedResource names {len(stated)} resources; {MOST} are looked at, at most")
    named = tuple(map(_resource, stated))
    if len({resource.url for resource in named}) != len(named):
        raise BrokenRule("relatedResource names a resource twice")
    return named


def _resource(entry: object) -> Resource:
    if not isinstance(entry, dict) or not is_iri(entry.get("id")):
        raise BrokenRule("relatedResource has an entry without an address")
    given = [*map(_of_sri, items(entry.get("digestSRI"))), *map(_of_multibase, items(entry.get("digestMultibase")))]
    if not given:
        raise BrokenRule("relatedResource has an entry without a digest")
    return Resource(entry["id"], tuple(given))


def _of_sri(text: object) -> frozenset[tuple[str, bytes]]:
    """Subresource Integrity, section 3.3: of several hashes the strongest counts."""
    parts = [_SRI.fullmatch(part) for part in text.split()] if isinstance(text, str) else []
    digests: set[tuple[str, bytes]] = set()
    for match in parts:
        if match is None:
            break
        value = match[2].rstrip("=").translate(str.maketrans("-_", "+/"))
        try:
            digests.add((match[1], base64.b64decode(value + "=" * (-len(value) % 4), validate=True)))
        except binascii.Error:
            break
    if not digests or len(digests) != len(parts):
        raise BrokenRule("digestSRI of relatedResource is no digest known here")
    strongest = max((name for name, _ in digests), key=_STRENGTH.index)
    return frozenset(one for one in digests if one[0] == strongest)


def _of_multibase(text: object) -> frozenset[tuple[str, bytes]]:
    try:
        data = (from_base58btc if str(text).startswith("z") else from_base64url)(str(text))
    except NotMultibase:
        raise BrokenRule("digestMultibase of relatedResource cannot be read") from None
    # A multihash is what the specification asks for; bare digests are met too, and their length tells them apart.
    bare = _BARE.get(len(data))
    if bare is not None:
        return frozenset({(bare, data)})
    name = _MULTIHASH.get(data[:2])
    if not isinstance(text, str) or name is None or len(data) != 2 + data[1]:
        raise BrokenRule("digestMultibase of relatedResource is no digest known here")
    return frozenset({(name, data[2:])})
