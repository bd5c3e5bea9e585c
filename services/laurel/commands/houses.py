"""`laurel up` and `laurel demo`: start the house."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Annotated

import anyio
import typer
import uvloop
from rich.table import Table
from uvicorn.config import STARTUP_FAILURE

from chassis.access import Scope
from chassis.host import server as host_server
from chassis.logging import configure
from chassis.service import Chassis
from chassis.settings import Settings
from chassis.tls import self_signed
from laurel.client import Address, house
from laurel.demo import scenario
from laurel.house import APPS, build, keep_token
from laurel.occupancy import occupy
from laurel.terminal import complain, complaining, complaints, console
from schemas.faults import Fault

Ready = Callable[[Settings, str | None], Awaitable[None]]
"""What to do once the house stands, given the operator's token that it left under `var/`."""


def _run(settings: Settings, names: list[str], when_ready: Ready) -> None:
    """Run the house until Ctrl-C, which is how it is meant to end."""
    configure(settings.log_level)
    alone = settings.kafka is None
    with suppress(KeyboardInterrupt), complaining(), occupy(settings.var, settings.base_url, alone=alone):
        uvloop.run(_serve(settings, names, when_ready))


async def _serve(settings: Settings, names: list[str], when_ready: Ready) -> None:
    failed = False
    chassis, app = await build(settings, names)
    server = host_server(chassis, app)
    serving = asyncio.create_task(server.serve())
    up = asyncio.create_task(server.up.wait())
    await asyncio.wait({serving, up}, return_when=asyncio.FIRST_COMPLETED)
    if server.started:
        operator = await _tokens(chassis)
        try:
            await when_ready(settings, operator)
        except Fault as fault:
            failed = not server.should_exit
            if failed:
                complain(fault)
            server.should_exit = True
    await serving
    if failed:
        raise typer.Exit(1)
    if not server.started:
        raise typer.Exit(STARTUP_FAILURE)


async def _tokens(chassis: Chassis) -> str | None:
    """Leave an administrator's and an operator's token under `var/`; the operator's.

    None are left where an administrator's token was given from outside: then there is a way in.
    """
    if chassis.settings.admin_token is not None:
        return None
    var = chassis.settings.var
    await keep_token(chassis.access, Scope.ADMIN, anyio.Path(var, "admin.token"))
    return await keep_token(chassis.access, Scope.OPERATOR, anyio.Path(var, "operator.token"))


async def _say_links(settings: Settings, operator: str | None) -> None:
    base = settings.base_url
    links = Table(show_header=False, box=None)
    links.add_row("verify", f"{base}/verify")
    links.add_row("catalogue", f"{base}/catalogue")
    links.add_row("the flow", f"{base}/ops")
    if operator is not None:
        links.add_row("operator's token", operator)
    console.rule("[bold]The house is up[/]; Ctrl-C drains and stops it", align="left", style="dim")
    console.print(links, soft_wrap=True)


def up(
    services: Annotated[
        list[str] | None, typer.Argument(help=f"Only these of: {', '.join(APPS)}.", show_default=False)
    ] = None,
    *,
    tls_self_signed: Annotated[
        bool, typer.Option("--tls-self-signed", help="Speak https, with a certificate made for this house alone.")
    ] = False,
) -> None:
    """Start the whole house in one process, or only some of its services."""
    with complaining():
        settings = Settings()
    _run(_self_signed(settings) if tls_self_signed else settings, services or [], _say_links)


def _self_signed(settings: Settings) -> Settings:
    """The same house over https; its origin, where none is set, is the local one."""
    base_url = settings.base_url
    if "base_url" not in settings.model_fields_set:
        base_url = f"https://localhost:{settings.port}"
    if settings.production or not base_url.startswith("https://"):
        complaints.print("[red]--tls-self-signed[/] is for an evaluation house whose LAUREL_BASE_URL is https")
        raise typer.Exit(1)
    return settings.model_copy(update={"base_url": base_url, "tls_certificate": self_signed(settings.var, base_url)})


def _address(settings: Settings) -> Address:
    if settings.admin_token is not None:
        return Address(url=settings.base_url, token=settings.admin_token)
    return Address(url=settings.base_url, var=settings.var)


def demo() -> None:
    """Start the whole house and run the main job in front of you."""

    async def when_ready(settings: Settings, operator: str | None) -> None:
        async with house(_address(settings)) as host:
            links = await scenario.play(scenario.Stage(host, console, settings.var / "demo"))
        console.print(f"A claim page: {links['claim']}", highlight=False, soft_wrap=True)
        console.print(
            f"Offline:      laurel verify --offline --trust {links['did']} {links['files']}/ana.json",
            highlight=False,
            soft_wrap=True,
        )
        await _say_links(settings, operator)

    with complaining():
        settings = Settings(log_level="warning")
    _run(settings, [], when_ready)
