"""Corrections over HTTP, for whoever answers for the credentials."""

# No postponed annotations here: FastAPI could not see what a router was made from.

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from chassis.access import AccessTokens, Principal, Scope
from issuer.handlers import Comparison, MintClaim, ReissueCorrected, ReviewCorrections
from issuer.ports import KnownCorrection
from schemas.events import Change, Effect
from schemas.values import Frozen, Instant, Slug, Text, Url


class CorrectionView(Frozen):
    """A correction, and what it led to. Whom it is about is for the platform to look up."""

    correction: UUID
    completion: UUID
    award: UUID
    platform: Slug
    organisation: Slug
    offering: Slug
    change: Change
    passed: bool | None
    effect: Effect
    detail: Text
    noticed: Instant
    """By the platform."""
    decided: Instant
    open: bool
    """It waits for somebody to look at it."""
    answer: Text | None
    answered: Instant | None

    @classmethod
    def of(cls, known: KnownCorrection) -> Self:
        """The view of a stored correction."""
        said = known.event.data
        return cls(
            correction=said.id,
            completion=said.completion,
            award=known.award,
            platform=said.platform,
            organisation=said.organisation,
            offering=said.offering,
            change=said.change,
            passed=said.passed,
            effect=known.effect,
            detail=known.detail,
            noticed=known.event.time,
            decided=known.decided,
            open=known.open,
            answer=known.answer,
            answered=known.answered,
        )


class CorrectionPage(Frozen):
    """Some of the corrections, the oldest first."""

    items: tuple[CorrectionView, ...]
    next: str | None


class Answer(Frozen):
    """What came of a correction."""

    answer: Text


class Reissued(Frozen):
    """The credential that took the place of another."""

    award: UUID
    supersedes: UUID
    claim: Url
    """A fresh link for the learner; it expires."""


def correction_routes(
    access: AccessTokens, review: ReviewCorrections, reissue: ReissueCorrected, claims: MintClaim
) -> APIRouter:
    """List corrections, answer them, and issue anew with a corrected name."""
    router = APIRouter(prefix="/api/v1/corrections", tags=["corrections"])
    responsible = Depends(access.require(Scope.PROVIDER, Scope.OPERATOR))

    async def owned(correction: UUID, asks: Principal) -> KnownCorrection:
        known = await review.one(correction)
        asks.must_own(organisation=known.organisation, platform=known.event.data.platform)
        return known

    @router.get("")
    async def list_corrections(
        asks: Annotated[Principal, responsible],
        *,
        open: bool = True,  # noqa: A002 the query's own name
        after: str | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> CorrectionPage:
        """Those that wait for somebody to look at them, or those that do not (any more)."""
        page = await review.page(asks.organisation, open=open, after=after, limit=limit)
        return CorrectionPage(items=tuple(map(CorrectionView.of, page.items)), next=page.next)

    @router.post("/{correction}/answer")
    async def answer_correction(
        correction: UUID, said: Answer, asks: Annotated[Principal, responsible]
    ) -> CorrectionView:
        """Say what came of it: it waits no more. The credential is as it was: see revocation and reinstatement."""
        return CorrectionView.of(await review.answer(await owned(correction, asks), said.answer))

    @router.get("/{correction}/comparison")
    async def compare_learners(correction: UUID, asks: Annotated[Principal, responsible]) -> Comparison:
        """Whom the credential names, and whom it should name: to be compared before it is issued anew."""
        return await reissue.compare(await owned(correction, asks))

    @router.post("/{correction}/reissue")
    async def reissue_corrected(correction: UUID, asks: Annotated[Principal, responsible]) -> Reissued:
        """Issue a credential with the corrected name, and revoke the one before as superseded by it."""
        known = await owned(correction, asks)
        award = UUID((await reissue(known)).id)
        return Reissued(award=award, supersedes=known.award, claim=claims(award).claim)

    return router
