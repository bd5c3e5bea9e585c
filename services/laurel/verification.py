"""The verifier's engine in the command itself: over the guarded web, or from a folder of evidence."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from laurel.client import Address
from schemas.values import Did
from verifier.adapters.guarded import GuardedClient
from verifier.adapters.offline import Folder, NothingCounted, NothingFetched, NothingKnown
from verifier.adapters.web import WebCredentials, WebDidDocuments, WebStatusLists
from verifier.domain.trust import TrustedIssuer
from verifier.handlers import Sources, VerifyCredential


@dataclass(frozen=True)
class Named:
    """The issuers named on the command line."""

    dids: frozenset[Did]

    async def find(self, did: str) -> TrustedIssuer | None:
        """The issuer, if it was named."""
        return TrustedIssuer(did=did, name=did) if did in self.dids else None


@asynccontextmanager
async def engine(*, evidence: Path | None, trusted: Iterable[Did]) -> AsyncIterator[VerifyCredential]:
    """The engine: with evidence it asks nobody but that folder; without, the web, and the house at `LAUREL_URL`."""
    trust = Named(frozenset(trusted))
    if evidence is not None:
        folder = Folder(evidence)
        yield VerifyCredential(
            Sources(folder.dids, folder.status_lists, NothingFetched(), trust, NothingKnown(), NothingCounted())
        )
        return
    client = GuardedClient(own_origins=(Address().url,))
    try:
        yield VerifyCredential(
            Sources(
                WebDidDocuments(client),
                WebStatusLists(client, lambda: datetime.now(UTC)),
                WebCredentials(client),
                trust,
                NothingKnown(),
                NothingCounted(),
            )
        )
    finally:
        await client.close()
