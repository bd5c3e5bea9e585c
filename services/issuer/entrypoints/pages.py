"""What the issuer shows to people: the learner's own credential."""

# No postponed annotations here: FastAPI could not see what a router was made from.

from pathlib import Path

from fastapi import APIRouter, Request, Response

from chassis.vault import Erased
from chassis.web import Pages, wants_html
from issuer.entrypoints.http import PRIVATE
from issuer.handlers import MintClaim, OpenedCredential, ReadCredential
from schemas.events import CredentialState
from schemas.faults import NotFound
from schemas.values import in_language

TEMPLATES = Path(__file__).parent / "templates"


def routes(pages: Pages, read: ReadCredential, claims: MintClaim, verify_url: str) -> APIRouter:
    """The claim page and what can be taken from it. Who holds the link needs no token."""
    router = APIRouter(prefix="/claims", tags=["claims"])
    pages = pages.within(TEMPLATES)

    @router.get("/{token}", response_class=Response)
    async def claim(token: str, request: Request) -> Response:
        """The learner's credential: a page for people, the credential for programs."""
        if not wants_html(request):
            return _credential(await read(claims.read(token)))
        try:
            opened = await read(claims.read(token))
        except NotFound as fault:
            return pages.render(
                request,
                "claim_closed.html",
                status=404,
                private=True,
                detail=str(fault),
                erased=isinstance(fault, Erased),
            )
        award, credential = opened.award, opened.outcome.credential
        language = award.offering.primary_language
        return pages.render(
            request,
            "claim.html",
            private=True,
            title=in_language(award.offering.title, language),
            description=in_language(award.offering.description, language) if award.offering.description else None,
            issuer=in_language(award.organisation.legal_name, language),
            learner=award.learner.full_name,
            award=award,
            workload=award.offering.workload,
            outcomes=[in_language(outcome.title, language) for outcome in award.offering.learning_outcomes],
            credential=credential,
            ended=credential.state if credential and credential.state is not CredentialState.ACTIVE else None,
            download=f"/claims/{token}/credential",
            verify_url=verify_url,
            document=opened.document.decode(),
        )

    @router.get("/{token}/credential", response_class=Response)
    async def download(token: str) -> Response:
        """The credential as a file; the file's name names nobody."""
        opened = await read(claims.read(token))
        return _credential(opened, attachment=True)

    return router


def _credential(opened: OpenedCredential, *, attachment: bool = False) -> Response:
    headers = dict(PRIVATE)
    if attachment:
        ending = "json" if opened.document.startswith(b"{") else "jwt"
        headers["content-disposition"] = f'attachment; filename="credential-{opened.outcome.id}.{ending}"'
    return Response(opened.document, media_type=opened.media_type, headers=headers)
