"""A file of earlier completions, a line at a time: what it takes in memory does not grow with the file."""

from __future__ import annotations

import csv
import io
import json
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import BinaryIO

from laurel.backfill.columns import COLUMNS
from laurel.backfill.moments import read_moment
from schemas.faults import Malformed, NotFound
from schemas.values import JsonObject

DELIMITERS = ",;\t"
_JSON = {".ndjson", ".jsonl"}
_SHEETS = {".csv", ".tsv"}


@dataclass(frozen=True, slots=True)
class Line:
    """A completion as the file says it, or why it cannot be read."""

    row: int
    """Counted from 1; a spreadsheet's names are no row."""
    at: int
    """The line of the file on which it begins, counted from 1: where an editor finds it."""
    said: JsonObject = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    """By field, what is wrong with it."""


class EarlierFile:
    """An open file of earlier completions."""

    def __init__(self, path: Path, raw: BinaryIO, zone: tzinfo) -> None:
        self.path = path
        self.size = path.stat().st_size
        self._raw = raw
        self._zone = zone

    @property
    def position(self) -> int:
        """How many bytes were read so far."""
        return self._raw.tell()

    def lines(self) -> Iterator[Line]:
        """Every line, once. Raises `Malformed` where the file as a whole cannot be read further."""
        text = io.TextIOWrapper(self._raw, encoding=self._encoding(), newline="")
        at = 0
        try:
            for line in self._json(text) if self.path.suffix.lower() in _JSON else self._sheet(text):
                at = line.at
                yield line
        except UnicodeDecodeError:
            raise Malformed(f"{self.path}, after line {at}: this is not UTF-8; save it as CSV UTF-8") from None
        finally:
            text.detach()

    def _encoding(self) -> str:
        begins = self._raw.read(len(BOM_UTF8))
        self._raw.seek(0)
        return "utf-16" if begins.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig"

    def _sheet(self, text: io.TextIOWrapper) -> Iterator[Line]:
        first = text.readline()
        names = self._names(first, delimiter := _delimiter(first))
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        row, at = 0, 2
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    row += 1
                    yield self._row(row, at, names, cells)
                at = reader.line_num + 2
        except csv.Error as error:
            raise Malformed(
                f"{self.path}, line {at}: a quotation mark is not closed as it should be ({error})"
            ) from None

    def _names(self, first: str, delimiter: str) -> list[str]:
        cells = next(csv.reader([first], delimiter=delimiter), [])
        names = ["_".join(cell.lower().replace("-", " ").split()) for cell in cells]
        if unknown := [name for name in names if name not in COLUMNS]:
            raise Malformed(
                f"{self.path}: there is no column {unknown[0]!r}; there are: {', '.join(COLUMNS)}"
                " (laurel backfill --template)"
            )
        if twice := {name for name in names if names.count(name) > 1}:
            raise Malformed(f"{self.path}: the column {min(twice)} is there twice")
        if missing := [name for name, column in COLUMNS.items() if column.needed and name not in names]:
            raise Malformed(f"{self.path}: the first line names no column {', '.join(missing)}")
        return names

    def _row(self, row: int, at: int, names: list[str], cells: list[str]) -> Line:
        if len(cells) != len(names):
            return Line(row, at, problems={"row": f"has {len(cells)} cells, and {len(names)} columns have a name"})
        said: JsonObject = {name: cell.strip() for name, cell in zip(names, cells, strict=True) if cell.strip()}
        if "evidence" in said:
            said["evidence"] = said["evidence"].split()
        return self._dated(row, at, said)

    def _json(self, text: io.TextIOWrapper) -> Iterator[Line]:
        row = 0
        for at, line in enumerate(text, start=1):
            if not line.strip():
                continue
            row += 1
            try:
                said = json.loads(line)
            except ValueError as error:
                yield Line(row, at, problems={"row": f"is no JSON: {error}"})
                continue
            if isinstance(said, dict):
                yield self._dated(row, at, said)
            else:
                yield Line(row, at, problems={"row": "is no JSON object"})

    def _dated(self, row: int, at: int, said: JsonObject) -> Line:
        problems = {
            name: "is missing" for name, column in COLUMNS.items() if column.needed and said.get(name) in (None, "")
        }
        if isinstance(moment := said.get("completed"), str) and moment:
            try:
                said["completed"] = read_moment(moment, self._zone)
            except ValueError as error:
                problems["completed"] = str(error)
        return Line(row, at, said, problems)


def _delimiter(first: str) -> str:
    """What stands between the names: no name has any of these in it."""
    return max(DELIMITERS, key=first.count)


@contextmanager
def opened(path: Path, zone: tzinfo) -> Iterator[EarlierFile]:
    """The file, open. Raises `NotFound`, or `Malformed` for a kind of file that is not read."""
    if path.suffix.lower() not in _JSON | _SHEETS:
        raise Malformed(f"{path}: save it as a file that ends in one of {', '.join(sorted(_JSON | _SHEETS))}")
    try:
        raw = path.open("rb")
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}") from None
    with raw:
        yield EarlierFile(path, raw, zone)
