"""`laurel tokens`: who may do what."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table

from chassis.access import Forbidden
from laurel.client import House
from laurel.terminal import ask, console
from schemas.faults import NotFound
from schemas.values import JsonObject

commands = typer.Typer(no_args_is_help=True, help="Issue, list and withdraw access tokens.")


class Scope(StrEnum):
    """What a token is for."""

    PLATFORM = "platform"
    PROVIDER = "provider"
    OPERATOR = "operator"
    ADMIN = "admin"


@commands.command()
def issue(
    scope: Annotated[Scope, typer.Argument(help="What it is for.", show_default=False)],
    label: Annotated[str, typer.Option(help="Whose it is.", show_default=False)],
    organisation: Annotated[str | None, typer.Option(help="Only for this organisation.")] = None,
    platform: Annotated[str | None, typer.Option(help="Only for this platform.")] = None,
) -> None:
    """Issue a token. It is shown once."""
    body = {"scope": scope, "label": label, "organisation": organisation, "platform": platform}

    async def conversation(house: House) -> JsonObject:
        if organisation is not None:
            await _must_exist(house, organisation)
        return await house.post("/api/v1/tokens", body)

    console.print(ask(conversation)["token"], highlight=False, soft_wrap=True)


@commands.command("list")
def list_tokens() -> None:
    """List the tokens, never their secrets."""

    async def conversation(house: House) -> JsonObject:
        return await house.get("/api/v1/tokens")

    table = Table(Column("id", overflow="fold"), "scope", "label", "organisation", "platform")
    for principal in ask(conversation)["items"]:
        table.add_row(
            *(escape(str(principal.get(name) or "")) for name in ("id", "scope", "label", "organisation", "platform"))
        )
    console.print(table)


@commands.command()
def withdraw(token_id: Annotated[str, typer.Argument(help="The token's id.", show_default=False)]) -> None:
    """Withdraw a token: it opens nothing any more."""

    async def conversation(house: House) -> None:
        await house.request("DELETE", f"/api/v1/tokens/{token_id}")

    ask(conversation)
    console.print("Withdrawn.")


async def _must_exist(house: House, organisation: str) -> None:
    """Raises `NotFound` for an organisation that is not registered. Who is not told which there are lets it pass."""
    try:
        async for known in house.every("/api/v1/organisations"):
            if known["id"] == organisation:
                return
    except (Forbidden, NotFound):  # an administrator of one organisation asks, or the issuer is elsewhere
        return
    raise NotFound(f"no organisation {organisation} is registered: a token for it would open nothing")
