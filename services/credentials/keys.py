"""Private keys and public keys, the latter written as Multikey.

Source: Controlled Identifiers 1.0, section 2.2.2 (Multikey). Where private keys rest is their keeper's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from nacl.exceptions import CryptoError
from nacl.signing import SigningKey as Ed25519SigningKey
from nacl.signing import VerifyKey as Ed25519VerifyKey

from credentials.multibase import base58btc, from_base58btc
from schemas.faults import Malformed


class NotAKey(Malformed):
    """The text or the bytes are no key of a kind known here."""


@dataclass(frozen=True, slots=True)
class KeyKind:
    """A kind of key: how it signs, verifies, and is told from others."""

    name: str
    public_prefix: bytes
    """Multicodec of the public key."""
    public_length: int
    private_length: int
    signature_length: int
    generate: Callable[[], bytes] = field(repr=False)
    public_of: Callable[[bytes], bytes] = field(repr=False)
    sign: Callable[[bytes, bytes], bytes] = field(repr=False)
    verify: Callable[[bytes, bytes, bytes], bool] = field(repr=False)
    is_public: Callable[[bytes], bool] = field(repr=False, default=lambda public: True)  # noqa: ARG005 any bytes will do
    """Whether bytes of the right length are a public key."""
    is_private: Callable[[bytes], bool] = field(repr=False, default=lambda private: True)  # noqa: ARG005 any bytes will do
    """Whether bytes of the right length are a private key."""


@lru_cache(maxsize=64)
def _ed25519_private(private: bytes) -> Ed25519SigningKey:
    """Opened once: to derive the public half costs as much as to sign."""
    return Ed25519SigningKey(private)


def _ed25519_verify(public: bytes, signature: bytes, data: bytes) -> bool:
    try:
        Ed25519VerifyKey(public).verify(data, signature)
    except (CryptoError, ValueError):
        return False
    return True


ED25519 = KeyKind(
    name="Ed25519",
    public_prefix=b"\xed\x01",
    public_length=32,
    private_length=32,
    signature_length=64,
    generate=lambda: bytes(Ed25519SigningKey.generate()),
    public_of=lambda private: bytes(_ed25519_private(private).verify_key),
    sign=lambda private, data: _ed25519_private(private).sign(data).signature,
    verify=_ed25519_verify,
)
"""RFC 8032, by libsodium: small-order points and non-canonical scalars do not verify."""

_P256 = ec.SECP256R1()
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_ECDSA = ec.ECDSA(SHA256())


@lru_cache(maxsize=64)
def _p256_private(private: bytes) -> ec.EllipticCurvePrivateKey:
    """Opened once: to derive the point costs more than to sign."""
    return ec.derive_private_key(int.from_bytes(private), _P256)


@lru_cache(maxsize=512)
def _p256_public(public: bytes) -> ec.EllipticCurvePublicKey:
    """Raises ValueError: no point of the curve."""
    return ec.EllipticCurvePublicKey.from_encoded_point(_P256, public)


def _p256_compressed(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def _p256_is_public(public: bytes) -> bool:
    try:
        _p256_public(public)
    except ValueError:
        return False
    return True


def _p256_sign(private: bytes, data: bytes) -> bytes:
    r, s = decode_dss_signature(_p256_private(private).sign(data, _ECDSA))
    return r.to_bytes(32) + s.to_bytes(32)


def _p256_verify(public: bytes, signature: bytes, data: bytes) -> bool:
    signed = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    try:
        _p256_public(public).verify(signed, data, _ECDSA)
    except (InvalidSignature, ValueError):
        return False
    return True


P256 = KeyKind(
    name="P-256",
    public_prefix=b"\x80\x24",
    public_length=33,
    private_length=32,
    signature_length=64,
    generate=lambda: ec.generate_private_key(_P256).private_numbers().private_value.to_bytes(32),
    public_of=lambda private: _p256_compressed(_p256_private(private).public_key()),
    sign=_p256_sign,
    verify=_p256_verify,
    is_public=_p256_is_public,
    is_private=lambda private: 0 < int.from_bytes(private) < _P256_ORDER,
)
"""FIPS 186-5 over SHA-256: the public key is the compressed point, the signature r and s side by side (IEEE P1363).

