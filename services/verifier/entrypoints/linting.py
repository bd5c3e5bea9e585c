"""The linter for machines: which EU standard elements a document states, lacks, or states doubtfully."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from fastapi import APIRouter, Request

from credentials.linting import EU_ANNEX_I, PROFILES, LintReport, lint
from schemas.faults import Malformed

_BODY: Final = {
    "requestBody": {
        "required": True,
        "description": "An offering or a credential, as it is: JSON, JWS, JAdES, SD-JWT.",
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "text/plain": {"schema": {"type": "string"}},
        },
    }
}


class UnknownProfile(Malformed):
    """No framework of that name is known."""


def linting(clock: Callable[[], datetime]) -> APIRouter:
    """`POST /api/v1/lint`: the body is the file; the answer is what `laurel lint --json` prints."""
    router = APIRouter(tags=["linting"])

    @router.post("/api/v1/lint", openapi_extra=_BODY)
    async def lint_document(request: Request, profile: str = EU_ANNEX_I.name) -> LintReport:
        """Hold it to the EU standard elements, or to another framework. Nothing of it is verified, or kept."""
        if profile not in PROFILES:
            raise UnknownProfile(f"there is no profile {profile[:80]!r}; there are {', '.join(PROFILES)}")
        body = await request.body()
        return await asyncio.to_thread(partial(lint, body, at=clock(), profile=PROFILES[profile]))

    return router
