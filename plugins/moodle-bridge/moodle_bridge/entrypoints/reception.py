"""Where platforms come in: whose request it is, by its signature, and a count of whom was turned away."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from fastapi import Request

from chassis.problems import problem
from moodle_bridge.domain.webhook import Signed
from moodle_bridge.handlers import RecognisePlatform
from moodle_bridge.ports import Occurrence, RegisteredPlatform, Tallies
from schemas.faults import Fault, Unavailable

PLATFORM_HEADER = "laurel-platform"


class Reception:
    """Recognises platforms at the door. Who finds us unavailable is not counted: they come again."""

    def __init__(self, recognise: RecognisePlatform, tallies: Tallies) -> None:
        self._recognise = recognise
        self._tallies = tallies

    async def recognise(self, request: Request) -> tuple[RegisteredPlatform, bytes]:
        """Whose request it is, and its body. Raises as `RecognisePlatform` does."""
        header, body = request.headers.get, await request.body()
        signed = Signed(
            header("webhook-id", ""), header("webhook-timestamp", ""), header("webhook-signature", ""), body
        )
        return await self._recognise(header(PLATFORM_HEADER, ""), signed), body

    @asynccontextmanager
    async def __call__(self, request: Request) -> AsyncIterator[tuple[RegisteredPlatform, bytes]]:
        """A delivery, to be accepted or turned away within."""
        with self._counting(None):
            platform, body = await self.recognise(request)
        with self._counting(platform.id):
            yield platform, body

    @asynccontextmanager
    async def by_secret(self, request: Request) -> AsyncIterator[tuple[RegisteredPlatform, bytes]]:
        """As a delivery, of a platform that shows its secret instead of signing: Basic authentication, RFC 7617."""
        with self._counting(None):
            platform = await self._recognise.by_secret(*_basic(request.headers.get("authorization", "")))
        with self._counting(platform.id):
            yield platform, await request.body()

    def seen_again(self, platform: RegisteredPlatform) -> None:
        """What it delivered was accepted before."""
        self._tallies.count(Occurrence.DUPLICATE, "delivered-again", platform.id)

    def turned_away(self, platform: RegisteredPlatform, fault: Fault) -> None:
        """Of several things it delivered together, this was refused."""
        self._count(fault, platform.id)

    @contextmanager
    def _counting(self, platform: str | None) -> Iterator[None]:
        try:
            yield
        except Unavailable:
            raise
        except Fault as fault:
            self._count(fault, platform)
            raise

    def _count(self, fault: Fault, platform: str | None) -> None:
        self._tallies.count(Occurrence.TURNED_AWAY, problem(fault).type.rpartition(":")[2], platform)


def _basic(header: str) -> tuple[str, str]:
    """The name and the secret shown; both empty for anything else."""
    scheme, _, encoded = header.partition(" ")
    try:
        name, _, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return (name, secret) if scheme.lower() == "basic" else ("", "")
