"""Claim links: whoever holds one may see one credential, for a while."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from chassis.identity import Identity
from schemas.faults import NotFound

_UUID_BYTES = 16
_TIME_BYTES = 5
_MAC_BYTES = 16
_TOKEN_BYTES = _UUID_BYTES + _TIME_BYTES + _MAC_BYTES


class Expired(NotFound):
    """The link was good once."""


class Claims:
    """Tokens that say which award and until when, under a MAC; nothing is stored, so every replica reads them."""

    def __init__(self, identity: Identity) -> None:
        self._key = identity.derive("claim links")

    def mint(self, award: UUID, expires: datetime) -> str:
        """A token for this award, good until this second; 50 characters fit for a URL."""
        said = award.bytes + int(expires.timestamp()).to_bytes(_TIME_BYTES)
        return urlsafe_b64encode(said + self._mac(said)).decode().rstrip("=")

    def read(self, token: str, now: datetime) -> UUID:
        """The award. Raises `Expired`, or `NotFound` for a token that was never minted here."""
        raw = _decoded(token)
        said, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
        if len(raw) != _TOKEN_BYTES or not hmac.compare_digest(mac, self._mac(said)):
            raise NotFound("there is no such claim link")
        expires = datetime.fromtimestamp(int.from_bytes(said[_UUID_BYTES:]), UTC)
        if now > expires:
            raise Expired(
                f"this claim link expired on {expires:%Y-%m-%d at %H:%M} UTC: ask for a new one where you got it"
            )
        return UUID(bytes=said[:_UUID_BYTES])

    def _mac(self, said: bytes) -> bytes:
        return hmac.digest(self._key, said, sha256)[:_MAC_BYTES]


def _decoded(token: str) -> bytes:
    """The token's bytes; none for what is not base64url in its one canonical spelling."""
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return b""
    return raw if urlsafe_b64encode(raw).decode().rstrip("=") == token else b""
