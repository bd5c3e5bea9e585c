"""How far a file was told, kept beside it, so that the same command goes on after a stop.

Nothing depends on it: a line that is told twice is recognised. It saves telling a million lines again.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import ValidationError

from schemas.values import Frozen

SUFFIX = ".resume"
SAMPLE = 1 << 20
"""Bytes at the beginning of a file that, with its size, tell it from a changed one."""


class Mark(Frozen):
    """So many rows of this file were told for this platform."""

    file: str
    platform: str
    rows: int


class Bookmark:
    """The mark beside a file."""

    def __init__(self, file: Path, platform: str) -> None:
        self.path = file.with_name(file.name + SUFFIX)
        self._platform = platform
        with file.open("rb") as content:
            sample = content.read(SAMPLE)
        self._file = hashlib.sha256(f"{file.stat().st_size}:".encode() + sample).hexdigest()

    def read(self) -> int:
        """How many rows were told; none of a file that is another one since, or for another platform."""
        try:
            mark = Mark.model_validate_json(self.path.read_bytes())
        except (OSError, ValidationError):
            return 0
        return mark.rows if (mark.file, mark.platform) == (self._file, self._platform) else 0

    def keep(self, rows: int) -> None:
        """So many are told now."""
        mark = Mark(file=self._file, platform=self._platform, rows=rows)
        fresh = self.path.with_name(self.path.name + ".new")
        fresh.write_text(mark.model_dump_json())
        fresh.replace(self.path)

    def remove(self) -> None:
        """All of it was told."""
        self.path.unlink(missing_ok=True)
