"""The catalogue as pages: what is on offer, and one offering with all its standard elements."""

# No postponed annotations here: FastAPI could not see what a router was made from.

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from catalogue.domain.search import Wanted
from catalogue.entrypoints.http import wanted
from catalogue.handlers import ListOfferings, ReadOffering
from chassis.web import Pages
from schemas import annex1
from schemas.annex1 import Element
from schemas.microcredential import Reaward, Workload
from schemas.values import closest_language
from schemas.vocabularies import EQF_LEVELS, FIELDS_OF_EDUCATION

TEMPLATES = Path(__file__).parent / "templates"
REAWARDS = {
    Reaward.ONCE: "The credential is awarded once",
    Reaward.RENEWABLE: "A further credential, valid anew",
    Reaward.SUPERSEDE: "A new credential takes the place of the earlier one",
}
BROAD_DIGITS = 2
"""An ISCED-F code of so many digits is a broad field: what the filter offers."""


def routes(*, pages: Pages, read: ReadOffering, search: ListOfferings, page_size: int) -> APIRouter:
    """`/catalogue` and `/catalogue/{offering}`."""
    router = APIRouter(include_in_schema=False)
    pages = pages.within(TEMPLATES)
    broad = [field for field in FIELDS_OF_EDUCATION if len(field.code) == BROAD_DIGITS]

    def render(request: Request, template: str, **values: Any) -> HTMLResponse:  # noqa: ANN401 a template takes anything
        preferred = preferred_language(request)

        def tag(texts: dict[str, str]) -> str:
            return closest_language(texts, preferred)

        said: dict[str, Any] = {"annex": ELEMENTS, "reawards": REAWARDS, "workload": workload, "amount": amount}
        answer = pages.render(request, template, tag=tag, **said, **values)
        answer.headers["vary"] = "accept-language"
        return answer

    @router.get("/catalogue")
    async def catalogue(
        request: Request, wanted: Annotated[Wanted, Depends(wanted)], after: str | None = None
    ) -> HTMLResponse:
        page, organisations = await search(wanted, after=after, limit=page_size)
        return render(
            request,
            "offerings.html",
            wanted=wanted,
            fields=broad,
            levels=EQF_LEVELS,
            offerings=[found.life.current for found in page.items],
            organisations=organisations,
            further=request.url.include_query_params(after=page.next).query if page.next else None,
        )

    @router.get("/catalogue/{offering}")
    async def offering(
        request: Request, offering: str, version: Annotated[int | None, Query(ge=1)] = None
    ) -> HTMLResponse:
        asked, *others = await read(offering, version)
        organisations = await search.organisations({asked.organisation})
        return render(
            request,
            "offering.html",
            offering=asked,
            others=others,
            newer=any(other.version > asked.version for other in others),
            organisation=organisations.get(asked.organisation),
        )

    return router


ELEMENTS: dict[str, Element] = {element.id.replace("-", "_"): element for element in annex1.ELEMENTS}
"""The headings of the page are the words of Annex I."""


def preferred_language(request: Request) -> str:
    """The language the reader's browser asks for first, as a BCP 47 tag; English when it says nothing usable."""
    first = re.match(r"\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)", request.headers.get("accept-language", ""))
    return first[1] if first else "en"


def amount(number: object) -> str:
    """A number of credits or hours, without needless zeros: 5, 7.5."""
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


def workload(stated: Workload) -> str:
    """Hours and credits in one line."""
    parts: Sequence[str | None] = (
        f"{amount(stated.credits.points)} {stated.credits.system.notation}" if stated.credits else None,
        f"{amount(stated.hours)} hours" if stated.hours else None,
    )
    return ", ".join(part for part in parts if part)
