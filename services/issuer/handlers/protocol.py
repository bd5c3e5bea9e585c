"""Issue for other people's tools, by the W3C's VC-API: any credential that keeps the rules, under a key of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from credentials.contexts import BITSTRING_STATUS_LIST, CREDENTIALS_V1, CREDENTIALS_V2
from credentials.data_model import issuer_id, items, keep_rules
from credentials.formats.guards import check_writable
from credentials.keys import KeyKind
from credentials.proofs import DataIntegrity, Proof
from credentials.proofs.data_integrity import as_list, without_proof
from credentials.related_resources import resources
from credentials.status import LENGTH, StatusList, StatusPurpose, compose_status_list, spread
from issuer.domain.protocol import Signer, Signers
from issuer.domain.sealing import serialised
from issuer.ports import Clock, ProtocolLists, ProtocolStatusList
from schemas.faults import Conflict, Malformed, NotFound
from schemas.values import JsonObject

ENTRY: Final = "BitstringStatusListEntry"
ENVELOPED: Final = "EnvelopedVerifiableCredential"
ATTEMPTS: Final = 20
"""So often a place is taken anew because somebody else was faster."""
_STATUS_MEMBERS: Final = {"type", "statusPurpose"}


class ChangedResource(Malformed):
    """The credential refers to something by a digest that it does not have. What is not known here is not fetched."""


class NotOurs(Malformed):
    """The credential names an issuer whose key is not here."""


class UnsuitableSuite(Malformed):
    """There is no such suite, or it does not go with the issuer's key."""


class UnsuitableStatus(Malformed):
    """No such status is kept here."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a credential is to be sealed."""

    cryptosuite: str | None = None
    """None is the first that goes with the issuer's key."""
    purposes: tuple[StatusPurpose, ...] = ()
    """What its status is kept for."""


def wanted_purposes(asked: object) -> tuple[StatusPurpose, ...]:
    """What the option `credentialStatus` asks for: one entry or several, each with its type and purpose.

    Raises:
        UnsuitableStatus: of another kind, for another purpose, or with more said than can be kept.
    """
    purposes: list[StatusPurpose] = []
    for entry in items(asked):
        if not isinstance(entry, dict) or not entry.keys() <= _STATUS_MEMBERS or entry.get("type", ENTRY) != ENTRY:
            raise UnsuitableStatus(f"credentialStatus is a {ENTRY} with a statusPurpose; its place is given here")
        purpose = entry.get("statusPurpose", "revocation")
        if purpose not in {"revocation", "suspension"} or purpose in purposes:
            raise UnsuitableStatus("statusPurpose is revocation or suspension, each once")
        purposes.append(purpose)
    return tuple(purposes)


class ProtocolStatuses:
    """Status lists of credentials that were issued by VC-API. A list per key, purpose and 131,072 credentials."""

    def __init__(  # noqa: PLR0913 the wiring names each thing it is given
        self,
        lists: ProtocolLists,
        signers: Signers,
        suites: Mapping[KeyKind, DataIntegrity],
        *,
        key_of: Callable[[str], bytes],
        clock: Clock,
        url: str,
        validity: timedelta,
    ) -> None:
        """Wire it.

        `url` is a list's public address, with `{tenant}`, `{signer}`, `{purpose}` and `{number}` to be filled in.
        """
        self._lists = lists
        self._signers = signers
        self._suites = suites
        self._key_of = key_of
        self._clock = clock
        self._url = url
        self._validity = validity
        self._kept: dict[str, tuple[int, datetime, bytes]] = {}

    async def take(self, signer: Signer, purpose: StatusPurpose) -> JsonObject:
        """A place that no other credential has, as a status entry."""
        record_id = f"{signer.tenant}/{signer.name}/{purpose}"
        for _ in range(ATTEMPTS):
            record = await self._record(record_id)
            try:
                await self._lists.replace(record.model_copy(update={"next": record.next + 1}))
            except Conflict:
                continue
            full, position = divmod(record.next, LENGTH)
            url = self._url.format(tenant=signer.tenant, signer=signer.name, purpose=purpose, number=full + 1)
            index = spread(self._key_of(f"VC-API status list {record_id}/{full + 1}"), position)
            return {
                "id": f"{url}#{index}",
                "type": ENTRY,
                "statusPurpose": purpose,
                "statusListIndex": str(index),
                "statusListCredential": url,
            }
        raise Conflict("too many ask for a place in the status list just now: ask again")

    async def set(self, tenant: str, entry: JsonObject, *, ended: bool) -> None:
        """Set or clear the status of whatever credential of the tenant has this place.

        Raises:
            NotFound: it is no place in a list of the tenant's.
            Conflict: a revocation cannot be taken back, or too many change the list just now.
        """
        signer, purpose, number, index = self._place(tenant, entry)
        mark = (number - 1) * LENGTH + index
        for _ in range(ATTEMPTS):
            record = await self._lists.get(f"{tenant}/{signer}/{purpose}")
            if record is None or number > _count(record):
                raise NotFound("there is no such status list here")
            if ended == (mark in record.ended):
                return
            if not ended and purpose == "revocation":
                raise Conflict("a revocation cannot be taken back")
            marks = {*record.ended, mark} if ended else set(record.ended) - {mark}
            try:
                await self._lists.replace(record.model_copy(update={"ended": tuple(sorted(marks))}))
            except Conflict:
                continue
            return
        raise Conflict("too many change the status list just now: ask again")

    async def published(self, tenant: str, signer: str, purpose: StatusPurpose, number: int) -> bytes:
        """The list, signed. Raises `NotFound`."""
        record_id = f"{tenant}/{signer}/{purpose}"
        record = await self._lists.get(record_id)
        if record is None or not 1 <= number <= _count(record):
            raise NotFound("there is no such status list here")
        now, list_id = self._clock(), f"{record_id}/{number}"
        version, renewed, body = self._kept.get(list_id, (-1, now, b""))
        if version != record.version or now >= renewed:
            body = await asyncio.to_thread(self._seal, self._signers.of(tenant)[signer], purpose, number, record, now)
            self._kept[list_id] = record.version, now + self._validity / 2, body
        return body

    def _seal(
        self, signer: Signer, purpose: StatusPurpose, number: int, record: ProtocolStatusList, now: datetime
    ) -> bytes:
        first = (number - 1) * LENGTH
        ended = (mark - first for mark in record.ended if first <= mark < first + LENGTH)
        unsigned = compose_status_list(
            url=self._url.format(tenant=signer.tenant, signer=signer.name, purpose=purpose, number=number),
            issuer=signer.did,
            purpose=purpose,
            encoded=StatusList.with_set(ended).encode(),
            issued=now,
            valid_until=now + self._validity,
        )
        suite = self._suites[signer.key.kind]
        return serialised(suite.secure(unsigned, signer.key, signer.method, now))

    async def _record(self, record_id: str) -> ProtocolStatusList:
        """How far the list has been handed out; begun where it was not."""
        if (record := await self._lists.get(record_id)) is not None:
            return record
        await self._lists.insert_many([ProtocolStatusList(id=record_id)])
        record = await self._lists.get(record_id)
        assert record is not None  # noqa: S101 for the type checker: inserted above, by us or another
        return record

    def _place(self, tenant: str, entry: JsonObject) -> tuple[str, StatusPurpose, int, int]:
        url, index = entry.get("statusListCredential"), entry.get("statusListIndex")
        if isinstance(index, str) and index.isascii() and index.isdigit() and int(index) < LENGTH:
            purposes: tuple[StatusPurpose, ...] = ("revocation", "suspension")
            for signer in self._signers.of(tenant):
                for purpose in purposes:
                    before = self._url.format(tenant=tenant, signer=signer, purpose=purpose, number="")
                    number = str(url).removeprefix(before)
                    if str(url).startswith(before) and number.isascii() and number.isdigit() and int(number) > 0:
                        return signer, purpose, int(number), int(index)
        raise NotFound("this is no place in a status list of this house")


