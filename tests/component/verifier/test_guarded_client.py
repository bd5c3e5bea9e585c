"""Every trap an address can set, sprung on a server of our own on the loopback interface."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from chassis.public_only import AddressRefused, is_public
from schemas.faults import Unavailable
from verifier.adapters.guarded import GuardedClient, Limits, NotFetched

Answer = Callable[[str, dict[str, str], asyncio.StreamWriter], Awaitable[None]]


def reply(body: bytes = b"{}", status: str = "200 OK", **headers: str) -> bytes:
    fields = {"content-type": "application/json", "content-length": str(len(body)), "connection": "close"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


@dataclass
class Trap:
    """A server that answers as a test tells it to, and remembers what it was asked."""

    answers: dict[str, bytes | Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    port: int = 0

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            request, *lines = head.strip().split("\r\n")
            path = request.split(" ")[1]
            headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
            self.asked.append((path, headers))
            answer = self.answers.get(path, reply(status="404 Not Found"))
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(path, headers, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client went away, as it should from a trap
        finally:
            writer.close()


@asynccontextmanager
async def serving(tls: ssl.SSLContext | None = None) -> AsyncIterator[Trap]:
    trap = Trap()
    server = await asyncio.start_server(trap.handle, "127.0.0.1", 0, ssl=tls)
    trap.port = server.sockets[0].getsockname()[1]
    try:
        yield trap
    finally:
        server.close()


@asynccontextmanager
async def client(*own: str, **options: object) -> AsyncIterator[GuardedClient]:
    guarded = GuardedClient(own, **options)  # type: ignore[arg-type] # each test passes what it is about
    try:
        yield guarded
    finally:
        await guarded.close()


@dataclass(frozen=True)
class Certificate:
    server: ssl.SSLContext
    trusting: ssl.SSLContext


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate for `university.example`, and a client that trusts it."""
    folder: Path = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "university.example")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("university.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return Certificate(server, ssl.create_default_context(cafile=str(pem)))


def names(**table: str) -> Callable[[str, int], Awaitable[tuple[str, ...]]]:
    """A resolver with a table of its own; one address, or several separated by spaces."""

    async def look_up(host: str, port: int) -> tuple[str, ...]:
        del port
        return tuple(table[host.split(".", maxsplit=1)[0]].split())

    return look_up


async def test_an_own_origin_behind_a_proxy_is_reached_from_inside_under_its_public_name() -> None:
    public = "https://laurel.example"
    async with serving() as trap, client(public, inside={public: trap.origin}) as guarded:
        trap.answers["/did.json"] = reply(status="302 Found", location="/moved/did.json")
        trap.answers["/moved/did.json"] = reply()
        assert (await guarded.get(f"{public}/did.json")).url == f"{public}/moved/did.json"
        assert [headers["host"] for _, headers in trap.asked] == ["laurel.example"] * 2


async def test_an_own_origin_is_reached_on_loopback_without_cookies_or_credentials() -> None:
    async with serving() as trap, client(trap.origin) as guarded:
        trap.answers["/did.json"] = reply(b'{"id": "x"}', set_cookie="a=b")
        assert (await guarded.get(f"{trap.origin}/did.json")).body == b'{"id": "x"}'
        await guarded.get(f"{trap.origin}/did.json")
        assert all({"cookie", "authorization"}.isdisjoint(headers) for _, headers in trap.asked)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "2130706433", "0x7f.1", "0", "[::ffff:127.0.0.1]"])
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_loopback_that_is_not_an_own_origin_is_never_connected_to(scheme: str, host: str) -> None:
    async with serving() as trap, client("http://localhost:1") as guarded:
        with pytest.raises(Unavailable):
            await guarded.get(f"{scheme}://{host}:{trap.port}/secret")
        assert trap.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://university.example/did.json",
        "ftp://university.example/x",
        "file:///etc/passwd",
        "gopher://university.example/",
        "https:///x",
        "//university.example/x",
        "did.json",
        "",
        "https://user:secret@university.example/",
        "https://[::1",
        "https://a\x00b/",
        "https://" + "a" * 70_000,
    ],
)
async def test_what_is_not_plain_https_is_refused(url: str) -> None:
    async with client(resolve=names(university="127.0.0.1"), permitted=lambda _: True) as guarded:
        with pytest.raises(AddressRefused):
            await guarded.get(url)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",  # noqa: S104 - an address to refuse, nothing is bound to it
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "100.100.100.200",
        "169.254.169.254",
        "168.63.129.16",
        "192.0.0.192",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "not an address",
    ],
)
def test_addresses_nobody_on_the_internet_may_have_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "185.199.108.153", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_ipv6_dress_never_makes_an_ipv4_address_more_public(address: object) -> None:
    plain = ip_address(str(address))
    for dressed in (f"::ffff:{plain}", f"64:ff9b::{plain}", f"2002:{int(plain) >> 16:x}:{int(plain) & 0xFFFF:x}::1"):
        assert is_public(dressed) <= is_public(str(plain))


