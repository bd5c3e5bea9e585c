"""Who is relied on can be added and taken away again; the house's own organisations stay."""

from __future__ import annotations

import asyncio

import pytest
from click.testing import Result
from typer.testing import CliRunner

from laurel.cli import main
from tests.component.house.house import PATIENCE, House

ELSEWHERE = "did:web:localhost%3A7000:organisations:elsewhere"


async def test_an_administrator_adds_and_removes_an_issuer_and_cannot_remove_an_organisation_of_the_house(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAUREL_URL", house.chassis.settings.base_url)
    monkeypatch.setenv("LAUREL_TOKEN", "admin")
    monkeypatch.setenv("COLUMNS", "200")

    async def laurel(*words: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, main, list(words))

    assert (await laurel("trust", "add", ELSEWHERE, "--name", "Elsewhere")).exit_code == 0
    assert ELSEWHERE in (await laurel("trust", "list")).output
    assert (await laurel("trust", "remove", ELSEWHERE)).exit_code == 0
    assert ELSEWHERE not in (await laurel("trust", "list")).output
    gone = await laurel("trust", "remove", ELSEWHERE)
    assert (gone.exit_code, "is not on the list" in gone.output) == (1, True)

    await house.found_university()
    async with asyncio.timeout(PATIENCE):
        while True:
            listed = (await house.ask("GET", "/api/v1/trust"))["items"]
            if listed:
                break
            await asyncio.sleep(0.05)
    own = await laurel("trust", "remove", listed[0]["did"])
    assert (own.exit_code, "is an organisation of this house" in own.output) == (1, True)


async def test_a_token_is_not_issued_for_an_organisation_that_nobody_registered(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAUREL_URL", house.chassis.settings.base_url)
    monkeypatch.setenv("LAUREL_TOKEN", "admin")
    await house.found_university()

    async def issue(organisation: str) -> Result:
        words = ["tokens", "issue", "provider", "--label", "Course office", "--organisation", organisation]
        return await asyncio.to_thread(CliRunner().invoke, main, words)

    wrong = await issue("univeristy-of-example")
    assert wrong.exit_code == 1
    assert "no organisation univeristy-of-example is registered" in " ".join(wrong.output.split())
    assert (await issue("university-of-example")).output.startswith("lrl_provider_")
