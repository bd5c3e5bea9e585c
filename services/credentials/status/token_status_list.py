"""Token Status List: the status of tokens, one to eight bits each, in a token of its own.

Source: https://datatracker.ietf.org/doc/draft-ietf-oauth-status-list/ (draft 17), sections 4 to 8.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from typing import Final, Self

from credentials import jose
from credentials.jose import Jws, NotAToken, b64, from_b64
from credentials.keys import PrivateKey
from credentials.status.bitstring import LENGTH, NotAStatusList, StatusIndexOutOfRange, StatusList, packed
from schemas.faults import Malformed
from schemas.values import JsonObject

TYP: Final = "statuslist+jwt"
MEDIA_TYPE: Final = "application/statuslist+jwt"
SIZES: Final = (1, 2, 4, 8)
"""Bits an entry may have (section 4.1)."""
_LAST: Final = 2**53 - 1
"""The largest place that every reader of JSON reads alike (RFC 8259, section 6); far beyond any list."""
LONGEST: Final = 1 << 20
"""Bytes of the longest list read here; a small text can unpack to any size."""


class TokenStatus(IntEnum):
    """What an entry says (section 7.1); other values are the issuer's own."""

    VALID = 0
    INVALID = 1
    SUSPENDED = 2


@lru_cache
def _marks(bits: int, status: int, part: int) -> bytes:
    """For each byte of a list: which of its entries have this status, as a part of a bitstring's byte."""
    entries = 8 // bits
    mask = (1 << bits) - 1
    return bytes(
        sum(0x80 >> part * entries + entry for entry in range(entries) if byte >> entry * bits & mask == status)
        for byte in range(256)
    )


