"""`laurel refusals`: what was refused, and deciding on it anew once the cause is gone."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table

from laurel.client import House
from laurel.terminal import ask, console, given, say_json
from schemas.faults import NotFound
from schemas.values import JsonObject

commands = typer.Typer(no_args_is_help=True, help="List refusals, and re-open those whose cause is gone.")

_Platform = Annotated[str | None, typer.Option(help="Those of this platform.")]
_Offering = Annotated[str | None, typer.Option(help="Those about this offering.")]
_Reason = Annotated[str | None, typer.Option(help="Those for this reason, as `platform-not-allowed`.")]


@commands.command("list")
def list_refusals(
    *,
    platform: _Platform = None,
    offering: _Offering = None,
    reason: _Reason = None,
    final: Annotated[bool, typer.Option("--final", help="Those that cannot be re-opened.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List refusals that can be re-opened; those for an unknown offering re-open by themselves when it is published."""
    asked = given(platform=platform, offering=offering, reason=reason) | {"open": str(not final).lower()}
    found = ask(lambda house: _refusals(house, asked))
    if json:
        say_json(found)
        return
    table = Table(Column("award", overflow="fold"), "platform", "offering", "reason", "decided", "detail")
    for item in found:
        row = (item[name] for name in ("award", "platform", "offering", "reason", "decided", "detail"))
        table.add_row(*(escape(str(cell)) for cell in row))
    console.print(table if found else "There are none.")


@commands.command()
def reopen(
    award: Annotated[str | None, typer.Argument(help="The refused award's id.", show_default=False)] = None,
    *,
    platform: _Platform = None,
    offering: _Offering = None,
    reason: _Reason = None,
) -> None:
    """Decide anew on a refusal, or on all that are like this. Exits with 1 when one is refused again."""
    asked = given(platform=platform, offering=offering, reason=reason)
    if (award is None) == (not asked):
        raise typer.BadParameter("name one award, or say by --platform, --offering, --reason which")

    async def conversation(house: House) -> list[JsonObject]:
        awards = [award] if award else [item["award"] for item in await _refusals(house, asked)]
        if not awards:
            raise NotFound("no refusal that can be re-opened is like that: see `laurel refusals list`")
        return [await house.post(f"/api/v1/refusals/{each}/reopening") for each in awards]

    became = ask(conversation)
    for each in became:
        why = f": {each['detail']}" if each["detail"] else ""
        console.print(f"{each['award']} is {each['state']}{why}", highlight=False, markup=False)
    if any(each["state"] == "refused" for each in became):
        raise typer.Exit(1)


async def _refusals(house: House, asked: dict[str, str]) -> list[JsonObject]:
    return [item async for item in house.every("/api/v1/refusals", asked)]