def _count(record: ProtocolStatusList) -> int:
    """How many lists have been begun."""
    return -(-record.next // LENGTH)


class IssueForProtocol:
    """Seal a credential that somebody else composed, if it keeps the rules and nothing in it escapes the signature."""

    def __init__(
        self,
        signers: Signers,
        proofs: Sequence[Proof],
        statuses: ProtocolStatuses,
        *,
        canonicalize: Callable[[JsonObject], bytes],
        clock: Clock,
    ) -> None:
        """Wire it. `proofs` are those that can be asked for, the preferred ones first."""
        self._canonicalize = canonicalize
        self._signers = signers
        self._proofs = proofs
        self._statuses = statuses
        self._clock = clock

    def issuers(self, tenant: str) -> Mapping[str, tuple[str, ...]]:
        """The DIDs that a tenant can issue under, and the suites each can be asked for."""
        return {
            signer.did: tuple(proof.name for proof in self._proofs if proof.key is signer.key.kind)
            for signer in self._signers.of(tenant).values()
        }

    async def __call__(self, tenant: str, credential: JsonObject, wanted: Wanted) -> JsonObject:
        """The credential, sealed now; a token is handed out in an envelope.

        Raises:
            BrokenRule, Unwritable, UndefinedTerm, …: it is not what may be certified.
            NotOurs: it names another issuer than one of `issuers`.
            UnsuitableSuite: the suite asked for does not go with that issuer.
        """
        keep_rules(credential)
        check_writable(credential)
        for resource in resources(credential):
            if resource.known() is False:
                raise ChangedResource(f"what relatedResource says of {resource.url[:300]} is not so")
        signers = {signer.did: signer for signer in self._signers.of(tenant).values()}
        signer = signers.get(issuer_id(credential))
        if signer is None:
            raise NotOurs(f"issuer is not among those whose key is here: {', '.join(signers)}")
        proof = self._proof(signer, wanted.cryptosuite)
        # Also where the form that is signed is not this one: nothing may be in it that means nothing.
        await asyncio.to_thread(self._canonicalize, without_proof(credential))
        if wanted.purposes:
            entries = [await self._statuses.take(signer, purpose) for purpose in wanted.purposes]
            credential = _with_status(credential, entries)
        sealed = await asyncio.to_thread(proof.secure, credential, signer.key, signer.method, self._clock())
        if isinstance(sealed, str):
            return {"@context": CREDENTIALS_V2, "id": f"data:{proof.media_type},{sealed}", "type": ENVELOPED}
        return sealed

    def _proof(self, signer: Signer, name: str | None) -> Proof:
        for proof in self._proofs:
            if proof.key is signer.key.kind and name in {None, proof.name}:
                return proof
        known = ", ".join(self.issuers(signer.tenant)[signer.did])
        raise UnsuitableSuite(f"cryptosuite is not among those of this issuer's key: {known}")


def _with_status(credential: JsonObject, entries: list[JsonObject]) -> JsonObject:
    """The credential with these entries beside those it has; in VC Data Model 1.1 a context defines them."""
    contexts = as_list(credential["@context"])
    if contexts[0] == CREDENTIALS_V1 and BITSTRING_STATUS_LIST not in contexts:
        contexts.append(BITSTRING_STATUS_LIST)
    all_entries = [*as_list(credential.get("credentialStatus")), *entries]
    status = all_entries[0] if len(all_entries) == 1 else all_entries
    return {**credential, "@context": contexts, "credentialStatus": status}
