"""Faults as HTTP answers: problem details for machines, a page for people. Source: RFC 9457."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any, ClassVar

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from opentelemetry import trace
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.exceptions import HTTPException

from chassis.access import Forbidden, Unauthenticated
from chassis.web import Pages, wants_html
from schemas.faults import Conflict, Fault, Malformed, NotFound, Refused, Unavailable

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5

STATUSES: dict[type[Fault], int] = {
    NotFound: 404,
    Conflict: 409,
    Refused: 422,
    Malformed: 400,
    Unavailable: 503,
    Unauthenticated: 401,
    Forbidden: 403,
}
"""A fault's status is that of the nearest class it descends from."""

_log = structlog.get_logger(__name__)


class Problem(BaseModel):
    """Problem details; whatever else a fault has to say are its extension members (section 3.2)."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="allow")

    type: str = "about:blank"
    """`urn:laurel:problem:…`, or `about:blank` when the status says it all (section 4.2.1)."""
    title: str
    status: int
    detail: str
    instance: str | None = None


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)


def status_of(fault: Fault) -> int:
    """The HTTP status a fault answers with."""
    return next((STATUSES[kind] for kind in type(fault).__mro__ if kind in STATUSES), 500)


def problem(fault: Fault, *, instance: str | None = None) -> Problem:
    """The fault as problem details. A fault may carry `members`, a mapping of extension members."""
    words = _words(type(fault).__name__)
    members: dict[str, Any] = dict(getattr(fault, "members", {}))
    return Problem(
        type=f"urn:laurel:problem:{words.lower().replace(' ', '-')}",
        title=words.capitalize(),
        status=status_of(fault),
        detail=str(fault) or words.capitalize(),
        instance=instance,
        **members,
    )


def as_fault(status: int, content: bytes) -> Fault:
    """The fault that somebody else's problem details tell of, so that it can be raised here once more."""
    kind = next((kind for kind, code in STATUSES.items() if code == status), Fault)
    try:
        told = _Told.model_validate_json(content)
    except ValidationError:
        return kind(f"the answer was {status}, and no problem details")
    return kind(told.detail or told.title or f"the answer was {status}")


class _Told(BaseModel):
    title: str | None = None
    detail: str | None = None


def _plain(status: int, detail: str, **members: object) -> Problem:
    return Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, **members)


def _headers(status: int) -> dict[str, str]:
    match status:
        case 401:
            return {"www-authenticate": 'Bearer realm="laurel"'}
        case 503:
            return {"retry-after": str(RETRY_AFTER_SECONDS)}
        case _:
            return {}


def too_large(limit: int | None) -> Problem:
    """A body beyond what the route takes; its limit is said."""
    said = f"The body may have {limit} bytes at most." if limit else "The body is larger than this address takes."
    return Problem(title="Content Too Large", status=413, detail=said)  # RFC 9110's words; Python 3.11 has older ones


def _field(error: dict[str, Any]) -> tuple[str, str]:
    """Where and what: never the value itself, which may be personal."""
    place, *path = (str(part) for part in error["loc"])
    return (".".join(path) or place), str(error["msg"])


def malformed_request(errors: list[dict[str, Any]]) -> Problem:
    """A request that does not have the shape its route asks for, each field named."""
    fields = [_field(error) for error in errors]
    detail = "; ".join(f"{name}: {message}" for name, message in fields)
    return problem(Malformed(detail)).model_copy(
        update={"errors": [{"field": name, "message": message} for name, message in fields]}
    )


def problem_response(found: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    """The problem as `application/problem+json`."""
    return JSONResponse(
        found.model_dump(mode="json", exclude_none=True),
        found.status,
        headers={"cache-control": "no-store", **_headers(found.status), **(headers or {})},
        media_type=MEDIA_TYPE,
    )


def trace_id() -> str | None:
    """The id of the trace we are in, in hexadecimal."""
    context = trace.get_current_span().get_span_context()
    return trace.format_trace_id(context.trace_id) if context.is_valid else None


def answer_problems(app: FastAPI, pages: Pages) -> None:
    """Let every fault, refused request and accident of this application be answered as problem details."""

    def answer(request: Request, found: Problem, headers: dict[str, str] | None = None) -> Response:
        if not wants_html(request):
            return problem_response(found, headers)
        return pages.render(
            request,
            "problem.html",
            status=found.status,
            private=True,
            headers={**_headers(found.status), **(headers or {})},
            problem=found,
        )

    @app.exception_handler(Fault)
    async def fault(request: Request, fault: Fault) -> Response:
        found = problem(fault, instance=request.url.path)
        if found.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            _log.warning("request-failed", problem=found.type, reason=found.detail)
        return answer(request, found)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        return answer(request, malformed_request(list(error.errors())))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        headers = dict(error.headers or {})
        if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return answer(request, too_large(None), headers)
        return answer(request, _plain(error.status_code, str(error.detail)), headers)

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> Response:
        _log.error("unexpected", method=request.method, exc_info=error)
        detail = "Something unexpected happened on our side. It is in the log under the trace of this answer."
        return answer(request, _plain(500, detail, trace=trace_id()))
