"""`laurel offering`: publish and list what can be earned."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from laurel.client import House, read_json_object
from laurel.terminal import ask, console, say_json
from schemas.faults import Malformed
from schemas.values import JsonObject, in_language

commands = typer.Typer(no_args_is_help=True, help="Publish and list offerings.")


async def publish_offering(house: House, content: JsonObject) -> JsonObject:
    """Draft an offering, or revise its draft, and publish it."""
    if not isinstance(content.get("id"), str):
        raise Malformed("an offering names its id: a short word for its address, as `data-ethics`")
    place = f"/api/v1/offerings/{content['id']}"
    await house.put(f"{place}/draft", content)
    return await house.post(f"{place}/publication")


@commands.command()
def publish(
    file: Annotated[Path, typer.Argument(help="An offering as JSON.", show_default=False)],
) -> None:
    """Publish an offering; where it lacks a mandatory element, say which."""

    async def conversation(house: House) -> JsonObject:
        return await publish_offering(house, read_json_object(file))

    offering = ask(conversation)
    console.print(f"Published [bold]{offering['id']}[/] version {offering['version']}.")


@commands.command("list")
def list_offerings(
    *,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the published offerings."""

    async def conversation(house: House) -> JsonObject:
        return await house.get("/api/v1/offerings")

    answer = ask(conversation)
    if json:
        say_json(answer)
        return
    table = Table("offering", "version", "title", "state")
    for offering in answer["items"]:
        table.add_row(
            offering["id"], str(offering["version"]), escape(in_language(offering["title"])), offering["state"]
        )
    console.print(table)
