"""JSON text that has one meaning only, read and written.

What two readers would read differently (a name twice, NaN, half a character) is refused: what a person sees and what a
signature covers must be the same.
"""

from __future__ import annotations

import json
import math
from typing import Any, Final

import orjson

from schemas.faults import Malformed

MOST_BYTES: Final = 1_000_000
DEEPEST: Final = 64
_DIGITS: Final = bytes(ord("0") if byte in b"0123456789" else ord(" ") for byte in range(256))
"""A table that makes every digit a zero, and all else a blank."""
_LONG_NUMBER: Final = b"0" * 19
"""Integers from here on may not fit into 64 bits, and are read otherwise by the quick way."""


class TooLarge(Malformed):
    """More bytes than a credential ever needs."""


def parse_json(raw: str | bytes, most: int = MOST_BYTES) -> Any:  # noqa: ANN401 - JSON is any of its values
    """JSON text to its one meaning.

    Raises:
        TooLarge: more than `most` bytes.
        Malformed: it is not JSON, says a name twice, is nested too deeply, or holds what is no number or no text.
    """
    if len(raw) > most:
        raise TooLarge(f"this is larger than {most} bytes, which no credential needs")
    if (value := _said_once(raw)) is not None:
        return value
    try:
        text = raw if isinstance(raw, str) else raw.decode("utf-8-sig")
        value = json.loads(
            text.removeprefix("\ufeff"), object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite
        )
        _look_through(value, 0)
    except UnicodeDecodeError as error:
        raise Malformed(f"this is not UTF-8 text (byte {error.start})") from error
    except json.JSONDecodeError as error:
        raise Malformed(f"this is not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from error
    except RecursionError as error:
        raise Malformed(f"this is nested more than {DEEPEST} levels deep") from error
    except ValueError as error:  # an integer of thousands of digits
        raise Malformed("this holds a number that is too long") from error
    return value


def _said_once(raw: str | bytes) -> Any:  # noqa: ANN401 - JSON is any of its values
    """The quick way: the value of a text in which no name is said twice; None where that has to be looked into.

    A name that was said twice is dropped with its colon, so there are fewer of them in what was read.
    """
    try:
        data = raw if isinstance(raw, bytes) else raw.encode()
        value = orjson.loads(data)
        written = orjson.dumps(value)
    except (UnicodeEncodeError, orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None
    # An escaped colon could stand in for one that was dropped.
    if data.count(b":") != written.count(b":") or b"\\u003" in data or _LONG_NUMBER in data.translate(_DIGITS):
        return None
    return value if is_flat(value, DEEPEST) else None


def write_json(value: object, *, indented: bool = False) -> bytes:
    """A value as JSON text, UTF-8, whatever a stranger's document that was read brought into it: long integers too."""
    try:
        return orjson.dumps(value, option=orjson.OPT_INDENT_2 if indented else 0)
    except orjson.JSONEncodeError:  # beyond 64 bits, or half a character
        indent, separators = (2, (",", ": ")) if indented else (None, (",", ":"))
        return json.dumps(value, indent=indent, separators=separators).encode()


def is_flat(value: Any, levels: int) -> bool:  # noqa: ANN401 - JSON is any of its values
    """Whether there are no more than so many objects and arrays inside each other."""
    kind = type(value)
    if kind is not dict and kind is not list:
        return True
    if not levels:
        return False
    for inner in value.values() if kind is dict else value:
        kind = type(inner)
        if (kind is dict or kind is list) and not is_flat(inner, levels - 1):
            return False
    return True


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Malformed(f"this says {twice[:80]!r} twice in one place, so it has no single meaning")
    return value


def _no_number(text: str) -> None:
    raise Malformed(f"{text} is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise Malformed(f"{text[:40]} is too large for a number")
    return number


def _look_through(value: Any, depth: int) -> None:  # noqa: ANN401 - as above
    if depth > DEEPEST:
        raise RecursionError
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise Malformed("this holds half a character (a lone surrogate)") from error
    elif isinstance(value, dict):
        for name, inner in value.items():
            _look_through(name, depth)
            _look_through(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _look_through(inner, depth + 1)
