"""Direct routes answer as FastAPI's own would: faults, accidents, limits and other methods."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx2
import pytest
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.params import Depends as DependsOn
from fastapi.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from chassis.direct import Direct, DirectFirst
from schemas.faults import Malformed


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    app = FastAPI(max_body_size=10)
    router = APIRouter(route_class=Direct)

    @app.exception_handler(Malformed)
    async def malformed(_: Request, fault: Malformed) -> Response:
        return JSONResponse({"detail": str(fault)}, 400)

    @app.exception_handler(Exception)
    async def unexpected(_: Request, error: Exception) -> Response:
        return JSONResponse({"detail": type(error).__name__}, 500)

    @router.post("/echo")
    async def echo(request: Request) -> Response:
        body = await request.body()
        if body == b"accident":
            raise RuntimeError
        if body == b"fault":
            raise Malformed("not this")
        return Response(body)

    app.include_router(router)
    direct = [route for route in router.routes if isinstance(route, Direct)]

    async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
        await Response("elsewhere", 404)(scope, receive, send)

    transport = httpx2.ASGITransport(DirectFirst(app, direct, elsewhere), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://house.example") as client:
        yield client


@pytest.mark.parametrize(
    ("asked", "body", "status", "said"),
    [
        ("POST /echo", "hello", 200, "hello"),
        ("POST /echo", "fault", 400, '{"detail":"not this"}'),
        ("POST /echo", "accident", 500, '{"detail":"RuntimeError"}'),
        ("POST /echo", "more than ten", 413, None),
        ("GET /echo", "", 404, "elsewhere"),
        ("POST /echo/", "", 404, "elsewhere"),
    ],
)
async def test_a_direct_route_has_its_method_its_path_its_limit_and_the_handlers_of_faults(
    http: httpx2.AsyncClient, asked: str, body: str, status: int, said: str | None
) -> None:
    answer = await http.request(*asked.split(" "), content=body)
    assert answer.status_code == status
    assert said is None or answer.text == said


async def _taken(request: Request) -> Response:
    return Response(request.url.path)


async def _asking(request: Request, name: str) -> Response:
    return Response(request.url.path + name)


async def _blind() -> Response:
    return Response()


@pytest.mark.parametrize("endpoint", [_asking, _blind])
def test_a_direct_route_that_wants_more_or_less_than_the_request_is_not_made(
    endpoint: Callable[..., Awaitable[Response]],
) -> None:
    with pytest.raises(TypeError, match="the request alone"):
        APIRouter(route_class=Direct).add_api_route("/taken", endpoint)


@pytest.mark.parametrize(("of_router", "of_route"), [([Depends(_blind)], []), ([], [Depends(_blind)])])
def test_no_dependency_of_a_direct_route_is_left_unasked(of_router: list[DependsOn], of_route: list[DependsOn]) -> None:
    router = APIRouter(route_class=Direct, dependencies=of_router)
    with pytest.raises(TypeError, match="no dependencies"):
        router.add_api_route("/taken", _taken, dependencies=of_route)


def test_no_dependency_of_the_application_is_left_unasked_by_its_direct_routes() -> None:
    app = FastAPI(dependencies=[Depends(_blind)])
    with pytest.raises(TypeError, match="would not be asked"):
        DirectFirst(app, [], app)
