"""How much a document may ask for: checked before any work is done on it."""

from __future__ import annotations

import math

from schemas.faults import Malformed

MAX_DEPTH = 64
"""Objects and arrays inside each other."""
MAX_VALUES = 20_000
"""Objects, arrays, keys and scalars in all."""
MAX_CHARACTERS = 2_000_000
"""Text in all, images in `data:` URLs included."""
MAX_DIGITS = 400
"""Digits of a number: to spell an integer out costs time by the square of them."""


class Unbounded(Malformed):
    """It would take more work than any honest credential does."""


class NotJson(Malformed):
    """A value that JSON, or UTF-8, cannot carry."""


def check_bounds(document: object) -> None:
    """Refuse what is too deep, too large, or no JSON.

    Raises:
        Unbounded: beyond one of the bounds of this module.
        NotJson: not-a-number, infinity, a lone surrogate, a key that is no string, or a type JSON does not have.
    """
    values = characters = 0
    level: list[object] = [document]
    for _ in range(MAX_DEPTH):
        below: list[object] = []
        values += len(level)
        for value in level:
            if isinstance(value, str):
                characters += len(value)
                _check_text(value)
            elif isinstance(value, dict):
                try:
                    names = "".join(value)
                except TypeError:
                    raise NotJson("a key must be a string") from None
                characters += len(names)
                _check_text(names)
                values += len(value)
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
            else:
                _check_scalar(value)
        if values > MAX_VALUES or len(below) > MAX_VALUES or characters > MAX_CHARACTERS:
            raise Unbounded(f"more than {MAX_VALUES} values, or {MAX_CHARACTERS} characters")
        if not below:
            return
        level = below
    raise Unbounded(f"more than {MAX_DEPTH} levels deep")


def _check_text(text: str) -> None:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise NotJson("a lone surrogate is no character") from None


def _check_scalar(value: object) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if value.bit_length() > MAX_DIGITS * 10 // 3:
            raise Unbounded(f"a number of more than {MAX_DIGITS} digits")
    elif not isinstance(value, float):
        raise NotJson(f"{type(value).__name__} is no JSON type")
    elif not math.isfinite(value):
        raise NotJson(f"{value} is no JSON number")
