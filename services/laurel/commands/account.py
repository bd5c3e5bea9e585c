"""`laurel account`: every accepted completion, accounted for."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError
from rich.markup import escape
from rich.table import Table

from chassis.knobs import Span
from laurel.client import House
from laurel.terminal import ask, console, say_json
from schemas.values import JsonObject

SHOWN = 200


def account_table(answer: JsonObject) -> Table:
    """The account as people read it: accepted = issued + refused + parked + in flight."""
    table = Table("accepted", "issued", "refused", "parked", "in flight", "duplicates", "turned away")
    counts = [answer["accepted"], answer["issued"], answer["refused"], answer["parked"], len(answer["in_flight"])]
    table.add_row(*map(str, [*counts, answer["duplicates"], answer["turned_away"]]))
    return table


def account(
    since: Annotated[str | None, typer.Option(help="Only completions accepted since this moment (ISO 8601).")] = None,
    ceiling: Annotated[
        str | None, typer.Option(help="How long one may wait for an outcome: PT2H, or seconds; default: the house's.")
    ] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Join what was accepted with what became of it. Exits with 1 when one is unaccounted for, or waited too long."""
    longest = None if ceiling is None else _span(ceiling)

    async def conversation(house: House) -> JsonObject:
        return await house.get("/api/v1/account", params={"since": since} if since else {})

    answer = ask(conversation)
    lost = {*answer["unaccounted"], *answer["issued_twice"]}
    if longest is not None:
        lost |= {one["completion"] for one in answer["unanswered"] if one["seconds"] >= longest.total_seconds()}
    if json:
        say_json(answer)
    else:
        console.print(account_table(answer))
        _say_unanswered(answer, lost)
    if lost:
        raise typer.Exit(1)


def _say_unanswered(answer: JsonObject, lost: set[str]) -> None:
    if answer["direct"]:
        console.print(f"Of the accepted, {answer['direct']} at a provider's word.")
    for completion in answer["issued_twice"]:
        console.print(f"[red]issued twice[/]: {completion}")
    for one in answer["unanswered"][:SHOWN]:
        mark = "[red]not accounted for[/]" if one["completion"] in lost else "in flight"
        age = timedelta(seconds=one["seconds"])
        console.print(f"{mark}: {one['completion']} from {escape(one['platform'])}, for {age}", highlight=False)
    if (more := len(answer["unanswered"]) - SHOWN) > 0:
        console.print(f"And {more} more: see --json.")


def _span(text: str) -> timedelta:
    try:
        span: timedelta = TypeAdapter[timedelta](Span).validate_python(text)
    except ValidationError:
        raise typer.BadParameter(f"--ceiling: {text} is neither a number of seconds nor a span such as PT2H") from None
    return span
