"""The sixth check, of tokens: what a Token Status List says about one place.

Source: https://datatracker.ietf.org/doc/draft-ietf-oauth-status-list/ (draft 17), section 8.3. As with lists of bits,
one that is not signed by the credential's own issuer, or is out of date, says nothing in either direction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, Self

from credentials.data_model import issuer_id
from credentials.dids import only_method
from credentials.jose import Jws
from credentials.proofs import Sealed
from credentials.status import NotAStatusList, ReadStatusList, StatusIndexOutOfRange, TokenStatus
from schemas.faults import Malformed
from schemas.values import JsonObject, instant_text
from verifier.domain.report import Evidence, Finding, found
from verifier.domain.signature import Keys
from verifier.domain.status import Entry, KnownState, age, ended
from verifier.domain.validity import LEEWAY
from verifier.domain.verdicts import Code

_PURPOSES: Final[Mapping[int, str]] = MappingProxyType(
    {TokenStatus.INVALID: "revocation", TokenStatus.SUSPENDED: "suspension"}
)


@dataclass(frozen=True, slots=True)
class TokenEntry:
    """One place in one Token Status List, and whose credential asks."""

    list: str
    index: int
    issuer: str

    @classmethod
    def of(cls, document: JsonObject) -> Self:
        """The place that an attestation names."""
        status = document["credentialStatus"]
        return cls(status["statusListCredential"], status["statusListIndex"], issuer_id(document))

    def as_entry(self, purpose: str = "revocation") -> Entry:
        """The same place, as a place in a list of bits."""
        return Entry(purpose, self.list, self.index)


@dataclass(frozen=True, slots=True)
class FetchedToken:
    """What a list's address gave, taken apart and not verified."""

    token: Jws
    list: ReadStatusList
    at: datetime

    @classmethod
    def of(cls, sealed: Sealed, at: datetime) -> Self:
        """Take it apart.

        Raises:
            NotAStatusList, NotAToken: it is something else.
        """
        if not isinstance(sealed, str):
            raise NotAStatusList("it is no token")
        token = Jws.parse(sealed)
        return cls(token, ReadStatusList.of(token), at)

    def method(self, issuer: str) -> str | None:
        """The id of the key it says it was signed with."""
        kid = self.token.header.get("kid")
        if kid is None:
            return only_method(issuer)
        if not isinstance(kid, str) or not kid:
            return None
        return kid if kid.startswith("did:") else f"{issuer}#{kid.removeprefix('#')}"


def judge_token(
    entry: TokenEntry, fetched: FetchedToken, keys: Keys, known: KnownState | None, now: datetime
) -> Finding:
    """What a fetched list says about one place."""
    statuses = fetched.list
    seconds = max(0, int((now - statuses.issued).total_seconds()))
    evidence: Evidence = {
        "list": entry.list,
        "index": entry.index,
        "fetched": instant_text(fetched.at),
        "listIssued": instant_text(statuses.issued),
        "listAgeSeconds": seconds,
    }
    unusable = _unusable(entry, fetched, keys, now)
    if unusable:
        return Finding(unusable.check, unusable.code, unusable.message, {**evidence, **unusable.evidence})
    try:
        status = statuses.list.get(entry.index)
    except StatusIndexOutOfRange as fault:
        return found(
            Code.STATUS_INDEX_OUT_OF_RANGE, f"Its place in the status list does not exist: {fault}.", **evidence
        )
    old = f" The list is {age(seconds)} old."
    if status == TokenStatus.VALID:
        return found(Code.STATUS_GOOD, f"Its issuer has not revoked it.{old}", **evidence)
    purpose = _PURPOSES.get(status)
    if purpose is None:
        message = f"Its status list says {status}, which has a meaning that is not known here."
        return found(Code.STATUS_UNSUPPORTED, message, **evidence)
    return ended(entry.as_entry(purpose), known, None, old, evidence)


def _unusable(entry: TokenEntry, fetched: FetchedToken, keys: Keys, now: datetime) -> Finding | None:
    """Why a list says nothing, in either direction."""
    method = fetched.method(entry.issuer)
    if method is None or method.partition("#")[0] != entry.issuer:
        return found(
            Code.STATUS_LIST_FOREIGN,
            "The status list is not signed by the credential's own issuer, so it says nothing.",
            listIssuer=(method or "").partition("#")[0][:1_000],
        )
    key = keys.get(method)
    if key is None or isinstance(key, Finding):
        why = key.message if key else ""
        return found(Code.STATUS_LIST_FORGED, f"The status list's signature could not be checked. {why}".rstrip())
    if not fetched.token.verify(key):
        return found(Code.STATUS_LIST_FORGED, "The status list is not properly signed, so it says nothing.")
    if fetched.list.url != entry.list:
        return found(Code.STATUS_LIST_MALFORMED, "What the status list's address gave is another list.")
    until = fetched.list.expires
    if (until is not None and now >= until) or fetched.list.issued > now + LEEWAY:
        return found(
            Code.STATUS_LIST_OUTDATED,
            "The status list that was found does not count at this time.",
            listUntil=instant_text(until) if until else None,
        )
    return None


def unreadable(entry: TokenEntry, fault: Malformed) -> Finding:
    """The finding for what is no list at all."""
    return found(
        Code.STATUS_LIST_MALFORMED,
        f"What the status list's address gave is no status list: {str(fault).rstrip('.')}.",
        list=entry.list,
        index=entry.index,
    )
