"""`laurel corrections`: what platforms say otherwise than they said, until somebody has looked at it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from laurel.client import House
from laurel.terminal import ask, console
from schemas.values import JsonObject

commands = typer.Typer(no_args_is_help=True, help="List corrections that wait for somebody, and answer one.")


@commands.command("list")
def list_corrections(
    *, answered: Annotated[bool, typer.Option("--answered", help="Those that do not wait (any more).")] = False
) -> None:
    """List the oldest corrections, and what each led to."""

    async def conversation(house: House) -> JsonObject:
        return await house.get("/api/v1/corrections", params={"open": str(not answered).lower()})

    items = ask(conversation)["items"]
    if not items:
        console.print("There are none.")
    for item in items:
        console.print(f"[bold]{item['correction']}[/] {item['effect']}: {escape(item['detail'])}", soft_wrap=True)
        console.print(
            f"  award {item['award']}, {item['platform']}, {item['offering']}", highlight=False, soft_wrap=True
        )
        if item["answer"]:
            console.print(f"  answered: {escape(item['answer'])}", highlight=False, soft_wrap=True)


@commands.command()
def answer(
    correction: Annotated[
        str, typer.Argument(help="Its id, as `laurel corrections list` shows it.", show_default=False)
    ],
    said: Annotated[str, typer.Argument(metavar="ANSWER", help="What came of it.", show_default=False)],
) -> None:
    """Say what came of a correction. The credential stays as it is: see reinstate and revoke."""

    async def conversation(house: House) -> JsonObject:
        return await house.post(f"/api/v1/corrections/{correction}/answer", {"answer": said})

    ask(conversation)
    console.print("Answered.")
