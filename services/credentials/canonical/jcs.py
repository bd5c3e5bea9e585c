"""JSON Canonicalization Scheme (RFC 8785)."""

from __future__ import annotations

import rfc8785

from credentials.canonical.bounds import NotJson, check_bounds
from schemas.values import JsonObject


def jcs(document: JsonObject) -> bytes:
    """The canonical JSON text of a document, UTF-8.

    Raises:
        Unbounded: larger or deeper than any honest credential.
        NotJson: what JSON cannot carry, or an integer that a double cannot hold exactly.
    """
    check_bounds(document)
    try:
        return rfc8785.dumps(document)
    except rfc8785.CanonicalizationError as error:
        raise NotJson(str(error)) from None
