"""Multibase text (base58btc, base64url) and the multicodec prefixes of keys.

Source: Controlled Identifiers 1.0, section 2.4 (Multibase) and 2.2.2 (Multikey).
"""

from __future__ import annotations

import base64
import binascii
import re

from schemas.faults import Malformed

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_TEN_DIGITS = 58**10
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_VALUES = {pair: value for value, pair in enumerate(_PAIRS)}
_BASE64URL = re.compile("u[A-Za-z0-9_-]*")
_LONGEST = 512
"""No key or signature is longer; base58 costs time by the square of its length."""


class NotMultibase(Malformed):
    """The text is not in the encoding it claims."""


def base58btc(data: bytes) -> str:
    """`z` and the base-58 text of the bytes."""
    zeros = len(data) - len(data.lstrip(b"\0"))
    number = int.from_bytes(data)
    pairs = []
    while number:  # ten digits at a time, and of these two: large numbers are slow to divide
        number, ten = divmod(number, _TEN_DIGITS)
        for _ in range(5):
            ten, pair = divmod(ten, len(_PAIRS))
            pairs.append(_PAIRS[pair])
    pairs.reverse()
    return "z" + "1" * zeros + "".join(pairs).lstrip("1")


def from_base58btc(text: str) -> bytes:
    """The bytes of a `z…` text.

    Raises:
        NotMultibase: another encoding, a foreign character, or longer than any key or signature.
    """
    if not text.startswith("z") or len(text) > _LONGEST:
        raise NotMultibase("base58btc was expected: z and at most 511 characters")
    digits = text[1:]
    zeros = len(digits) - len(digits.lstrip("1"))
    even = digits if len(digits) % 2 == 0 else f"1{digits}"  # a zero, which changes nothing
    number = 0
    try:
        for place in range(0, len(even), 2):  # two digits at a time
            number = number * len(_PAIRS) + _VALUES[even[place : place + 2]]
    except KeyError:
        foreign = next(character for character in digits if character not in _ALPHABET)
        raise NotMultibase(f"{foreign!r} is no base58 character") from None
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def base64url(data: bytes) -> str:
    """`u` and the unpadded base64url text of the bytes."""
    return "u" + base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """The bytes of a `u…` text.

    Raises:
        NotMultibase: another encoding, padding, or a foreign character.
    """
    if not _BASE64URL.fullmatch(text):
        raise NotMultibase("base64url was expected: u and no padding")
    try:
        return base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))
    except binascii.Error as error:
        raise NotMultibase(f"no base64url text: {error}") from None