For each signature there is a second one that also holds (r, n - s): a signature is no identifier of what it signs.
"""


def p256_coordinates(public: bytes) -> tuple[bytes, bytes]:
    """The point's x and y, 32 bytes each."""
    numbers = _p256_public(public).public_numbers()
    return numbers.x.to_bytes(32), numbers.y.to_bytes(32)


def p256_point(coordinates: tuple[bytes, ...]) -> bytes:
    """The compressed point of x and y.

    Raises:
        NotAKey: of another length, or no point of the curve.
    """
    if [len(each) for each in coordinates] != [32, 32]:
        raise NotAKey("a coordinate of P-256 has 32 bytes")
    try:
        return _p256_compressed(_p256_public(b"\x04" + b"".join(coordinates)))
    except ValueError:
        raise NotAKey("these coordinates are no point of P-256") from None


KINDS = (ED25519, P256)


@lru_cache(maxsize=512)
def _from_multikey(text: str) -> tuple[KeyKind, bytes]:
    """Read once: an issuer has few keys, and thousands of credentials."""
    data = from_base58btc(text)
    for kind in KINDS:
        if data.startswith(kind.public_prefix):
            return kind, data[len(kind.public_prefix) :]
    raise NotAKey(f"{text[:24]}… is no key of a kind known here ({', '.join(k.name for k in KINDS)})")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key; two with the same bytes are the same."""

    kind: KeyKind
    value: bytes

    @classmethod
    def from_bytes(cls, kind: KeyKind, value: bytes) -> Self:
        """The key of these bytes.

        Raises:
            NotAKey: they are none of this kind.
        """
        if len(value) != kind.public_length or not kind.is_public(value):
            raise NotAKey(f"these {len(value)} bytes are no public {kind.name} key")
        return cls(kind, value)

    @classmethod
    def from_multikey(cls, text: str) -> Self:
        """The key of a `publicKeyMultibase`.

        Raises:
            NotAKey: no key of a kind known here.
            NotMultibase: no base58btc.
        """
        kind, value = _from_multikey(text)
        return cls.from_bytes(kind, value)

    @property
    def multikey(self) -> str:
        """The key as `publicKeyMultibase`."""
        return base58btc(self.kind.public_prefix + self.value)

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Whether the signature over the data is this key's."""
        return len(signature) == self.kind.signature_length and self.kind.verify(self.value, signature, data)


class PrivateKey(Protocol):
    """A private key, wherever it is: all that is asked of it is to sign."""

    @property
    def kind(self) -> KeyKind:
        """What kind of key it is."""
        ...

    @property
    def public(self) -> PublicKey:
        """Its public half."""
        ...

    def sign(self, data: bytes) -> bytes:
        """The signature over the data. It may take its time: not for an event loop.

        Raises:
            Unavailable: whoever has the key cannot be asked now.
        """
        ...


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key in memory; it never shows in a representation."""

    kind: KeyKind
    private: bytes = field(repr=False)

    @classmethod
    def generate(cls, kind: KeyKind = ED25519) -> Self:
        """A new key, from the system's randomness."""
        return cls(kind, kind.generate())

    @classmethod
    def from_private(cls, private: bytes, kind: KeyKind = ED25519) -> Self:
        """The key of these private bytes (Ed25519: the 32-byte seed; P-256: the number, big-endian).

        Raises:
            NotAKey: of another length, or out of the range of such keys.
        """
        if len(private) != kind.private_length:
            raise NotAKey(f"a private {kind.name} key has {kind.private_length} bytes, not {len(private)}")
        if not kind.is_private(private):
            raise NotAKey(f"these bytes are no private {kind.name} key")
        return cls(kind, private)

    @property
    def public(self) -> PublicKey:
        """Its public half."""
        return PublicKey(self.kind, self.kind.public_of(self.private))

    def sign(self, data: bytes) -> bytes:
        """The signature over the data."""
        return self.kind.sign(self.private, data)
