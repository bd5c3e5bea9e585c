"""Status lists, signed when they are asked for. What they say is what the outcomes say.

Each is published in three forms: for documents, which of its credentials are revoked and, apart, which are suspended;
for tokens, both in one. Every list that is asked for is read once; after that only what changed is, so that a
revocation costs the same however many credentials there are.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from chassis.documents.port import every
from credentials.status import (
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

PAGE: Final = 1000
KEPT: Final = 100
"""So many lists are kept in memory, of 32 KB each: those asked for last."""
TOKEN_LIFE: Final = timedelta(minutes=5)
"""How long who fetched the form for tokens may go without asking again (`ttl`)."""
_BITS: Final = 2
_STATUSES: Final[Mapping[CredentialState, TokenStatus]] = MappingProxyType(
    {
        CredentialState.ACTIVE: TokenStatus.VALID,
        CredentialState.REVOKED: TokenStatus.INVALID,
        CredentialState.SUSPENDED: TokenStatus.SUSPENDED,
    }
)


class ListForm(StrEnum):
    """What a status list is published as."""

    REVOCATIONS = "revocation"
    """A Bitstring Status List credential: what is revoked."""
    SUSPENSIONS = "suspension"
    """Another: what is suspended."""
    TOKEN = "token"  # noqa: S105 the name of a form
    """A Status List Token: both."""


@dataclass(frozen=True, slots=True)
class PublishedList:
    """A signed status list as it is served, in one form."""

    body: bytes
    etag: str
    renewed: datetime
    """From when on it is signed anew."""


@dataclass(slots=True)
class _Known:
    """What this process knows of a list."""

    statuses: TokenStatusList = field(default_factory=lambda: TokenStatusList(bits=_BITS))
    read_again: datetime | None = None
    """From when on all of it is read, since an event may be lost; None before it ever was."""
    changed: set[str] = field(default_factory=set)
    """Awards whose status is to be looked up."""
    published: dict[ListForm, PublishedList] = field(default_factory=dict)
    version: int = 0
    """Counts what makes a published form another."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def unpublish(self) -> None:
        self.published.clear()
        self.version += 1


class StatusLists:
    """The lists, as they are; each form is kept signed until a credential changes or half its validity is over."""

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
        self._known: dict[str, _Known] = {}

    def note(self, list_id: str, award: str) -> None:
        """The status of this award's credential, which has a place in this list, changed."""
        known = self._known.get(list_id)
        if known is None:
            return
        known.changed.add(award)
        if len(known.changed) > PAGE:  # nobody asks for this list: no use to remember each
            known.changed.clear()
            known.read_again = None

    def note_url(self, url: str, award: str) -> None:
        """As `note`, by the list's public address; another issuer's is nothing to us."""
        before, _, after = self._status_url.partition("{organisation}")
        organisation, slash, number = url.removeprefix(before).partition(after.partition("{number}")[0])
        if slash and url.startswith(before):
            self.note(f"{organisation}/{number.removesuffix(f'/{SUSPENSION}')}", award)

    def forget_organisation(self, organisation: str) -> None:
        """Its key is another one: what the old one signed may count no more."""
        for list_id, known in self._known.items():
            if list_id.startswith(f"{organisation}/"):
                known.unpublish()

    async def __call__(self, organisation: str, number: int, form: ListForm = ListForm.REVOCATIONS) -> PublishedList:
        """The list in this form. Raises `NotFound`."""
        list_id = f"{organisation}/{number}"
        if list_id not in self._known and await self._records.get(list_id) is None:
            raise NotFound(f"{organisation} has no status list {number}")
        known = self._of(list_id)
        if not known.lock.locked() and (ready := self._ready(known, form)) is not None:
            return ready
        async with known.lock:  # who asks while a change is looked up waits for it
            await self._catch_up(list_id, known)
            if (ready := self._ready(known, form)) is not None:
                return ready
            version = known.version
            made = await self._publish(organisation, number, known.statuses, form)
            if version == known.version:
                known.published[form] = made
            return made

    def _of(self, list_id: str) -> _Known:
        """What is known of it, as the list asked for last."""
        known = self._known.pop(list_id) if list_id in self._known else _Known()
        self._known[list_id] = known
        while len(self._known) > KEPT:
            del self._known[next(iter(self._known))]
        return known

    def _ready(self, known: _Known, form: ListForm) -> PublishedList | None:
        if known.changed or known.read_again is None:
            return None
        published = known.published.get(form)
        return published if published is not None and self._clock() < published.renewed else None

    async def _catch_up(self, list_id: str, known: _Known) -> None:
        """Read what is not known yet. What changes meanwhile is noted, and looked up the next time."""
        now, before = self._clock(), known.read_again
        changed, known.changed = known.changed, set()
        try:
            if before is None or now >= before:
                known.read_again = now + self._validity / 2
                known.statuses = await self._read(list_id)
                known.unpublish()
            elif changed:
                await self._look_up(changed, known)
        except BaseException:
            known.changed |= changed
            known.read_again = None
            raise

    async def _read(self, list_id: str) -> TokenStatusList:
        statuses = TokenStatusList(bits=_BITS)
        async for outcome in every(self._outcomes, {"credential.told_in": list_id}, portion=PAGE):
            if outcome.credential is not None:
                statuses.set(outcome.credential.status.index, _STATUSES[outcome.credential.state])
        return statuses

    async def _look_up(self, awards: Iterable[str], known: _Known) -> None:
        for outcome in (await self._outcomes.get_many(awards)).values():
            if outcome.credential is not None:
                index, status = outcome.credential.status.index, _STATUSES[outcome.credential.state]
                if known.statuses.get(index) != status:
                    known.statuses.set(index, status)
                    known.unpublish()

    async def _publish(
        self, organisation: str, number: int, statuses: TokenStatusList, form: ListForm
    ) -> PublishedList:
        registered = await self._organisations.get(organisation)
        if registered is None:
            raise NotFound(f"there is no organisation {organisation}")
        now = self._clock()
        until = now + self._validity
        signers = {kind: self._keyring.signing(registered, kind) for kind in self._seal.kinds}
        url = self._status_url.format(organisation=organisation, number=number)

        def credential(url: str, purpose: StatusPurpose, status: TokenStatus) -> bytes:
            unsigned = compose_status_list(
                url=url,
                issuer=registered.organisation.did,
                purpose=purpose,
                encoded=statuses.where(status).encode(),
                issued=now,
                valid_until=until,
            )
            return serialised(self._seal.status_list(unsigned, signers, now))

        def token() -> bytes:
            key, method = signers[self._seal.kinds[0]]
            return seal_token_status_list(
                url, statuses, key, method, issued=now, expires=until, ttl=TOKEN_LIFE
            ).encode()

        made: Mapping[ListForm, Callable[[], bytes]] = {
            ListForm.REVOCATIONS: lambda: credential(url, "revocation", TokenStatus.INVALID),
            ListForm.SUSPENSIONS: lambda: credential(f"{url}/{SUSPENSION}", "suspension", TokenStatus.SUSPENDED),
            ListForm.TOKEN: token,
        }
        body = bytes(memoryview(await asyncio.to_thread(made[form])))  # without the room that it was written into
        return PublishedList(body, hashlib.sha256(body).hexdigest()[:32], now + self._validity / 2)
