"""What is inside: signed credentials opened without asking whether the signature holds. A linter reads, it trusts none.

Sources: RFC 7515 (JWS), RFC 7797 (unencoded payload, which JAdES takes), RFC 9901 (SD-JWT), VC-JOSE-COSE.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from credentials.canonical.bounds import check_bounds
from credentials.jose import from_b64, read_json
from credentials.json_text import parse_json
from credentials.proofs.sd_jwt import SdJwt
from schemas.faults import Malformed
from schemas.values import JsonObject

LARGEST = 4_000_000
"""Bytes of the largest file read here: European Digital Credentials carry pictures, their signatures certificates."""
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*(~[A-Za-z0-9_.~-]*)?\Z")
_ENVELOPE = re.compile(r"data:application/(vc\+jwt|vc\+sd-jwt|dc\+sd-jwt),")


class Unreadable(Malformed):
    """Nothing that can be linted: no JSON object, or no token with one inside."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A document as it was before it was sealed."""

    document: JsonObject
    hidden: int = 0
    """How many claims are held back, at most: their digests may be decoys."""


def opened(content: bytes | str) -> Opened:
    """The document in a file: JSON, JWS in either serialisation, JAdES, a VC as JWT, SD-JWT.

    Raises:
        Unreadable: there is none in it.
        Malformed: it cannot be read, or only in two ways.
    """
    if len(content) > LARGEST:
        raise Unreadable(f"this is larger than {LARGEST} bytes, which no credential needs")
    try:
        text = content if isinstance(content, str) else content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"this is not UTF-8 text (byte {error.start})") from None
    text = text.strip().removeprefix("\ufeff")
    if _COMPACT.match(text):
        return _token(text)
    value = _object(text)
    if isinstance(value.get("payload"), str) and ("signatures" in value or "signature" in value):
        return _serialised(value)
    address = value.get("id")
    if "EnvelopedVerifiableCredential" in _types(value) and isinstance(address, str):
        if (envelope := _ENVELOPE.match(address)) is None:
            raise Unreadable("the credential in this envelope is of a kind that is not known here")
        return _token(address[envelope.end() :])
    return Opened(value)


def _object(raw: str | bytes) -> JsonObject:
    value = parse_json(raw, LARGEST)
    if not isinstance(value, dict):
        raise Unreadable("this is JSON, but no object")
    check_bounds(value)
    return value


def _types(value: JsonObject) -> list[object]:
    types = value.get("type", [])
    return types if isinstance(types, list) else [types]


def _token(text: str) -> Opened:
    if "~" in text:
        token = SdJwt.parse(text)
        return _claims(token.reveal().claims, _hidden(token))
    parts = text.split(".")
    if len(parts) != 3 or not parts[1]:  # noqa: PLR2004 header, payload, signature
        raise Unreadable("this token has nothing inside: its payload is kept apart from it")
    return _claims(_object(from_b64(parts[1])))


def _serialised(value: JsonObject) -> Opened:
    """The JSON serialisation of a JWS. JAdES signs the payload as it is (`b64: false`), others in base64url."""
    header = value.get("header")
    if isinstance(header, dict) and "disclosures" in header:
        token = SdJwt.from_json(value)
        return _claims(token.reveal().claims, _hidden(token))
    payload = value["payload"]
    return _claims(_object(payload if payload.lstrip().startswith("{") else from_b64(payload)))


def _claims(claims: JsonObject, hidden: int = 0) -> Opened:
    """A credential may be the claims themselves, or one claim of them (VC-JWT of version 1.1)."""
    inner = claims.get("vc")
    return Opened(inner if isinstance(inner, dict) else claims, hidden)


def _hidden(token: SdJwt) -> int:
    said = [token.jws.claims(), *(read_json(from_b64(text)) for text in token.disclosures)]
    digests = sum(1 for value in said for _ in _digests(value))
    return max(0, digests - len(token.disclosures))


def _digests(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, below in value.items():
            if name == "_sd" and isinstance(below, list):
                yield from below
            elif name == "..." and isinstance(below, str):
                yield below
            else:
                yield from _digests(below)
    elif isinstance(value, list):
        for below in value:
            yield from _digests(below)