@pytest.mark.parametrize("answer", ["10.0.0.1", "8.8.8.8 127.0.0.1", "::1", ""])
async def test_a_name_with_any_private_address_is_refused(answer: str) -> None:
    async with client(resolve=names(evil=answer)) as guarded:
        with pytest.raises(AddressRefused):
            await guarded.get("https://evil.example/did.json")


async def test_a_name_that_changes_its_address_after_the_check_is_reached_at_the_checked_one(
    certificate: Certificate,
) -> None:
    looked_up: list[str] = []

    async def rebinding(host: str, port: int) -> tuple[str, ...]:
        del port
        looked_up.append(host)
        return ("127.0.0.1",) if len(looked_up) == 1 else ("127.0.0.66",)

    async with serving(certificate.server) as trap:
        trap.answers["/did.json"] = reply(b'{"id": "checked"}')
        async with client(resolve=rebinding, permitted=lambda a: a == "127.0.0.1", tls=certificate.trusting) as guarded:
            fetched = await guarded.get(f"https://university.example:{trap.port}/did.json")
    assert fetched.body == b'{"id": "checked"}'
    assert looked_up == ["university.example"]
    assert trap.asked[0][1]["host"] == f"university.example:{trap.port}"


async def test_a_certificate_for_another_name_is_refused(certificate: Certificate) -> None:
    async with (
        serving(certificate.server) as trap,
        client(resolve=names(other="127.0.0.1"), permitted=lambda _: True, tls=certificate.trusting) as guarded,
    ):
        with pytest.raises(NotFetched):
            await guarded.get(f"https://other.example:{trap.port}/did.json")
        assert trap.asked == []


async def test_a_redirect_from_a_public_address_to_a_private_one_is_refused(certificate: Certificate) -> None:
    async with serving() as inside, serving(certificate.server) as trap:
        inside.answers["/secret"] = reply(b'{"secret": true}')
        table = names(university="127.0.0.1", inside="10.0.0.1")
        for target in (f"http://127.0.0.1:{inside.port}/secret", "https://inside.example/secret"):
            trap.answers["/moved"] = reply(status="302 Found", location=target)
            async with client(resolve=table, permitted=lambda a: a == "127.0.0.1", tls=certificate.trusting) as guarded:
                with pytest.raises(AddressRefused):
                    await guarded.get(f"https://university.example:{trap.port}/moved")
        assert inside.asked == []


async def test_a_redirect_from_an_own_origin_leaves_the_allow_list_behind() -> None:
    async with serving() as inside, serving() as trap, client(trap.origin) as guarded:
        trap.answers["/moved"] = reply(status="307 Temporary Redirect", location=f"{inside.origin}/secret")
        with pytest.raises(AddressRefused):
            await guarded.get(f"{trap.origin}/moved")
        assert inside.asked == []


async def test_a_few_redirects_are_followed_and_many_are_not() -> None:
    async with serving() as trap, client(trap.origin) as guarded:
        trap.answers["/0"] = reply(b'{"end": 1}')
        for step in range(1, 5):
            trap.answers[f"/{step}"] = reply(status="301 Moved", location=f"{step - 1}")
        assert (await guarded.get(f"{trap.origin}/3")).url == f"{trap.origin}/0"
        with pytest.raises(NotFetched, match="redirects"):
            await guarded.get(f"{trap.origin}/4")
        trap.answers["/loop"] = reply(status="308 Loop", location="/loop")
        with pytest.raises(NotFetched, match="redirects"):
            await guarded.get(f"{trap.origin}/loop")


