"""What the issuer shows to people: the learner's own credential."""

# No postponed annotations here: FastAPI could not see what a router was made from.

from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from chassis.vault import Erased
from chassis.web import Pages, wants_html
from issuer.entrypoints.http import PRIVATE
from issuer.handlers import FormsOfAward, MintClaim, OpenedForm, ReadCredential, WantedForm
from schemas.events import CredentialState
from schemas.faults import NotFound
from schemas.values import in_language

TEMPLATES = Path(__file__).parent / "templates"
KINDS = {
    "application/vc": "JSON",
    "application/jose+json": "JSON",
    "application/vc+jwt": "JWT",
    "application/dc+sd-jwt": "SD-JWT",
}
"""What people call the files of these media types."""


def routes(pages: Pages, read: ReadCredential, forms: FormsOfAward, claims: MintClaim, verify_url: str) -> APIRouter:
    """The claim page and what can be taken from it. Who holds the link needs no token."""
    router = APIRouter(prefix="/claims", tags=["claims"])
    pages = pages.within(TEMPLATES)

    async def held(token: str) -> UUID:
        return await read.as_corrected(claims.read(token))

    @router.get("/{token}", response_class=Response)
    async def claim(token: str, request: Request) -> Response:
        """The learner's credential: a page for people, the credential for programs."""
        if not wants_html(request):
            return _credential(await forms(await held(token), WantedForm()))
        try:
            opened = await read(await held(token))
        except NotFound as fault:
            return pages.render(
                request,
                "claim_closed.html",
                status=404,
                private=True,
                detail=str(fault),
                erased=isinstance(fault, Erased),
            )
        award, credential = opened.award, opened.credential
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
            ended=credential.state if credential.state is not CredentialState.ACTIVE else None,
            download=f"/claims/{token}/credential",
            kind=KINDS[opened.media_type],
            kinds=KINDS,
            forms=await forms.choices(opened),
            verify_url=verify_url,
            document=opened.document.decode(),
        )

    @router.get("/{token}/credential", response_class=Response)
    async def download(token: str, wanted: Annotated[WantedForm, Query()]) -> Response:
        """The credential as a file, in the form it was issued in or in the one wanted; its name names nobody."""
        return _credential(await forms(await held(token), wanted), attachment=True)

    return router


def _credential(form: OpenedForm, *, attachment: bool = False) -> Response:
    headers = dict(PRIVATE)
    if attachment:
        ending = "json" if form.document.startswith(b"{") else "jwt"
        name = "-".join(["credential", str(form.award), *([form.format] if form.format else [])])
        headers["content-disposition"] = f'attachment; filename="{name}.{ending}"'
    return Response(form.document, media_type=form.media_type, headers=headers)
