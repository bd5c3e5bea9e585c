"""`laurel verify`: one credential with every check behind its verdict, or many in a table."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import anyio
import typer
from rich.markup import escape
from rich.table import Table

from credentials.json_text import write_json
from laurel.terminal import complain, complaining, console, say_json
from laurel.verification import engine
from schemas.events import Decision
from schemas.faults import Fault, NotFound
from verifier.adapters.offline import is_evidence
from verifier.domain.report import Outcome, Report
from verifier.handlers import VerifyCredential

EXIT_CODES = {Decision.ACCEPT: 0, Decision.REJECT: 1, Decision.REVIEW: 2, Decision.INDETERMINATE: 3}
"""What `laurel verify` tells the shell; 4 is a file that could not be read."""
UNREADABLE = 4
GRAVEST = (UNREADABLE, 1, 3, 2, 0)
"""Of many, the first of these that occurs is told."""

_MARKS = {
    Outcome.PASS: "[green]✓[/]",
    Outcome.WARN: "[yellow]![/]",
    Outcome.FAIL: "[red]✗[/]",
    Outcome.NOT_CHECKED: "[dim]?[/]",
}
_COLOURS = {
    Decision.ACCEPT: "green",
    Decision.REVIEW: "yellow",
    Decision.INDETERMINATE: "magenta",
    Decision.REJECT: "red",
}


@dataclass(frozen=True)
class Verified:
    """What came of one source: a report, or why it could not be read."""

    source: str
    came_of_it: Report | Fault

    @property
    def exit_code(self) -> int:
        """What the shell is told of it alone."""
        return EXIT_CODES[self.came_of_it.decision] if isinstance(self.came_of_it, Report) else UNREADABLE


def report_table(report: Report) -> Table:
    """The checks, one a line."""
    table = Table(show_header=False, box=None, padding=(0, 1))
    for check in report.checks:
        table.add_row(_MARKS[check.outcome], check.id, escape(check.message))
    return table


def summary_table(verified: Sequence[Verified]) -> Table:
    """The verdicts, one a line."""
    table = Table(box=None, padding=(0, 1))
    table.add_column("file", overflow="fold")  # whole, whatever it takes: it is how the reader finds it
    for name in ("verdict", "credential", "of", "why"):
        table.add_column(name)
    for each in verified:
        source, told = escape(each.source), each.came_of_it
        if isinstance(told, Fault):
            table.add_row(source, "[red]unreadable[/]", "", "", escape(str(told)))
            continue
        said = told.credential
        table.add_row(
            source,
            f"[{_COLOURS[told.decision]}]{told.decision}[/]",
            escape((said.title if said else None) or ""),
            escape((said.subject.name if said else None) or ""),
            escape(told.sentence.partition(": ")[2]),
        )
    return table


def verify(  # noqa: PLR0913 a command's options are its interface
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|FOLDER|URL|- ...", help="The credentials, or folders of them.", show_default=False
        ),
    ],
    *,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON; of many, one a line.")] = False,
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
    """Verify credentials here, without a house. Exits 0 accept, 1 reject, 2 review, 3 indeterminate, 4 unreadable.

    Of many, the gravest is told: unreadable, then reject, indeterminate, review, accept.
    """
    moment = at.replace(tzinfo=at.tzinfo or UTC) if at else datetime.now(UTC)
    many = len(sources) > 1 or Path(sources[0]).is_dir()

    async def judge_all() -> list[Verified]:
        judged = []
        for folder, group in _by_folder(list(_named(sources)), evidence, offline=offline):
            async with engine(evidence=folder, trusted=trust or (), authorities=authorities) as verification:
                judged += [each async for each in _judged(group, verification, moment)]
        return judged

    with complaining(UNREADABLE):
        verified = asyncio.run(judge_all())
    _say_many(verified, json=json) if many else _say_one(verified[0], json=json)
    codes = {each.exit_code for each in verified}
    raise typer.Exit(next(code for code in GRAVEST if code in codes))


def _named(sources: list[str]) -> Iterator[str]:
    """The sources, folders opened: what is evidence for other files is not meant."""
    for source in sources:
        folder = Path(source)
        if not folder.is_dir():
            yield source
            continue
        files = [
            file for file in sorted(folder.iterdir()) if file.suffix in {".json", ".jwt"} and not is_evidence(file)
        ]
        if not files:
            raise NotFound(f"no credentials are in {source}: files named *.json or *.jwt")
        yield from map(str, files)


def _by_folder(sources: list[str], evidence: Path | None, *, offline: bool) -> Iterator[tuple[Path | None, list[str]]]:
    """The sources, by where the evidence for them is; None where the web is asked."""
    folders: dict[Path | None, list[str]] = {}
    for source in sources:
        own = Path(source).parent if source != "-" else Path()
        folders.setdefault((evidence or own) if offline else None, []).append(source)
    yield from folders.items()


async def _judged(sources: list[str], verification: VerifyCredential, at: datetime) -> AsyncIterator[Verified]:
    for source in sources:
        try:
            if source.startswith(("https://", "http://")):
                yield Verified(source, await verification.fetched(source, at=at))
            else:
                yield Verified(source, await verification(await _read(source), at=at))
        except Fault as fault:
            yield Verified(source, fault)


async def _read(source: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if source == "-" else await anyio.Path(source).read_bytes()
    except OSError as error:
        raise NotFound(f"{source} cannot be read: {error.strerror}") from None


def _say_one(verified: Verified, *, json: bool) -> None:
    report = verified.came_of_it
    if isinstance(report, Fault):
        complain(report)
    elif json:
        say_json(report.told())
    else:
        console.print(f"[bold]{escape(report.sentence)}[/]")
        console.print(report_table(report))


def _say_many(verified: list[Verified], *, json: bool) -> None:
    if json:
        for each in verified:
            came = each.came_of_it
            said = {"detail": str(came)} if isinstance(came, Fault) else came.told()
            typer.echo(write_json({"source": each.source, **said}))
        return
    console.print(summary_table(verified), soft_wrap=True)
    counts = dict.fromkeys((*EXIT_CODES, "unreadable"), 0)
    for each in verified:
        counts["unreadable" if isinstance(each.came_of_it, Fault) else each.came_of_it.decision] += 1
    words = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    console.print(f"\n[bold]{len(verified)} verified:[/] {words}", highlight=False)
