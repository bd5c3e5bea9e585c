"""`laurel backfill`: what was completed before Laurel, from a file."""

from __future__ import annotations

import csv
import sys
from datetime import UTC, tzinfo
from itertools import dropwhile
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from rich.table import Table

from laurel.backfill.columns import COLUMNS, template
from laurel.backfill.reading import EarlierFile, opened
from laurel.backfill.resuming import Bookmark
from laurel.backfill.showing import Showing, showing
from laurel.backfill.telling import TellFile, Told
from laurel.client import House
from laurel.terminal import ask, complaints

RATE = 200.0
STOPPED = 130
"""What a shell expects of a command that Ctrl-C ended."""


def backfill(  # noqa: PLR0913 a command's options are its interface
    file: Annotated[Path | None, typer.Argument(metavar="FILE.csv|FILE.ndjson", show_default=False)] = None,
    platform: Annotated[str | None, typer.Option(help="The learning platform they are of.", show_default=False)] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would become of each row.")] = False,
    rate: Annotated[
        float | None,
        typer.Option(min=0.1, help=f"Rows a second at most. Default: {RATE:.0f}; for a dry run, no limit."),
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write what became of each row into this CSV file.")] = None,
    zone: Annotated[str, typer.Option(help="The time zone of moments that name none.")] = "UTC",
    print_template: Annotated[bool, typer.Option("--template", help="Print a spreadsheet to begin with.")] = False,
) -> None:
    """Have earlier completions accepted from a file. Exits 1 when a row could not be read or accepted.

    The same file again changes nothing. Stopped with Ctrl-C, the same command goes on where it was.
    """
    if print_template:
        _print_template()
        return
    if file is None or platform is None:
        raise typer.BadParameter("a file and its --platform are needed; or --template, to begin with")
    path, zoned = f"/api/v1/platforms/{platform}/earlier-completions", _zone(zone)

    async def conversation(house: House) -> Showing:
        with opened(file, zoned) as content, showing(content, report=report, each=dry_run) as shown:
            if dry_run:
                tell = TellFile(house.post, f"{path}/trial", rate=rate, on_wait=shown.waits)
                await tell(content.lines(), shown.note)
            else:
                tell = TellFile(house.post, path, rate=rate or RATE, on_wait=shown.waits)
                await _tell(tell, content, Bookmark(file, platform), shown)
            return shown

    try:
        shown = ask(conversation)
    except KeyboardInterrupt:
        raise typer.Exit(STOPPED) from None
    complaints.print(shown.table())
    if shown.trouble:
        raise typer.Exit(1)


async def _tell(tell: TellFile, content: EarlierFile, bookmark: Bookmark, shown: Showing) -> None:
    """Tell what was not told yet; whatever ends it, say where the same command goes on."""
    done = bookmark.read()
    if done:
        complaints.print(f"Going on with row {done + 1}.", highlight=False)

    def note(told: Told) -> None:
        shown.note(told)
        bookmark.keep(told.lines[-1].row)

    try:
        await tell(dropwhile(lambda line: line.row <= done, content.lines()), note)
    except BaseException:
        if told := bookmark.read():
            complaints.print(f"[yellow]Stopped[/]. The same command goes on with row {told + 1}.", highlight=False)
        raise
    bookmark.remove()


def _zone(name: str) -> tzinfo:
    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise typer.BadParameter(f"there is no time zone {name}; they have names like Europe/Berlin") from None


def _print_template() -> None:
    """The spreadsheet on the standard output; what its columns mean beside it, for whoever reads along."""
    csv.writer(sys.stdout).writerows(template())
    table = Table("column", "needed", "meaning")
    for name, column in COLUMNS.items():
        table.add_row(name, "yes" if column.needed else "", column.meaning)
    complaints.print(table)
