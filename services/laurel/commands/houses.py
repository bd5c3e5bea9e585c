"""`laurel up` and `laurel demo`: start the house."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

import anyio
import typer
from rich.panel import Panel

from chassis.access import Scope
from chassis.host import server as host_server
from chassis.settings import Settings
from laurel.client import Address, house
from laurel.demo import scenario
from laurel.house import APPS, build, keep_token
from laurel.terminal import complaints, console
from schemas.faults import Fault

Ready = Callable[[Settings, str], Awaitable[None]]
"""What to do once the house stands, given the operator's token."""


async def _run(names: list[str], when_ready: Ready) -> None:
    settings = Settings()
    settings.var.mkdir(parents=True, exist_ok=True)
    chassis, app = await build(settings, names)
    server = host_server(chassis, app)
    serving = asyncio.create_task(server.serve())
    up = asyncio.create_task(server.up.wait())
    await asyncio.wait({serving, up}, return_when=asyncio.FIRST_COMPLETED)
    if server.started:
        await keep_token(chassis.access, Scope.ADMIN, anyio.Path(settings.var, "admin.token"))
        operator = await keep_token(chassis.access, Scope.OPERATOR, anyio.Path(settings.var, "operator.token"))
        try:
            await when_ready(settings, operator)
        except Fault as fault:
            complaints.print(f"[red]{type(fault).__name__}[/]: {fault}", highlight=False)
            server.should_exit = True
    await serving


async def _say_links(settings: Settings, operator: str) -> None:
    base = settings.base_url
    lines = [
        f"verify      {base}/verify",
        f"catalogue   {base}/catalogue",
        f"the flow    {base}/ops   (operator's token: {operator})",
        "Ctrl-C drains and stops.",
    ]
    console.print(Panel("\n".join(lines), title="The house is up", expand=False), highlight=False, soft_wrap=True)


def up(
    services: Annotated[
        list[str] | None, typer.Argument(help=f"Only these of: {', '.join(APPS)}.", show_default=False)
    ] = None,
) -> None:
    """Start the whole house in one process, or only some of its services."""
    asyncio.run(_run(services or [], _say_links))


def demo() -> None:
    """Start the whole house and run the main job in front of you."""

    async def when_ready(settings: Settings, operator: str) -> None:
        async with house(Address(url=settings.base_url, var=settings.var)) as host:
            links = await scenario.play(scenario.Stage(host, console, settings.var / "demo"))
        console.print(f"A claim page: {links['claim']}", highlight=False, soft_wrap=True)
        console.print(
            f"Offline:      laurel verify --offline --trust {links['did']} {links['files']}/ana.json",
            highlight=False,
            soft_wrap=True,
        )
        await _say_links(settings, operator)

    asyncio.run(_run([], when_ready))
