"""Whether a credential was revoked or suspended since: by the lists it names, and by what this house announced."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from credentials.data_model import items
from schemas.events import Decision
from schemas.faults import Malformed, Unavailable
from schemas.values import JsonObject
from verifier.domain.attestation import STATUS_ENTRY
from verifier.domain.eseal import check_announced, under_a_certificate
from verifier.domain.reading import read
from verifier.domain.report import Finding, found
from verifier.domain.status import (
    Entry,
    KnownState,
    NamedEntry,
    SealedList,
    entries,
    gravest,
    judge,
    judge_named,
    settle,
)
from verifier.domain.token_status import FetchedToken, TokenEntry, judge_token, unreadable
from verifier.domain.verdicts import PROTOCOL, Code
from verifier.handlers.examining import Examine
from verifier.handlers.working import Workers, is_quick, together
from verifier.ports import FetchedList, KnownStates, StatusLists

_MOST_LISTS = 200


@dataclass(frozen=True, slots=True)
class _Seen:
    """A list as it was examined, for as long as the same copy of it is kept, and no longer than a second."""

    fetched: FetchedList
    second: datetime
    sealed: SealedList | Finding


class LookUpStatus:
    """Every place in every list that a credential names, the lists themselves verified first."""

    def __init__(self, lists: StatusLists, known: KnownStates, workers: Workers, examine: Examine) -> None:
        self._lists = lists
        self._states = known
        self._workers = workers
        self._examine = examine
        self._seen: OrderedDict[str, _Seen] = OrderedDict()

    async def __call__(self, document: JsonObject, at: datetime) -> Finding:
        """The gravest of what these places say."""
        status = document.get("credentialStatus")
        if isinstance(status, dict) and status.get("type") == STATUS_ENTRY:
            return await self._in_token(TokenEntry.of(document), at)
        places = entries(document)
        return gravest(
            await together(
                [
                    *(self._place(document, place, at) for place in places if isinstance(place, Entry)),
                    *(self._named(document, place) for place in places if isinstance(place, NamedEntry)),
                ]
            )
            + [place for place in places if isinstance(place, Finding)]
        )

    async def _place(self, document: JsonObject, entry: Entry, at: datetime) -> Finding:
        """One place in one list, the list itself verified first."""
        known = await self._known(entry)
        try:
            fetched = await self._lists.fetch(entry.list)
        except Unavailable as fault:
            message = f"Whether it was revoked could not be looked up: {fault}."
            return settle(entry, found(Code.STATUS_UNAVAILABLE, message, list=entry.list, index=entry.index), known)
        sealed = await self._sealed(entry, fetched, at)
        if isinstance(sealed, Finding):
            return settle(entry, sealed, known)
        return settle(entry, judge(entry, document, sealed, known, at), known)

    async def _sealed(self, entry: Entry, fetched: FetchedList, at: datetime) -> SealedList | Finding:
        """The list as it was verified: anew each second, not for each of the thousands who ask within it."""
        second = at.replace(microsecond=0)
        seen = self._seen.get(entry.list)
        if seen is None or seen.fetched is not fetched or seen.second != second:
            seen = _Seen(fetched, second, await self._verified(entry, fetched, at))
            self._seen[entry.list] = seen
            self._seen.move_to_end(entry.list)
            if len(self._seen) > _MOST_LISTS:
                self._seen.popitem(last=False)
        return seen.sealed

    async def _verified(self, entry: Entry, fetched: FetchedList, at: datetime) -> SealedList | Finding:
        quick = is_quick(fetched.sealed)
        suites = self._examine.language.suites
        opened = await self._workers.run(lambda: read(fetched.sealed, suites), quick=quick)
        if isinstance(opened, Finding):
            message = f"What the status list's address gave is no status list. {opened.message}"
            return found(Code.STATUS_LIST_MALFORMED, message, list=entry.list)
        examined = await self._examine(opened, at, quick=quick)
        seal = examined.form if _fails(examined.form.finding) else examined.signature
        identity = examined.identity if examined.seal is None else under_a_certificate()
        return SealedList.of(opened.document, fetched.at, seal.finding, identity, at)

    async def _named(self, document: JsonObject, entry: NamedEntry) -> Finding:
        """Whether the credential's id is in a list of revoked ones."""
        try:
            fetched = await self._lists.fetch(entry.list)
        except Unavailable as fault:
            message = f"Whether it was revoked could not be looked up: {fault}."
            return found(Code.STATUS_UNAVAILABLE, message, list=entry.list)
        return judge_named(entry, document, fetched.sealed, fetched.at, from_its_address=fetched.from_its_address)

    async def announced(self, document: JsonObject) -> Finding:
        """The status of a kind that names none: what this house has announced of it, if it is this house's."""
        if items(document.get("credentialStatus")):
            return found(Code.STATUS_UNSUPPORTED, "It names a status, which its kind of credential cannot do here.")
        try:
            return check_announced(await self._states.of(str(document.get("id"))))
        except Unavailable as fault:
            return found(Code.STATUS_UNAVAILABLE, f"Whether it was revoked could not be looked up: {fault}.")

    async def _in_token(self, entry: TokenEntry, at: datetime) -> Finding:
        """One place in one Token Status List, the list itself verified first."""
        place = entry.as_entry()
        known = await self._known(place)
        try:
            answer = await self._lists.fetch(entry.list, as_token=True)
            fetched = FetchedToken.of(answer.sealed, answer.at)
        except Unavailable as fault:
            message = f"Whether it was revoked could not be looked up: {fault}."
            return settle(place, found(Code.STATUS_UNAVAILABLE, message, list=entry.list, index=entry.index), known)
        except Malformed as fault:
            return settle(place, unreadable(entry, fault), known)
        method = fetched.method(entry.issuer)
        keys = await self._examine.keys((method,)) if method and method.partition("#")[0] == entry.issuer else {}
        return settle(place, judge_token(entry, fetched, keys, known, at), known)

    async def _known(self, entry: Entry) -> KnownState | None:
        try:
            return await self._states.find(entry.list, entry.index)
        except Unavailable:
            return None  # the list itself says whether; our own events only add why


def _fails(finding: Finding) -> bool:
    """Whether a status list cannot count; that its kind has no rules here is no matter."""
    return PROTOCOL.weigh(finding.code) is not Decision.ACCEPT
