"""Signing keys and public keys, written as Multikey.

Source: Controlled Identifiers 1.0, section 2.2.2 (Multikey). Private keys are bytes here; encrypting them at rest is
the vault's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

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
    public_of=lambda private: bytes(Ed25519SigningKey(private).verify_key),
    sign=lambda private, data: Ed25519SigningKey(private).sign(data).signature,
    verify=_ed25519_verify,
)
"""RFC 8032, by libsodium: small-order points and non-canonical scalars do not verify."""

KINDS = (ED25519,)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key; two with the same bytes are the same."""

    kind: KeyKind
    value: bytes

    @classmethod
    def from_multikey(cls, text: str) -> Self:
        """The key of a `publicKeyMultibase`.

        Raises:
            NotAKey: no key of a kind known here.
            NotMultibase: no base58btc.
        """
        data = from_base58btc(text)
        for kind in KINDS:
            prefix = kind.public_prefix
            if data.startswith(prefix) and len(data) == len(prefix) + kind.public_length:
                return cls(kind, data[len(prefix) :])
        raise NotAKey(f"{text[:24]}… is no key of a kind known here ({', '.join(k.name for k in KINDS)})")

    @property
    def multikey(self) -> str:
        """The key as `publicKeyMultibase`."""
        return base58btc(self.kind.public_prefix + self.value)

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Whether the signature over the data is this key's."""
        return len(signature) == self.kind.signature_length and self.kind.verify(self.value, signature, data)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key; it never shows in a representation."""

    kind: KeyKind
    private: bytes = field(repr=False)

    @classmethod
    def generate(cls, kind: KeyKind = ED25519) -> Self:
        """A new key, from the system's randomness."""
        return cls(kind, kind.generate())

    @classmethod
    def from_private(cls, private: bytes, kind: KeyKind = ED25519) -> Self:
        """The key of these private bytes (Ed25519: the 32-byte seed).

        Raises:
            NotAKey: of another length.
        """
        if len(private) != kind.private_length:
            raise NotAKey(f"a private {kind.name} key has {kind.private_length} bytes, not {len(private)}")
        return cls(kind, private)

    @property
    def public(self) -> PublicKey:
        """Its public half."""
        return PublicKey(self.kind, self.kind.public_of(self.private))

    def sign(self, data: bytes) -> bytes:
        """The signature over the data."""
        return self.kind.sign(self.private, data)
