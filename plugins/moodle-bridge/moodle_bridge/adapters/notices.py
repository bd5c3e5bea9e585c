"""POST to platforms' own addresses: public https, or an origin that whoever runs the house has named."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterable, Mapping

import httpcore2
import httpx2

from chassis.public_only import PublicOnly, Resolve, is_public, resolve
from schemas.faults import Unavailable

SECONDS = 10.0
SUCCESS = range(200, 300)


class NotTaken(Unavailable):
    """The platform did not take it."""


class GuardedNotices:
    """No cookies, no proxy from the environment, no redirects: a redirect is a refusal."""

    def __init__(
        self,
        named: Iterable[str] = (),
        *,
        resolve: Resolve = resolve,
        permitted: Callable[[str], bool] = is_public,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`named`: origins that are reached wherever they are, also by http."""
        self._named = frozenset(_origin(httpx2.URL(url)) for url in named)
        tls = tls or httpcore2.default_ssl_context()
        self._anywhere = httpcore2.AsyncConnectionPool(ssl_context=tls, max_connections=20, keepalive_expiry=5)
        self._public = httpcore2.AsyncConnectionPool(
            ssl_context=tls, max_connections=20, keepalive_expiry=5, network_backend=PublicOnly(resolve, permitted)
        )

    async def close(self) -> None:
        """Close the connections kept for reuse."""
        await self._anywhere.aclose()
        await self._public.aclose()

    async def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Taken when it returns. Raises `AddressRefused` and `NotTaken`. What the platform answers is not read."""
        parsed = httpx2.URL(url)
        named = _origin(parsed) in self._named
        if not named and (parsed.scheme != "https" or parsed.userinfo):
            raise NotTaken("platforms are told at public https addresses, without a user name in them")
        sent = {"host": parsed.netloc.decode(), "content-type": "application/json", "user-agent": "laurel", **headers}
        coded = [(name.encode(), value.encode()) for name, value in sent.items()]
        pool = self._anywhere if named else self._public
        try:
            async with asyncio.timeout(SECONDS), pool.stream("POST", url, headers=coded, content=body) as response:
                status = response.status
        except TimeoutError as error:
            raise NotTaken(f"{parsed.host} did not answer within {SECONDS:g} s") from error
        except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError, OSError) as error:
            raise NotTaken(f"{parsed.host} does not answer ({type(error).__name__})") from error
        if status not in SUCCESS:
            raise NotTaken(f"{parsed.host} answered {status}")


def _origin(url: httpx2.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80)
