"""JSON Canonicalization Scheme (RFC 8785)."""

from __future__ import annotations

from typing import Final

import orjson
import rfc8785

from credentials.canonical.bounds import NotJson, check_bounds
from schemas.values import JsonObject

_EXACT: Final = 2**53 - 1
"""The largest integer that every double around it tells apart (RFC 8785, 3.2.2.3)."""
_PLAIN_FRACTIONS: Final = (1e-3, 1e15)
"""Between these a fraction is written without an exponent, by its shortest digits, everywhere."""


def jcs(document: JsonObject) -> bytes:
    """The canonical JSON text of a document, UTF-8.

    Raises:
        Unbounded: larger or deeper than any honest credential.
        NotJson: what JSON cannot carry, or an integer that a double cannot hold exactly.
    """
    check_bounds(document)
    if _is_plain(document):
        return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    try:
        return rfc8785.dumps(document)
    except rfc8785.CanonicalizationError as error:
        raise NotJson(str(error)) from None


def _is_plain(value: object) -> bool:
    """Whether sorting the keys is all that RFC 8785 asks for: orjson writes texts as it does.

    UTF-16 sorts names in ASCII as UTF-8 does. Of the numbers, those are left out that have more than one spelling.
    """
    kind = type(value)
    if kind is dict:
        names: dict[str, object] = value  # type: ignore[assignment] # by its exact type, as below
        return "".join(names).isascii() and all(type(below) is str or _is_plain(below) for below in names.values())
    if kind is list:
        return all(type(below) is str or _is_plain(below) for below in value)  # type: ignore[attr-defined]
    if kind is int:
        return -_EXACT <= value <= _EXACT  # type: ignore[operator]
    if kind is float:
        return value % 1 != 0 and _PLAIN_FRACTIONS[0] < abs(value) < _PLAIN_FRACTIONS[1]  # type: ignore[operator, arg-type]
    return kind is str or kind is bool or value is None
