"""What became of a completion, and the credential for who may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from chassis.documents.port import Page, Range, Where
from credentials.proofs import PROOFS
from issuer.handlers.keeping import Contents
from issuer.ports import Clock, Outcome, Outcomes, OutcomeState, SealedCredential
from schemas.faults import NotFound
from schemas.microcredential import Award
from schemas.values import Frozen, Instant, instant_text


class ClaimTokens(Protocol):
    """Claim links' secret part."""

    def mint(self, award: UUID, expires: datetime) -> str:
        """A token for this award, good until then."""
        ...

    def read(self, token: str, now: datetime) -> UUID:
        """The award; raises `NotFound` for a token that was never minted, or has expired."""
        ...


class ClaimLink(Frozen):
    """Where the learner finds the credential, and until when."""

    claim: str
    expires: Instant


class MintClaim:
    """Fresh claim links. Nothing is stored: a link says itself what it opens and until when."""

    def __init__(self, tokens: ClaimTokens, *, clock: Clock, base_url: str, validity: timedelta) -> None:
        self._tokens = tokens
        self._clock = clock
        self._base_url = base_url
        self._validity = validity

    def __call__(self, award: UUID) -> ClaimLink:
        """A link to this award's credential."""
        expires = self._clock() + self._validity
        return ClaimLink(claim=f"{self._base_url}/claims/{self._tokens.mint(award, expires)}", expires=expires)

    def read(self, token: str) -> UUID:
        """The award a link opens. Raises `NotFound` for a guessed or an expired one."""
        return self._tokens.read(token, self._clock())


async def as_corrected(outcomes: Outcomes, outcome: Outcome) -> Outcome:
    """The outcome that stands for the completion: where its credential was corrected, the corrected one's."""
    while outcome.credential is not None and outcome.credential.superseded_by is not None:
        later = await outcomes.get(str(outcome.credential.superseded_by))
        if later is None or later.replaces != UUID(outcome.id):
            break
        outcome = later
    return outcome


class TellOutcome:
    """What became of completions."""

    def __init__(self, outcomes: Outcomes) -> None:
        self._outcomes = outcomes

    async def of_completion(self, completion: UUID) -> Outcome:
        """By the completion's id; where it was corrected, the last. Raises `NotFound`: it has not arrived (yet)."""
        page = await self._outcomes.find({"completion": str(completion)}, limit=1)
        if not page.items:
            raise NotFound(f"nothing is known here of completion {completion}")
        return await as_corrected(self._outcomes, page.items[0])

    async def of_award(self, award: UUID) -> Outcome:
        """The issued credential's. Raises `NotFound`."""
        outcome = await self._outcomes.get(str(award))
        if outcome is None or outcome.state is not OutcomeState.ISSUED:
            raise NotFound(f"there is no credential {award}")
        return outcome

    async def decided(self, since: datetime | None, after: str | None, limit: int) -> Page[Outcome]:
        """Decisions in the order they were taken; one that was taken anew stands where it was last."""
        where: Where = {"decided": Range(ge=instant_text(since) if since else "")}
        return await self._outcomes.find(where, order_by="decided", after=after, limit=limit)


@dataclass(frozen=True, slots=True)
class OpenedCredential:
    """A credential, readable."""

    outcome: Outcome
    credential: SealedCredential
    award: Award
    document: bytes
    """The sealed credential, byte for byte as it was signed."""

    @property
    def media_type(self) -> str:
        """What it is: an enveloping proof makes something else of it than a JSON document."""
        return PROOFS[self.credential.proofs[-1]].media_type


class ReadCredential:
    """Open a credential for who may see it."""

    def __init__(self, outcomes: Outcomes, contents: Contents) -> None:
        self._outcomes = outcomes
        self._contents = contents

    async def as_corrected(self, award: UUID) -> UUID:
        """The award, or the one that corrects it: what was handed out before leads there too."""
        outcome = await self._outcomes.get(str(award))
        return award if outcome is None else UUID((await as_corrected(self._outcomes, outcome)).id)

    async def __call__(self, award: UUID) -> OpenedCredential:
        """The credential. Raises `NotFound`, and its kind `Erased` when the learner was erased."""
        outcome = await self._outcomes.get(str(award))
        if outcome is None or outcome.credential is None:
            raise NotFound(f"there is no credential {award}")
        (content,) = await self._contents.read([outcome.credential])
        return OpenedCredential(outcome, outcome.credential, content.award, content.document)
