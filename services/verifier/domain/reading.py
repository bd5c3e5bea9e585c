"""The first check: can it be read at all, and as one thing only?

JSON that two readers would read differently (a name twice, NaN, half a character) is refused: what a person sees and
what the signature covers must be the same.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final

from schemas.faults import Malformed
from schemas.values import JsonObject
from verifier.domain.report import Finding, found
from verifier.domain.verdicts import Code

MOST_BYTES: Final = 1_000_000
DEEPEST: Final = 64
_COMPACT_JWS: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*(~.*)?\Z", re.DOTALL)


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
        _check(value, 0)
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


def _check(value: Any, depth: int) -> None:  # noqa: ANN401 - JSON is any of its values
    if depth > DEEPEST:
        raise RecursionError
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise Malformed("this holds half a character (a lone surrogate)") from error
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check(name, depth)
            _check(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth + 1)


def read(submission: str | bytes | JsonObject) -> JsonObject | Finding:
    """The credential document in what was handed in, or why there is none."""
    if isinstance(submission, str | bytes):
        text = submission if isinstance(submission, str) else submission.decode("utf-8", "replace")
        if _COMPACT_JWS.match(text.strip()):
            return _unsupported("a token (JWT, SD-JWT)")
        try:
            submission = parse_json(submission)
        except Malformed as fault:
            return found(Code.DOCUMENT_MALFORMED, f"It cannot be read: {fault}.")
    else:
        readable = read_object(submission)
        if readable.code is not Code.DOCUMENT_READ:
            return readable
    if not isinstance(submission, dict):
        return found(Code.DOCUMENT_MALFORMED, "It is JSON, but not a credential: an object was expected.")
    return _one_credential(submission)


def read_object(document: JsonObject) -> Finding:
    """Whether an object that was already parsed has one meaning only."""
    try:
        _check(document, 0)
    except (Malformed, RecursionError) as fault:
        return found(Code.DOCUMENT_MALFORMED, f"It cannot be read: {str(fault) or 'it is nested too deeply'}.")
    return found(Code.DOCUMENT_READ, "It is a JSON object.")


def _one_credential(document: JsonObject) -> JsonObject | Finding:
    types = document.get("type", document.get("@type", ()))
    types = types if isinstance(types, list) else [types]
    if "VerifiablePresentation" in types:
        return _unsupported("a presentation; hand in the credential inside it")
    if "EnvelopedVerifiableCredential" in types:
        return _unsupported("a credential in an envelope")
    if "@context" not in document or "VerifiableCredential" not in types:
        return found(
            Code.DOCUMENT_MALFORMED, "It is JSON, but not a credential: the type VerifiableCredential was expected."
        )
    return document


def _unsupported(what: str) -> Finding:
    return found(Code.FORM_UNSUPPORTED, f"This is {what}. Only signed JSON credentials can be checked here.")
