"""What the issuance log says, signed by the organisation whose log it is.

It is signed when it is asked for, by the key that signs now: a key that was stolen vouches for no log from the moment
it is reported.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from credentials.issuance_log import Statement, beginning, way
from credentials.keys import KeyKind
from issuer.ports import (
    Clock,
    Forms,
    IssuanceLog,
    Keyring,
    LogPage,
    LogPlace,
    Organisations,
    Outcomes,
    RegisteredOrganisation,
)
from schemas.faults import NotFound


@dataclass(frozen=True, slots=True)
class Attestation:
    """An answer of the log: what the organisation signed, and the pages that prove it."""

    statement: str
    """A compact JWS."""
    steps: Sequence[LogPage] = ()
    """From the newest page to the one that lists what was asked for; none when no page does."""


class AttestIssuance:
    """Tell what is in an organisation's log."""

    def __init__(  # noqa: PLR0913 the wiring names each thing it is given
        self,
        log: IssuanceLog,
        *,
        outcomes: Outcomes,
        forms: Forms,
        organisations: Organisations,
        keyring: Keyring,
        kind: KeyKind,
        clock: Clock,
    ) -> None:
        """Wire it. `kind` is that of the key which signs what the log says."""
        self._log = log
        self._outcomes = outcomes
        self._forms = forms
        self._organisations = organisations
        self._keyring = keyring
        self._kind = kind
        self._clock = clock

    async def head(self, organisation: str) -> Attestation:
        """How long the log is, and its newest link. Raises `NotFound`."""
        registered = await self._registered(organisation)
        return Attestation(await self._sign(registered, await self._log.newest(organisation)))

    async def page(self, organisation: str, number: int) -> LogPage:
        """A page with its entries. Raises `NotFound`."""
        (page,) = await self._log.pages(organisation, [number])
        return page

    async def of(self, organisation: str, digest: str) -> Attestation:
        """Where this digest stands in the log, or that it does not. Raises `NotFound` for no organisation."""
        registered = await self._registered(organisation)
        logged = await self._logged(organisation, digest)
        newest = await self._log.newest(organisation)
        number = logged.page if logged is not None else None
        steps = await self._log.pages(organisation, way(newest.number, number)) if newest and number else ()
        return Attestation(await self._sign(registered, newest, digest, number), steps)

    async def _logged(self, organisation: str, digest: str) -> LogPlace | None:
        """Where it stands: as a credential was issued, or in a further form."""
        issued = await self._outcomes.find({"organisation": organisation, "credential.logged.digest": digest}, limit=1)
        if issued.items and issued.items[0].credential is not None:
            return issued.items[0].credential.logged
        forms = await self._forms.find({"organisation": organisation, "logged.digest": digest}, limit=1)
        return forms.items[0].logged if forms.items else None

    async def _registered(self, organisation: str) -> RegisteredOrganisation:
        registered = await self._organisations.get(organisation)
        if registered is None:
            raise NotFound(f"there is no organisation {organisation}")
        return registered

    async def _sign(
        self,
        registered: RegisteredOrganisation,
        newest: LogPage | None,
        digest: str | None = None,
        page: int | None = None,
    ) -> str:
        did = registered.organisation.did
        signer = self._keyring.signing(registered, self._kind)
        statement = Statement(
            did=did,
            issued=self._clock(),
            size=newest.number if newest else 0,
            link=newest.step.link if newest else beginning(did),
            digest=digest,
            page=page,
        )
        return await asyncio.to_thread(statement.sign, signer.key, signer.method)
