"""Platforms' secrets, wrapped by the master key; and digests under a key of the installation."""

from __future__ import annotations

import hmac
from hashlib import sha256
from secrets import token_bytes

from chassis.identity import Identity
from chassis.secrets import MasterKey
from schemas.faults import Malformed, Unavailable

SECRET_BYTES = 32
"""Standard Webhooks 1.0 asks for 24 to 64."""


class WrappedSecrets:
    """Each secret is wrapped for its platform, so that one cannot stand in for another's."""

    def __init__(self, master: MasterKey) -> None:
        self._master = master

    def make(self, platform: str) -> tuple[bytes, bytes]:
        """A new secret: plain, and wrapped for this platform."""
        secret = token_bytes(SECRET_BYTES)
        return secret, self._master.wrap(secret, _purpose(platform))

    def unwrap(self, platform: str, wrapped: bytes) -> bytes:
        """The plain secret. Raises `WrongMasterKey`, or `Unavailable` when it was tampered with where it rests."""
        try:
            return self._master.unwrap(wrapped, _purpose(platform))
        except Malformed as error:
            # Not the sender's fault, and nothing to give a delivery up for.
            raise Unavailable(f"the secret of the platform {platform} cannot be read: {error}") from error


class BodyDigest:
    """HMAC-SHA256: a plain digest of a few names and a grade could be guessed back into them."""

    def __init__(self, identity: Identity) -> None:
        self._key = identity.derive("moodle delivery digest")

    def __call__(self, body: bytes) -> str:
        """The body's digest, in hexadecimal."""
        return hmac.digest(self._key, body, sha256).hex()


def _purpose(platform: str) -> str:
    return f"secret of the platform {platform}"
