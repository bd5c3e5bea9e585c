"""The verifier's own database: the issuers it relies on, and what this house said of its credentials' states.

Thousands of verifications ask the same of it, so what it answered is kept for a moment; what is written or heard here
counts at once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from chassis.documents import Document, Documents, Index, Schema
from schemas.events import CredentialState, CredentialStatusChanged, OrganisationRegistered
from schemas.values import Did, Instant, ShortText, Slug, Url, in_language, instant_text
from verifier.adapters.caching import Cache
from verifier.domain.status import KnownState
from verifier.domain.trust import TrustedIssuer

TRUST_SECONDS = 2.0
"""How long another process may still answer as if an issuer had not been added or removed here."""
MOST_CHANGED = 2_000
"""States of one list that are kept in memory; where more of its credentials changed, the database is asked for each."""
MOST_HEARD = 10_000
"""Newest changes that are remembered, should the database not have them yet."""


class Issuer(Document):
    """An issuer on the list: an organisation of this house (`organisation:…`), or one added (`added:…`)."""

    did: Did
    name: ShortText
    since: Instant | None = None
    organisation: Slug | None = None


class State(Document):
    """A credential's newest state at a place where it is told.

    The id is the award's; a number stands behind it for any further place.
    """

    list: Url
    index: int
    state: CredentialState
    reason: str
    changed: Instant


ISSUERS = Schema("issuers", Issuer, (Index(("did",)),))
STATES = Schema("states", State, (Index(("list", "index")),))


class Issuers:
    """The trust list: organisations announce themselves, an administrator adds others."""

    def __init__(self, documents: Documents) -> None:
        self._issuers = documents.collection(ISSUERS)
        self._found = Cache(self._find, ttl=TRUST_SECONDS)

    async def find(self, did: str) -> TrustedIssuer | None:
        """The issuer's entry, if it has one; the one that trusts it longest, if it has two."""
        return await self._found.get(did)

    async def _find(self, did: str) -> TrustedIssuer | None:
        found = (await self._issuers.find({"did": did}, limit=10)).items
        earliest = min(found, key=lambda issuer: instant_text(issuer.since) if issuer.since else "", default=None)
        return _entry(earliest) if earliest else None

    async def add(self, issuer: TrustedIssuer) -> None:
        """Rely on an issuer; adding it again replaces what was added."""
        await self._issuers.put_many(
            [Issuer(id=f"added:{issuer.did}", did=issuer.did, name=issuer.name, since=issuer.since)]
        )
        self._found.forget(issuer.did)

    async def remove(self, did: str) -> bool:
        """Rely no more on an issuer that was added; whether it was."""
        removed = await self._issuers.delete_many([f"added:{did}"])
        self._found.forget(did)
        return bool(removed)

    async def listed(self, after: str | None = None) -> tuple[tuple[TrustedIssuer, ...], str | None]:
        """A page of the list, and where the next begins."""
        page = await self._issuers.find({}, after=after, limit=200)
        return tuple(map(_entry, page.items)), page.next

    async def register(self, events: Sequence[OrganisationRegistered]) -> None:
        """Put this house's organisations on the list, as they announce themselves."""
        await self._issuers.put_many(
            [
                Issuer(
                    id=f"organisation:{event.data.id}",
                    did=event.data.did,
                    name=in_language(event.data.legal_name),
                    since=event.data.registered,
                    organisation=event.data.id,
                )
                for event in events
            ]
        )
        for event in events:
            self._found.forget(event.data.did)


class States:
    """What this house's own events say about credentials: why one was revoked, and that it was."""

    def __init__(self, documents: Documents, *, ttl: float = 30) -> None:
        self._states = documents.collection(STATES)
        self._changed = Cache(self._load, ttl=ttl, size=200)
        self._heard: OrderedDict[tuple[str, int], KnownState] = OrderedDict()

    async def find(self, status_list: str, index: int) -> KnownState | None:
        """The newest state of the credential at this place, if it ever changed."""
        changed = await self._changed.get(status_list)
        kept = await self._find(status_list, index) if changed is None else changed.get(index)
        heard = self._heard.get((status_list, index))
        return max(filter(None, (heard, kept)), key=lambda state: state.changed, default=None)

    async def _find(self, status_list: str, index: int) -> KnownState | None:
        found = (await self._states.find({"list": status_list, "index": index}, limit=1)).items
        return _known(found[0]) if found else None

    async def _load(self, status_list: str) -> dict[int, KnownState] | None:
        """All that changed in a list, by its place; None where that is too much to keep."""
        page = await self._states.find({"list": status_list}, order_by="index", limit=MOST_CHANGED)
        return None if page.next else {state.index: _known(state) for state in page.items}

    def hear(self, events: Sequence[CredentialStatusChanged]) -> None:
        """These count from now on, whenever whoever keeps them has written them down."""
        for event in events:
            told = KnownState(event.data.state, event.data.reason, event.time)
            for place in ((each.list, each.index) for each in event.data.places):
                if place not in self._heard or self._heard[place].changed <= told.changed:
                    self._heard[place] = told
                self._heard.move_to_end(place)
        while len(self._heard) > MOST_HEARD:
            self._heard.popitem(last=False)

    async def of(self, credential: str) -> KnownState | None:
        """The newest state of the credential of this id (`urn:uuid:` and the award's), if it ever changed."""
        found = await self._states.get(credential.removeprefix("urn:uuid:"))
        return _known(found) if found else None

    async def record(self, events: Sequence[CredentialStatusChanged]) -> None:
        """Keep the newest of what is said; what is older than that is old news told again."""
        kept = await self._states.get_many(str(event.data.award) for event in events)
        newest = {award: state.changed for award, state in kept.items()}
        changed: dict[str, State] = {}
        for event in events:
            award = str(event.data.award)
            if award in newest and event.time < newest[award]:
                continue
            newest[award] = event.time
            for number, place in enumerate(event.data.places):
                id_ = f"{award}/{number}" if number else award
                changed[id_] = State(
                    id=id_,
                    list=place.list,
                    index=place.index,
                    state=event.data.state,
                    reason=event.data.reason,
                    changed=event.time,
                )
        await self._states.put_many(tuple(changed.values()))
        self.hear(events)


def _known(state: State) -> KnownState:
    return KnownState(state.state, state.reason, state.changed)


def _entry(issuer: Issuer) -> TrustedIssuer:
    return TrustedIssuer(did=issuer.did, name=issuer.name, since=issuer.since, organisation=issuer.organisation)
