"""`laurel keys`: what organisations sign with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from laurel.client import House
from laurel.terminal import ask, console
from schemas.values import JsonObject, instant_text

commands = typer.Typer(no_args_is_help=True, help="List signing keys, rotate one, report one that others may have.")

Organisation = Annotated[str, typer.Argument(help="The organisation's id.", show_default=False)]


@commands.command("list")
def list_keys(organisation: Organisation) -> None:
    """List every key the organisation ever signed with, and how old each is."""

    async def conversation(house: House) -> JsonObject:
        return await house.get(f"/api/v1/organisations/{organisation}/keys")

    table = Table("key", "kind", "state", "private part", "age", "compromised since")
    for key in ask(conversation)["items"]:
        age = datetime.now(UTC) - datetime.fromisoformat(key["created"])
        table.add_row(
            key["verification_method"],
            key["kind"],
            key["state"],
            f"in the token {key['token']}" if key["token"] else "here, wrapped",
            f"{max(age.days, 0)} days",
            key["since"] or "",
        )
    console.print(table)


@commands.command()
def rotate(organisation: Organisation) -> None:
    """Sign with a new key from now on. What the old one signed goes on verifying."""

    async def conversation(house: House) -> JsonObject:
        return await house.post(f"/api/v1/organisations/{organisation}/keys")

    console.print(f"Signs with: {ask(conversation)['verification_method']}", highlight=False, soft_wrap=True)


@commands.command()
def compromised(
    key: Annotated[str, typer.Argument(help="Its id, as `laurel keys list` shows it.", show_default=False)],
    since: Annotated[str, typer.Option(help="From when on others may have it: 2026-11-23T10:00:00Z.")],
    reason: Annotated[str, typer.Option(help="Why it is thought so. Kept here, not published.")],
) -> None:
    """Report a key: what it signed counts only if the issuance log shows that it was sealed before."""
    organisation, fragment = _parts(key)
    body = {"since": instant_text(_moment(since)), "reason": reason}

    async def conversation(house: House) -> JsonObject:
        return await house.post(f"/api/v1/organisations/{organisation}/keys/{fragment}/compromise", body)

    said = ask(conversation)
    console.print(f"Marked since {said['since']}: {said['verification_method']}", highlight=False, soft_wrap=True)
    if said["replaced_by"]:
        console.print(f"Signs with: {said['replaced_by']}", highlight=False, soft_wrap=True)


def _parts(key: str) -> tuple[str, str]:
    """The organisation, and the key as its DID document calls it: of the whole id, or of `acme#key-1`."""
    did, _, fragment = key.partition("#")
    organisation = did.rpartition(":")[2]
    if not organisation or not fragment:
        raise typer.BadParameter("a key is named as organisation#key-1, or by its whole id")
    return organisation, fragment


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"--since: {text} is no moment such as 2026-11-23T10:00:00Z") from None
    if moment.tzinfo is None:
        raise typer.BadParameter("--since: say in which time zone, as 2026-11-23T10:00:00Z does")
    return moment
