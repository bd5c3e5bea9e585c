"""Status lists, composed and signed when they are asked for. What they say is what the outcomes say.

Each is published in two forms at one address: for documents and for tokens. What is suspended stands apart for
documents, in a list with the same places.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.documents.port import OneOf, Where, every
from credentials.status import (
    StatusList,
    StatusPurpose,
    TokenStatus,
    TokenStatusList,
    compose_status_list,
    seal_token_status_list,
)
from issuer.domain.sealing import SUSPENSION, Seal, serialised
from issuer.ports import Clock, Keyring, Organisations, Outcomes, StatusListRecords
from schemas.events import CredentialState
from schemas.faults import NotFound

PAGE = 1000
TOKEN_LIFE = timedelta(minutes=5)
"""How long who fetched the form for tokens may go without asking again (`ttl`)."""


@dataclass(frozen=True, slots=True)
class PublishedList:
    """A signed status list as it is served."""

    body: bytes
    """A Bitstring Status List credential: what is revoked."""
    suspensions: bytes
    """Another: what is suspended."""
    token: bytes
    """Both, as a Status List Token."""
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
            self.forget(f"{organisation}/{number.removesuffix(f'/{SUSPENSION}')}")

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
        places: dict[CredentialState, list[int]] = {CredentialState.REVOKED: [], CredentialState.SUSPENDED: []}
        where: Where = {"credential.list": list_id, "credential.state": OneOf(tuple(state.value for state in places))}
        async for outcome in every(self._outcomes, where, portion=PAGE):
            if outcome.credential is not None:
                places[outcome.credential.state].append(outcome.credential.status.index)
        revoked, suspended = places[CredentialState.REVOKED], places[CredentialState.SUSPENDED]
        signers = {kind: self._keyring.signing(registered, kind) for kind in self._seal.kinds}
        url = self._status_url.format(organisation=organisation, number=number)
        until = now + self._validity

        def signed(url: str, purpose: StatusPurpose, indexes: list[int]) -> bytes:
            unsigned = compose_status_list(
                url=url,
                issuer=registered.organisation.did,
                purpose=purpose,
                encoded=StatusList.with_set(indexes).encode(),
                issued=now,
                valid_until=until,
            )
            return serialised(self._seal.status_list(unsigned, signers, now))

        def token() -> bytes:
            statuses = dict.fromkeys(revoked, TokenStatus.INVALID) | dict.fromkeys(suspended, TokenStatus.SUSPENDED)
            signer = signers[self._seal.kinds[0]]
            return seal_token_status_list(
                url,
                TokenStatusList.of(statuses, bits=2),
                signer.key,
                signer.method,
                issued=now,
                expires=until,
                ttl=TOKEN_LIFE,
            ).encode()

        def sign() -> tuple[bytes, bytes, bytes]:
            suspensions = signed(f"{url}/{SUSPENSION}", "suspension", suspended)
            return signed(url, "revocation", revoked), suspensions, token()

        forms = await asyncio.to_thread(sign)
        etag = hashlib.sha256(b"".join(forms)).hexdigest()[:32]
        return PublishedList(*forms, etag, now + self._validity / 2)
