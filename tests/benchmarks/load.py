"""HTTP load in bounded numbers, to loopback only, from prepared bytes: the client must not be what is measured."""

from __future__ import annotations

import asyncio
import time

CONNECTIONS = 8


def request(method: str, path: str, body: bytes = b"") -> bytes:
    """One HTTP/1.1 request as bytes."""
    lines = (
        f"{method} {path} HTTP/1.1",
        "host: localhost",
        "content-type: application/json",
        f"content-length: {len(body)}",
        "\r\n",
    )
    return "\r\n".join(lines).encode() + body


async def _converse(port: int, payload: bytes, times: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(times):
        writer.write(payload)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode(errors="replace").splitlines()[0])
        length = next(
            int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
        )
        await reader.readexactly(length)
    writer.close()
    await writer.wait_closed()


async def rate(port: int, payload: bytes, times: int) -> float:
    """Answers per second over several kept-alive connections."""
    await _converse(port, payload, max(1, times // 10))
    began = time.perf_counter()
    await asyncio.gather(*(_converse(port, payload, times // CONNECTIONS) for _ in range(CONNECTIONS)))
    return times / (time.perf_counter() - began)
