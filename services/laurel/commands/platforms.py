"""`laurel platforms`: which learning platforms may deliver."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table

from laurel.client import House
from laurel.terminal import ask, console
from schemas.faults import NotFound
from schemas.values import JsonObject

commands = typer.Typer(
    no_args_is_help=True, help="Register learning platforms, list them, rotate a secret, disable and enable one."
)
PLATFORMS = "/api/v1/platforms"
NOTICED = 30
"""Seconds from which on a platform's clock is said to be wrong; from 300 on its deliveries are refused."""

Platform = Annotated[str, typer.Argument(help="The platform's id.", show_default=False)]
Offerings = Annotated[
    list[str] | None, typer.Option("--offering", help="What it may award; say it again for more. None is all.")
]


@commands.command()
def add(
    platform: Platform,
    organisation: Annotated[str, typer.Option(help="Whose completions it delivers.", show_default=False)],
    offerings: Offerings = None,
) -> None:
    """Register a platform. Its secret is shown once."""
    body = {"id": platform, "organisation": organisation, "offerings": offerings or None}

    async def conversation(house: House) -> JsonObject:
        return await house.post(PLATFORMS, body)

    _show_secret(ask(conversation))


@commands.command("list")
def list_platforms() -> None:
    """List the platforms: what each may award, when it was last heard of, whether it takes what it is told."""

    async def conversation(house: House) -> list[JsonObject]:
        return [one async for one in house.every(PLATFORMS)]

    table = Table(Column("platform", overflow="fold"), "what is known of it", show_lines=True)
    for one in ask(conversation):
        table.add_row(escape(one["id"]), escape("\n".join(_sentences(one))))
    console.print(table)


@commands.command()
def rotate(platform: Platform) -> None:
    """Give it a new secret, shown once. The old one goes on working for a while, so that nothing is lost."""

    async def conversation(house: House) -> JsonObject:
        return await house.post(f"{PLATFORMS}/{platform}/secret")

    _show_secret(ask(conversation))


@commands.command()
def disable(platform: Platform) -> None:
    """Refuse what it delivers from now on. It keeps that, and delivers it once it is enabled again."""
    _change(platform, {"enabled": False})
    console.print(f"Disabled {platform}: it keeps what it has to deliver.", highlight=False, markup=False)


@commands.command()
def enable(platform: Platform) -> None:
    """Let it deliver again."""
    _change(platform, {"enabled": True})
    console.print(f"Enabled {platform}.", highlight=False, markup=False)


@commands.command()
def allow(platform: Platform, offerings: Offerings = None) -> None:
    """Say which offerings it may award; without --offering all of its organisation's."""
    changed = _change(platform, {"offerings": offerings or None})
    said = ", ".join(changed["offerings"]) if changed["offerings"] else "everything of its organisation"
    console.print(f"{platform} may award {said}.", highlight=False, markup=False)


@commands.command()
def notify(
    platform: Platform,
    url: Annotated[str | None, typer.Argument(help="Its https address; without one it asks for itself.")] = None,
) -> None:
    """Tell a platform of outcomes at an address of its own, signed with its secret."""
    _change(platform, {"webhook": url})
    said = f"is told of outcomes at {url}" if url else "asks for outcomes itself"
    console.print(f"{platform} {said}.", highlight=False, markup=False, soft_wrap=True)


@commands.command("map")
def map_activity(
    platform: Platform,
    activity: Annotated[str, typer.Argument(help="The activity's id, an IRI.", show_default=False)],
    offering: Annotated[str, typer.Argument(help="What it leads to.", show_default=False)],
    verb: Annotated[str, typer.Option(help="By which statement: passed, or completed.")] = "passed",
) -> None:
    """Say what an xAPI activity of a platform leads to."""

    async def conversation(house: House) -> JsonObject:
        found = [one async for one in house.every(PLATFORMS) if one["id"] == platform]
        if not found:
            raise NotFound(f"there is no platform {platform}")
        others = [one for one in found[0]["activities"] if one["id"] != activity]
        mapped = [*others, {"id": activity, "offering": offering, "verb": verb}]
        return await house.put(f"{PLATFORMS}/{platform}", {"activities": mapped})

    ask(conversation)
    console.print(f"Whoever {verb} {activity} earns {offering}.", highlight=False, markup=False, soft_wrap=True)


def _change(platform: str, change: JsonObject) -> JsonObject:
    async def conversation(house: House) -> JsonObject:
        return await house.put(f"{PLATFORMS}/{platform}", change)

    return ask(conversation)


def _show_secret(said: JsonObject) -> None:
    console.print(said["secret"], highlight=False, soft_wrap=True)
    for secret in said["platform"]["secrets"]:
        if secret["expires"]:
            console.print(f"The secret of before works until {secret['expires']}.", highlight=False, soft_wrap=True)


def _sentences(one: JsonObject) -> list[str]:
    offerings = "everything" if one["offerings"] is None else ", ".join(one["offerings"]) or "nothing"
    sentences = [
        f"{'enabled' if one['enabled'] else 'disabled'}, of {one['organisation']}",
        f"may award {offerings}",
        f"last seen {one['last_seen'][:19]} UTC{_clock(one['clock_ahead'])}" if one["last_seen"] else "never seen",
    ]
    sentences += [f"told of outcomes at {one['webhook']}{_untold(one['untold'])}"] if one["webhook"] else []
    sentences += [f"{each['id']} {each['verb']} earns {each['offering']}" for each in one["activities"]]
    return sentences + [
        f"its secret of before works until {secret['expires'][:19]} UTC"
        for secret in one["secrets"]
        if secret["expires"]
    ]


def _untold(untold: JsonObject | None) -> str:
    return f", and takes none since {untold['since'][:19]} UTC: {untold['reason']}" if untold else ""


def _clock(ahead: float | None) -> str:
    if ahead is None:
        return ""
    if abs(ahead) < NOTICED:
        return ", its clock is right"
    return f", its clock {abs(ahead):.0f} s {'ahead' if ahead > 0 else 'behind'}"
