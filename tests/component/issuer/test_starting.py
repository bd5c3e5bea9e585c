"""A mistake in the settings is found when the process starts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chassis.service import Chassis
from chassis.settings import Settings
from credentials.certificates import NotASeal
from credentials.formats import UnsuitableProof
from issuer.app import create_app
from issuer.settings import IssuerSettings
from tests.seals import PASSWORD, a_certificate, a_key, a_name, a_pkcs12, an_authority


@pytest.fixture
async def chassis(tmp_path: Path) -> AsyncIterator[Chassis]:
    chassis = await Chassis.assemble(Settings(var=tmp_path))
    yield chassis
    await chassis.close()


async def test_the_defaults_start(chassis: Chassis) -> None:
    assert (await create_app(chassis)).name == "issuer"


JADES = {"format": "european-digital-credential", "proofs": ("jades",)}


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    path = tmp_path / "seal.p12"
    path.write_bytes(a_pkcs12())
    return path


async def test_an_e_seal_starts(chassis: Chassis, certificate: Path) -> None:
    settings = IssuerSettings.model_validate({**JADES, "certificate": certificate, "certificate_password": PASSWORD})
    assert PASSWORD not in repr(settings)
    assert (await create_app(chassis, settings)).name == "issuer"


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({}, "LAUREL_ISSUER_CERTIFICATE"),
        ({"certificate": "nowhere.p12"}, "cannot be read"),
        ({"certificate": "HERE"}, "password"),
        ({"certificate": "HERE", "certificate_password": "wrong"}, "password"),
    ],
)
async def test_without_an_e_seal_that_works_jades_keeps_the_process_from_starting(
    chassis: Chassis, certificate: Path, settings: dict[str, str], why: str
) -> None:
    if settings.get("certificate") == "HERE":
        settings = {**settings, "certificate": str(certificate)}
    with pytest.raises(NotASeal, match=why):
        await create_app(chassis, IssuerSettings.model_validate(JADES | settings))


async def test_an_e_seal_that_is_out_of_date_keeps_the_process_from_starting(chassis: Chassis, tmp_path: Path) -> None:
    key, old = a_key(), datetime(2020, 1, 1, tzinfo=UTC)
    expired = a_certificate(a_name("Seal"), key, an_authority(), start=old, end=old + timedelta(days=1))
    (tmp_path / "old.p12").write_bytes(a_pkcs12(certificate=expired))
    settings = {**JADES, "certificate": tmp_path / "old.p12", "certificate_password": PASSWORD}
    with pytest.raises(NotASeal, match="valid from 2020-01-01"):
        await create_app(chassis, IssuerSettings.model_validate(settings))


@pytest.mark.parametrize("settings", [{**JADES, "proofs": ("eddsa-rdfc-2022",)}, {**JADES, "format": "open-badges-3"}])
async def test_a_proof_that_does_not_go_with_the_format_keeps_the_process_from_starting(
    chassis: Chassis, certificate: Path, settings: dict[str, object]
) -> None:
    sealing = {"certificate": certificate, "certificate_password": PASSWORD}
    with pytest.raises(UnsuitableProof):
        await create_app(chassis, IssuerSettings.model_validate(settings | sealing))


def test_the_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUREL_ISSUER_PROOFS", "eddsa-rdfc-2022, eddsa-jcs-2022")
    monkeypatch.setenv("LAUREL_ISSUER_PATIENCE", "PT5M")
    monkeypatch.setenv("LAUREL_ISSUER_SWEEP", "0.5")
    settings = IssuerSettings()
    assert settings.proofs == ("eddsa-rdfc-2022", "eddsa-jcs-2022")
    assert settings.patience == timedelta(minutes=5)
    assert settings.sweep == timedelta(milliseconds=500)
