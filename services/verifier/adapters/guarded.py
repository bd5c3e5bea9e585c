"""The one way out: fetches what a credential names, and nothing a credential should be able to reach.

A credential is written by a stranger, so every address in it is a stranger's wish about what this server should
connect to (OWASP: server-side request forgery). Two kinds are granted: this house's own origins, from an allow-list,
and public https. The guard sits where the connection is made: the name is resolved once, every address of the answer
is checked, and the checked address is the one connected to, under the name's own TLS identity. So neither a redirect
nor a name that resolves differently the second time gets past it.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import httpcore2
import httpx2

from chassis.public_only import AddressRefused, PublicOnly, Resolve, is_public, resolve
from schemas.faults import Unavailable


class NotFetched(Unavailable):
    """The document could not be had: no answer, a wrong answer, too large, too slow."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may cost."""

    seconds: float = 8.0
    """For everything: names, redirects, the last byte."""
    sent: int = 1_000_000
    """Bytes on the wire."""
    unpacked: int = 4_000_000
    """Bytes after Content-Encoding is undone."""
    redirects: int = 3


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered."""

    url: str
    """The address that answered, after redirects."""
    body: bytes
    content_type: str = field(default="")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What an answer may be."""

    accept: str
    of_any_type: bool


_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_TYPES: Final = re.compile(r"(application/(([a-z0-9.+-]+\+)?(json|jwt|sd-jwt)|vc|did|octet-stream)|text/plain)?\Z")
_ACCEPT: Final = "application/vc, application/did+json, application/ld+json;q=0.9, application/json;q=0.8, */*;q=0.1"


def origin(url: str) -> str:
    """Scheme, host and port, spelt one way: `https://example.org:443`.

    Raises:
        ValueError: it is no http(s) address.
    """
    parsed = httpx2.URL(url)
    if parsed.scheme not in ("http", "https") or not parsed.raw_host:
        raise ValueError(f"{url} is no http address")
    return f"{parsed.scheme}://{parsed.raw_host.decode('ascii')}:{parsed.port or _port(parsed)}"


