"""`laurel parked`: what could not be handled, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table

from chassis.parking.views import PORTION
from laurel.client import House
from laurel.terminal import ask, complaints, console, given, say_json
from schemas.faults import NotFound
from schemas.values import JsonObject

commands = typer.Typer(no_args_is_help=True, help="List, show, replay and discard messages that could not be handled.")

NONE = "-"
_Message = Annotated[str | None, typer.Argument(help="A message's id, or how it begins.", show_default=False)]
_Service = Annotated[str | None, typer.Option(help="Those of this service.")]
_Code = Annotated[str | None, typer.Option(help="Those parked for this reason.")]
_Topic = Annotated[str | None, typer.Option(help="Those of this topic.")]
_Platform = Annotated[str | None, typer.Option(help=f"Those of this platform; {NONE} for none.")]
_Offering = Annotated[str | None, typer.Option(help=f"Those about this offering; {NONE} for none.")]
_Now = Annotated[bool, typer.Option("--now", help="Do it. Without this it is only said what would happen.")]


@commands.command("list")
def list_parked(
    *,
    each: Annotated[bool, typer.Option("--each", help="One by one, not by cause.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List what every service set aside, by cause: service, reason, platform or topic, offering."""
    answer = ask(_parked)
    if json:
        say_json(answer)
    elif not answer["items"]:
        console.print("Nothing is parked.")
    else:
        console.print(_messages_table(answer["items"]) if each else _groups_table(answer["groups"]))


