"""Status lists, composed and signed when they are asked for. What they say is what the outcomes say.

Each is published in two forms at one address: for documents and for tokens.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.documents.port import Where
from credentials.status import StatusList, TokenStatusList, compose_status_list, seal_token_status_list
from issuer.domain.sealing import Seal, serialised
from issuer.ports import Clock, Keyring, Organisations, Outcomes, StatusListRecords
from schemas.events import CredentialState
from schemas.faults import NotFound
from schemas.values import JsonObject

PAGE = 1000
TOKEN_LIFE = timedelta(minutes=5)
"""How long who fetched the form for tokens may go without asking again (`ttl`)."""


@dataclass(frozen=True, slots=True)
class PublishedList:
    """A signed status list as it is served."""

    body: bytes
    """A Bitstring Status List credential."""
    token: bytes
    """The same statuses as a Status List Token."""
    etag: str
    """Of the statuses' newest signing, whichever form is served."""
    renewed: datetime
    """From when on it is signed anew."""


class StatusLists:
    """The signed lists, kept until one of their credentials changes or half their validity is over."""

    def __init__(  # noqa: PLR0913 the wiring names each thing it is given
        self,
        *,
        outcomes: Outcomes,
        organisations: Organisations,
        records: StatusListRecords,
        keyring: Keyring,
        seal: Seal,
        clock: Clock,
        status_url: str,
        validity: timedelta,
    ) -> None:
        self._outcomes = outcomes
        self._organisations = organisations
        self._records = records
        self._keyring = keyring
        self._seal = seal
        self._clock = clock
        self._status_url = status_url
        self._validity = validity
        self._kept: dict[str, PublishedList] = {}
        self._changes: Counter[str] = Counter()
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def forget(self, list_id: str) -> None:
        """A credential of this list changed."""
        self._changes[list_id] += 1
        self._kept.pop(list_id, None)

    def forget_organisation(self, organisation: str) -> None:
        """Its key is another one: what the old one signed may count no more."""
        for list_id in list(self._locks):
            if list_id.startswith(f"{organisation}/"):
                self.forget(list_id)

    def forget_url(self, url: str) -> None:
        """As `forget`, by the list's public address; another issuer's is nothing to us."""
        before, _, after = self._status_url.partition("{organisation}")
        organisation, slash, number = url.removeprefix(before).partition(after.partition("{number}")[0])
        if slash and url.startswith(before):
            self.forget(f"{organisation}/{number}")

    async def __call__(self, organisation: str, number: int) -> PublishedList:
        """The list. Raises `NotFound`."""
        list_id = f"{organisation}/{number}"
        if (kept := self._fresh(list_id)) is not None:
            return kept
        if await self._records.get(list_id) is None:
            raise NotFound(f"{organisation} has no status list {number}")
        async with self._locks[list_id]:
            if (kept := self._fresh(list_id)) is not None:
                return kept
            seen = self._changes[list_id]
            made = await self._make(organisation, number, list_id)
            if seen == self._changes[list_id]:  # else it may lack what changed while it was made
                self._kept[list_id] = made
            return made

    def _fresh(self, list_id: str) -> PublishedList | None:
        kept = self._kept.get(list_id)
        return kept if kept is not None and self._clock() < kept.renewed else None

    async def _make(self, organisation: str, number: int, list_id: str) -> PublishedList:
        registered = await self._organisations.get(organisation)
        if registered is None:
            raise NotFound(f"there is no organisation {organisation}")
        now = self._clock()
        revoked: list[int] = []
        where: Where = {"credential.list": list_id, "credential.state": CredentialState.REVOKED.value}
        after: str | None = None
        while True:
            page = await self._outcomes.find(where, after=after, limit=PAGE)
            revoked += [outcome.credential.status.index for outcome in page.items if outcome.credential is not None]
            if (after := page.next) is None:
                break
        signers = {kind: self._keyring.signing(registered, kind) for kind in self._seal.kinds}
        url = self._status_url.format(organisation=organisation, number=number)
        until = now + self._validity

        def sign() -> tuple[bytes, bytes]:
            unsigned: JsonObject = compose_status_list(
                url=url,
                issuer=registered.organisation.did,
                purpose="revocation",
                encoded=StatusList.with_set(revoked).encode(),
                issued=now,
                valid_until=until,
            )
            statuses = TokenStatusList.of(revoked)
            signer = signers[self._seal.kinds[0]]
            token = seal_token_status_list(
                url, statuses, signer.key, signer.method, issued=now, expires=until, ttl=TOKEN_LIFE
            )
            return serialised(self._seal.status_list(unsigned, signers, now)), token.encode()

        body, token = await asyncio.to_thread(sign)
        return PublishedList(body, token, hashlib.sha256(body).hexdigest()[:32], now + self._validity / 2)
