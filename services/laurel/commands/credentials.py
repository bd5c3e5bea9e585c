"""`laurel issue`, `revoke`, `suspend`, `reinstate` and `erase`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from laurel.client import House, read_json_object
from laurel.terminal import ask, console
from schemas.values import JsonObject


def issue(
    file: Annotated[Path, typer.Argument(help="A completion as JSON.", show_default=False)],
) -> None:
    """Issue one credential from a file: offering, learner, completed, grade."""

    async def conversation(house: House) -> JsonObject:
        return await house.post("/api/v1/issuances", read_json_object(file))

    answer = ask(conversation)
    console.print(f"Issued [bold]{answer['award']}[/]\nClaim it at {answer['claim']}", highlight=False, soft_wrap=True)


_AWARD = Annotated[str, typer.Argument(help="The award's id.", show_default=False)]
_WHY = Annotated[str, typer.Option("--reason", help="Why; whoever verifies will read it.", show_default=False)]


def _change(award: str, change: str, reason: str) -> JsonObject:
    async def conversation(house: House) -> JsonObject:
        return await house.post(f"/api/v1/credentials/{award}/{change}", {"reason": reason})

    return ask(conversation)


def revoke(award: _AWARD, reason: _WHY) -> None:
    """Revoke a credential, for good."""
    _change(award, "revocation", reason)
    console.print(f"Revoked {award}: {reason}", highlight=False, markup=False)


def suspend(award: _AWARD, reason: _WHY) -> None:
    """Suspend a credential, until it is reinstated."""
    _change(award, "suspension", reason)
    console.print(f"Suspended {award}: {reason}", highlight=False, markup=False)


def reinstate(award: _AWARD, reason: _WHY) -> None:
    """Let a suspended credential hold again."""
    _change(award, "reinstatement", reason)
    console.print(f"Reinstated {award}: {reason}", highlight=False, markup=False)


def erase(
    award: Annotated[str | None, typer.Option(help="An award of theirs.")] = None,
    platform: Annotated[str | None, typer.Option(help="The learning platform they asked, with --learner.")] = None,
    learner: Annotated[str | None, typer.Option(help="The platform's own id for them.")] = None,
) -> None:
    """Erase a learner who asks to be forgotten. What they hold goes on verifying; it cannot be undone."""
    named = {"award": award} if award else {"platform": platform, "learner": learner}

    async def conversation(house: House) -> JsonObject:
        return await house.post("/api/v1/erasures", named)

    erased = ask(conversation)["erased"]
    console.print("Erased." if erased else "There was nothing to erase.")
