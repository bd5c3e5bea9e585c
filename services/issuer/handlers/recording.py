"""A learner's stack: several credentials in one record."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from uuid import UUID

from credentials.formats.comprehensive_learner_record import NotRecorded, RecordedBadge, compose_record
from credentials.keys import KeyKind
from credentials.proofs import SUITES
from issuer.handlers.keeping import Contents
from issuer.ports import Clock, Keyring, Organisations, Outcome, Outcomes, SealedCredential
from schemas.events import CredentialState
from schemas.faults import NotFound
from schemas.values import JsonObject

RecordIds = Callable[[str, str], UUID]
"""The id of a record, from its platform and what is in it: the same stack is the same record."""


class RecordStack:
    """Seal a learner's credentials into one Comprehensive Learner Record. Nothing of it is kept here."""

    def __init__(  # noqa: PLR0913 the wiring names each thing it is given
        self,
        *,
        outcomes: Outcomes,
        organisations: Organisations,
        contents: Contents,
        keyring: Keyring,
        kind: KeyKind,
        record_id: RecordIds,
        clock: Clock,
    ) -> None:
        """Wire it. `kind` is that of the key which signs records."""
        self._outcomes = outcomes
        self._organisations = organisations
        self._contents = contents
        self._keyring = keyring
        self._kind = kind
        self._record_id = record_id
        self._clock = clock

    async def stack(self, awards: Sequence[UUID]) -> tuple[Outcome, ...]:
        """What was issued under these ids, in their order. Raises `NotFound`."""
        found = await self._outcomes.get_many(map(str, awards))
        for award in awards:
            if str(award) not in found or found[str(award)].credential is None:
                raise NotFound(f"there is no credential {award}")
        return tuple(found[str(award)] for award in dict.fromkeys(awards))

    async def __call__(self, stack: Sequence[Outcome]) -> JsonObject:
        """The record, sealed with the organisation's key.

        Raises `NotRecorded` for credentials of several learners or organisations, one that does not hold, one that is
        no Open Badge; `Erased` for a learner who was erased.
        """
        credentials = [_holding(outcome) for outcome in stack]
        if len({(outcome.learner, outcome.organisation) for outcome in stack}) != 1:
            raise NotRecorded("a record is of one learner, who was awarded by one organisation")
        contents = await self._contents.read(credentials)
        registered = await self._organisations.get(stack[0].organisation)
        if registered is None:
            raise NotFound(f"the organisation {stack[0].organisation} is not registered here")
        key, method = self._keyring.signing(registered, self._kind)
        record = self._record_id(stack[0].platform, " ".join(sorted(outcome.id for outcome in stack)))
        now = self._clock()

        def seal() -> JsonObject:
            badges = [RecordedBadge(award, _document(document)) for award, document in contents]
            document = compose_record(record, registered.organisation, badges, issued=now)
            suite = next(suite for suite in SUITES.values() if suite.key is key.kind)
            return suite.secure(document, key=key, verification_method=method, created=now)

        # Canonicalisation is work for a processor, not for the loop that others are waiting on.
        return await asyncio.to_thread(seal)


def _holding(outcome: Outcome) -> SealedCredential:
    credential = outcome.credential
    if credential is None or credential.state is not CredentialState.ACTIVE:
        state = credential.state if credential else "not issued"
        raise NotRecorded(f"{outcome.id} is {state}, and a record holds only what holds")
    return credential


def _document(content: bytes) -> JsonObject:
    """A sealed badge. Raises `NotRecorded` where it is inside a token."""
    if not content.startswith(b"{"):
        raise NotRecorded("a record holds badges with their proof beside them, and one of these is a token")
    document: JsonObject = json.loads(content)
    return document
