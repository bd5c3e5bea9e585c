"""What can be issued here, and what each format cannot say: the loss report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from fastapi import APIRouter

from credentials.formats import AttestationFormat, Format
from issuer.domain.forms import Offers
from issuer.entrypoints.type_metadata import metadata_path
from schemas.annex1 import ELEMENTS, Element
from schemas.values import Frozen, Url


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
    vct: str | None = None
    """The type, of an SD-JWT VC."""
    type_metadata: Url | None = None
    """Where that type's metadata is."""
    carries: tuple[ElementView, ...]
    loses: tuple[ElementView, ...]
    """What an award says of these is not in such a credential."""

    @classmethod
    def of(
        cls,
        format_: Format,
        *,
        issued: bool,
        offered: tuple[str, ...],
        vct: str | None,
        base_url: str,
    ) -> Self:
        """As it is told."""
        return cls(
            name=format_.name,
            title=format_.title,
            media_type=format_.media_type,
            proofs=tuple(proof.name for proof in format_.proofs),
            issued=issued,
            offered=offered,
            vct=vct,
            type_metadata=None if vct is None else base_url + metadata_path(vct),
            carries=tuple(ElementView.of(element) for element in ELEMENTS if element not in format_.loses),
            loses=tuple(ElementView.of(element) for element in format_.loses),
        )


class Formats(Frozen):
    """Every format."""

    items: tuple[FormatView, ...]


def format_routes(
    formats: Mapping[str, Format],
    attestations: Mapping[str, AttestationFormat],
    *,
    issued: Format,
    offers: Offers,
    base_url: str,
) -> APIRouter:
    """`GET /api/v1/formats`, for anybody."""
    router = APIRouter(prefix="/api/v1/formats", tags=["public"])
    types = {attestation.format.name: vct for vct, attestation in attestations.items()}
    told = Formats(
        items=tuple(
            FormatView.of(
                one,
                issued=one.name == issued.name,
                offered=offers.proofs_of(one.name),
                vct=types.get(one.name),
                base_url=base_url,
            )
            for one in formats.values()
        )
    )

    @router.get("")
    async def list_formats() -> Formats:
        """What each format carries of the EU standard elements (2022/C 243/02, Annex I), and what it loses."""
        return told

    return router
