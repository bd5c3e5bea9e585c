"""The main job as people see it: the learner's claim page, the employer's verdicts, the operator's account."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from playwright.async_api import Browser
from pydantic import SecretStr
from rich.console import Console

from chassis.access import Scope
from chassis.settings import Settings
from laurel.client import Address
from laurel.client import house as conversation
from laurel.demo.scenario import Stage, play
from laurel.house import build
from tests.browser.browsing import Visitor
from tests.browser.conftest import a_free_port, serving


async def _verify(visitor: Visitor, credential: Path) -> str | None:
    """Hand in the file, as an employer does; the decision."""
    await visitor.visit("/verify")
    await visitor.page.locator("input[type=file]").set_input_files(credential)
    await visitor.page.get_by_role("button", name="Verify").click()
    return await visitor.page.locator(".verdict").get_attribute("data-decision")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_every_page_of_the_main_job_is_fine(browser: Browser, tmp_path: Path, *, scripts: bool) -> None:
    """On a phone; without scripts there is no axe-core, and everything else is the same."""
    port = a_free_port()
    url = f"http://localhost:{port}"
    settings = Settings(var=tmp_path / "var", port=port, base_url=url, admin_token="let-me-in", stop_seconds=5)
    chassis, app = await build(settings)
    async with serving(chassis, app):
        async with conversation(Address(url=url, token=SecretStr("let-me-in"), var=settings.var)) as house:
            links = await play(Stage(house, Console(file=StringIO()), tmp_path / "demo"))
        _, operator = await chassis.access.issue(scope=Scope.OPERATOR, label="of the test")
        context = await browser.new_context(java_script_enabled=scripts, viewport={"width": 390, "height": 800})
        visitor = await Visitor.enter(context, url)

        async def is_fine() -> None:
            assert visitor.complaints == []
            if scripts:
                assert await visitor.barriers() == []

        assert await visitor.visit(str(links["claim"]).removeprefix(url)) == 200
        await visitor.page.get_by_text("Ana Andromeda").first.wait_for()
        await is_fine()
        for path in ("/catalogue", "/catalogue/data-ethics"):
            assert await visitor.visit(path) == 200
            await is_fine()

        files = Path(links["files"])
        for name, decision in (("ana", "accept"), ("tampered", "reject"), ("unreachable", "indeterminate")):
            assert await _verify(visitor, files / f"{name}.json") == decision
            await is_fine()

        await visitor.visit("/ops")
        await visitor.page.get_by_label("token").fill(operator)
        await visitor.page.get_by_role("button", name="Sign in").click()
        await visitor.page.get_by_text("4 accepted = 3 issued + 1 refused + 0 parked + 0 in flight").wait_for()
        await is_fine()
        await context.close()
