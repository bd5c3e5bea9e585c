"""What became of completions: hearing it, and telling it to the platform that delivered them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from chassis.documents import Page, Range
from moodle_bridge.domain.outcomes import Fate, Holding, State, fate, settled
from moodle_bridge.ports import AcceptedCompletion, Claims, Clock, Completions
from schemas.events import CompletionParked, CredentialIssued, IssuanceRefused
from schemas.faults import NotFound, Unavailable
from schemas.values import Frozen, Instant, instant_text

Answer = CredentialIssued | IssuanceRefused | CompletionParked

_ATTEMPTS = 5


class Marking(Protocol):
    """What a change of a completion is to be marked with, so that its platform is told."""

    async def __call__(self, completions: Iterable[AcceptedCompletion]) -> Mapping[str, Mapping[str, object]]:
        """By platform. Raises `Unavailable`."""
        ...


async def untold(completions: Iterable[AcceptedCompletion]) -> Mapping[str, Mapping[str, object]]:  # noqa: ARG001
    """No marks: every platform asks for itself."""
    return {}


class RecordOutcomes:
    """Remember what became of completions, in whatever order and how often it is told."""

    def __init__(self, completions: Completions, marks: Marking = untold) -> None:
        self._completions = completions
        self._marks = marks

    async def __call__(self, events: Sequence[Answer]) -> None:
        """A constant number of round trips. Completions that never came through the bridge are none of its business.

        Raises `Unavailable`; then nothing is lost by hearing the same again.
        """
        told: dict[str, Fate] = {}
        for event in events:
            id_ = str(event.data.completion)
            told[id_] = settled(told.get(id_, Fate()), fate(event))
        for _ in range(_ATTEMPTS):
            known = await self._completions.get_many(told)
            marks = await self._marks(known.values())
            changed = [
                stored.model_copy(
                    update={"fate": now, "reopened": False, **_another(stored, now), **marks.get(stored.platform, {})}
                )
                for stored in known.values()
                if (now := settled(stored.fate, told[stored.id])) != stored.fate
            ]
            raced = await self._completions.replace_many(changed)
            if not raced:
                return
            told = {id_: told[id_] for id_ in raced}
        raise Unavailable("these completions keep changing: hear it again later")


def _another(stored: AcceptedCompletion, now: Fate) -> Mapping[str, object]:
    """What changes besides where another credential corrects the one there was: it holds, whatever became of that.

    As far as is known: `RecordHolding.catch_up` adds what was heard of it before.
    """
    corrected = now.state is State.ISSUED and stored.award not in {None, now.award}
    return {"award": now.award, "holding": Holding()} if corrected else {}


class Outcome(Frozen):
    """What a platform is told of a completion."""

    completion: UUID
    state: State
    reason: str | None
    detail: str | None
    reopenable: bool
    award: UUID | None
    claim: str | None
    """A fresh link for the learner, where there is a credential; it expires."""
    credential: Holding | None
    """Whether it holds, where there is one."""
    server_time: Instant


class TellOutcome:
    """Say what became of a completion."""

    def __init__(
        self, completions: Completions, claims: Claims, *, clock: Clock, issuer_url: str, claim_validity: timedelta
    ) -> None:
        self._completions = completions
        self._claims = claims
        self._clock = clock
        self._issuer_url = issuer_url
        self._claim_validity = claim_validity

    async def find(self, completion: UUID) -> AcceptedCompletion:
        """The completion as it was accepted. Raises `NotFound`."""
        stored = await self._completions.get(str(completion))
        if stored is None:
            raise NotFound(f"there is no completion {completion}")
        return stored

    async def several(self, platform: str, completions: Sequence[UUID]) -> Sequence[Outcome]:
        """As they stand now: those of these that are this platform's."""
        stored = await self._completions.get_many(map(str, completions))
        return [self(one) for one in stored.values() if one.platform == platform]

    def __call__(self, stored: AcceptedCompletion) -> Outcome:
        """As it stands now."""
        now, became = self._clock(), stored.fate
        claim = None
        if became.state is State.ISSUED and became.award is not None:
            claim = f"{self._issuer_url}/claims/{self._claims.mint(became.award, now + self._claim_validity)}"
        return Outcome(
            completion=UUID(stored.id),
            state=became.state,
            reason=became.reason,
            detail=became.detail,
            reopenable=became.reopenable,
            award=became.award,
            claim=claim,
            credential=stored.holding if became.state is State.ISSUED else None,
            server_time=now,
        )


class ListAccepted:
    """Read what was accepted, in the order it came."""

    def __init__(self, completions: Completions) -> None:
        self._completions = completions

    async def __call__(
        self, organisation: str | None, since: datetime | None, after: str | None, limit: int
    ) -> Page[AcceptedCompletion]:
        """One page; of all organisations where none is named, from the beginning where no moment is."""
        where: dict[str, str | Range] = {}
        if organisation is not None:
            where["organisation"] = organisation
        if since is not None:
            where["received"] = Range(ge=instant_text(since))
        return await self._completions.find(where, order_by="received", after=after, limit=limit)
