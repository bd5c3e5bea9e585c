"""A mistake in the settings is found when the process starts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from chassis.service import Chassis
from chassis.settings import Settings
from issuer.app import create_app
from issuer.settings import IssuerSettings


@pytest.fixture
async def chassis(tmp_path: Path) -> AsyncIterator[Chassis]:
    chassis = await Chassis.assemble(Settings(var=tmp_path))
    yield chassis
    await chassis.close()


async def test_the_defaults_start(chassis: Chassis) -> None:
    assert (await create_app(chassis)).name == "issuer"


@pytest.mark.parametrize("settings", [{"format": "nonsense"}, {"proofs": ("nonsense",)}])
async def test_a_format_or_proof_that_does_not_exist_keeps_the_process_from_starting(
    chassis: Chassis, settings: dict[str, object]
) -> None:
    with pytest.raises(KeyError, match="nonsense"):
        await create_app(chassis, IssuerSettings.model_validate(settings))


def test_the_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUREL_ISSUER_PROOFS", "eddsa-rdfc-2022, eddsa-jcs-2022")
    monkeypatch.setenv("LAUREL_ISSUER_PATIENCE", "PT5M")
    monkeypatch.setenv("LAUREL_ISSUER_SWEEP", "0.5")
    settings = IssuerSettings()
    assert settings.proofs == ("eddsa-rdfc-2022", "eddsa-jcs-2022")
    assert settings.patience == timedelta(minutes=5)
    assert settings.sweep == timedelta(milliseconds=500)
