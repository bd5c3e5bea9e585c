"""The catalogue over HTTP: providers draft, publish and retire; everybody reads."""

# No postponed annotations here: FastAPI could not see what a router was made from.

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from catalogue.domain.search import Wanted
from catalogue.handlers import (
    CreateOffering,
    FindOffering,
    ListOfferings,
    PublishOffering,
    ReadOffering,
    RetireOffering,
    ReviseOffering,
)
from catalogue.ports import CataloguedOffering
from chassis.access import AccessTokens, Principal, Scope
from schemas import annex1
from schemas.faults import Malformed, NotFound
from schemas.microcredential import Offering, OfferingContent
from schemas.values import Frozen
from schemas.vocabularies import EQF_LEVELS, FIELDS_OF_EDUCATION, Concept, Vocabulary


class LackingElement(Frozen):
    """An element of Annex I that a draft lacks."""

    id: str
    title: str


class Draft(Frozen):
    """A draft, and what it lacks for publication."""

    draft: OfferingContent
    missing: tuple[LackingElement, ...]


class OfferingsPage(Frozen):
    """What is on offer, a page of it."""

    items: tuple[Offering, ...]
    next: str | None = None
    """For `after` of the next request; absent on the last page."""


def wanted(
    q: Annotated[str, Query(max_length=200, description="words, in any language")] = "",
    field: Annotated[str, Query(description="field of education: an ISCED-F code, or a concept's URI")] = "",
    level: Annotated[str, Query(description="EQF level: 1 to 8, or a concept's URI")] = "",
) -> Wanted:
    """What somebody looks for, from the query string. Raises `Malformed`."""
    return Wanted(
        text=q.strip(),
        field=_concept("field", field, FIELDS_OF_EDUCATION),
        level=_concept("level", level, EQF_LEVELS),
    )


def provider_routes(  # noqa: PLR0913 each use case is a parameter of its own
    *,
    access: AccessTokens,
    find: FindOffering,
    create: CreateOffering,
    revise: ReviseOffering,
    publish: PublishOffering,
    retire: RetireOffering,
) -> APIRouter:
    """Draft, publish and retire: for the organisation whose offering it is."""
    router = APIRouter(prefix="/api/v1/offerings", tags=["catalogue"])
    Provider = Annotated[Principal, Depends(access.require(Scope.PROVIDER, Scope.OPERATOR))]  # noqa: N806 it is a type

    async def owned(offering: str, asks: Principal) -> CataloguedOffering:
        found = await find(offering)
        asks.must_own(organisation=found.organisation)
        return found

    @router.post("", status_code=201, response_model_exclude_none=True)
    async def create_offering(content: OfferingContent, asks: Provider, response: Response) -> Draft:
        """Draft an offering. It may lack anything but a name, an organisation and a title."""
        asks.must_own(organisation=content.organisation)
        await create(content)
        response.headers["location"] = f"{router.prefix}/{content.id}/draft"
        return _draft(content)

    @router.put("/{offering}/draft", response_model_exclude_none=True)
    async def revise_offering(offering: str, content: OfferingContent, asks: Provider) -> Draft:
        """Write the draft anew: of a new offering, of one still drafted, or of the next version."""
        asks.must_own(organisation=content.organisation)
        if content.id != offering:
            raise Malformed(f"id: the draft is of {content.id}, and was sent to {offering}")
        await revise(content)
        return _draft(content)

    @router.get("/{offering}/draft", response_model_exclude_none=True)
    async def read_draft(offering: str, asks: Provider) -> Draft:
        """Read the draft, and what it lacks for publication."""
        found = await owned(offering, asks)
        if found.life.draft is None:
            raise NotFound(f"{offering} has no draft")
        return _draft(found.life.draft)

    @router.post("/{offering}/publication", response_model_exclude_none=True)
    async def publish_offering(offering: str, asks: Provider) -> Offering:
        """Publish the draft as the next version. 422 names the mandatory elements it lacks."""
        await owned(offering, asks)
        return await publish(offering)

    @router.post("/{offering}/retirement", response_model_exclude_none=True)
    async def retire_offering(offering: str, asks: Provider) -> Offering:
        """Retire the offering, for good."""
        await owned(offering, asks)
        return await retire(offering)

    return router


def public_routes(*, read: ReadOffering, search: ListOfferings, page_size: int) -> APIRouter:
    """List and read what was published: for everybody."""
    router = APIRouter(prefix="/api/v1/offerings", tags=["catalogue"])

    @router.get("", response_model_exclude_none=True)
    async def list_offerings(
        wanted: Annotated[Wanted, Depends(wanted)],
        after: str | None = None,
        limit: Annotated[int, Query(ge=1, le=500)] = page_size,
    ) -> OfferingsPage:
        """List what is on offer, by title."""
        page, _ = await search(wanted, after=after, limit=limit)
        return OfferingsPage(items=tuple(o for found in page.items if (o := found.life.current)), next=page.next)

    @router.get("/{offering}", response_model_exclude_none=True)
    async def read_offering(offering: str, version: Annotated[int | None, Query(ge=1)] = None) -> Offering:
        """Read what is published: the current version, retired or not, or the version asked for."""
        asked, *_ = await read(offering, version)
        return asked

    return router


def _draft(content: OfferingContent) -> Draft:
    missing = tuple(LackingElement(id=lacking.id, title=lacking.title) for lacking in annex1.missing(content))
    return Draft(draft=content, missing=missing)


def _concept(parameter: str, name: str, vocabulary: Vocabulary) -> Concept | None:
    if not name.strip():
        return None
    try:
        return vocabulary[name.strip()]
    except KeyError:
        raise Malformed(f"{parameter}: {name[:100]!r} is not in the list of {vocabulary.name}") from None
