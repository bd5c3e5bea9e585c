"""What the issuer answers to programs."""

# No postponed annotations here: FastAPI could not see what a router was made from.

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime

from chassis.access import AccessTokens, Principal, Scope
from credentials.status.token_status_list import MEDIA_TYPE as TOKEN_STATUS_LIST
from issuer.domain.sealing import SUSPENSION
from issuer.entrypoints.media import media_type
from issuer.entrypoints.views import (
    AwardedLearner,
    IssuedView,
    Judgements,
    KeyView,
    Ledger,
    LedgerEntry,
    OrganisationPage,
    OutcomeView,
    PlatformLearner,
    Prospects,
    Standing,
    StatusView,
    Why,
)
from issuer.handlers import (
    ClaimLink,
    DirectCompletion,
    EraseLearner,
    Erasure,
    FormsOfAward,
    IssueDirectly,
    JudgeCompletions,
    ListForm,
    MintClaim,
    OrganisationDraft,
    PublishedList,
    RegisterOrganisation,
    ReinstateCredential,
    RevokeCredential,
    RotateKey,
    StatusLists,
    SuspendCredential,
    TellOrganisations,
    TellOutcome,
    WantedForm,
)
from issuer.ports import Outcome, OutcomeState
from schemas.microcredential import Organisation
from schemas.values import Slug

DID_DOCUMENT = "application/did"
OPEN_TO_ALL = {"access-control-allow-origin": "*"}
PRIVATE = {"cache-control": "no-store", "referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow"}

Limit = Annotated[int, Query(ge=1, le=1000)]


def public_routes(organisations: TellOrganisations, status_lists: StatusLists) -> APIRouter:
    """What anyone may know: who an organisation is, and whether what it issued still holds."""
    router = APIRouter(prefix="/organisations", tags=["public"])

    @router.get("/{organisation}/did.json", response_class=Response)
    async def did_document(organisation: Slug) -> Response:
        """The organisation's DID document (did:web), with every key it ever signed with."""
        document = await organisations.did_document(organisation)
        headers = {"cache-control": "public, max-age=60", **OPEN_TO_ALL}
        return JSONResponse(document, media_type=DID_DOCUMENT, headers=headers)

    @router.get("/{organisation}/status-lists/{number}", response_class=Response)
    async def status_list(organisation: Slug, number: Annotated[int, Path(ge=1)], request: Request) -> Response:
        """A Bitstring Status List credential; a Status List Token where `application/statuslist+jwt` is accepted.

        May be stored, and asked after each time: a revocation shows at once.
        """
        as_token = TOKEN_STATUS_LIST in request.headers.get("accept", "")
        published = await status_lists(organisation, number, ListForm.TOKEN if as_token else ListForm.REVOCATIONS)
        return _signed_list(published, request, TOKEN_STATUS_LIST if as_token else media_type(request))

    @router.get(f"/{{organisation}}/status-lists/{{number}}/{SUSPENSION}", response_class=Response)
    async def suspensions(organisation: Slug, number: Annotated[int, Path(ge=1)], request: Request) -> Response:
        """What of the same list is suspended, as a Bitstring Status List credential."""
        published = await status_lists(organisation, number, ListForm.SUSPENSIONS)
        return _signed_list(published, request, media_type(request))

    return router


def _signed_list(published: PublishedList, request: Request, media_type: str) -> Response:
    etag = f'"{published.etag}"'
    headers = {"etag": etag, "cache-control": "no-cache", "vary": "accept", **OPEN_TO_ALL}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(published.body, media_type=media_type, headers=headers)


def organisation_routes(
    access: AccessTokens, register: RegisterOrganisation, rotate: RotateKey, organisations: TellOrganisations
) -> APIRouter:
    """Organisations, for administrators."""
    router = APIRouter(prefix="/api/v1/organisations", tags=["organisations"])
    admin = Depends(access.require(Scope.ADMIN))

    @router.post("", status_code=201, responses={200: {"description": "It was registered before."}})
    async def register_organisation(
        draft: OrganisationDraft, response: Response, asks: Annotated[Principal, admin]
    ) -> Organisation:
        """Give an organisation its DID and its signing key."""
        asks.must_own(organisation=draft.id)
        organisation, new = await register(draft)
        response.status_code = 201 if new else 200
        return organisation

    @router.post("/{organisation}/keys", status_code=201)
    async def rotate_key(organisation: Slug, asks: Annotated[Principal, admin]) -> KeyView:
        """Sign with a new key from now on. What the old ones signed goes on verifying."""
        asks.must_own(organisation=organisation)
        return KeyView(verification_method=await rotate(organisation))

    @router.get("")
    async def list_organisations(
        asks: Annotated[Principal, admin], after: str | None = None, limit: Limit = 100
    ) -> OrganisationPage:
        """The organisations that award here."""
        asks.must_own()
        items, further = await organisations.page(after, limit)
        return OrganisationPage(items=items, next=further)

    return router


def outcome_routes(access: AccessTokens, tell: TellOutcome, claims: MintClaim) -> APIRouter:
    """What became of completions, for platforms and operators."""
    router = APIRouter(prefix="/api/v1", tags=["outcomes"])
    informed = Depends(access.require(Scope.PLATFORM, Scope.OPERATOR))
    operator = Depends(access.require(Scope.OPERATOR))

    @router.get("/completions/{completion}/outcome")
    async def outcome_of(completion: UUID, asks: Annotated[Principal, informed]) -> OutcomeView:
        """Issued, refused and why, or still in flight; with a fresh claim link where there is a credential."""
        outcome = await tell.of_completion(completion)
        _must_own(asks, outcome)
        issued = outcome.state is OutcomeState.ISSUED
        return OutcomeView.of(outcome, claims(UUID(outcome.id)).claim if issued else None)

    @router.get("/account/outcomes")
    async def account(
        asks: Annotated[Principal, operator],
        since: AwareDatetime | None = None,
        after: str | None = None,
        limit: Limit = 500,
    ) -> Ledger:
        """Every decision since a moment, by ids: one half of the account."""
        asks.must_own()
        page = await tell.decided(since, after, limit)
        items = tuple(LedgerEntry.of(outcome, outcome.decided) for outcome in page.items if outcome.decided)
        return Ledger(items=items, next=page.next)

    return router


