"""One HTTP application from several services, and how it starts and stops."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import version
from socket import socket
from types import FrameType

import structlog
import uvicorn
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.direct import Direct, DirectFirst
from chassis.health import Check, Health
from chassis.logging import described
from chassis.outbox import Announcer
from chassis.parking.repairs import Repairs
from chassis.parking.routes import parked_routes
from chassis.parking.store import Parking
from chassis.problems import answer_problems, problem_response, too_large
from chassis.running import Loop, Step
from chassis.service import Chassis, Service
from chassis.watching import Watch
from chassis.web import Pages, assets_router, security_headers
from schemas import export
from schemas.faults import Fault, NotFound

_log = structlog.get_logger(__name__)

HTTP_SHARE = 0.4
"""Of the time a stop may take, what open requests get; the rest is for what runs behind them."""

YOUNG = 50_000
"""Objects that may come to be before garbage is looked for among them. Python's 700 are made by a batch of events while
it is handled, none of it garbage yet: looking took a quarter of a busy house's time."""
TURN = 0.001
"""Seconds until a thread that waits for the interpreter gets it. With Python's five milliseconds a write to SQLite,
which gives it up at every statement, took five times as long beside a busy loop."""

_TOO_LARGE = 413


class Host(FastAPI):
    """FastAPI, whose every answer carries the security headers and whose every refusal is a problem document."""

    def __init__(self, *, headers: Mapping[str, str], watch: Watch, **settings: object) -> None:
        unwatched = TelemetryConfig(tracing=False, metrics=False, logs=False, auto_configure=False)
        super().__init__(telemetry=unwatched, **settings)  # type: ignore[arg-type] # FastAPI's own, passed on as they are
        self._watch = watch
        self._direct: list[Direct] = []
        self._headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        self.refusal: Fault | None = None
        """Why it did not start, where that is somebody's to mend: said in a sentence, not in a traceback."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with what every answer has."""
        if scope["type"] == "http":
            await self._watch(super().__call__, scope, receive, self._guarded(scope, receive, send))
            return
        if scope["type"] == "lifespan":
            send = self._brief(send)
        await super().__call__(scope, receive, send)

    def include_busiest(self, router: APIRouter) -> None:
        """Include a router whose direct routes are asked before all others."""
        self._direct += [route for route in router.routes if isinstance(route, Direct)]
        self.include_router(router)

    def build_middleware_stack(self) -> ASGIApp:
        """FastAPI's own, behind the direct routes."""
        return DirectFirst(self, self._direct, super().build_middleware_stack())

    def _brief(self, send: Send) -> Send:
        async def brief(message: Message) -> None:
            if message["type"] == "lifespan.startup.failed" and self.refusal is not None:
                message = {**message, "message": described(self.refusal)}
            await send(message)

        return brief

    def _guarded(self, scope: Scope, receive: Receive, send: Send) -> Send:
        replaced = False

        async def guarded(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start":
                headers = message.setdefault("headers", [])
                if message["status"] == _TOO_LARGE and _is_plain_text(headers):
                    # Starlette's body limit answers before any handler of ours is asked.
                    replaced = True
                    await problem_response(too_large(None))(scope, receive, guarded_problem)
                    return
                said = {name for name, _ in headers}
                headers += [header for header in self._headers if header[0] not in said]
            elif replaced:
                return
            await send(message)

        async def guarded_problem(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] += self._headers
            await send(message)

        return guarded


def _is_plain_text(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(name == b"content-type" and value.startswith(b"text/plain") for name, value in headers)


def host(chassis: Chassis, *services: Service) -> FastAPI:
    """Everything these services offer over HTTP, and what every process has: health, metrics, assets, tokens, schemas.

    It starts with its lifespan: stores first, then what feeds them; `/readyz` turns green last. It stops in the
    opposite order within `Settings.stop_seconds`: nothing new, what is under way is finished, then the stores close.
    """
    loops = tuple(
        Loop(f"{service.name}.{name}", step)
        for service in services
        for name, step in (
            *((f"relay-{number}", outbox.run) for number, outbox in enumerate(service.outboxes, 1)),
            *((getattr(step, "__name__", "loop"), step) for step in service.loops),
        )
    )
    health = Health(_checks(chassis, services, loops))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as running:
            try:
                await _start(chassis, services, loops, running)
            except Fault as fault:
                app.refusal = fault
                raise
            health.unready = None
            _log.info("started", services=[service.name for service in services], url=chassis.settings.base_url)
            yield
            health.unready = "stopping"
        _log.info("stopped")

    app = Host(
        title="Laurel",
        summary="EU micro-credentials, issued the minute a learner passes and checkable by anyone, for years.",
        version=version("laurel"),
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        docs_url=None,  # its pages load scripts from elsewhere, which our policy forbids
        redoc_url=None,
        lifespan=lifespan,
        max_body_size=chassis.settings.max_body,
        watch=chassis.telemetry.watch(),
        headers=security_headers(https=chassis.settings.base_url.startswith("https://")),
    )
    answer_problems(app, chassis.pages)
    app.include_router(health.router())
    for service in services:
        for router in service.busiest:
            app.include_busiest(router)
    for router in (
        chassis.telemetry.router(),
        assets_router(),
        schemas_router(),
        welcome_router(chassis.pages),
        chassis.access.routes(),
        parked_routes(_repairs(chassis, services), chassis.access),
        *(router for service in services for router in service.routers),
    ):
        app.include_router(router)
    return app


def _parkings(services: tuple[Service, ...]) -> tuple[Parking, ...]:
    places = (listener.parking for service in services for listener in service.listeners)
    return tuple(place for place in places if isinstance(place, Parking))


def _repairs(chassis: Chassis, services: tuple[Service, ...]) -> tuple[Repairs, ...]:
    per_second = chassis.settings.replays_per_second
    return tuple(
        Repairs(listener.parking, listener, clock=chassis.clock, per_second=per_second)
        for service in services
        for listener in service.listeners
        if isinstance(listener.parking, Parking)
    )


def _checks(chassis: Chassis, services: tuple[Service, ...], loops: tuple[Loop, ...]) -> dict[str, Check]:
    """Everything `/readyz` asks, by name."""
    checks: dict[str, Check] = dict(chassis.checks)
    for service in services:
        for listener in service.listeners:
            checks[f"{service.name}.listener"] = listener.check
        for number, outbox in enumerate(service.outboxes, 1):
            checks[f"{service.name}.outbox-{number}"] = outbox.check
        checks |= {f"{service.name}.{name}": check for name, check in service.checks.items()}
    for parking in _parkings(services):
        checks[f"{parking.service}.parking"] = parking.check
    return checks | {loop.name: loop.check for loop in loops}


async def _start(
    chassis: Chassis, services: tuple[Service, ...], loops: tuple[Loop, ...], running: AsyncExitStack
) -> None:
    """Start everything; what is pushed onto `running` is undone in the opposite order, each within its time."""
    limit = chassis.settings.stop_seconds * (1 - HTTP_SHARE)

    def undo(what: str, step: Step) -> None:
        running.push_async_callback(_within, limit, what, step)

    undo("chassis", chassis.close)
    await chassis.open()
    for service in services:
        for step in service.on_stop:
            undo(service.name, step)
        for step in service.on_start:
            await step()
    announcer = Announcer(
        [each for service in services for each in service.announcements], chassis.log, chassis.publisher
    )
    undo("announcer", announcer.stop)
    await announcer.start()
    listeners = [listener for service in services for listener in service.listeners]
    # All at once: each waits for a group to gather, and one that cannot start is stopped with the others.
    undo("listeners", lambda: _all(listener.stop for listener in listeners))
    await _all(listener.start for listener in listeners)
    for loop in loops:
        undo(loop.name, loop.stop)
        await loop.start()


async def _all(steps: Iterable[Step]) -> None:
    """Take these steps at once; wait for all, then raise what the first of them raised, if any."""
    results = await asyncio.gather(*(step() for step in steps), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result


async def _within(seconds: float, what: str, step: Step) -> None:
    """Undo one thing; what takes too long or fails does not keep the rest from being undone."""
    try:
        async with asyncio.timeout(seconds):
            await step()
    except Exception as error:  # noqa: BLE001 a stop goes on whatever happens
        _log.warning("stopping-failed", what=what, exc_info=error)


def schemas_router() -> APIRouter:
    """`/schemas/{type}.json`: the JSON Schema of every event ever released, for whoever speaks the language."""
    router = APIRouter(tags=["schemas"])
    released = {file.stem: file.read_bytes() for file in export.FOLDER.glob("*.json")}

    @router.get("/schemas/{name}.json", response_class=Response)
    async def schema(name: str) -> Response:
        """The JSON Schema (2020-12) of an event, by its CloudEvents type."""
        if name not in released:
            raise NotFound(f"there is no event of type {name!r}; there are: {', '.join(sorted(released))}")
        headers = {"cache-control": "public, max-age=3600", "access-control-allow-origin": "*"}
        return Response(released[name], media_type="application/schema+json", headers=headers)

    return router


def welcome_router(pages: Pages) -> APIRouter:
    """`/`: what this is, and where to go."""
    router = APIRouter(include_in_schema=False)
    events = sorted(file.stem for file in export.FOLDER.glob("*.json"))

    @router.get("/")
    async def welcome(request: Request) -> HTMLResponse:
        return pages.render(request, "welcome.html", events=events)

    return router


class Server(uvicorn.Server):
    """Uvicorn, which says when it listens, and which a SIGTERM ends well."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()
        self._thresholds = gc.get_threshold()
        self._turn = sys.getswitchinterval()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Listen, and say so. What cannot start stops: `started` stays false."""
        try:
            await super().startup(sockets)
        except SystemExit:  # Uvicorn's way to end the process, from deep inside the event loop
            self.should_exit = True
        if self.started:
            # The 160,000 objects a process is made of stay until its end. Searching them for garbage again and again
            # halts everything else, a fifth of a second at a time on a busy machine; without them, half of that.
            gc.collect()
            gc.freeze()
            gc.set_threshold(YOUNG, *self._thresholds[1:])
            sys.setswitchinterval(TURN)
            self.up.set()

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Listen no more, let go of everything."""
        await super().shutdown(sockets)
        gc.unfreeze()
        gc.set_threshold(*self._thresholds)
        sys.setswitchinterval(self._turn)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop. After it has stopped uvicorn raises what it caught once more: right for Ctrl-C, whose caller waits.

        A SIGTERM would then end the process as if it had been killed, though it stopped as it was asked to.
        """
        if sig == signal.SIGTERM:
            self.should_exit = True
        else:
            super().handle_exit(sig, frame)


def server(chassis: Chassis, app: FastAPI) -> Server:
    """The server for this application: `await server.serve()` runs it until a signal, or `server.should_exit`.

    No access log: an address may be a secret. What happened is in the traces and the metrics.
    """
    settings = chassis.settings
    return Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            ssl_certfile=settings.tls_certificate,
            ssl_keyfile=settings.tls_key,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="on",
            timeout_graceful_shutdown=max(1, int(settings.stop_seconds * HTTP_SHARE)),
        )
    )
