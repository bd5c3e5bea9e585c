"""The metadata of the types of SD-JWT VC that are issued here.

Source: https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/, section 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from credentials.formats import AttestationFormat
from schemas.faults import NotFound

PREFIX: Final = "/type-metadata"
HEADERS: Final = {"cache-control": "public, max-age=86400", "access-control-allow-origin": "*"}


def metadata_path(vct: str) -> str:
    """Where the metadata of a type is."""
    return f"{PREFIX}/{quote(vct, safe=':')}"


def type_metadata_routes(attestations: Mapping[str, AttestationFormat]) -> APIRouter:
    """`GET /type-metadata/{vct}`, for anybody."""
    router = APIRouter(prefix=PREFIX, tags=["public"])

    @router.get("/{vct}", response_class=Response)
    async def type_metadata(vct: str, request: Request) -> Response:
        """What a type's claims are, which are mandatory, and which its holder may hide."""
        known = attestations.get(vct)
        if known is None:
            raise NotFound(f"no type {vct[:200]!r} is issued here; these are: {', '.join(attestations)}")
        etag = f'"{known.type.integrity}"'
        headers = {**HEADERS, "etag": etag}
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(known.type.published, media_type="application/json", headers=headers)

    return router
