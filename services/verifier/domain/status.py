"""The sixth check: does it still hold?

Sources: Bitstring Status List 1.0, section 3.2; Status List 2021 (its draft, still in use); 1EdTech Revocation List
1.0. A bit string is a credential itself. It counts only when it is signed by the same issuer, in date, kept for this
purpose, and has the place it is asked about: a list that cannot be relied on says nothing, in either direction.
1EdTech's list is signed by nobody: it counts only as it comes from the address that the signed credential names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final, Self

from credentials.data_model import dates, issuer_id, items, named_id
from credentials.status import StatusIndexOutOfRange, StatusList, TooShort
from schemas.events import CredentialState, Decision
from schemas.faults import Malformed
from schemas.values import Instant, JsonObject, instant_text
from verifier.domain.report import Evidence, Finding, found
from verifier.domain.validity import check_validity
from verifier.domain.verdicts import DEFAULT, Code

_INDEX = re.compile(r"(0|[1-9][0-9]{0,17})\Z")
MOST_ENTRIES: Final = 5
"""A stranger's credential must not send this server to a hundred places."""
_ENDS: Final = {
    "revocation": (Code.REVOKED, CredentialState.REVOKED),
    "suspension": (Code.SUSPENDED, CredentialState.SUSPENDED),
}
_HARMLESS: Final = frozenset({"refresh"})
"""Purposes whose bit does not say that the credential stopped holding."""
_WORDS: Final = {"revocation": "revoked", "suspension": "suspended", "refresh": "replaced"}


@dataclass(frozen=True, slots=True)
class ListKind:
    """A kind of list made of bits: what it is called where, and how its bits are written."""

    credential: str
    subject: str
    decode: Callable[[str], StatusList]


