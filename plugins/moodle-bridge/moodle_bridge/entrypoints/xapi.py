"""xAPI 1.0.3 for platforms without a plugin: a consumer of statements, no record store. Nothing is read back here."""

# No postponed annotations here: FastAPI could not see what a router was made from.

from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.routing import APIRoute

from chassis.access import Unauthenticated
from chassis.problems import problem, problem_response
from moodle_bridge.domain import xapi
from moodle_bridge.entrypoints.reception import Reception
from moodle_bridge.handlers import AcceptStatements, TakenStatements
from schemas.faults import Fault
from schemas.values import Frozen

VERSION_HEADER = "x-experience-api-version"
COMPLETIONS_HEADER = "laurel-completions"
"""How many statements of the request are completions here: the others were valid, and passed over."""
CHALLENGE = {"www-authenticate": 'Basic realm="laurel", charset="UTF-8"'}


class About(Frozen):
    """Section 2.8: which versions are spoken."""

    version: tuple[str, ...]


class _Versioned(APIRoute):
    """Every answer says by which version it was made, a refusal too. Source: part three, section 3.3."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route, with the header."""
        handle = super().get_route_handler()

        async def versioned(request: Request) -> Response:
            try:
                response = await handle(request)
            except Fault as fault:
                headers = CHALLENGE if isinstance(fault, Unauthenticated) else None
                response = problem_response(problem(fault, instance=request.url.path), headers)
            response.headers[VERSION_HEADER] = xapi.VERSION
            return response

        return versioned


def statement_routes(*, reception: Reception, accept: AcceptStatements, max_body: int) -> APIRouter:
    """Send statements, with Basic authentication: the platform's name and its secret."""
    router = APIRouter(prefix="/xapi", tags=["xapi"], route_class=_Versioned)

    @router.get("/about")
    async def about() -> About:
        """Which versions of xAPI are spoken here."""
        return About(version=xapi.VERSIONS)

    @router.post("/statements", max_body_size=max_body)
    async def post_statements(request: Request, response: Response) -> tuple[UUID, ...]:
        """Take one statement or several, all or none; the answer is their ids."""
        async with reception.by_secret(request) as (platform, body):
            _check(request)
            taken = await accept(platform, xapi.read(body))
        response.headers.update(_counted(taken))
        return taken.ids

    @router.put("/statements", status_code=204, max_body_size=max_body)
    async def put_statement(
        request: Request, response: Response, statement: Annotated[str | None, Query(alias="statementId")] = None
    ) -> None:
        """Take one statement under this id. The same again changes nothing; another is a conflict."""
        async with reception.by_secret(request) as (platform, body):
            _check(request)
            taken = await accept(platform, [xapi.read_one(body, statement)])
        response.headers.update(_counted(taken))

    return router


def _check(request: Request) -> None:
    xapi.check_version(request.headers.get(VERSION_HEADER))
    xapi.check_media_type(request.headers.get("content-type"))


def _counted(taken: TakenStatements) -> dict[str, str]:
    return {COMPLETIONS_HEADER: str(taken.completions)}
