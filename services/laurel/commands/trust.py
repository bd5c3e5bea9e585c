"""`laurel trust`: whose credentials the verifier accepts without asking for judgement."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import typer
from rich.markup import escape
from rich.table import Column, Table

from laurel.client import House
from laurel.terminal import ask, console
from schemas.values import JsonObject

commands = typer.Typer(no_args_is_help=True, help="Add, remove and list trusted issuers.")


@commands.command()
def add(
    did: Annotated[str, typer.Argument(help="The issuer's DID.", show_default=False)],
    name: Annotated[str, typer.Option(help="A name for people.")] = "",
) -> None:
    """Trust an issuer."""

    async def conversation(house: House) -> JsonObject:
        return await house.post("/api/v1/trust", {"did": did, "name": name or did})

    ask(conversation)
    console.print(f"Trusted: {did}", highlight=False)


@commands.command()
def remove(did: Annotated[str, typer.Argument(help="The issuer's DID.", show_default=False)]) -> None:
    """Trust an issuer no more that was added."""

    async def conversation(house: House) -> None:
        await house.request("DELETE", f"/api/v1/trust/{quote(did, safe='')}")

    ask(conversation)
    console.print(f"Trusted no more: {did}", highlight=False)


@commands.command("list")
def list_trusted() -> None:
    """List the trusted issuers."""

    async def conversation(house: House) -> JsonObject:
        return await house.get("/api/v1/trust")

    table = Table(Column("DID", overflow="fold"), "name", "since")
    for issuer in ask(conversation)["items"]:
        table.add_row(issuer["did"], escape(issuer["name"]), issuer["since"])
    console.print(table)
