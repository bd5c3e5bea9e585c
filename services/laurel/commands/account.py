"""`laurel account`: every accepted completion, accounted for."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from laurel.client import House
from laurel.terminal import ask, console, say_json
from schemas.values import JsonObject


def account_table(answer: JsonObject) -> Table:
    """The account as people read it: accepted = issued + refused + parked + in flight."""
    table = Table("accepted", "issued", "refused", "parked", "in flight", "duplicates", "turned away")
    counts = [answer["accepted"], answer["issued"], answer["refused"], answer["parked"], len(answer["in_flight"])]
    table.add_row(*map(str, [*counts, answer["duplicates"], answer["turned_away"]]))
    return table


def account(
    since: Annotated[str | None, typer.Option(help="Only completions accepted since this moment (ISO 8601).")] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Join what was accepted with what became of it; exit with 1 when a completion is not accounted for."""

    async def conversation(house: House) -> JsonObject:
        return await house.get("/api/v1/account", params={"since": since} if since else {})

    answer = ask(conversation)
    if json:
        say_json(answer)
    else:
        console.print(account_table(answer))
        for completion in answer["unaccounted"]:
            console.print(f"[red]not accounted for[/]: {completion}")
    if answer["unaccounted"]:
        raise typer.Exit(1)
