"""Is this delivery genuine, and of now? Source: Standard Webhooks 1.0, "Verifying webhook authenticity"."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

TOLERANCE = timedelta(minutes=5)
"""How far the sender's clock may be from ours, either way."""
SECRET_PREFIX = "whsec_"  # noqa: S105 what a secret begins with, no secret
SCHEME = "v1"
MOST_SIGNATURES = 8
"""More than any rotation needs; fewer than would keep us busy."""

_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Signed:
    """A delivery's headers as they came, and the bytes that they sign."""

    id: str
    timestamp: str
    signature: str
    body: bytes


class Doubt(StrEnum):
    """Why a delivery is not taken for genuine."""

    HEADERS_MISSING = "headers-missing"
    """One of the three headers is missing or not of its form."""
    SIGNATURE_WRONG = "signature-wrong"
    TIMESTAMP_STALE = "timestamp-stale"
    """The signature is right, the moment it was made is too far from now: the sender should look at its clock."""


def doubt(signed: Signed, secrets: Iterable[bytes], now: datetime) -> Doubt | None:
    """What speaks against it; None when nothing does. Of several secrets any may have signed, so one can be changed."""
    if not _is_uuid(signed.id) or not _SECONDS.fullmatch(signed.timestamp):
        return Doubt.HEADERS_MISSING
    given = signed.signature.split(" ")
    if len(given) > MOST_SIGNATURES:
        return Doubt.HEADERS_MISSING
    signatures = [raw for text in given if (raw := _decoded(text)) is not None]
    expected = [signature(secret, signed) for secret in secrets]
    # All are compared, whichever fits: how long it takes says nothing about which was near.
    fits = [hmac.compare_digest(one, other) for one in signatures for other in expected]
    if not any(fits):
        return Doubt.SIGNATURE_WRONG
    if abs(now.timestamp() - int(signed.timestamp)) > TOLERANCE.total_seconds():
        return Doubt.TIMESTAMP_STALE
    return None


def signature(secret: bytes, signed: Signed) -> bytes:
    """HMAC-SHA256 over `id.timestamp.body`. The id has no dot (it is a UUID), so what is signed is unambiguous."""
    return hmac.digest(secret, f"{signed.id}.{signed.timestamp}.".encode() + signed.body, sha256)


def signed_headers(secrets: Iterable[bytes], id_: UUID, body: bytes, now: datetime) -> dict[str, str]:
    """The three headers for a message of ours, signed with each secret: whoever has one of them can check it."""
    draft = Signed(str(id_), str(int(now.timestamp())), "", body)
    signatures = (base64.b64encode(signature(secret, draft)).decode() for secret in secrets)
    return {
        "webhook-id": draft.id,
        "webhook-timestamp": draft.timestamp,
        "webhook-signature": " ".join(f"{SCHEME},{one}" for one in signatures),
    }


def secret_text(secret: bytes) -> str:
    """A secret as it is handed to the sender."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def _decoded(text: str) -> bytes | None:
    scheme, _, encoded = text.partition(",")
    if scheme != SCHEME:
        return None  # of another scheme than ours: another version of the standard may send both
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
