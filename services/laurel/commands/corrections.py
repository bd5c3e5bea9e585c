"""`laurel corrections`: what platforms say otherwise than they said, until somebody has looked at it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from laurel.client import House
from laurel.terminal import ask, console
from schemas.values import JsonObject

CORRECTIONS = "/api/v1/corrections"
commands = typer.Typer(no_args_is_help=True, help="List corrections that wait for somebody, issue anew, answer one.")


@commands.command("list")
def list_corrections(
    *, answered: Annotated[bool, typer.Option("--answered", help="Those that do not wait (any more).")] = False
) -> None:
    """List the oldest corrections, and what each led to."""

    async def conversation(house: House) -> JsonObject:
        return await house.get(CORRECTIONS, params={"open": str(not answered).lower()})

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


Correction = Annotated[str, typer.Argument(help="Its id, as `laurel corrections list` shows it.", show_default=False)]


@commands.command()
def compare(correction: Correction) -> None:
    """Show whom the credential names, and whom the platform says it should name."""

    async def conversation(house: House) -> JsonObject:
        return await house.get(f"{CORRECTIONS}/{correction}/comparison")

    said = ask(conversation)
    was, now = _facts(said["was"]), _facts(said["now"])
    for name in sorted(was.keys() | now.keys()):
        if was.get(name) != now.get(name):
            changed = f"{name}: {was.get(name, 'nothing')} → {now.get(name, 'nothing')}"
            console.print(changed, highlight=False, markup=False, soft_wrap=True)


@commands.command()
def reissue(correction: Correction) -> None:
    """Issue a credential with the corrected name, and revoke the one before. Compare the two first."""

    async def conversation(house: House) -> JsonObject:
        return await house.post(f"{CORRECTIONS}/{correction}/reissue")

    said = ask(conversation)
    console.print(f"Issued {said['award']}, and revoked {said['supersedes']}.", highlight=False, soft_wrap=True)
    console.print(said["claim"], highlight=False, markup=False, soft_wrap=True)


@commands.command()
def answer(
    correction: Correction,
    said: Annotated[str, typer.Argument(metavar="ANSWER", help="What came of it.", show_default=False)],
) -> None:
    """Say what came of a correction. The credential stays as it is: see reinstate and revoke."""

    async def conversation(house: House) -> JsonObject:
        return await house.post(f"{CORRECTIONS}/{correction}/answer", {"answer": said})

    ask(conversation)
    console.print("Answered.")


def _facts(learner: JsonObject) -> dict[str, str]:
    """What is known of a learner, by name."""
    known = {name: str(value) for name, value in learner.items() if value and name != "identifiers"}
    return known | {one["scheme"]: one["value"] for one in learner["identifiers"]}
