"""The verifier's own database: the issuers it relies on, and what this house said of its credentials' states."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.documents import Document, Documents, Index, Schema
from schemas.events import CredentialState, CredentialStatusChanged, OrganisationRegistered
from schemas.values import Did, Instant, ShortText, Slug, Url, in_language, instant_text
from verifier.domain.status import KnownState
from verifier.domain.trust import TrustedIssuer


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

    async def find(self, did: str) -> TrustedIssuer | None:
        """The issuer's entry, if it has one; the one that trusts it longest, if it has two."""
        found = (await self._issuers.find({"did": did}, limit=10)).items
        earliest = min(found, key=lambda issuer: instant_text(issuer.since) if issuer.since else "", default=None)
        return _entry(earliest) if earliest else None

    async def add(self, issuer: TrustedIssuer) -> None:
        """Rely on an issuer; adding it again replaces what was added."""
        await self._issuers.put_many(
            [Issuer(id=f"added:{issuer.did}", did=issuer.did, name=issuer.name, since=issuer.since)]
        )

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


class States:
    """What this house's own events say about credentials: why one was revoked, and that it was."""

    def __init__(self, documents: Documents) -> None:
        self._states = documents.collection(STATES)

    async def find(self, status_list: str, index: int) -> KnownState | None:
        """The newest state of the credential at this place, if it ever changed."""
        found = (await self._states.find({"list": status_list, "index": index}, limit=1)).items
        return KnownState(found[0].state, found[0].reason, found[0].changed) if found else None

    async def of(self, credential: str) -> KnownState | None:
        """The newest state of the credential of this id (`urn:uuid:` and the award's), if it ever changed."""
        found = await self._states.get(credential.removeprefix("urn:uuid:"))
        return KnownState(found.state, found.reason, found.changed) if found else None

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


def _entry(issuer: Issuer) -> TrustedIssuer:
    return TrustedIssuer(did=issuer.did, name=issuer.name, since=issuer.since, organisation=issuer.organisation)
