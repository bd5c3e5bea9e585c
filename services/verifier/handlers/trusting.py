"""Who is relied on."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.events import OrganisationRegistered
from schemas.faults import Conflict, NotFound
from verifier.domain.trust import TrustedIssuer
from verifier.ports import KeptTrustList


class TrustIssuer:
    """Rely on an issuer that is no organisation of this house."""

    def __init__(self, issuers: KeptTrustList) -> None:
        self._issuers = issuers

    async def __call__(self, issuer: TrustedIssuer) -> TrustedIssuer:
        """Its entry. Adding it again replaces its name and date."""
        await self._issuers.add(issuer)
        return issuer


class DistrustIssuer:
    """Rely no more on an issuer that was added."""

    def __init__(self, issuers: KeptTrustList) -> None:
        self._issuers = issuers

    async def __call__(self, did: str) -> None:
        """Its credentials are for a person to judge from now on.

        Raises `NotFound` when it is not on the list, `Conflict` for an organisation of this house, which stays.
        """
        if await self._issuers.remove(did):
            return
        if await self._issuers.find(did) is not None:
            raise Conflict(f"{did} is an organisation of this house, which is relied on for as long as it awards here")
        raise NotFound(f"{did} is not on the list")


class ListTrustedIssuers:
    """Who is relied on, and since when."""

    def __init__(self, issuers: KeptTrustList) -> None:
        self._issuers = issuers

    async def __call__(self, after: str | None = None) -> tuple[tuple[TrustedIssuer, ...], str | None]:
        """A page of the list, and where the next begins."""
        return await self._issuers.listed(after)


class TrustOrganisations:
    """Rely on the organisations of this house, as they announce themselves."""

    def __init__(self, issuers: KeptTrustList) -> None:
        self._issuers = issuers

    async def __call__(self, registered: Sequence[OrganisationRegistered]) -> None:
        """Put them on the list; told twice, they stand there once."""
        await self._issuers.register(registered)
