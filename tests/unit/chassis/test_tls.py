from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from chassis.settings import Settings
from chassis.tls import self_signed, trust
from schemas.faults import Misconfigured


async def spoken(settings: Settings, name: str, context: ssl.SSLContext) -> None:
    """A TLS connection by this name to whoever shows this certificate."""
    shown = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    shown.load_cert_chain(settings.tls_certificate or "")
    async with await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=shown) as server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=name)
        await reader.read()
        writer.close()


@pytest.mark.parametrize("name", ["laurel.example", "localhost", "127.0.0.1"])
async def test_a_house_trusts_the_certificate_it_made_for_its_host_and_the_loopback(tmp_path: Path, name: str) -> None:
    settings = Settings(tls_certificate=self_signed(tmp_path, "https://laurel.example:8443"))
    await spoken(settings, name, trust(settings))


async def test_nobody_else_trusts_it_and_it_is_for_no_other_host(tmp_path: Path) -> None:
    settings = Settings(tls_certificate=self_signed(tmp_path, "https://laurel.example"))
    for name, context in (("laurel.example", trust(Settings())), ("other.example", trust(settings))):
        with pytest.raises(ssl.SSLCertVerificationError):
            await spoken(settings, name, context)


def test_it_is_made_once_with_a_key_for_its_owner_alone_and_anew_for_another_host_or_once_expired(
    tmp_path: Path,
) -> None:
    file = self_signed(tmp_path, "https://laurel.example")
    first = file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    assert self_signed(tmp_path, "https://laurel.example").read_bytes() == first
    second = self_signed(tmp_path, "https://[::1]:8000").read_bytes()
    assert second == first, "the loopback is always in it"
    third = self_signed(tmp_path, "https://192.0.2.1").read_bytes()
    assert third != first
    with time_machine.travel(datetime.now(UTC) + timedelta(days=900), tick=False):
        assert self_signed(tmp_path, "https://192.0.2.1").read_bytes() != third


def test_a_process_that_speaks_tls_itself_is_reached_from_inside_by_its_public_name() -> None:
    settings = Settings(base_url="https://laurel.example", tls_certificate=Path("x.pem"), host="0.0.0.0")  # noqa: S104 not bound
    assert settings.inner_url_of("issuer") == "https://laurel.example"


def test_production_does_not_read_the_context_in_which_every_word_means_something() -> None:
    with pytest.raises(Misconfigured, match="every word means something"):
        Settings(production=True, master_key="A" * 43 + "=", vc_api_examples=True)  # type: ignore[arg-type] # read as a secret
