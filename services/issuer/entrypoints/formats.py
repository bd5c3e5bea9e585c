"""What can be issued here, and what each format cannot say: the loss report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from fastapi import APIRouter

from credentials.formats import Format
from issuer.domain.forms import Offers
from schemas.annex1 import ELEMENTS, Element
from schemas.values import Frozen


class ElementView(Frozen):
    """An element of Annex I."""

    id: str
    title: str
    mandatory: bool

    @classmethod
    def of(cls, element: Element) -> Self:
        """As it is told."""
        return cls(id=element.id, title=element.title, mandatory=element.mandatory)


class FormatView(Frozen):
    """One format, and what becomes of the EU standard elements in it."""

    name: str
    title: str
    media_type: str
    proofs: tuple[str, ...]
    """What may secure it."""
    issued: bool
    """Whether new credentials are sealed in it here."""
    offered: tuple[str, ...]
    """The proofs with which a credential can be had in it here, on request; the first where none is named."""
    carries: tuple[ElementView, ...]
    loses: tuple[ElementView, ...]
    """What an award says of these is not in such a credential."""

    @classmethod
    def of(cls, format_: Format, *, issued: bool, offered: tuple[str, ...]) -> Self:
        """As it is told."""
        return cls(
            name=format_.name,
            title=format_.title,
            media_type=format_.media_type,
            proofs=tuple(proof.name for proof in format_.proofs),
            issued=issued,
            offered=offered,
            carries=tuple(ElementView.of(element) for element in ELEMENTS if element not in format_.loses),
            loses=tuple(ElementView.of(element) for element in format_.loses),
        )


class Formats(Frozen):
    """Every format."""

    items: tuple[FormatView, ...]


def format_routes(formats: Mapping[str, Format], issued: Format, offers: Offers) -> APIRouter:
    """`GET /api/v1/formats`, for anybody."""
    router = APIRouter(prefix="/api/v1/formats", tags=["public"])
    told = Formats(
        items=tuple(
            FormatView.of(one, issued=one.name == issued.name, offered=offers.proofs_of(one.name))
            for one in formats.values()
        )
    )

    @router.get("")
    async def list_formats() -> Formats:
        """What each format carries of the EU standard elements (2022/C 243/02, Annex I), and what it loses."""
        return told

    return router
