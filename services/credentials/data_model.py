"""What the VC Data Model asks of every credential and presentation, whatever it certifies and however it is sealed.

Sources: VC Data Model 2.0, section 4, and 1.1, section 4; Bitstring Status List 1.0, section 2.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from credentials.contexts import CREDENTIALS_V1, CREDENTIALS_V2
from credentials.moments import read_moment
from schemas.faults import Malformed
from schemas.values import JsonObject

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+\Z")
_INDEX = re.compile(r"(0|[1-9][0-9]{0,17})\Z")


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


def named_id(value: object) -> str:
    """The id of somebody who is written as text or as an object with one; empty where there is none."""
    return str(value.get("id") or "") if isinstance(value, dict) else str(value or "")


def issuer_id(document: JsonObject) -> str:
    """Who the document says issued it."""
    return named_id(document.get("issuer"))


def date_time(value: object, name: str) -> datetime | None:
    """An XSD dateTimeStamp to a moment in UTC. Version 2.0 asks for the time zone; so do we of 1.1.

    Raises:
        BrokenRule: it is none.
    """
    if value is None:
        return None
    try:
        return read_moment(value)
    except Malformed as error:
        raise BrokenRule(f"{name} is not a date with time and time zone") from error


def dates(document: JsonObject) -> Dates:
    """The validity period, by either version's names. Version 1.1 has both: the narrower period counts.

    Raises:
        BrokenRule: a date is none, or the period ends before it starts.
    """
    older = items(document.get("@context"))[:1] == (CREDENTIALS_V1,)
    starts, ends = ("issuanceDate", "validFrom"), ("expirationDate", "validUntil")
    start = max(_moments(document, starts if older else starts[1:]), default=None)
    end = min(_moments(document, ends if older else ends[1:]), default=None)
    if start and end and end < start:
        raise BrokenRule("it ends before it starts")
    return Dates(start, end)


def _moments(document: JsonObject, names: Iterable[str]) -> list[datetime]:
    found = (date_time(document.get(name), name) for name in names)
    return [moment for moment in found if moment is not None]


def keep_rules(document: JsonObject) -> None:
    """Check a credential against the VC Data Model.

    Raises:
        BrokenRule: the first rule it breaks.
    """
    _keep(document, _CREDENTIAL_RULES)
    dates(document)


def keep_presentation_rules(document: JsonObject) -> None:
    """Check a presentation against the VC Data Model; the credentials in it are not looked into.

    Raises:
        BrokenRule: the first rule it breaks.
    """
    _keep(document, _PRESENTATION_RULES)


def _keep(document: JsonObject, rules: tuple[Rule, ...]) -> None:
    for keeps, broken in rules:
        if not keeps(document):
            raise BrokenRule(broken)


Rule = tuple[Callable[[JsonObject], bool], str]
"""What has to be so, and what is said where it is not."""


def _is_named(value: object) -> bool:
    return isinstance(value, dict) and ("id" not in value or is_iri(value["id"]))


def _is_typed(value: object) -> bool:
    names = items(value.get("type")) if isinstance(value, dict) else ()
    return bool(names) and all(isinstance(name, str) for name in names)


def _all(name: str, keeps: Callable[[Any], bool]) -> Callable[[JsonObject], bool]:
    return lambda document: name not in document or all(map(keeps, items(document[name])))


def _is_worded(value: object) -> bool:
    """Text, or a language value object (section 11.1)."""
    if isinstance(value, dict):
        words = ("@value", "@language", "@direction")
        return isinstance(value.get("@value"), str) and all(
            name in words and isinstance(text, str) for name, text in value.items()
        )
    return isinstance(value, str)


def _words_of(document: JsonObject) -> tuple[Any, ...]:
    return items(document.get("name")) + items(document.get("description"))


def _is_place_in_a_list(status: JsonObject) -> bool:
    """Bitstring Status List 1.0, section 2.1; of other kinds nothing is known here."""
    if "BitstringStatusListEntry" not in items(status.get("type")):
        return True
    index, size = status.get("statusListIndex"), status.get("statusSize", 1)
    # The index is text in the specification; a number says the same.
    digits = str(index) if isinstance(index, str | int) and not isinstance(index, bool) else ""
    return (
        isinstance(status.get("statusPurpose"), str)
        and is_iri(status.get("statusListCredential"))
        and _INDEX.match(digits) is not None
        and isinstance(size, int)
        and not isinstance(size, bool)
        and size > 0
    )


_CONTEXT_RULES: Final[tuple[Rule, ...]] = (
    (
        lambda document: items(document.get("@context"))[:1] in ((CREDENTIALS_V1,), (CREDENTIALS_V2,)),
        "the first @context is not the W3C's for credentials",
    ),
    (
        lambda document: all(isinstance(context, str | dict) for context in items(document["@context"])),
        "@context holds something that is neither an address nor an object",
    ),
    (_is_typed, "type is not a list of names"),
    (_is_named, "id is not an address"),
)
_CREDENTIAL_RULES: Final[tuple[Rule, ...]] = (
    *_CONTEXT_RULES,
    (
        lambda document: "VerifiableCredential" in items(document["type"]),
        "type does not say VerifiableCredential",
    ),
    (
        lambda document: not isinstance(document.get("issuer"), list) and is_iri(issuer_id(document)),
        "issuer is not one address, or an object with one",
    ),
    (
        lambda document: items(document["@context"])[0] != CREDENTIALS_V1 or "issuanceDate" in document,
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
    (
        lambda document: all(map(_is_worded, _words_of(document))),
        "name or description is neither text nor text in a language",
    ),
    (
        _all("issuer", lambda issuer: not isinstance(issuer, dict) or all(map(_is_worded, _words_of(issuer)))),
        "name or description of the issuer is neither text nor text in a language",
    ),
    *(
        (_all(name, _is_typed), f"{name} has no type")
        for name in ("credentialStatus", "credentialSchema", "termsOfUse", "evidence", "refreshService", "proof")
    ),
    *(
        (_all(name, _is_named), f"the id of {name} is not an address")
        for name in ("credentialStatus", "credentialSchema", "termsOfUse", "evidence", "refreshService")
    ),
    (_all("credentialSchema", lambda schema: "id" in schema), "credentialSchema has no id"),
    (_all("credentialStatus", _is_place_in_a_list), "credentialStatus does not say which place in which list"),
)
"""What the data model asks of every credential, in the order it is looked at."""

_PRESENTATION_RULES: Final[tuple[Rule, ...]] = (
    *_CONTEXT_RULES,
    (
        lambda document: "VerifiablePresentation" in items(document["type"]),
        "type does not say VerifiablePresentation",
    ),
    (
        lambda document: "holder" not in document or is_iri(named_id(document["holder"])),
        "holder is not one address, or an object with one",
    ),
    (
        _all("verifiableCredential", lambda credential: isinstance(credential, dict)),
        "verifiableCredential holds something that is no object",
    ),
    *((_all(name, _is_typed), f"{name} has no type") for name in ("termsOfUse", "proof")),
)
"""What the data model asks of every presentation (section 4.13)."""
