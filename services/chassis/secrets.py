"""The master key: the one secret from which everything kept secret at rest hangs."""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import stat
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from typing import Protocol, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr

from schemas.faults import Malformed, Misconfigured, Unavailable

KEY_BYTES = 32
NONCE_BYTES = 12
FINGERPRINT_BYTES = 8
FORMAT = b"\x01"

_HEAD = len(FORMAT) + FINGERPRINT_BYTES + NONCE_BYTES


class MasterKeyError(Misconfigured):
    """There is no master key to start with, or it cannot be trusted; the message says what to do."""


class WrongMasterKey(Unavailable):
    """What is stored was wrapped with another master key. Nothing is lost: it waits for the right one."""


class MasterKeySettings(Protocol):
    """What of the settings concerns the master key."""

    @property
    def master_key(self) -> SecretStr | None:
        """Base64 of 32 bytes."""
        ...

    @property
    def var(self) -> Path:
        """Where the evaluation house keeps its own."""
        ...

    @property
    def production(self) -> bool:
        """Whether a key must be given."""
        ...


class MasterKey:
    """Wraps keys and secrets with AES-256-GCM. What is wrapped for one purpose cannot be unwrapped for another."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise MasterKeyError(f"the master key must be {KEY_BYTES} bytes")
        self._cipher = AESGCM(key)
        self._fingerprint = hmac.digest(key, b"laurel master key", sha256)[:FINGERPRINT_BYTES]

    def __repr__(self) -> str:
        return f"MasterKey({self._fingerprint.hex()})"

    @classmethod
    def load(cls, settings: MasterKeySettings) -> Self:
        """The key from the settings; outside production else `var/master.key`, made once, for its owner's eyes only.

        Raises `MasterKeyError`.
        """
        if settings.master_key is not None:
            return cls(_decoded(settings.master_key.get_secret_value(), "LAUREL_MASTER_KEY"))
        if settings.production:
            raise MasterKeyError(
                "production needs LAUREL_MASTER_KEY (base64 of 32 bytes): a key beside the data it protects protects "
                "nothing"
            )
        return cls(_from_file(settings.var / "master.key"))

    def wrap(self, plaintext: bytes, purpose: str) -> bytes:
        """The plaintext, sealed for one purpose: format, key fingerprint, nonce, ciphertext."""
        nonce = token_bytes(NONCE_BYTES)
        return FORMAT + self._fingerprint + nonce + self._cipher.encrypt(nonce, plaintext, purpose.encode())

    def unwrap(self, wrapped: bytes, purpose: str) -> bytes:
        """What was wrapped for this purpose.

        Raises `WrongMasterKey` when another key wrapped it, `Malformed` when it was changed or wrapped for another
        purpose.
        """
        if len(wrapped) < _HEAD or not wrapped.startswith(FORMAT):
            raise Malformed("this was not wrapped by a master key")
        if not hmac.compare_digest(wrapped[len(FORMAT) : len(FORMAT) + FINGERPRINT_BYTES], self._fingerprint):
            raise WrongMasterKey(
                "what is stored here was wrapped with another master key than the one this process was given: "
                "start it with the key that belongs to this data (LAUREL_MASTER_KEY or var/master.key)"
            )
        try:
            return self._cipher.decrypt(wrapped[_HEAD - NONCE_BYTES : _HEAD], wrapped[_HEAD:], purpose.encode())
        except InvalidTag:
            raise Malformed(f"this was changed, or not wrapped as {purpose}") from None


def _decoded(text: str, where: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise MasterKeyError(f"{where} must be base64 of {KEY_BYTES} bytes")
    return key


def write_once(path: Path, content: bytes) -> bytes:
    """What the file holds: this content, or what another process, that was first, wrote. For its owner's eyes only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Written aside and linked into place: a process that starts at the same time finds all of it or nothing.
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        Path(draft).unlink()
    return path.read_bytes()


def _from_file(path: Path) -> bytes:
    if not path.exists():
        write_once(path, base64.b64encode(token_bytes(KEY_BYTES)) + b"\n")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise MasterKeyError(
            f"{path} may be read by others than its owner: chmod 600 it, and consider whether they did"
        )
    return _decoded(path.read_text(), str(path))