async def test_a_document_larger_than_allowed_is_dropped_while_it_arrives() -> None:
    async def endless(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        del path, headers
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n")
        while True:
            writer.write(b" " * 65_536)
            await writer.drain()

    async with serving() as trap, client(trap.origin) as guarded:
        trap.answers["/endless"] = endless
        with pytest.raises(NotFetched, match="larger"):
            await guarded.get(f"{trap.origin}/endless")


async def test_a_gzipped_document_is_unpacked() -> None:
    async with serving() as trap, client(trap.origin) as guarded:
        trap.answers["/list"] = reply(gzip.compress(b'{"a": 1}'), content_encoding="gzip")
        assert (await guarded.get(f"{trap.origin}/list")).body == b'{"a": 1}'


async def test_a_zip_bomb_is_stopped_at_the_limit() -> None:
    async with serving() as trap, client(trap.origin) as guarded:
        trap.answers["/bomb"] = reply(gzip.compress(b"0" * 100_000_000), content_encoding="gzip")
        with pytest.raises(NotFetched, match="unpacks to more"):
            await guarded.get(f"{trap.origin}/bomb")


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "zstd"])
async def test_a_packing_that_was_not_asked_for_is_refused(encoding: str) -> None:
    async with serving() as trap, client(trap.origin) as guarded:
        trap.answers["/x"] = reply(zlib.compress(b"{}"), content_encoding=encoding)
        with pytest.raises(NotFetched, match="packed"):
            await guarded.get(f"{trap.origin}/x")


async def test_broken_gzip_is_an_answer_that_cannot_be_used() -> None:
    async with serving() as trap, client(trap.origin) as guarded:
        trap.answers["/x"] = reply(b"not gzip", content_encoding="gzip")
        with pytest.raises(NotFetched, match="broken"):
            await guarded.get(f"{trap.origin}/x")


async def test_a_server_that_drips_is_left_when_the_time_is_over() -> None:
    async def dripping(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        del path, headers
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with serving() as trap, client(trap.origin, limits=Limits(seconds=0.3)) as guarded:
        trap.answers["/drip"] = dripping
        with pytest.raises(NotFetched, match=r"within 0\.3 s"):
            await guarded.get(f"{trap.origin}/drip")


async def test_a_name_server_that_never_answers_does_not_hold_the_verifier() -> None:
    async def silent(host: str, port: int) -> tuple[str, ...]:
        del host, port
        await asyncio.Event().wait()
        return ()

    async with client(resolve=silent, limits=Limits(seconds=0.1)) as guarded:
        with pytest.raises(NotFetched):
            await guarded.get("https://university.example/")


@pytest.mark.parametrize("media", ["text/html", "image/png", "application/xml", "text/html; charset=utf-8"])
async def test_what_is_no_json_document_is_refused(media: str) -> None:
    async with serving() as trap, client(trap.origin) as guarded:
        trap.answers["/x"] = reply(content_type=media)
        with pytest.raises(NotFetched, match="not a JSON document"):
            await guarded.get(f"{trap.origin}/x")


@pytest.mark.parametrize(
    "status", ["204 No Content", "401 Unauthorized", "404 Not Found", "500 Oops", "304 Not Modified"]
)
async def test_only_200_carries_a_document(status: str) -> None:
    async with serving() as trap, client(trap.origin) as guarded:
        trap.answers["/x"] = reply(b"", status=status)
        with pytest.raises(NotFetched, match="answered"):
            await guarded.get(f"{trap.origin}/x")


@pytest.mark.parametrize("garbage", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nx: " + b"a" * 300_000])
async def test_what_is_no_http_is_no_answer(garbage: bytes) -> None:
    async with serving() as trap, client(trap.origin) as guarded:
        trap.answers["/x"] = garbage
        with pytest.raises(NotFetched):
            await guarded.get(f"{trap.origin}/x")


async def test_nobody_listening_is_unavailable() -> None:
    async with serving() as trap:
        origin = trap.origin
    async with client(origin) as guarded:
        with pytest.raises(NotFetched):
            await guarded.get(f"{origin}/x")


async def test_the_environment_cannot_send_the_verifier_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving() as trap, serving() as proxy, client(trap.origin) as guarded:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.origin)
        trap.answers["/x"] = reply()
        await guarded.get(f"{trap.origin}/x")
        assert proxy.asked == []
