"""JOSE: compact signatures (JWS), and keys written as JWK.

Sources: RFC 7515 (JWS), RFC 7517 (JWK), RFC 8037 (Ed25519), RFC 8725 (best current practices). The algorithm is never
the token's to choose: the key says which one there is, and the header has to name that one.
"""

from __future__ import annotations

import binascii
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Self

import orjson
import pybase64

from credentials.canonical.bounds import MAX_DEPTH, MAX_VALUES, check_bounds
from credentials.json_text import is_flat
from credentials.keys import ED25519, P256, KeyKind, NotAKey, PrivateKey, PublicKey, p256_coordinates, p256_point
from schemas.faults import Malformed
from schemas.values import JsonObject

LONGEST = 2_000_000
"""Characters of the longest token read here."""
_FEW = 2 * MAX_VALUES
"""A text of so many bytes holds no more values than are allowed: each takes two at least."""


class NotAToken(Malformed):
    """The text is no token, or one that two readers could read differently."""


def b64(data: bytes) -> str:
    """Base64url without padding (RFC 7515, section 2)."""
    return pybase64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_b64(text: str) -> bytes:
    """The bytes of an unpadded base64url text; each has one text only.

    Raises:
        NotAToken: padding, a foreign character, or bits that stand for nothing.
    """
    if not text.isascii() or "+" in text or "/" in text or "=" in text:
        raise NotAToken("base64url without padding was expected")
    try:
        data = pybase64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except binascii.Error:
        raise NotAToken("the base64url text is cut off, or holds a foreign character") from None
    if len(text) % 4 and b64(data[-(len(text) % 4 - 1) :])[-1] != text[-1]:
        raise NotAToken("the base64url text ends in bits that stand for nothing")
    return data


