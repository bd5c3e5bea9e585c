"""What became of the rows of a file: counted, written down, and said where it concerns somebody."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from laurel.backfill.reading import EarlierFile, Line
from laurel.backfill.telling import UNREADABLE, Answer, Told
from laurel.terminal import complaints
from schemas.faults import Unavailable

SENTENCES = {
    "accepted": "accepted",
    "would-be-issued": "would be issued",
    "would-be-refused": "would be refused because {detail}",
    "issued": "already issued",
    "refused": "already refused because {detail}",
    "in-flight": "already accepted, and not decided yet",
    "parked": "already accepted, and parked: {detail}",
    "not-accepted": "not accepted because {detail}",
    UNREADABLE: "unreadable: {detail}",
}
"""By where a row stands, what is said of it."""
TROUBLE = {"not-accepted", UNREADABLE}
"""What somebody has to look into."""


def sentence(answer: Answer) -> str:
    """What became of a row, or would."""
    detail = answer.get("detail") or answer.get("reason")
    said = SENTENCES[answer["standing"]]
    if "{detail}" in said:
        return said.format(detail=detail)
    return f"{said}; {detail}" if detail else said


Sayer = Callable[[Line, Answer], None]
"""Says what became of a row."""


class Showing:
    """Counts rows, and shows how far it is."""

    def __init__(self, file: EarlierFile, progress: Progress, say: Sayer) -> None:
        self.counts: Counter[str] = Counter()
        self._file = file
        self._progress = progress
        self._say = say
        self._task = progress.add_task("", total=file.size, rows=0)

    def note(self, told: Told) -> None:
        """A portion was answered."""
        for line, answer in zip(told.lines, told.answers, strict=True):
            self.counts[answer["standing"]] += 1
            self._say(line, answer)
        self._progress.update(self._task, completed=self._file.position, rows=told.lines[-1].row)

    def waits(self, away: Unavailable) -> None:
        """The house is away."""
        self._progress.console.print(f"[yellow]waiting[/]: {escape(str(away))}", highlight=False)

    @property
    def trouble(self) -> bool:
        """True when somebody has to look into a row."""
        return any(self.counts[standing] for standing in TROUBLE)

    def table(self) -> Table:
        """How many rows stand where."""
        table = Table("rows", "what became of them")
        for standing, said in SENTENCES.items():
            if self.counts[standing]:
                table.add_row(str(self.counts[standing]), said.partition(" because")[0].partition(":")[0])
        return table


@contextmanager
def showing(file: EarlierFile, *, report: Path | None, each: bool) -> Iterator[Showing]:
    """Show a file being told: every row in the report, else on the standard output if `each`, else only trouble."""
    here = each and report is None
    progress = Progress(
        TextColumn("{task.fields[rows]} rows"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=complaints,
        disable=not complaints.is_terminal or (here and sys.stdout.isatty()),
    )

    def print_row(line: Line, answer: Answer) -> None:
        sys.stdout.write(f"row {line.row} (line {line.at}): {sentence(answer)}\n")

    def print_trouble(line: Line, answer: Answer) -> None:
        if answer["standing"] in TROUBLE:
            said = escape(f"row {line.row} (line {line.at}): {sentence(answer)}")
            progress.console.print(said, highlight=False, soft_wrap=True)

    with ExitStack() as stack:
        say: Sayer = print_row if here else print_trouble
        if report is not None:
            say = _writer(stack.enter_context(report.open("w", newline="", encoding="utf-8")))
        yield Showing(file, stack.enter_context(progress), say)


def _writer(report: TextIO) -> Sayer:
    sheet = csv.writer(report)
    sheet.writerow(("row", "line", "standing", "said", "completion"))

    def write_row(line: Line, answer: Answer) -> None:
        sheet.writerow((line.row, line.at, answer["standing"], sentence(answer), answer.get("completion", "")))

    return write_row
