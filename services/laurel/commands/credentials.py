"""`laurel issue`, `verify`, `revoke`, `suspend`, `reinstate` and `erase`."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import anyio
import typer
from rich.markup import escape
from rich.table import Table

from laurel.client import House, read_json_object
from laurel.terminal import ask, complain, console, say_json
from laurel.verification import engine
from schemas.events import Decision
from schemas.faults import Fault, NotFound
from schemas.values import JsonObject
from verifier.domain.report import Outcome, Report

EXIT_CODES = {Decision.ACCEPT: 0, Decision.REJECT: 1, Decision.REVIEW: 2, Decision.INDETERMINATE: 3}
"""What `laurel verify` tells the shell; 4 is a file that could not be read."""
UNREADABLE = 4

_MARKS = {
    Outcome.PASS: "[green]✓[/]",
    Outcome.WARN: "[yellow]![/]",
    Outcome.FAIL: "[red]✗[/]",
    Outcome.NOT_CHECKED: "[dim]?[/]",
}


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


def report_table(report: Report) -> Table:
    """The checks, one a line."""
    table = Table(show_header=False, box=None, padding=(0, 1))
    for check in report.checks:
        table.add_row(_MARKS[check.outcome], check.id, escape(check.message))
    return table


def verify(  # noqa: PLR0913 a command's options are its interface
    source: Annotated[str, typer.Argument(metavar="FILE|URL|-", help="The credential.", show_default=False)],
    *,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    offline: Annotated[
        bool, typer.Option(help="Ask nobody: use the DID documents and status lists beside it.")
    ] = False,
    evidence: Annotated[Path | None, typer.Option(help="Where these are; default: the file's own folder.")] = None,
    trust: Annotated[list[str] | None, typer.Option(help="An issuer's DID to trust; may be repeated.")] = None,
    authorities: Annotated[
        Path | None, typer.Option(help="A PEM file of the authorities to rely on for e-seals.")
    ] = None,
    at: Annotated[datetime | None, typer.Option(help="Judge as of this moment; default: now.")] = None,
) -> None:
    """Verify a credential here, without a house. Exits 0 accept, 1 reject, 2 review, 3 indeterminate."""
    folder = evidence or (Path(source).parent if source != "-" else Path())
    moment = at.replace(tzinfo=at.tzinfo or UTC) if at else datetime.now(UTC)

    async def judge() -> Report:
        async with engine(
            evidence=folder if offline else None, trusted=trust or (), authorities=authorities
        ) as verification:
            if source.startswith(("https://", "http://")):
                return await verification.fetched(source, at=moment)
            return await verification(await _read(source), at=moment)

    try:
        report = asyncio.run(judge())
    except Fault as fault:
        complain(fault)
        raise typer.Exit(UNREADABLE) from None
    if json:
        say_json(report.model_dump(mode="json"))
    else:
        console.print(f"[bold]{escape(report.sentence)}[/]")
        console.print(report_table(report))
    raise typer.Exit(EXIT_CODES[report.decision])


async def _read(source: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if source == "-" else await anyio.Path(source).read_bytes()
    except OSError as error:
        raise NotFound(f"{source} cannot be read: {error.strerror}") from None
