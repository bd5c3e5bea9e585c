"""`laurel lint`: which EU standard elements a file states, lacks, or states doubtfully. Needs no house."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from credentials.linting import EU_ANNEX_I, PROFILES, LintReport, Profile, State, lint
from laurel.terminal import complaining, console, say_json
from schemas.faults import NotFound

EXIT_CODES = {State.PRESENT: 0, State.MISSING: 1, State.DOUBTFUL: 2}
"""What `laurel lint` tells the shell; 4 is what could not be read."""
UNREADABLE = 4

_MARKS = {
    State.PRESENT: "[green]✓[/]",
    State.MISSING: "[red]✗[/]",
    State.DOUBTFUL: "[yellow]?[/]",
    State.ABSENT: "[dim]-[/]",
    State.NOT_ASKED: "[dim]·[/]",
}
_SENTENCES = {
    State.PRESENT: "[green]Every element that is asked for is there.[/]",
    State.MISSING: "[red]Something that has to be stated is missing.[/]",
    State.DOUBTFUL: "[yellow]Nothing is missing, but something is doubtful.[/]",
}
_LONGEST = 100


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise NotFound(f"{file} cannot be read: {error.strerror}") from None


def _profile(name: str) -> Profile:
    known = {each.casefold(): profile for each, profile in PROFILES.items()}
    try:
        return known[name.casefold()]
    except KeyError:
        raise NotFound(f"there is no profile {name!r}; there are {', '.join(PROFILES)}") from None


def _plain(text: str) -> str:
    """A stranger's text as a terminal may print it: one line, no control characters, no markup."""
    return escape("".join(character if character.isprintable() else " " for character in text))


def elements_table(report: LintReport) -> Table:
    """The elements of Annex I, one a line, each with what is stated."""
    table = Table("", "element", "state", "stated", box=None, padding=(0, 1))
    for element in report.elements:
        said = "; ".join(" ".join(value.split()) for value in element.values)
        shown = said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"
        optional = "" if element.mandatory else " [dim](optional)[/]"
        table.add_row(_MARKS[element.state], element.title + optional, element.state.replace("-", " "), _plain(shown))
    return table


def findings_table(report: LintReport) -> Table:
    """What is wrong, the gravest first, each with its place and its source."""
    table = Table(show_header=False, box=None, padding=(0, 1))
    table.add_column()
    table.add_column(overflow="fold")
    for finding in report.findings:
        table.add_row(
            _MARKS[State(finding.severity)],
            f"{_plain(finding.message)}\n[dim]{_plain(finding.path)} · {finding.source}[/]",
        )
    return table


def lint_file(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="An offering or a credential.", show_default=False)],
    *,
    profile: Annotated[str, typer.Option(help=f"A framework: {', '.join(PROFILES)}.")] = EU_ANNEX_I.name,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Say which EU standard elements are missing or doubtful. Exits 0 nothing, 1 missing, 2 doubtful, 4 unreadable.

    Reads offerings, Open Badges 3.0, European Digital Credentials (signed or not) and SD-JWT VCs. Verifies nothing.
    """
    with complaining(UNREADABLE):
        report = lint(_read(file), at=datetime.now(UTC), profile=_profile(profile))
    if json:
        say_json(report.model_dump(mode="json"))
    else:
        console.print(f"[bold]{report.kind}[/], held to {report.profile}", highlight=False)
        console.print(elements_table(report))
        if report.findings:
            console.print(findings_table(report))
        console.print(_SENTENCES[report.verdict])
    raise typer.Exit(EXIT_CODES[report.verdict])
