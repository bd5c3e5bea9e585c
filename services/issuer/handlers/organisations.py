"""Organisations that award here, and their DIDs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from urllib.parse import unquote

from chassis.documents.port import every
from chassis.outbox import pending_event
from credentials.dids import did_document, web_did
from credentials.issuance_log import SERVICE as LOG_SERVICE
from credentials.keys import KeyKind, PublicKey
from issuer.handlers import facts
from issuer.handlers.issuing import IssueCredentials
from issuer.ports import Clock, Keyring, Organisations, RegisteredOrganisation
from schemas.faults import Conflict, NotFound
from schemas.microcredential import Identifier, Organisation, Region
from schemas.values import Frozen, JsonObject, LanguageMap, Slug, Url
from schemas.vocabularies import Country


class OrganisationDraft(Frozen):
    """What an administrator says of an organisation; its DID and key are made here."""

    id: Slug
    legal_name: LanguageMap
    country: Country
    region: Region | None = None
    homepage: Url | None = None
    identifiers: tuple[Identifier, ...] = ()


class RegisterOrganisation:
    """Give an organisation its DID and its signing keys, once."""

    def __init__(  # noqa: PLR0913 the wiring names each thing it is given
        self,
        organisations: Organisations,
        keyring: Keyring,
        *,
        kinds: Sequence[KeyKind],
        issue: IssueCredentials,
        nudge: Callable[[], None],
        clock: Clock,
        base_url: str,
    ) -> None:
        """Wire it.

        It gets a key of each of the `kinds`; `issue` decides anew on what waited for an organisation; DIDs are made
        from `base_url`.
        """
        self._kinds = kinds
        self._organisations = organisations
        self._keyring = keyring
        self._issue = issue
        self._nudge = nudge
        self._clock = clock
        self._base_url = base_url

    async def __call__(self, draft: OrganisationDraft) -> tuple[Organisation, bool]:
        """The organisation, and whether it is new. Said again, nothing changes.

        Raises `Conflict` when another organisation has this name, or this one was registered with other words.
        """
        stored = await self._organisations.get(draft.id)
        new = stored is None
        if stored is None:
            registered = await self._make(draft)
            if await self._organisations.insert_many([registered]):
                return await self(draft)
            self._nudge()
            stored = registered
        said = stored.organisation.model_dump(include=set(OrganisationDraft.model_fields))
        if said != draft.model_dump():
            raise Conflict(f"organisation {draft.id} is already registered, with other words")
        await self._issue.reopen_unknown({"question.data.platform.organisation": draft.id})
        return stored.organisation, new

    async def _make(self, draft: OrganisationDraft) -> RegisteredOrganisation:
        now = self._clock()
        organisation = Organisation(
            did=web_did(self._base_url, draft.id),
            registered=now,
            **{name: getattr(draft, name) for name in type(draft).model_fields},
        )
        keys = [
            await self._keyring.make(draft.id, f"key-{number}", kind, now)
            for number, kind in enumerate(self._kinds, start=1)
        ]
        registered = RegisteredOrganisation(id=draft.id, organisation=organisation, keys=tuple(keys))
        told = pending_event(facts.registration(registered))
        return registered.model_copy(update={"pending": (told,)})


class RotateKey:
    """Give an organisation another signing key. The old ones stay in its DID document: what they signed holds."""

    def __init__(
        self, organisations: Organisations, keyring: Keyring, *, kinds: Sequence[KeyKind], clock: Clock
    ) -> None:
        """Wire it. `kinds` are those that are signed with here; the first is rotated where none is named."""
        self._organisations = organisations
        self._keyring = keyring
        self._kinds = kinds
        self._clock = clock

    async def __call__(self, organisation: str, kind: KeyKind | None = None) -> str:
        """The new key's verification method. Raises `NotFound`, or `Conflict` when another rotates it just now."""
        registered = await self._organisations.get(organisation)
        if registered is None:
            raise NotFound(f"there is no organisation {organisation}")
        return await self._add(registered, kind or self._kinds[0])

    async def complete(self) -> None:
        """Give organisations that were registered before what they lack now: a kind of key, or one in this keyring."""
        async for registered in every(self._organisations, {}):
            await self.equip(registered, self._kinds)

    async def equip(self, registered: RegisteredOrganisation, kinds: Sequence[KeyKind]) -> RegisteredOrganisation:
        """The organisation with a key of each of these kinds: those it lacks are made. Raises `NotFound`."""
        for kind in kinds:
            while not self._signs_here(registered, kind):
                with suppress(Conflict):  # another process gave it the key, or rotated one
                    await self._add(registered, kind)
                current = await self._organisations.get(registered.id)
                if current is None:
                    raise NotFound(f"there is no organisation {registered.id}")
                registered = current
        return registered

    def _signs_here(self, registered: RegisteredOrganisation, kind: KeyKind) -> bool:
        newest = registered.newest(kind)
        return newest is not None and self._keyring.holds(newest)

    async def _add(self, registered: RegisteredOrganisation, kind: KeyKind) -> str:
        key = await self._keyring.make(registered.id, f"key-{len(registered.keys) + 1}", kind, self._clock())
        await self._organisations.replace(registered.model_copy(update={"keys": (*registered.keys, key)}))
        return f"{registered.organisation.did}#{key.fragment}"


class HouseMoved(Conflict):
    """The organisations here have DIDs of another origin than this house's."""


class StayAtOrigin:
    """Refuse to live elsewhere than before: nobody could look up the keys of what was signed there."""

    def __init__(self, organisations: Organisations, *, base_url: str) -> None:
        self._organisations = organisations
        self._base_url = base_url

    async def __call__(self) -> None:
        """Raises `HouseMoved`, with where it was."""
        for registered in (await self._organisations.find({}, limit=1)).items:
            organisation = registered.organisation
            if organisation.did == web_did(self._base_url, organisation.id):
                continue
            before = unquote(organisation.did.split(":")[2])
            raise HouseMoved(
                f"this house began as {before}, which stands in the DID of {organisation.id} and in what it signed; at"
                f" {self._base_url} nobody could check it. Start it there (LAUREL_PORT, LAUREL_BASE_URL), or begin"
                " another one in a folder of its own (LAUREL_VAR)"
            )


class TellOrganisations:
    """Who awards here."""

    def __init__(self, organisations: Organisations, *, log_url: str) -> None:
        """Wire it. `log_url` is an issuance log's public address, with `{organisation}` to be filled in."""
        self._organisations = organisations
        self._log_url = log_url

    async def page(self, after: str | None = None, limit: int = 100) -> tuple[tuple[Organisation, ...], str | None]:
        """Some of them, and where to go on."""
        page = await self._organisations.find({}, after=after, limit=limit)
        return tuple(registered.organisation for registered in page.items), page.next

    async def did_document(self, organisation: str) -> JsonObject:
        """The organisation's DID document, with every key it ever signed with. Raises `NotFound`."""
        registered = await self._organisations.get(organisation)
        if registered is None:
            raise NotFound(f"there is no organisation {organisation}")
        keys = [(key.fragment, PublicKey.from_multikey(key.multikey)) for key in registered.keys]
        return did_document(
            registered.organisation.did,
            keys,
            revoked={key.fragment: key.compromised.since for key in registered.keys if key.compromised},
            services={LOG_SERVICE: self._log_url.format(organisation=organisation)},
        )