def read_json(data: bytes) -> Any:  # noqa: ANN401 JSON is any of its values
    """JSON with one meaning.

    Raises:
        NotAToken: it is not JSON, not UTF-8, or says a name twice in one place.
        NotJson, Unbounded: it holds what JSON cannot carry, or more than any honest credential.
    """
    if len(data) <= _FEW and (written := _as_written(data)) is not None:
        return written
    try:
        value = json.loads(data.decode(), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise NotAToken(f"no readable JSON: {str(error)[:200]}") from None
    check_bounds(value)
    return value


def _as_written(data: bytes) -> JsonObject | None:
    """The quick way for an object: what comes out byte for byte as it went in has one meaning. None for others."""
    try:
        value = orjson.loads(data)
        if not isinstance(value, dict) or orjson.dumps(value) != data:
            return None
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None
    return value if is_flat(value, MAX_DEPTH) else None


def read_object(data: bytes) -> JsonObject:
    """As `read_json`, of an object.

    Raises:
        NotAToken: it is something else.
    """
    value = read_json(data)
    if not isinstance(value, dict):
        raise NotAToken("a JSON object was expected")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name is said twice in one place")
    return value


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")


@dataclass(frozen=True, slots=True)
class Algorithm:
    """A JWS algorithm: its name, the one kind of key it signs with, and how that key is written as a JWK."""

    name: str
    key: KeyKind
    kind: Mapping[str, str]
    """The members of a JWK that tell this kind of key from others."""
    coordinates: tuple[str, ...]
    """Its members that hold the public key (RFC 7638 takes these and `kind` into the thumbprint)."""
    to_jwk: Callable[[bytes], tuple[bytes, ...]] = field(repr=False)
    """From the public key to its coordinates."""
    from_jwk: Callable[[tuple[bytes, ...]], bytes] = field(repr=False)
    """And back; raises `NotAKey`."""
    aliases: tuple[str, ...] = ()
    """Other names for it in headers."""


EDDSA = Algorithm(
    "EdDSA",
    key=ED25519,
    kind=MappingProxyType({"crv": "Ed25519", "kty": "OKP"}),
    coordinates=("x",),
    to_jwk=lambda public: (public,),
    from_jwk=lambda coordinates: coordinates[0],
    aliases=("Ed25519",),
)
"""RFC 8037; also by the name RFC 9864 gives it."""

ES256 = Algorithm(
    "ES256",
    key=P256,
    kind=MappingProxyType({"crv": "P-256", "kty": "EC"}),
    coordinates=("x", "y"),
    to_jwk=p256_coordinates,
    from_jwk=p256_point,
)
"""RFC 7518, sections 3.4 and 6.2."""

ALGORITHMS = (EDDSA, ES256)
"""Every algorithm that is written and read here. `none` is none of them, and neither is any with a shared secret."""


def algorithm_named(name: object) -> Algorithm | None:
    """The algorithm a header names, if it is one known here."""
    return next((known for known in ALGORITHMS if name == known.name or name in known.aliases), None)


def algorithm_of(kind: KeyKind) -> Algorithm:
    """The algorithm that a kind of key signs with.

    Raises:
        NotAKey: none does.
    """
    for known in ALGORITHMS:
        if known.key is kind:
            return known
    raise NotAKey(f"{kind.name} keys sign no tokens")


def to_jwk(public: PublicKey) -> JsonObject:
    """The public key as a JWK, with what its kind requires and nothing else."""
    algorithm = algorithm_of(public.kind)
    values = dict(zip(algorithm.coordinates, map(b64, algorithm.to_jwk(public.value)), strict=True))
    return {**algorithm.kind, **values}


def from_jwk(jwk: object) -> PublicKey:
    """The public key of a JWK; members that say nothing of the key itself are let be.

    Raises:
        NotAKey: it is no public key of a kind known here, or it shows its private half.
    """
    if not isinstance(jwk, dict):
        raise NotAKey("a JWK is an object")
    if "d" in jwk or "k" in jwk:
        raise NotAKey("a private key has no business here")
    for algorithm in ALGORITHMS:
        if all(jwk.get(member) == value for member, value in algorithm.kind.items()):
            values = [jwk.get(member) for member in algorithm.coordinates]
            try:
                public = algorithm.from_jwk(
                    tuple(from_b64(value) if isinstance(value, str) else b"" for value in values)
                )
            except NotAToken as why:
                raise NotAKey(f"the JWK's coordinates cannot be read: {why}") from None
            if jwk.get("alg", algorithm.name) not in (algorithm.name, *algorithm.aliases):
                raise NotAKey(f"the JWK is for {str(jwk['alg'])[:40]}, which its kind of key does not do")
            return PublicKey.from_bytes(algorithm.key, public)
    named = " ".join(str(jwk.get(member))[:40] for member in ("kty", "crv") if member in jwk)
    raise NotAKey(f"a JWK of the kind {named or 'unknown'} is of no use here")


def thumbprint(public: PublicKey) -> str:
    """The JWK's SHA-256 thumbprint (RFC 7638), base64url."""
    return b64(hashlib.sha256(orjson.dumps(to_jwk(public), option=orjson.OPT_SORT_KEYS)).digest())


@dataclass(frozen=True, slots=True)
class Jws:
    """A compact JWS, taken apart and not verified."""

    header: JsonObject
    payload: bytes
    signature: bytes
    signed: bytes
    """What the signature is over: the first two parts, as they were written."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take a token apart.

        Raises:
            NotAToken: no compact JWS, or one whose header asks for an extension that is not known here (`crit`).
        """
        if len(text) > LONGEST:
            raise NotAToken(f"a token of more than {LONGEST} characters")
        parts = text.split(".")
        if len(parts) != 3 or not all(parts[:2]):  # noqa: PLR2004 header, payload, signature
            raise NotAToken("a token has three parts with dots between them")
        header = read_object(from_b64(parts[0]))
        if "crit" in header:
            raise NotAToken("its header requires an extension that is not known here")
        return cls(header, from_b64(parts[1]), from_b64(parts[2]), f"{parts[0]}.{parts[1]}".encode())

    @property
    def algorithm(self) -> Algorithm | None:
        """The algorithm its header names, if it is one known here."""
        return algorithm_named(self.header.get("alg"))

    def claims(self) -> JsonObject:
        """The payload as a JWT's claims set.

        Raises:
            NotAToken, NotJson, Unbounded: it is none.
        """
        return read_object(self.payload)

    def verify(self, key: PublicKey) -> bool:
        """Whether the signature is this key's, by the one algorithm the key has."""
        return self.algorithm is algorithm_of(key.kind) and key.verify(self.signature, self.signed)


def sign(header: JsonObject, claims: JsonObject, key: PrivateKey) -> str:
    """A compact JWS of these claims. `alg` comes first in the header, and is the key's."""
    return sign_bytes(header, orjson.dumps(claims), key)


def sign_bytes(header: JsonObject, payload: bytes, key: PrivateKey) -> str:
    """A compact JWS of these bytes."""
    head = orjson.dumps({"alg": algorithm_of(key.kind).name, **header})
    signed = f"{b64(head)}.{b64(payload)}"
    return f"{signed}.{b64(key.sign(signed.encode()))}"
