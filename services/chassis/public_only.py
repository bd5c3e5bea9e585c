"""Connections to public addresses alone, for whoever goes where a stranger says (OWASP: server-side request forgery).

The guard sits where the connection is made: the name is resolved once, every address of the answer is checked, and the
checked address is the one connected to, under the name's own TLS identity. So neither a redirect nor a name that
resolves differently the second time gets past it.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

import httpcore2

from schemas.faults import Unavailable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[tuple[str, ...]]]
"""A name and port to the addresses it has now; raises OSError when it has none."""


class AddressRefused(Unavailable):
    """The address is not one this server connects to on a stranger's behalf."""


_NEVER: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # IETF protocol assignments; a cloud's metadata service lives at .192
        "168.63.129.16/32",  # a cloud's platform service on an otherwise public address
        "192.88.99.0/24",  # deprecated 6to4 relays
        "64:ff9b:1::/48",  # local-use NAT64
        "2001::/23",  # IETF protocol assignments, Teredo among them: they carry an IPv4 address inside
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
        "fec0::/10",  # deprecated site-local
    )
)
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


def _carried(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, else the address itself."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and (address in _NAT64 or int(address) >> 32 == 0):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        return inner or address
    return address


def is_public(text: str) -> bool:
    """Whether anyone on the internet may have this IP address; never loopback, private, local or multicast."""
    try:
        address = _carried(ipaddress.ip_address(text.partition("%")[0]))
    except ValueError:
        return False
    return (
        address.is_global
        and not (address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local)
        and not any(address.version == network.version and address in network for network in _NEVER)
    )


async def resolve(host: str, port: int) -> tuple[str, ...]:
    """Ask the system's resolver, in its own thread."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class PublicOnly(httpcore2.AsyncNetworkBackend):
    """Connects to public addresses. What was checked is what is connected to: the name is not resolved again."""

    def __init__(self, resolve: Resolve, permitted: Callable[[str], bool]) -> None:
        self._resolve = resolve
        self._permitted = permitted
        self._inner: httpcore2.AsyncNetworkBackend = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore2's
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Resolve, check every address, connect to the first that answers."""
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(f"{host} has no address") from error
        # One private address among public ones is a name that plays tricks; its public ones are not used either.
        if not addresses or not all(map(self._permitted, addresses)):
            raise AddressRefused(f"{host} is not a public address, so it is not connected to")
        failure: Exception = httpcore2.ConnectError(f"{host} does not answer")
        for address in addresses[:4]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore2's
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Never: a socket file is no public address."""
        del timeout, socket_options
        raise AddressRefused(f"{path} is not a public address")

    async def sleep(self, seconds: float) -> None:
        """Wait between attempts (none are made)."""
        await self._inner.sleep(seconds)