_BITS: Final[Mapping[str, ListKind]] = MappingProxyType(
    {
        "BitstringStatusListEntry": ListKind("BitstringStatusListCredential", "BitstringStatusList", StatusList.decode),
        # Its text lacks the letter that says base64url, and may be padded.
        "StatusList2021Entry": ListKind(
            "StatusList2021Credential", "StatusList2021", lambda text: StatusList.decode(f"u{text.rstrip('=')}")
        ),
    }
)
_NAMED: Final = "1EdTechRevocationList"


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in one list (section 2.1)."""

    purpose: str
    list: str
    index: int
    kind: ListKind = _BITS["BitstringStatusListEntry"]


@dataclass(frozen=True, slots=True)
class NamedEntry:
    """A list in which the credential would stand by its own id (1EdTech Revocation List 1.0)."""

    list: str
    id: str


@dataclass(frozen=True, slots=True)
class KnownState:
    """What this house's own events say about a credential's state: the newest, with the reason an operator gave."""

    state: CredentialState
    reason: str
    changed: Instant


def entries(document: JsonObject) -> tuple[Entry | NamedEntry | Finding, ...]:
    """The places to look up, or why one cannot be."""
    named = items(document.get("credentialStatus"))
    if len(named) > MOST_ENTRIES:
        return (
            found(Code.STATUS_UNSUPPORTED, f"It names {len(named)} statuses; {MOST_ENTRIES} are looked up at most."),
        )
    return tuple(_entry(status, document) for status in named)


def _entry(status: JsonObject, document: JsonObject) -> Entry | NamedEntry | Finding:
    types = [name for name in items(status.get("type")) if isinstance(name, str)]
    if _NAMED in types:
        url, name = status.get("id"), document.get("id")
        if not isinstance(url, str) or not isinstance(name, str):
            return found(Code.STATUS_LIST_MALFORMED, "It names a list of ids, but the list or itself has none.")
        return NamedEntry(url, name)
    bits = next((_BITS[name] for name in types if name in _BITS), None)
    if bits is None:
        kind = ", ".join(map(str, items(status.get("type"))))[:100]
        return found(Code.STATUS_UNSUPPORTED, f"It names a status of the kind {kind}, which cannot be looked up here.")
    purpose, url, index = (status.get(k) for k in ("statusPurpose", "statusListCredential", "statusListIndex"))
    # The index is text in the specification; a number says the same.
    digits = str(index) if isinstance(index, str | int) and not isinstance(index, bool) else ""
    if not isinstance(purpose, str) or not isinstance(url, str) or not _INDEX.match(digits):
        return found(Code.STATUS_LIST_MALFORMED, "It names a status list, but not which place in it.")
    if status.get("statusSize", 1) != 1 or purpose not in _WORDS:
        return found(Code.STATUS_UNSUPPORTED, f"It names a status for {purpose[:60]}, which cannot be judged here.")
    return Entry(purpose, url, int(digits), bits)


@dataclass(frozen=True)
class SealedList:
    """A status list as it was fetched, and how its own seal came out."""

    document: JsonObject
    fetched: datetime
    signature: Finding
    identity: Finding
    in_date: bool = False
    """Whether it counted at the moment it was examined."""
    issued: datetime | None = None
    _bits: dict[str, StatusList] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, document: JsonObject, fetched: datetime, signature: Finding, identity: Finding, at: datetime) -> Self:
        """As it was examined at a moment; dates that nobody signed are not looked at."""
        if not _holds(signature):
            return cls(document, fetched, signature, identity)
        in_date = check_validity(document, at).code is Code.VALID_NOW
        return cls(document, fetched, signature, identity, in_date, dates(document).valid_from)

    def bits(self, kind: ListKind) -> StatusList:
        """The list itself, unpacked once for all who ask.

        Raises:
            Malformed: it cannot be read as this kind of list.
        """
        if kind.subject not in self._bits:
            self._bits[kind.subject] = kind.decode(str(_subject(self.document)["encodedList"]))
        return self._bits[kind.subject]


def judge(entry: Entry, credential: JsonObject, sealed: SealedList, known: KnownState | None, now: datetime) -> Finding:
    """What a fetched list says about one place."""
    evidence: dict[str, str | int | None] = {
        "list": entry.list,
        "index": entry.index,
        "purpose": entry.purpose,
        "fetched": instant_text(sealed.fetched),
    }
    unusable = _unusable(entry, credential, sealed)
    if unusable:
        return Finding(unusable.check, unusable.code, unusable.message, evidence | dict(unusable.evidence))
    issued = sealed.issued
    seconds = max(0, int((now - issued).total_seconds())) if issued else None
    evidence |= {"listIssued": instant_text(issued) if issued else None, "listAgeSeconds": seconds}
    try:
        is_set = sealed.bits(entry.kind).get(entry.index)
    except StatusIndexOutOfRange as fault:
        return found(
            Code.STATUS_INDEX_OUT_OF_RANGE, f"Its place in the status list does not exist: {fault}.", **evidence
        )
    except Malformed as fault:
        code = Code.STATUS_LIST_TOO_SHORT if isinstance(fault, TooShort) else Code.STATUS_LIST_MALFORMED
        return found(code, f"Its status list cannot be read: {fault}.", **evidence)
    old = f" The list is {age(seconds)} old." if seconds is not None else ""
    if not is_set or entry.purpose in _HARMLESS:
        return found(Code.STATUS_GOOD, f"Its issuer has not {_WORDS[entry.purpose]} it.{old}", **evidence)
    return ended(entry, known, _stated_reason(credential), old, evidence)


def judge_named(
    entry: NamedEntry, credential: JsonObject, answer: object, fetched: datetime, *, from_its_address: bool
) -> Finding:
    """What a list of revoked ids says about one of them."""
    told: Evidence = {"list": entry.list, "purpose": "revocation", "fetched": instant_text(fetched)}
    if not from_its_address:
        message = "The status list is not signed, and did not come from its own address, so it says nothing."
        return found(Code.STATUS_LIST_FORGED, message, **told)
    listed = _revoked(answer)
    if listed is None or (isinstance(answer, dict) and answer.get("id", entry.list) != entry.list):
        return found(Code.STATUS_LIST_MALFORMED, "What the status list's address gave is another document.", **told)
    if isinstance(answer, dict) and named_id(answer.get("issuer")) != issuer_id(credential):
        message = "The status list is not the credential's own issuer's, so it says nothing."
        return found(Code.STATUS_LIST_FOREIGN, message, **told, listIssuer=named_id(answer.get("issuer"))[:1_000])
    if entry.id not in listed:
        message = "Its issuer has not revoked it. The list is signed by nobody; it came from the issuer's address."
        return found(Code.STATUS_GOOD, message, **told)
    reason = listed[entry.id]
    why = f", for this reason: {reason.rstrip('.')}." if reason else ". No reason is given."
    return found(Code.REVOKED, f"Its issuer has revoked it{why}", **told, reason=reason)


def _revoked(answer: object) -> dict[str, str | None] | None:
    """The revoked ids and why; None where it is no such list. Both spellings of its one member are in use."""
    if not isinstance(answer, dict):
        return None
    listed = answer.get("revokedCredential", answer.get("revokedCredentials"))
    if listed is None:
        return None
    revoked: dict[str, str | None] = {}
    for each in items(listed):
        entry = {"id": each} if isinstance(each, str) else each
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
            return None
        # Whatever is there and is not plainly false counts as revoked.
        if entry.get("revoked") is not False:
            reason = entry.get("revocationReason")
            revoked[entry["id"]] = reason[:500] if isinstance(reason, str) else None
    return revoked


def settle(entry: Entry, finding: Finding, known: KnownState | None) -> Finding:
    """Revocation is final: once this house has announced it, no copy of the list and no missing one takes it back."""
    if entry.purpose != "revocation" or finding.code is Code.REVOKED:
        return finding
    if known is None or known.state is not CredentialState.REVOKED:
        return finding
    return ended(entry, known, None, f" The list itself: {finding.message}", finding.evidence)


def ended(entry: Entry, known: KnownState | None, stated: str | None, old: str, evidence: Evidence) -> Finding:
    """The finding for a set bit: that it stopped holding, since when and why, as far as anybody said."""
    code, state = _ENDS[entry.purpose]
    known = known if known and known.state is state else None
    reason = known.reason if known else stated
    when = f" on {known.changed:%Y-%m-%d}" if known else ""
    why = f", for this reason: {reason.rstrip('.')}." if reason else ". A status list does not say why: ask the issuer."
    told = {"reason": reason, "changed": instant_text(known.changed) if known else None}
    return found(code, f"Its issuer has {_WORDS[entry.purpose]} it{when}{why}{old}", **{**evidence, **told})


def _subject(status_list: JsonObject) -> JsonObject:
    subject: JsonObject = items(status_list["credentialSubject"])[0]
    return subject


def _unusable(entry: Entry, credential: JsonObject, sealed: SealedList) -> Finding | None:
    """Why a list says nothing, in either direction."""
    document, signature = sealed.document, sealed.signature
    if not _holds(signature):
        message = f"The status list is not properly signed, so it says nothing. {signature.message}"
        return found(Code.STATUS_LIST_FORGED, message, listSignature=signature.code)
    if issuer_id(document) != issuer_id(credential) or not _holds(sealed.identity):
        return found(
            Code.STATUS_LIST_FOREIGN,
            "The status list is not signed by the credential's own issuer, so it says nothing.",
            listIssuer=issuer_id(document),
        )
    if not sealed.in_date:
        until = dates(document).valid_until
        return found(
            Code.STATUS_LIST_OUTDATED,
            "The status list that was found does not count at this time.",
            listUntil=instant_text(until) if until else None,
        )
    return _not_the_list(entry, document)


def _holds(finding: Finding) -> bool:
    return DEFAULT.weigh(finding.code) is Decision.ACCEPT


def _not_the_list(entry: Entry, document: JsonObject) -> Finding | None:
    """Why a signed credential is not the list that was asked for (section 2.2)."""
    subject = _subject(document)
    is_list = (
        entry.kind.credential in items(document.get("type"))
        and document.get("id", entry.list) == entry.list
        and entry.kind.subject in items(subject.get("type"))
        and isinstance(subject.get("encodedList"), str)
    )
    if not is_list:
        return found(Code.STATUS_LIST_MALFORMED, "What the status list's address gave is another document.")
    if entry.purpose not in items(subject.get("statusPurpose")):
        kept = ", ".join(map(str, items(subject.get("statusPurpose"))))[:100]
        return found(
            Code.STATUS_PURPOSE_MISMATCH,
            f"The list is kept for {kept or 'no purpose'}; the credential asks about {entry.purpose}.",
        )
    return None


def _stated_reason(credential: JsonObject) -> str | None:
    """The message the credential's own status entry carries for a set bit (section 2.1, statusMessage)."""
    for status in items(credential.get("credentialStatus")):
        for message in items(status.get("statusMessage")):
            if isinstance(message, dict) and message.get("status") == "0x1" and isinstance(message.get("message"), str):
                return str(message["message"])[:500]
    return None


def age(seconds: int) -> str:
    """How old a list is, in words."""
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {name}{'' if count == 1 else 's'}"
    return "less than a minute"


def gravest(findings: Sequence[Finding]) -> Finding:
    """One finding for all of a credential's places: the one that weighs most."""
    if not findings:
        return found(Code.STATUS_NONE, "Its issuer keeps no status for it, so there is nothing to look up.")
    decision = DEFAULT.decide(finding.code for finding in findings)
    return next(finding for finding in findings if DEFAULT.weigh(finding.code) is decision)
