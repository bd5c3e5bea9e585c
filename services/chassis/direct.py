"""Routes that take a request and give its response themselves."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute


class Direct(APIRoute):
    """A route whose endpoint is called with the request alone: FastAPI describes it, and injects and checks nothing.

    For `APIRouter(route_class=Direct)`, where requests are many and their bodies are read by rules of our own.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The endpoint itself."""
        endpoint: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint
        return endpoint