class TokenStatusList:
    """Small numbers side by side. Index 0 is in the lowest bits of the first byte (section 4.1)."""

    def __init__(self, length: int = LENGTH, *, bits: int = 1, content: bytes | None = None) -> None:
        if bits not in SIZES or length < 1 or length * bits % 8:
            raise ValueError("an entry has 1, 2, 4 or 8 bits, and a list a whole number of bytes")
        self.bits = bits
        self._bytes = bytearray(content if content is not None else length * bits // 8)
        self.length = len(self._bytes) * 8 // bits

    @classmethod
    def of(cls, statuses: Mapping[int, int] | Iterable[int], length: int = LENGTH, *, bits: int = 1) -> Self:
        """The list with these statuses at these places; places alone are invalid ones."""
        new = cls(length, bits=bits)
        for index, status in (
            statuses.items() if isinstance(statuses, Mapping) else ((place, TokenStatus.INVALID) for place in statuses)
        ):
            new.set(index, status)
        return new

    def _place(self, index: int) -> tuple[int, int]:
        if not 0 <= index < self.length:
            raise StatusIndexOutOfRange(f"the list has entries 0 to {self.length - 1}, not {index}")
        place = index * self.bits
        return place >> 3, place & 7

    def set(self, index: int, status: int) -> None:
        """Write an entry.

        Raises:
            StatusIndexOutOfRange: there is no such entry.
            ValueError: an entry has too few bits for this status.
        """
        if not 0 <= status < 1 << self.bits:
            raise ValueError(f"{self.bits} bits do not hold {status}")
        byte, shift = self._place(index)
        mask = ((1 << self.bits) - 1) << shift
        self._bytes[byte] = self._bytes[byte] & ~mask | status << shift

    def get(self, index: int) -> int:
        """What an entry says.

        Raises:
            StatusIndexOutOfRange: there is no such entry.
        """
        byte, shift = self._place(index)
        return self._bytes[byte] >> shift & (1 << self.bits) - 1

    def where(self, status: int) -> StatusList:
        """The places that have this status, as a bitstring: by tables, as a list is too long to walk through."""
        merged = 0
        for part in range(self.bits):
            marks = bytes(self._bytes[part :: self.bits]).translate(_marks(self.bits, status, part))
            merged |= int.from_bytes(marks)
        return StatusList(self.length, bits=merged.to_bytes(self.length // 8))

    def encode(self) -> JsonObject:
        """The `status_list` member (section 4.2); the same statuses always give the same text."""
        return {"bits": self.bits, "lst": b64(packed(bytes(self._bytes), zlib.MAX_WBITS))}

    @classmethod
    def decode(cls, member: object, *, maximum: int = LONGEST) -> Self:
        """The list of a `status_list` member, unpacking no further than `maximum` bytes.

        Raises:
            NotAStatusList: unreadable, empty, or longer than `maximum`.
        """
        bits = member.get("bits") if isinstance(member, dict) else None
        packed = member.get("lst") if isinstance(member, dict) else None
        if isinstance(bits, bool) or bits not in SIZES or not isinstance(packed, str):
            raise NotAStatusList("status_list has no bits or no lst")
        unpacker = zlib.decompressobj()
        try:
            content = unpacker.decompress(from_b64(packed), maximum + 1)
        except (zlib.error, NotAToken) as error:
            raise NotAStatusList(f"the list does not unpack: {error}") from None
        if len(content) > maximum:
            raise NotAStatusList(f"the list has more than {maximum} bytes")
        if not unpacker.eof or unpacker.unused_data or not content:
            raise NotAStatusList("the list is cut off, empty, or something follows it")
        return cls(len(content) * 8 // int(bits), bits=int(bits), content=content)


def seal_token_status_list(  # noqa: PLR0913 what a list says, by name
    url: str,
    statuses: TokenStatusList,
    key: PrivateKey,
    verification_method: str,
    *,
    issued: datetime,
    expires: datetime | None = None,
    ttl: timedelta | None = None,
) -> str:
    """A Status List Token (section 5.1), to be served at its own address as `MEDIA_TYPE`."""
    claims: JsonObject = {
        "sub": url,
        "iat": int(issued.timestamp()),
        **({"exp": int(expires.timestamp())} if expires else {}),
        **({"ttl": int(ttl.total_seconds())} if ttl else {}),
        "status_list": statuses.encode(),
    }
    return jose.sign({"typ": TYP, "kid": verification_method}, claims, key)


@dataclass(frozen=True, slots=True)
class ReadStatusList:
    """What a Status List Token says; its signature was not looked at."""

    url: str
    issued: datetime
    expires: datetime | None
    list: TokenStatusList

    @classmethod
    def of(cls, token: Jws) -> Self:
        """Read a token (section 8.3, steps 3 to 5).

        Raises:
            NotAStatusList: it is of another type, or lacks what every list has.
            NotAToken: its claims cannot be read.
        """
        if token.header.get("typ") not in (TYP, MEDIA_TYPE):
            raise NotAStatusList(f"the token is not of the type {TYP}")
        claims = token.claims()
        url = claims.get("sub")
        if not isinstance(url, str):
            raise NotAStatusList("the list does not say at which address it is")
        ends = _moment(claims["exp"], "exp") if "exp" in claims else None
        return cls(url, _moment(claims.get("iat"), "iat"), ends, TokenStatusList.decode(claims.get("status_list")))


def _moment(seconds: object, name: str) -> datetime:
    if not isinstance(seconds, bool) and isinstance(seconds, int | float):
        try:
            return datetime.fromtimestamp(seconds, UTC)
        except (OverflowError, ValueError, OSError):
            pass
    raise NotAStatusList(f"{name} is no time")


@dataclass(frozen=True, slots=True)
class TokenStatusReference:
    """Where a token's status can be looked up (section 6.2)."""

    url: str
    index: int

    def member(self) -> JsonObject:
        """The `status` claim."""
        return {"status_list": {"idx": self.index, "uri": self.url}}

    @classmethod
    def of(cls, claims: JsonObject) -> Self | None:
        """The reference in a token's claims; None where it has no status of this kind.

        Raises:
            NotAReference: it has one that names no list, or no place in it.
        """
        status = claims.get("status")
        if status is None:
            return None
        if not isinstance(status, dict):
            raise NotAReference("status is no object")
        if "status_list" not in status:
            return None
        member = status["status_list"]
        url, index = (member.get("uri"), member.get("idx")) if isinstance(member, dict) else (None, None)
        if not isinstance(url, str) or type(index) is not int or not 0 <= index <= _LAST:
            raise NotAReference("status.status_list names no list, or no place in it")
        return cls(url, index)


class NotAReference(Malformed):
    """A token's `status` does not say where to look."""