@commands.command()
def show(
    message: Annotated[str, typer.Argument(help="A message's id, or how it begins.", show_default=False)],
    *,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show one message; what might be about a person is masked."""

    async def conversation(house: House) -> JsonObject:
        (found,) = _named((await _parked(house))["items"], message)
        return await house.get(f"/api/v1/parked/{found['service']}/{found['id']}")

    detail = ask(conversation)
    if json:
        say_json(detail)
        return
    table = Table(show_header=False, box=None)
    for name in (
        "id", "group", "topic", "partition", "offset", "key", "reason", "detail", "completion", "platform", "offering",
        "first_seen", "last_seen", "attempts", "bytes",
    ):  # fmt: skip
        if detail[name] is not None:
            table.add_row(name.replace("_", " "), escape(str(detail[name])))
    for name, value in detail["headers"].items():
        table.add_row(f"header {escape(name)}", escape(value))
    console.print(table)
    if detail["payload"] is not None:
        say_json(detail["payload"])
    console.print(_audit_table(detail["history"]) if detail["history"] else "Nobody has replayed it yet.")


@commands.command()
def replay(  # noqa: PLR0913 a command's options are its interface
    message: _Message = None,
    *,
    service: _Service = None,
    code: _Code = None,
    topic: _Topic = None,
    platform: _Platform = None,
    offering: _Offering = None,
    now: _Now = False,
) -> None:
    """Have a message, or all of a cause, handled again. Exits with 1 when one fails again, or would."""
    wanted = given(service=service, reason=code, topic=topic, platform=platform, offering=offering)

    async def conversation(house: House) -> list[JsonObject]:
        portions = _portions(await _chosen(house, message, wanted))
        return [said for portion in portions for said in await _replay(house, portion, now=now)]

    said = ask(conversation)
    table = Table(Column("message"), "handled" if now else "would be handled", "why")
    for each in said:
        table.add_row(each["id"][:8], "[green]yes[/]" if each["handled"] else "[red]no[/]", escape(each["said"]))
    console.print(table)
    if not now:
        console.print("Nothing was replayed yet: say it again with --now.")
    if not all(each["handled"] for each in said):
        raise typer.Exit(1)


@commands.command()
def discard(  # noqa: PLR0913 a command's options are its interface
    message: _Message = None,
    *,
    reason: Annotated[str, typer.Option(help="Why; platforms that wait for an answer are told.", show_default=False)],
    service: _Service = None,
    code: _Code = None,
    topic: _Topic = None,
    platform: _Platform = None,
    offering: _Offering = None,
    now: _Now = False,
) -> None:
    """Give a message up, or all of a cause: for good."""
    wanted = given(service=service, reason=code, topic=topic, platform=platform, offering=offering)

    async def conversation(house: House) -> list[JsonObject]:
        found = await _chosen(house, message, wanted)
        for portion in _portions(found) if now else ():
            ids = [each["id"] for each in portion]
            body = {"service": portion[0]["service"], "messages": ids, "reason": reason}
            await house.post("/api/v1/parked/discards", body)
        return found

    found = ask(conversation)
    if now:
        console.print(f"Discarded {len(found)}: {reason}", highlight=False, markup=False)
    else:
        console.print(_messages_table(found))
        console.print("Nothing was discarded yet: say it again with --now.")


@commands.command()
def audit() -> None:
    """List who replayed or discarded what, when and why."""

    async def conversation(house: House) -> JsonObject:
        return await house.get("/api/v1/parked/audit")

    console.print(_audit_table(ask(conversation)["items"]))


async def _parked(house: House) -> JsonObject:
    return await house.get("/api/v1/parked")


async def _replay(house: House, portion: Sequence[JsonObject], *, now: bool) -> list[JsonObject]:
    """What becomes of each; the house says itself how many it takes at once."""
    left = [each["id"] for each in portion]
    said: list[JsonObject] = []
    while left:
        body = {"service": portion[0]["service"], "messages": left, "dry_run": not now}
        items = (await house.post("/api/v1/parked/replays", body))["items"]
        said += items
        left = left[len(items) :]
        if left:
            complaints.print(f"[dim]{escape(portion[0]['service'])}: {len(left)} of this portion left …[/]")
    return said


async def _chosen(house: House, message: str | None, wanted: dict[str, str]) -> list[JsonObject]:
    if (message is None) == (not wanted):
        raise typer.BadParameter("name one message, or say by --service, --code, --topic, --platform, --offering which")
    items = (await _parked(house))["items"]
    if message is not None:
        return _named(items, message)
    found = [each for each in items if all((each[name] or NONE) == value for name, value in wanted.items())]
    if not found:
        raise NotFound("no parked message is like that: see `laurel parked list`")
    return found


def _named(items: Sequence[JsonObject], message: str) -> list[JsonObject]:
    found = [each for each in items if each["id"].startswith(message)]
    if len(found) != 1:
        how_many = "no parked message" if not found else f"{len(found)} parked messages"
        raise NotFound(f"the id of {how_many} begins with {message}: see `laurel parked list --each`")
    return found


def _portions(items: Sequence[JsonObject]) -> list[list[JsonObject]]:
    """As many of one service as may be named at once."""
    portions = []
    for _, of_one in groupby(sorted(items, key=lambda item: str(item["service"])), key=lambda item: item["service"]):
        some = list(of_one)
        portions += [some[begin : begin + PORTION] for begin in range(0, len(some), PORTION)]
    return portions


def _groups_table(groups: Sequence[JsonObject]) -> Table:
    table = Table("service", "reason", "from", "offering", "messages", "attempts", "first seen", "last seen")
    for group in groups:
        cause = group["cause"]
        named = (cause["service"], cause["reason"], cause["platform"] or cause["topic"], cause["offering"] or NONE)
        counted = (group["count"], group["attempts"], group["first_seen"], group["last_seen"])
        table.add_row(*(escape(str(cell)) for cell in (*named, *counted)))
    return table


def _messages_table(items: Sequence[JsonObject]) -> Table:
    table = Table("message", "service", "reason", "from", "offering", "attempts", "last seen", "what happened")
    for item in items:
        named = (item["id"][:8], item["service"], item["reason"], item["platform"] or item["topic"])
        told = (item["offering"] or NONE, item["attempts"], item["last_seen"], item["detail"])
        table.add_row(*(escape(str(cell)) for cell in (*named, *told)))
    return table


def _audit_table(entries: Sequence[JsonObject]) -> Table:
    table = Table("when", "who", "deed", "service", "message", "why")
    for entry in entries:
        why = entry["note"] or entry["reason"]
        row = (entry["at"], entry["who"], entry["deed"], entry["service"], entry["message"][:8], why)
        table.add_row(*map(escape, row))
    return table
