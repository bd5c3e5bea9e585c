"""The files pages are made of: served from memory, under an address that changes with their content.

What is not ours is vendored from its package and listed in `assets/manifest.json` with version, licence and digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, Response
from fastapi.responses import RedirectResponse
from pydantic import TypeAdapter

from schemas.faults import NotFound
from schemas.values import Frozen

FOLDER = Path(__file__).parent / "assets"
_MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8"}
_FOREVER = "public, max-age=31536000, immutable"


class Vendored(Frozen):
    """A file taken from somebody else's package, unchanged."""

    file: str
    package: str
    """The package and where it is published: `npm:@picocss/pico`."""
    version: str
    path: str
    """Where the file stands inside the package."""
    licence: str
    """SPDX identifier."""
    licence_file: str
    """Its text, beside the file."""
    sha256: str


def vendored() -> tuple[Vendored, ...]:
    """What `manifest.json` says is not ours."""
    return TypeAdapter(tuple[Vendored, ...]).validate_json((FOLDER / "manifest.json").read_bytes())


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served."""

    name: str
    content: bytes
    digest: str
    """SHA-256, in hexadecimal."""
    media_type: str

    @property
    def url(self) -> str:
        """Its address; another content has another address, so that it may be cached for ever."""
        return f"/assets/{self.name}?v={self.digest[:12]}"


def _assets() -> dict[str, Asset]:
    files = [file for file in sorted(FOLDER.iterdir()) if file.suffix in _MEDIA_TYPES]
    contents = {file: file.read_bytes() for file in files}
    return {
        file.name: Asset(file.name, content, sha256(content).hexdigest(), _MEDIA_TYPES[file.suffix])
        for file, content in contents.items()
    }


ASSETS = _assets()


def assets_router() -> APIRouter:
    """`/assets/{name}`: immutable where the address names the content, checked by ETag otherwise."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/assets/{name}", methods=["GET", "HEAD"])
    async def asset(name: str, v: str = "", if_none_match: Annotated[str, Header()] = "") -> Response:
        found = ASSETS.get(name)
        if found is None:
            raise NotFound(f"there is no asset named {name!r}")
        etag = f'"{found.digest[:32]}"'
        headers = {"ETag": etag, "Cache-Control": _FOREVER if v and found.digest.startswith(v) else "no-cache"}
        if etag in if_none_match:
            return Response(status_code=304, headers=headers)
        return Response(found.content, media_type=found.media_type, headers=headers)

    @router.get("/favicon.ico")
    async def favicon() -> RedirectResponse:
        """Browsers ask for it where a page (or a JSON document) names no icon."""
        return RedirectResponse(ASSETS["mark.svg"].url, 308)

    return router
