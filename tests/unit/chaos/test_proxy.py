"""A proxy passes on what it is given, breaks when it is cut, and is late when it is slow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.chaos.proxy import Proxy

BROKEN = (ConnectionError, asyncio.IncompleteReadError)


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    """Before a server that says everything back."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while said := await reader.read(100):
            writer.write(said)
        writer.close()

    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        async with Proxy(host, port) as proxy:
            yield proxy


async def asked(proxy: Proxy, question: bytes = b"hello") -> bytes:
    host, _, port = proxy.address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(question)
        return await asyncio.wait_for(reader.readexactly(len(question)), 5)
    finally:
        writer.close()


async def test_it_passes_on_what_both_say(proxy: Proxy) -> None:
    assert await asked(proxy) == b"hello"


async def test_a_cut_breaks_the_connection_there_is_and_every_new_one_until_it_is_mended(proxy: Proxy) -> None:
    host, _, port = proxy.address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"before")
    assert await reader.read(100) == b"before"
    proxy.cut()
    with pytest.raises(BROKEN):
        await reader.readexactly(1)
    with pytest.raises(BROKEN):
        await asked(proxy)
    proxy.mend()
    assert await asked(proxy) == b"hello"


async def test_what_passes_slowly_is_passed_on_whole(proxy: Proxy) -> None:
    loop = asyncio.get_running_loop()
    proxy.slow(0.2)
    began = loop.time()
    assert await asked(proxy) == b"hello"
    assert loop.time() - began > 0.3  # there and back
