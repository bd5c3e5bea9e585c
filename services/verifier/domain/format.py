"""The second check: does it keep the rules of its format?

Source: VC Data Model 2.0, section 4, and 1.1, section 4.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from credentials.canonical import RelativeIri, Unbounded, UndefinedTerm, UnknownContext, Unprotected, rdfc
from credentials.formats import OPEN_BADGES_3
from credentials.moments import read_moment
from schemas.faults import Malformed
from schemas.values import JsonObject
from verifier.domain.report import Finding, found
from verifier.domain.verdicts import Code

VC_1: Final = "https://www.w3.org/2018/credentials/v1"
VC_2: Final = "https://www.w3.org/ns/credentials/v2"

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+\Z")


class BrokenRule(Malformed):
    """The document breaks a rule of the VC Data Model."""


@dataclass(frozen=True, slots=True)
class Dates:
    """From when until when a credential says it holds."""

    valid_from: datetime | None
    valid_until: datetime | None


def items(value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - JSON is any of its values
    """One value or a list of them, as JSON-LD has it both ways."""
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list) else (value,)


def is_iri(value: object) -> bool:
    """Whether it is an absolute IRI."""
    return isinstance(value, str) and _IRI.match(value) is not None


def issuer_id(document: JsonObject) -> str:
    """Who the document says issued it."""
    issuer = document.get("issuer")
    return str(issuer.get("id", "")) if isinstance(issuer, dict) else str(issuer or "")


def date_time(value: object, name: str) -> datetime | None:
    """An XSD dateTimeStamp to a moment in UTC. Version 2.0 asks for the time zone; so do we of 1.1.

    Raises:
        BrokenRule: it is none.
    """
    if value is None:
        return None
    try:
        return read_moment(value).astimezone(UTC)
    except (Malformed, OverflowError) as error:
        raise BrokenRule(f"{name} is not a date with time and time zone") from error


def dates(document: JsonObject) -> Dates:
    """The validity period, by either version's names.

    Raises:
        BrokenRule: a date is none, or the period ends before it starts.
    """
    first = items(document.get("@context"))[:1]
    names = ("issuanceDate", "expirationDate") if first == (VC_1,) else ("validFrom", "validUntil")
    start, end = (date_time(document.get(name), name) for name in names)
    if start and end and end < start:
        raise BrokenRule(f"{names[1]} is before {names[0]}")
    return Dates(start, end)


def keep_rules(document: JsonObject) -> None:
    """Check the document against the VC Data Model.

    Raises:
        BrokenRule: the first rule it breaks.
    """
    for keeps, broken in _RULES:
        if not keeps(document):
            raise BrokenRule(broken)
    dates(document)


def _is_named(value: object) -> bool:
    return isinstance(value, dict) and ("id" not in value or is_iri(value["id"]))


def _is_typed(value: object) -> bool:
    names = items(value.get("type")) if isinstance(value, dict) else ()
    return bool(names) and all(isinstance(name, str) for name in names)


def _are_typed(name: str) -> Callable[[JsonObject], bool]:
    return lambda document: all(map(_is_typed, items(document.get(name))))


_RULES: Final[tuple[tuple[Callable[[JsonObject], bool], str], ...]] = (
    (
        lambda document: items(document.get("@context"))[:1] in ((VC_1,), (VC_2,)),
        "the first @context is not the W3C's for credentials",
    ),
    (
        lambda document: all(isinstance(context, str | dict) for context in items(document["@context"])),
        "@context holds something that is neither an address nor an object",
    ),
    (_is_typed, "type is not a list of names"),
    (_is_named, "id is not an address"),
    (
        lambda document: not isinstance(document.get("issuer"), list) and is_iri(issuer_id(document)),
        "issuer is not one address, or an object with one",
    ),
    (
        lambda document: items(document["@context"])[0] != VC_1 or "issuanceDate" in document,
        "issuanceDate is missing",
    ),
    (
        lambda document: bool(items(document.get("credentialSubject"))),
        "credentialSubject is missing",
    ),
    (
        lambda document: all(subject and _is_named(subject) for subject in items(document["credentialSubject"])),
        "credentialSubject says nothing, or its id is not an address",
    ),
    *(
        (_are_typed(name), f"{name} has no type")
        for name in ("credentialStatus", "credentialSchema", "termsOfUse", "evidence", "refreshService", "proof")
    ),
)
"""What the data model asks of every credential, in the order it is looked at, and what is said where it is not so."""


def check_format(document: JsonObject, *, protected: bool = False) -> Finding:
    """The rules of the data model, and that nothing in the document escapes its signature (JSON-LD safe mode).

    `protected` says that a signature over what the document means was verified: then nothing of it escaped.
    """
    try:
        keep_rules(document)
        if not protected:
            rdfc({name: value for name, value in document.items() if name != "proof"})
    except Malformed as fault:
        return broken_format(fault)
    return _kind(document)


def broken_format(fault: Malformed) -> Finding:
    """The finding for a rule that is broken, or a document that has no canonical form."""
    code, opening = next(
        (row for kind, row in _FAULTS.items() if isinstance(fault, kind)), (Code.FORMAT_INVALID, "It breaks a rule")
    )
    return found(code, f"{opening}: {str(fault).rstrip('.')}.")


_FAULTS: Final[Mapping[type[Malformed], tuple[Code, str]]] = {
    UndefinedTerm: (Code.TERM_UNDEFINED, "Its signature does not protect all of it"),
    RelativeIri: (Code.TERM_UNDEFINED, "Its signature does not protect all of it"),
    Unprotected: (Code.TERM_UNDEFINED, "Its signature does not protect all of it"),
    UnknownContext: (Code.CONTEXT_UNKNOWN, "It uses a vocabulary that is not known here"),
    Unbounded: (Code.TOO_COMPLEX, "It is more work to check than any honest credential"),
}


def is_open_badge(document: JsonObject) -> bool:
    """Whether it says it is one."""
    return not {"OpenBadgeCredential", "AchievementCredential"}.isdisjoint(
        name for name in items(document.get("type")) if isinstance(name, str)
    )


def _kind(document: JsonObject) -> Finding:
    """Which format it is in; a plain credential has rules of its own that nobody here knows."""
    if not is_open_badge(document):
        names = ", ".join(n for n in items(document["type"]) if n != "VerifiableCredential") or "none in particular"
        return found(
            Code.FORMAT_GENERIC,
            f"It keeps the rules for verifiable credentials; its kind ({names[:200]}) has rules that were not checked.",
            format="W3C Verifiable Credential",
        )
    try:
        OPEN_BADGES_3.read(document)
    except Malformed as fault:
        return found(Code.FORMAT_INVALID, f"It is no Open Badge, though it says so: {str(fault).rstrip('.')}.")
    return found(Code.FORMAT_VALID, f"It keeps the rules of {OPEN_BADGES_3.title}.", format=OPEN_BADGES_3.title)
