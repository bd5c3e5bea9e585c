"""What lies between a process and its database, so that it can be cut and slowed."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Self

CHUNK = 64 * 1024


class Proxy:
    """Passes TCP connections on, from a port of the loopback interface to an address."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()
        self._passing: set[asyncio.Task[None]] = set()
        self._is_cut = False
        self._delay = 0.0

    @property
    def address(self) -> str:
        """Where it listens."""
        assert self._server is not None
        host, port = self._server.sockets[0].getsockname()
        return f"{host}:{port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut()
        assert self._server is not None
        self._server.close()
        await asyncio.gather(*self._passing, return_exceptions=True)

    def cut(self) -> None:
        """Every connection breaks, in the middle of what it carried, and new ones break at once."""
        self._is_cut = True
        for end in self._ends:
            end.transport.abort()

    def slow(self, seconds: float) -> None:
        """Whatever passes from now on comes so much later."""
        self._delay = seconds

    def mend(self) -> None:
        """All is well again."""
        self._is_cut, self._delay = False, 0.0

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        try:
            answers, requests = await asyncio.open_connection(self._host, self._port)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, requests}
        self._ends |= both
        directions = [
            asyncio.ensure_future(self._pass(reader, requests)),
            asyncio.ensure_future(self._pass(answers, writer)),
        ]
        self._passing.update(directions)
        await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
        for end in both:  # what one side ends is over for both
            end.transport.abort()
        await asyncio.wait(directions)
        self._passing.difference_update(directions)
        self._ends -= both

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(CHUNK):
                if self._delay:
                    await asyncio.sleep(self._delay)
                writer.write(chunk)
                await writer.drain()