def judgement_routes(access: AccessTokens, judge: JudgeCompletions) -> APIRouter:
    """What would become of completions, for operators, and for the service that is about to tell them."""
    router = APIRouter(prefix="/api/v1/judgements", tags=["outcomes"])
    operator = Depends(access.require(Scope.OPERATOR))

    @router.post("")
    async def judge_completions(asked: Prospects, asks: Annotated[Principal, operator]) -> Judgements:
        """Say of each whether it would be issued, or refused and why. Nothing is written."""
        asks.must_own()
        return Judgements(items=tuple(await judge(asked.items)))

    return router


def credential_routes(access: AccessTokens, tell: TellOutcome, forms: FormsOfAward, claims: MintClaim) -> APIRouter:
    """Credentials, for those who had them issued."""
    router = APIRouter(prefix="/api/v1/credentials", tags=["credentials"])
    platform = Depends(access.require(Scope.PLATFORM))
    informed = Depends(access.require(Scope.PLATFORM, Scope.OPERATOR))

    @router.get("/{award}", response_class=Response)
    async def credential(
        award: UUID, asks: Annotated[Principal, platform], wanted: Annotated[WantedForm, Query()]
    ) -> Response:
        """The credential as it was issued; in another form where one is named, sealed when it is first asked for."""
        _must_own(asks, await tell.of_award(award))
        form = await forms(award, wanted)
        return Response(form.document, media_type=form.media_type, headers=PRIVATE)

    @router.post("/{award}/claim", status_code=201)
    async def claim(award: UUID, response: Response, asks: Annotated[Principal, informed]) -> ClaimLink:
        """A fresh link at which the learner finds the credential."""
        _must_own(asks, await tell.of_award(award))
        response.headers.update(PRIVATE)
        return claims(award)

    return router


def state_routes(
    access: AccessTokens,
    tell: TellOutcome,
    revoke: RevokeCredential,
    suspend: SuspendCredential,
    reinstate: ReinstateCredential,
) -> APIRouter:
    """Whether credentials hold, for who answers for them."""
    router = APIRouter(prefix="/api/v1/credentials", tags=["credentials"])
    responsible = Depends(access.require(Scope.PROVIDER, Scope.OPERATOR))

    @router.post("/{award}/revocation")
    async def revocation(award: UUID, said: Why, asks: Annotated[Principal, responsible]) -> StatusView:
        """Revoke the credential, for good. Whoever verifies it will read the reason."""
        _must_own(asks, await tell.of_award(award))
        return StatusView.of(await revoke(award, said.reason))

    @router.post("/{award}/suspension")
    async def suspension(award: UUID, said: Why, asks: Annotated[Principal, responsible]) -> StatusView:
        """Suspend the credential, until it is reinstated. Whoever verifies it will read the reason."""
        _must_own(asks, await tell.of_award(award))
        return StatusView.of(await suspend(award, said.reason))

    @router.post("/{award}/reinstatement")
    async def reinstatement(award: UUID, said: Why, asks: Annotated[Principal, responsible]) -> StatusView:
        """Let a suspended credential hold again."""
        _must_own(asks, await tell.of_award(award))
        return StatusView.of(await reinstate(award, said.reason))

    return router


def erasure_routes(access: AccessTokens, erase: EraseLearner) -> APIRouter:
    """Learners who ask to be forgotten: for the platform that knows them, and for operators."""
    router = APIRouter(prefix="/api/v1/erasures", tags=["learners"])
    informed = Depends(access.require(Scope.PLATFORM, Scope.OPERATOR))

    @router.post("")
    async def erase_learner(who: AwardedLearner | PlatformLearner, asks: Annotated[Principal, informed]) -> Erasure:
        """Erase a learner, for good: nobody reads them here any more. What they hold goes on verifying."""
        if isinstance(who, AwardedLearner):
            outcome = await erase.by_award(who.award)
            _must_own(asks, outcome)
            return await erase(outcome.learner)
        asks.must_own(platform=who.platform)
        return await erase.of_platform(who.platform, who.learner)

    return router


def issuance_routes(access: AccessTokens, issue: IssueDirectly, claims: MintClaim) -> APIRouter:
    """Issuing without a learning platform."""
    router = APIRouter(prefix="/api/v1/issuances", tags=["credentials"])
    provider = Depends(access.require(Scope.PROVIDER))

    @router.post("", status_code=201)
    async def issue_directly(
        said: DirectCompletion, response: Response, asks: Annotated[Principal, provider]
    ) -> IssuedView:
        """Issue at the provider's word. The same words again are the same credential, with a fresh claim link."""
        organisation = asks.organisation or await issue.organisation_of(said.offering)
        outcome = await issue(said, organisation)
        link = claims(UUID(outcome.id))
        response.headers.update(PRIVATE)
        return IssuedView(
            award=UUID(outcome.id),
            completion=outcome.completion,
            state=Standing.ISSUED,
            claim=link.claim,
            expires=link.expires,
        )

    return router


def _must_own(asks: Principal, outcome: Outcome) -> None:
    asks.must_own(organisation=outcome.organisation, platform=outcome.platform)
