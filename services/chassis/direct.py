"""Routes that take a request and give its response themselves."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send


class Direct(APIRoute):
    """A route whose endpoint is called with the request alone: FastAPI describes it, and injects and checks nothing.

    For `APIRouter(route_class=Direct)`, where requests are many and their bodies are read by rules of our own. Raises
    `TypeError` where something else was to be injected or checked: nobody is let in by a dependency that is not asked.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The endpoint itself."""
        if self.dependencies or [*inspect.signature(self.endpoint).parameters] != [self.dependant.request_param_name]:
            raise TypeError(f"{self.path} is a direct route: it takes the request alone, and has no dependencies")
        endpoint: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint
        return endpoint


class DirectFirst:
    """Asks an application's direct routes first, and its own stack where none of them fits a request.

    A request passes a dozen layers of FastAPI and Starlette on its way to a route, for what direct routes do not have:
    dependencies, files, prefixes. What they have goes on as there: the limit of a body, and the handlers of faults.
    """

    def __init__(self, app: FastAPI, routes: Iterable[Direct], stack: ASGIApp) -> None:
        if app.router.dependencies:
            raise TypeError("an application with dependencies has no direct routes: they would not be asked")
        self._app = app
        self._stack = stack
        self._apps = {(method, route.path): self._app_of(route) for route in routes for method in route.methods or ()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, by the route of this method and path."""
        found = self._apps.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        await (found or self._stack)(scope, receive, send)

    def _app_of(self, route: Direct) -> ASGIApp:
        handlers = dict(self._app.exception_handlers)
        unexpected = handlers.pop(Exception, None)

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            scope.update(app=self._app, router=self._app.router, route=route, path_params={})
            response = await route.endpoint(Request(scope, receive, send))
            await response(scope, receive, send)

        limit = route.max_body_size or self._app.max_body_size
        handled = ExceptionMiddleware(answer, handlers)
        limited = handled if limit is None else RequestBodyLimitMiddleware(handled, limit)
        return ServerErrorMiddleware(limited, unexpected)
