"""What the verifier needs from the world. Whoever cannot deliver raises `Unavailable`: could not be had, no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from schemas.values import JsonObject
from verifier.domain.report import Report
from verifier.domain.status import KnownState
from verifier.domain.trust import TrustedIssuer

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class FetchedList:
    """A status list credential, and when it was had from its address."""

    document: JsonObject
    at: datetime


class DidDocuments(Protocol):
    """The documents of DIDs that have to be asked for (did:key needs nobody)."""

    async def resolve(self, did: str, *, fresh: bool = False) -> JsonObject:
        """The document of a DID; `fresh` when an earlier answer lacked the key that is looked for."""
        ...


class StatusLists(Protocol):
    """Status list credentials by their address."""

    async def fetch(self, url: str) -> FetchedList:
        """The list, as its address serves it; not verified yet."""
        ...


class CredentialDocuments(Protocol):
    """Credentials that are handed in as an address."""

    async def fetch(self, url: str) -> bytes:
        """What the address serves."""
        ...


class TrustList(Protocol):
    """The issuers this verifier's keeper relies on."""

    async def find(self, did: str) -> TrustedIssuer | None:
        """The issuer's entry, if it has one."""
        ...


class KnownStates(Protocol):
    """What this house's own events say about the credentials it issued."""

    async def find(self, status_list: str, index: int) -> KnownState | None:
        """The newest state of the credential at this place, if it ever changed."""
        ...


class Counts(Protocol):
    """Where verifications are counted."""

    def count(self, report: Report, milliseconds: float) -> None:
        """Count one. Must neither block nor raise: an answer never waits for its statistics."""
        ...
