"""JSON text that has one meaning only.

What two readers would read differently (a name twice, NaN, half a character) is refused: what a person sees and what a
signature covers must be the same.
"""

from __future__ import annotations

import json
import math
from typing import Any, Final

from schemas.faults import Malformed

MOST_BYTES: Final = 1_000_000
DEEPEST: Final = 64


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
    try:
        text = raw if isinstance(raw, str) else raw.decode("utf-8-sig")
        value = json.loads(
            text.removeprefix("\ufeff"), object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite
        )
        check_json(value)
    except UnicodeDecodeError as error:
        raise Malformed(f"this is not UTF-8 text (byte {error.start})") from error
    except json.JSONDecodeError as error:
        raise Malformed(f"this is not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from error
    except RecursionError as error:
        raise Malformed(f"this is nested more than {DEEPEST} levels deep") from error
    except ValueError as error:  # an integer of thousands of digits
        raise Malformed("this holds a number that is too long") from error
    return value


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


def check_json(value: Any, depth: int = 0) -> None:  # noqa: ANN401 - JSON is any of its values
    """Hold what was parsed elsewhere to the same.

    Raises:
        Malformed: half a character.
        RecursionError: nested too deeply.
    """
    if depth > DEEPEST:
        raise RecursionError
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise Malformed("this holds half a character (a lone surrogate)") from error
    elif isinstance(value, dict):
        for name, inner in value.items():
            check_json(name, depth)
            check_json(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            check_json(inner, depth + 1)
