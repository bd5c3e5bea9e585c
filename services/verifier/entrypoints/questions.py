"""What can be asked, parsed at the edge; one way from there to the report, for pages and machines alike."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from fastapi import Request
from starlette.exceptions import HTTPException

from credentials.json_text import parse_json
from credentials.proofs.key_binding import Occasion
from schemas.faults import Malformed
from schemas.values import JsonObject
from verifier.domain.report import Report
from verifier.handlers import VerifyCredential
from verifier.handlers.working import is_quick

_LONGEST_URL = 2_000


class NothingToVerify(Malformed):
    """Neither a credential nor an address was handed in, or both."""


@dataclass(frozen=True, slots=True)
class Question:
    """A credential, or the address of one."""

    credential: str | bytes | JsonObject | None = None
    url: str | None = None
    occasion: Occasion | None = None
    """What its holder was asked to answer in showing it."""

    def __post_init__(self) -> None:
        if bool(self.credential) == bool(self.url):
            raise NothingToVerify("hand in either a credential or the address of one")
        if self.url and len(self.url) > _LONGEST_URL:
            raise Malformed(f"an address has at most {_LONGEST_URL} characters")


async def answer(question: Question, verify: VerifyCredential, clock: Callable[[], datetime]) -> Report:
    """The report on what was asked, as of now."""
    if question.url:
        return await verify.fetched(question.url, at=clock(), occasion=question.occasion)
    return await verify(question.credential or "", at=clock(), occasion=question.occasion)


async def json_value(request: Request, largest: int) -> object:
    """The request's body, which must be JSON of so many bytes at most.

    Raises:
        HTTPException: it is larger (413).
        Malformed: it is none; what is wrong is said, with the place.
    """
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > largest:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return await _parsed(bytes(raw))


async def _parsed(raw: bytes) -> object:
    value: object = parse_json(raw) if is_quick(raw) else await asyncio.to_thread(parse_json, raw)
    return value


async def json_object(request: Request) -> JsonObject:
    """The request's body, which must be one JSON object.

    Raises:
        Malformed: it is none.
    """
    body = await _parsed(await request.body())
    if not isinstance(body, dict):
        raise Malformed("a JSON object was expected")
    return body
