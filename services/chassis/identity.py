"""Ids that are made, not drawn: the same episode always gives the same id, and nobody can guess one."""

from __future__ import annotations

import hmac
import json
from hashlib import sha256
from secrets import token_bytes
from typing import Self
from uuid import UUID

from chassis.documents import Document, Documents, Schema
from chassis.secrets import MasterKey

SECRET_BYTES = 32
PURPOSE = "installation secret"


class _Installation(Document):
    wrapped: bytes


INSTALLATION = Schema("installation", _Installation)


class Identity:
    """Makes ids by HMAC-SHA256 under the installation's secret, which is made once and never rotated."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < SECRET_BYTES:
            raise ValueError(f"the installation secret has {SECRET_BYTES} bytes")
        self._secret = secret

    @classmethod
    async def load(cls, documents: Documents, master: MasterKey) -> Self:
        """The installation's identity, from the vault's store; made at the very first start.

        Raises `WrongMasterKey` when the store belongs to another master key.
        """
        collection = documents.collection(INSTALLATION)
        stored = await collection.get("secret")
        if stored is None:
            made = _Installation(id="secret", wrapped=master.wrap(token_bytes(SECRET_BYTES), PURPOSE))
            # Of several processes that start at once one inserts; all read what that one made.
            await collection.insert_many([made])
            stored = await collection.get("secret")
            assert stored is not None  # noqa: S101 for the type checker: inserted above, by us or another
        return cls(master.unwrap(stored.wrapped, PURPOSE))

    def completion(self, platform: str, episode: str) -> UUID:
        """The id of the one completion that a platform calls by this episode."""
        return self._id("completion", platform, episode)

    def award(self, platform: str, episode: str, purpose: str = "award") -> UUID:
        """The id of what is awarded for it."""
        return self._id("award", platform, episode, purpose)

    def learner(self, platform: str, learner_id: str) -> UUID:
        """The opaque name of a platform's learner."""
        return self._id("learner", platform, learner_id)

    def derive(self, purpose: str) -> bytes:
        """A key of its own for a purpose, 32 bytes."""
        return self._digest("key", purpose)

    def _id(self, *parts: str) -> UUID:
        # UUID version 8 (RFC 9562, section 5.8): 122 bits of our own making.
        number = int.from_bytes(self._digest(*parts)[:16])
        number = number & ~(0xF << 76) | (0x8 << 76)
        number = number & ~(0x3 << 62) | (0x2 << 62)
        return UUID(int=number)

    def _digest(self, *parts: str) -> bytes:
        # JSON keeps the parts apart, whatever stands in them.
        return hmac.digest(self._secret, json.dumps(parts).encode(), sha256)
