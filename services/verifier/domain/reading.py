"""The first check: can it be read at all, and as one thing only?

JSON that two readers would read differently (a name twice, NaN, half a character) is refused: what a person sees and
what the signature covers must be the same.
"""

from __future__ import annotations

import re
from typing import Final

from credentials.json_text import check_json, parse_json
from schemas.faults import Malformed
from schemas.values import JsonObject
from verifier.domain.report import Finding, found
from verifier.domain.verdicts import Code

_COMPACT_JWS: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*(~.*)?\Z", re.DOTALL)


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
        check_json(document)
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
