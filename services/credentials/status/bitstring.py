"""Bitstring Status List 1.0: one bit per credential, in a list that says nothing about whom.

Source: https://www.w3.org/TR/vc-bitstring-status-list/
"""

from __future__ import annotations

import hashlib
import zlib
from array import array
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Literal, Self

from credentials.moments import seconds_text
from credentials.multibase import base64url, from_base64url
from schemas.faults import Malformed
from schemas.values import JsonObject

LENGTH = 131_072
"""Entries of a list: 16 KB, the least that hides one holder among the others (section 6.1)."""
LONGEST = LENGTH * 64
"""Entries of the longest list read here; a small text can unpack to any size."""

GZIP = 16 + zlib.MAX_WBITS
"""The window of zlib's that stands for gzip."""

StatusPurpose = Literal["revocation", "suspension"]


class NotAStatusList(Malformed):
    """The encoded list cannot be read, is too short to protect anyone, or too long to be meant well."""


class TooShort(NotAStatusList):
    """Fewer entries than hide one holder among the others (`STATUS_LIST_LENGTH_ERROR`)."""


class StatusIndexOutOfRange(Malformed):
    """The list has no such entry (`RANGE_ERROR`)."""


class StatusList:
    """A bitstring. Index 0 is the first bit, the highest of the first byte (section 3.3)."""

    def __init__(self, length: int = LENGTH, *, bits: bytes | None = None) -> None:
        if length % 8 or length < 1:
            raise ValueError("a list has a whole number of bytes")
        self._bits = bytearray(bits if bits is not None else length // 8)
        self.length = len(self._bits) * 8

    @classmethod
    def with_set(cls, indexes: Iterable[int], length: int = LENGTH) -> Self:
        """The list in which exactly these entries are set."""
        new = cls(length)
        for index in indexes:
            new.set(index)
        return new

    def _place(self, index: int) -> tuple[int, int]:
        if not 0 <= index < self.length:
            raise StatusIndexOutOfRange(f"the list has entries 0 to {self.length - 1}, not {index}")
        return index >> 3, 0x80 >> (index & 7)

    def set(self, index: int, value: bool = True) -> None:  # noqa: FBT001, FBT002 the value is what is set, and set is the usual
        """Set or clear an entry.

        Raises:
            StatusIndexOutOfRange: there is no such entry.
        """
        byte, mask = self._place(index)
        if value:
            self._bits[byte] |= mask
        else:
            self._bits[byte] &= ~mask

    def get(self, index: int) -> bool:
        """Whether an entry is set.

        Raises:
            StatusIndexOutOfRange: there is no such entry.
        """
        byte, mask = self._place(index)
        return bool(self._bits[byte] & mask)

    def encode(self) -> str:
        """`u` and the base64url text of the compressed bits (section 3.3); the same bits always give the same text."""
        return base64url(packed(bytes(self._bits), GZIP))

    @classmethod
    def decode(cls, text: str, *, minimum: int = LENGTH, maximum: int = LONGEST) -> Self:
        """The list of an `encodedList` (section 3.4), unpacking no further than `maximum` entries.

        Raises:
            TooShort: shorter than `minimum` entries.
            NotAStatusList: unreadable, or longer than `maximum` entries.
            NotMultibase: no base64url text.
        """
        packed = from_base64url(text)
        unpacker = zlib.decompressobj(wbits=GZIP)
        try:
            bits = unpacker.decompress(packed, maximum // 8 + 1)
        except zlib.error as error:
            raise NotAStatusList(f"the list does not unpack: {error}") from None
        if len(bits) > maximum // 8:
            raise NotAStatusList(f"the list has more than {maximum} entries")
        if not unpacker.eof or unpacker.unused_data:
            raise NotAStatusList("the list is cut off, or something follows it")
        if len(bits) * 8 < minimum:
            raise TooShort(f"the list has {len(bits) * 8} entries, fewer than {minimum}")
        return cls(len(bits) * 8, bits=bits)


def packed(content: bytes, window: int) -> bytes:
    """A list's bytes, compressed as far as they can be: the same bytes always give the same.

    Scattered bits are runs of zeros and no words that come again, so runs are all that is looked for (`Z_RLE`): with
    1 % of the entries set 6 times as quick as level 6, 190 times as level 9, and about as small as either.
    """
    packer = zlib.compressobj(zlib.Z_BEST_COMPRESSION, wbits=window, strategy=zlib.Z_RLE)
    return packer.compress(content) + packer.flush()


def compose_status_list(  # noqa: PLR0913 the members of section 2.2, by name
    *,
    url: str,
    issuer: str,
    purpose: StatusPurpose,
    encoded: str,
    issued: datetime,
    valid_until: datetime | None = None,
) -> JsonObject:
    """A `BitstringStatusListCredential` (section 2.2), without proof."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": seconds_text(issued),
        **({"validUntil": seconds_text(valid_until)} if valid_until else {}),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encoded,
        },
    }


def spread(list_key: bytes, position: int, length: int = LENGTH) -> int:
    """The index of the n-th credential of a list: a keyed permutation of `range(length)`.

    Consecutive credentials get unrelated indexes, no index twice, and nothing needs to be remembered. A Feistel network
    over the next even number of bits, walked along its cycle until it is inside the range (Black and Rogaway,
    "Ciphers with Arbitrary Finite Domains", 2002).

    Raises:
        StatusIndexOutOfRange: the list is full.
    """
    if not 0 <= position < length:
        raise StatusIndexOutOfRange(f"the list has {length} entries; there is none for number {position}")
    half = max(1, ((length - 1).bit_length() + 1) // 2)
    mask = (1 << half) - 1
    rounds = _rounds(list_key[:64], half)
    value = position
    while True:
        left, right = value >> half, value & mask
        for scrambled in rounds:
            left, right = right, left ^ scrambled[right]
        value = left << half | right
        if value < length:
            return value


@lru_cache(maxsize=64)
def _rounds(key: bytes, half: int) -> tuple[array[int], ...]:
    """What each of the network's eight rounds makes of each half: a few milliseconds for a list, once."""
    mask = (1 << half) - 1

    def scrambled(turn: int, right: int) -> int:
        digest = hashlib.blake2b(bytes([turn]) + right.to_bytes(8), key=key, digest_size=8).digest()
        return int.from_bytes(digest) & mask

    return tuple(array("L", (scrambled(turn, right) for right in range(1 << half))) for turn in range(8))