def _port(url: httpx2.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


class GuardedClient:
    """GET for documents that a stranger named. No cookies, no credentials, no proxy from the environment.

    Own origins are reached wherever they are (also at http://localhost); everything else must be https at a public
    address. `inside` says where an own origin is reached from here, when that is not its public address: the proxy in
    front need not let the house itself in. `own_tls` is whom to trust at own origins, if not the usual authorities
    alone. Raises AddressRefused or NotFetched, both `Unavailable`: could not be had, which says nothing about the
    credential.
    """

    def __init__(  # noqa: PLR0913 what may be reached and what that may cost, each by its name
        self,
        own_origins: Iterable[str] = (),
        *,
        inside: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        resolve: Resolve = resolve,
        permitted: Callable[[str], bool] = is_public,
        tls: ssl.SSLContext | None = None,
        own_tls: ssl.SSLContext | None = None,
    ) -> None:
        self._own_origins = frozenset(map(origin, own_origins))
        self._inside = {origin(public): httpx2.URL(inner) for public, inner in (inside or {}).items()}
        self._limits = limits or Limits()
        tls = tls or httpcore2.default_ssl_context()
        self._own = httpcore2.AsyncConnectionPool(ssl_context=own_tls or tls, max_connections=50, keepalive_expiry=5)
        self._public = httpcore2.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=50,
            keepalive_expiry=5,
            network_backend=PublicOnly(resolve, permitted),
        )

    async def close(self) -> None:
        """Close the connections kept for reuse."""
        await self._own.aclose()
        await self._public.aclose()

    def is_own(self, url: str) -> bool:
        """Whether the address is at one of this house's origins."""
        try:
            return origin(url) in self._own_origins
        except (ValueError, httpx2.InvalidURL):
            return False

    async def get(self, url: str, *, of_any_type: bool = False, accept: str | None = None) -> Fetched:
        """The document at an address, within the limits; JSON and tokens, where not `of_any_type`.

        `accept` says which form of it is wanted, where one address has several.

        Raises:
            AddressRefused: it, or what it redirects to, is neither an own origin nor public https.
            NotFetched: anything else that kept it from being had.
        """
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await self._follow(url, _Wanted(accept or _ACCEPT, of_any_type))
        except TimeoutError as error:
            raise NotFetched(f"no full answer within {self._limits.seconds:g} s") from error
        except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError, OSError) as error:
            raise NotFetched(f"no usable answer from {_host(url)}") from error

    async def _follow(self, url: str, wanted: _Wanted) -> Fetched:
        for _ in range(self._limits.redirects + 1):
            answer = await self._once(url, wanted)
            if isinstance(answer, Fetched):
                return answer
            url = answer
        raise NotFetched(f"more than {self._limits.redirects} redirects")

    async def _once(self, url: str, wanted: _Wanted) -> Fetched | str:
        """One request: the document, or where it has moved."""
        parsed = self._checked(url)
        pool = self._own if self.is_own(url) else self._public
        door = self._inside.get(origin(url), parsed)
        request = httpcore2.URL(scheme=door.raw_scheme, host=door.raw_host, port=_port(door), target=parsed.raw_path)
        headers = [
            (b"Host", parsed.netloc),
            (b"Accept", wanted.accept.encode()),
            (b"Accept-Encoding", b"gzip, identity"),
            (b"Cache-Control", b"no-cache"),
            (b"User-Agent", b"laurel-verifier"),
        ]
        timeout = dict.fromkeys(("connect", "read", "write", "pool"), self._limits.seconds)
        async with pool.stream("GET", request, headers=headers, extensions={"timeout": timeout}) as response:
            received = {name.lower(): value.decode("latin-1").strip() for name, value in response.headers}
            if response.status in _REDIRECTS and b"location" in received:
                return self._moved(parsed, received[b"location"])
            if response.status != 200:  # noqa: PLR2004 - the one status that carries the document
                raise NotFetched(f"{_host(url)} answered {response.status}")
            media = received.get(b"content-type", "").partition(";")[0].strip().lower()
            if not wanted.of_any_type and not _TYPES.match(media):
                raise NotFetched(f"{_host(url)} answered with {media[:80]}, not a JSON document")
            body = await self._read(response, received.get(b"content-encoding", "identity").lower())
            return Fetched(url, body, media)

    def _checked(self, url: str) -> httpx2.URL:
        try:
            parsed = httpx2.URL(url)
            own = self.is_own(url)
        except (httpx2.InvalidURL, ValueError, TypeError) as error:
            raise AddressRefused("this is no address") from error
        if parsed.userinfo:
            raise AddressRefused("an address with a user name in it is not fetched")
        if not own and (parsed.scheme != "https" or not parsed.raw_host):
            raise AddressRefused("only https addresses are fetched")
        return parsed

    @staticmethod
    def _moved(parsed: httpx2.URL, location: str) -> str:
        try:
            return str(parsed.join(location).copy_with(fragment=None))
        except (httpx2.InvalidURL, ValueError) as error:
            raise NotFetched("it redirects to something that is no address") from error

    async def _read(self, response: httpcore2.Response, encoding: str) -> bytes:
        unpack = _unpacker(encoding, self._limits.unpacked)
        sent, body = 0, bytearray()
        async for chunk in response.aiter_stream():
            sent += len(chunk)
            if sent > self._limits.sent:
                raise NotFetched(f"the document is larger than {self._limits.sent} bytes")
            body += unpack(chunk)
            if len(body) > self._limits.unpacked:
                raise NotFetched(f"the document unpacks to more than {self._limits.unpacked} bytes")
        return bytes(body)


def _unpacker(encoding: str, most: int) -> Callable[[bytes], bytes]:
    """Undo a Content-Encoding, never producing much more than `most` bytes."""
    if encoding in ("identity", ""):
        return bytes
    if encoding not in ("gzip", "x-gzip"):
        raise NotFetched(f"the document is packed as {encoding[:40]}, which was not asked for")
    packed = zlib.decompressobj(wbits=31)
    produced = 0

    def unpack(chunk: bytes) -> bytes:
        nonlocal produced
        try:
            part = packed.decompress(chunk, most + 1 - min(produced, most))
        except zlib.error as error:
            raise NotFetched("the document's gzip packing is broken") from error
        produced += len(part)
        if packed.unconsumed_tail:
            raise NotFetched(f"the document unpacks to more than {most} bytes")
        return part

    return unpack


def _host(url: str) -> str:
    try:
        return httpx2.URL(url).host or "the address"
    except (httpx2.InvalidURL, TypeError):
        return "the address"
