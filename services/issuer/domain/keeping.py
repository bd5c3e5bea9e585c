"""How a credential's content is kept: small, so that a million of them are a few gigabytes."""

from __future__ import annotations

import zlib
from typing import Final

_LEVEL: Final = 1
"""Of JSON-LD more than half is gone at the first level; the ninth takes ten times as long for a tenth more."""


def deflated(content: bytes) -> bytes:
    """As it rests (RFC 1950)."""
    return zlib.compress(content, _LEVEL)


def inflated(kept: bytes) -> bytes:
    """What was deflated; it was written here and sealed since, so there is no bound to it."""
    return zlib.decompress(kept)
