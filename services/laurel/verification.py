"""The verifier's engine in the command itself: over the guarded web, or from a folder of evidence."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from chassis.tls import trust
from laurel.client import Address
from schemas.faults import NotFound
from schemas.values import Did
from verifier.adapters.anchors import ListedAnchors
from verifier.adapters.guarded import GuardedClient
from verifier.adapters.offline import Listed, NothingCounted, NothingKnown
from verifier.adapters.offline import engine as offline_engine
from verifier.adapters.web import WebCredentials, WebDidDocuments, WebIssuanceLogs, WebResources, WebStatusLists
from verifier.domain.trust import TrustedIssuer
from verifier.handlers import Sources, VerifyCredential


@asynccontextmanager
async def engine(
    *, evidence: Path | None, trusted: Iterable[Did], authorities: Path | None = None
) -> AsyncIterator[VerifyCredential]:
    """The engine: with evidence it asks nobody but that folder; without, the web, and the house at `LAUREL_URL`.

    Raises:
        NotFound: the file of authorities cannot be read.
        UnfitCertificate: it holds no certificates.
    """
    anchors = _anchors(authorities)
    issuers = [TrustedIssuer(did=did, name=did) for did in trusted]
    if evidence is not None:
        yield offline_engine(evidence, issuers, await anchors.anchors())
        return
    address = Address()
    client = GuardedClient(own_origins=(address.url,), own_tls=trust(address))
    try:
        yield VerifyCredential(
            Sources(
                WebDidDocuments(client),
                WebStatusLists(client, lambda: datetime.now(UTC)),
                WebCredentials(client),
                WebResources(client),
                Listed(issuers),
                NothingKnown(),
                NothingCounted(),
                anchors,
                WebIssuanceLogs(client),
            )
        )
    finally:
        await client.close()


def _anchors(authorities: Path | None) -> ListedAnchors:
    try:
        return ListedAnchors.read(authorities)
    except OSError as error:
        raise NotFound(f"{authorities} cannot be read: {error.strerror}") from None
