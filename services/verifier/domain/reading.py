"""The first check: can it be read at all, and as one thing only?

JSON that two readers would read differently (a name twice, NaN, half a character) is refused: what a person sees and
what the signature covers must be the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from credentials.contexts import CREDENTIALS_V2
from credentials.data_model import items
from credentials.json_text import MOST_BYTES, TooLarge, parse_json
from credentials.proofs import SUITES, DataIntegrity, VcJwt
from credentials.proofs.jades import SealedDocument, is_envelope
from credentials.proofs.opened import Embedded, Opened
from credentials.proofs.vc_jwt import OlderToken
from schemas.faults import Malformed
from schemas.values import JsonObject
from verifier.domain.attestation import Attestation
from verifier.domain.report import Finding, found
from verifier.domain.verdicts import Code

_BASE64URL: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_SEPARATORS: Final = re.compile(rb"\.\.(~[.~]*)?")
"""What is left of a token without its letters: of an SD-JWT there are tildes, and the dots of a token after them."""
_DATA_URL: Final = re.compile(r"data:application/[a-z0-9.+-]+,(?P<token>[A-Za-z0-9_.~-]+)")


Submission = str | JsonObject
"""What was handed in, once it is known whether it is JSON."""
Suites = Mapping[str, DataIntegrity]


@dataclass(frozen=True, slots=True)
class Form:
    """A form in which credentials are handed in."""

    fits: Callable[[Submission], bool]
    open: Callable[[Any, Suites], Opened | Finding]
    """Of what fits: the credential taken out of it, or why there is none. Raises `Malformed`."""


def read(submission: str | bytes | JsonObject, suites: Suites = SUITES) -> Opened | Finding:
    """The credential in what was handed in, or why there is none. An object is one that `parse_json` has read."""
    try:
        told = parse_sealed(submission) if isinstance(submission, str | bytes) else submission
        for form in FORMS:
            if form.fits(told):
                return form.open(told, suites)
    except (Malformed, RecursionError) as fault:
        return found(Code.DOCUMENT_MALFORMED, f"It cannot be read: {str(fault) or 'it is nested too deeply'}.")
    if not isinstance(told, dict):
        return found(Code.DOCUMENT_MALFORMED, "It is JSON, but not a credential: an object was expected.")
    return found(
        Code.DOCUMENT_MALFORMED, "It is JSON, but not a credential: the type VerifiableCredential was expected."
    )


def parse_sealed(content: str | bytes, most: int = MOST_BYTES) -> Submission:
    """What an address serves where a sealed document is expected: a token as it is, JSON parsed.

    Raises:
        Malformed: it is neither.
    """
    if len(content) > most:
        raise TooLarge(f"this is larger than {most} bytes, which no credential needs")
    text = (content if isinstance(content, str) else content.decode("utf-8", "replace")).strip()
    if _is_token_text(text):
        return text
    value = parse_json(content, most)
    if isinstance(value, str) and _is_token_text(value):
        return value
    if not isinstance(value, dict):
        raise Malformed("it is JSON, but no object")
    return value


def _is_token_text(text: str) -> bool:
    return (
        not text.startswith(".")
        and text.isascii()
        and _SEPARATORS.fullmatch(text.encode().translate(None, _BASE64URL)) is not None
    )


def _typed(name: str) -> Callable[[Submission], bool]:
    def fits(submission: Submission) -> bool:
        return isinstance(submission, dict) and name in items(submission.get("type", submission.get("@type")))

    return fits


def _is_token(submission: Submission) -> bool:
    return isinstance(submission, str)


def _is_sd_jwt(submission: Submission) -> bool:
    if isinstance(submission, str):
        return "~" in submission
    # The JSON serialisation (RFC 9901, section 8) is known by what stands unsigned beside the signature.
    signatures = submission.get("signatures", [submission])
    first = signatures[0] if isinstance(signatures, list) and signatures else None
    header = first.get("header") if isinstance(first, dict) and "payload" in submission else None
    return isinstance(header, dict) and "disclosures" in header


def _is_credential(submission: Submission) -> bool:
    return "@context" in submission and _typed("VerifiableCredential")(submission)


def _open_token(token: str, _: Suites) -> Opened | Finding:
    try:
        return VcJwt.parse(token)
    except OlderToken:
        return _unsupported("a token of the older form VC-JWT 1.1, which says everything twice")


def _open_envelope(envelope: JsonObject, suites: Suites) -> Opened | Finding:
    """The token in a `data:` URL (VC Data Model 2.0, section 4.12.1)."""
    if CREDENTIALS_V2 not in items(envelope.get("@context")):
        return found(Code.DOCUMENT_MALFORMED, "It cannot be read: no context says that it is an envelope.")
    url = envelope.get("id")
    found_in = _DATA_URL.fullmatch(url) if isinstance(url, str) else None
    if found_in is None:
        return _unsupported("an envelope with something else in it than a token")
    return read(found_in["token"], suites)


def _is_sealed(submission: Submission) -> bool:
    return isinstance(submission, dict) and is_envelope(submission)


def _open_seal(envelope: JsonObject, _: Suites) -> Opened | Finding:
    """A JAdES signature, with the credential's text in it."""
    opened = SealedDocument.open(envelope)
    if not _is_credential(opened.document):
        return found(Code.DOCUMENT_MALFORMED, "It is signed, but what is inside is no credential.")
    return opened


def _open_embedded(document: JsonObject, suites: Suites) -> Opened | Finding:
    return Embedded(document, suites)


def _unsupported(what: str) -> Finding:
    return found(Code.FORM_UNSUPPORTED, f"This is {what}, which cannot be checked here.")


FORMS: Final[tuple[Form, ...]] = (
    Form(_is_sd_jwt, lambda submission, _: Attestation.open(submission)),
    Form(_is_token, _open_token),
    Form(_is_sealed, _open_seal),
    Form(_typed("VerifiablePresentation"), lambda *_: _unsupported("a presentation; hand in the credential inside it")),
    Form(_typed("EnvelopedVerifiableCredential"), _open_envelope),
    Form(_is_credential, _open_embedded),
)
"""The first form that fits is taken."""
