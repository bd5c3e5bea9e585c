"""HTTP load in bounded numbers, to loopback only, from prepared bytes: the client must not be what is measured."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from itertools import cycle, islice

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


async def _converse(port: int, payloads: Iterable[bytes]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for payload in payloads:
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


async def rate(port: int, payloads: Sequence[bytes], times: int) -> float:
    """Answers per second over several kept-alive connections, to these requests in turn; some more warm it up."""
    turns = cycle(payloads)
    await _converse(port, islice(turns, max(1, times // 10)))
    shares = [list(islice(turns, times // CONNECTIONS)) for _ in range(CONNECTIONS)]
    began = time.perf_counter()
    await asyncio.gather(*(_converse(port, share) for share in shares))
    return times / (time.perf_counter() - began)
