"""What the verifier needs from the world. Whoever cannot deliver raises `Unavailable`: could not be had, no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cryptography.x509 import Certificate

from credentials.proofs import Sealed
from schemas.events import CredentialStatusChanged, OrganisationRegistered
from schemas.values import JsonObject
from verifier.domain.report import Report
from verifier.domain.status import KnownState
from verifier.domain.trust import TrustedIssuer

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class FetchedList:
    """A status list credential, and when it was had from its address."""

    sealed: Sealed
    at: datetime
    from_its_address: bool = True
    """Whether it was fetched from the address it is named by, over a connection that says whose that is."""


class DidDocuments(Protocol):
    """The documents of DIDs that have to be asked for (did:key needs nobody)."""

    async def resolve(self, did: str, *, fresh: bool = False) -> JsonObject:
        """The document of a DID; `fresh` when an earlier answer lacked the key that is looked for."""
        ...


class StatusLists(Protocol):
    """Status list credentials by their address."""

    async def fetch(self, url: str, *, as_token: bool = False) -> FetchedList:
        """The list, as its address serves it, for tokens where it serves both; not verified yet."""
        ...


class CredentialDocuments(Protocol):
    """Credentials that are handed in as an address."""

    async def fetch(self, url: str) -> bytes:
        """What the address serves."""
        ...


class Resources(Protocol):
    """What credentials refer to, by its address: images, schemas, any bytes."""

    async def fetch(self, url: str) -> bytes:
        """What the address serves, as it stands."""
        ...


class TrustList(Protocol):
    """The issuers this verifier's keeper relies on."""

    async def find(self, did: str) -> TrustedIssuer | None:
        """The issuer's entry, if it has one."""
        ...


class KeptTrustList(TrustList, Protocol):
    """A trust list that is kept here: this house's organisations announce themselves, others are added."""

    async def add(self, issuer: TrustedIssuer) -> None:
        """Rely on an issuer; adding it again replaces what was added."""
        ...

    async def remove(self, did: str) -> bool:
        """Rely no more on an issuer that was added; whether it was."""
        ...

    async def listed(self, after: str | None = None) -> tuple[tuple[TrustedIssuer, ...], str | None]:
        """A page of the list, and where the next begins."""
        ...

    async def register(self, events: Sequence[OrganisationRegistered]) -> None:
        """Put organisations on the list, as they announce themselves; idempotent."""
        ...


class TrustAnchors(Protocol):
    """The authorities whose certificates this verifier's keeper relies on."""

    async def anchors(self) -> Sequence[Certificate]:
        """Their certificates."""
        ...


class IssuanceLogs(Protocol):
    """What issuers' logs say of what they sealed."""

    async def fetch(self, url: str) -> JsonObject:
        """The answer of a log at this address, never a kept one. Raises `Unavailable`."""
        ...


class KnownStates(Protocol):
    """What this house's own events say about the credentials it issued."""

    async def of(self, credential: str) -> KnownState | None:
        """The newest state of the credential of this id, if it ever changed: of one that names no place."""
        ...

    async def find(self, status_list: str, index: int) -> KnownState | None:
        """The newest state of the credential at this place, if it ever changed."""
        ...


class KeptStates(KnownStates, Protocol):
    """States that are kept here, as they are announced."""

    async def record(self, events: Sequence[CredentialStatusChanged]) -> None:
        """Keep the newest of what is said; idempotent, in whatever order it is told."""
        ...

    def hear(self, events: Sequence[CredentialStatusChanged]) -> None:
        """Let this count here at once, while somebody else keeps it."""
        ...


class KeptStatusLists(StatusLists, Protocol):
    """Status lists that are kept for a while."""

    def forget(self, url: str) -> None:
        """What is kept of this list no longer counts."""
        ...


class Counts(Protocol):
    """Where verifications are counted."""

    def count(self, report: Report, milliseconds: float) -> None:
        """Count one. Must neither block nor raise: an answer never waits for its statistics."""
        ...
