"""One line of the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """How a set of vectors, or a suite, came out. Nothing counted: it is not present."""

    title: str
    passed: int = 0
    failed: int = 0
    pending: int = 0
    failures: tuple[str, ...] = ()

    @property
    def present(self) -> bool:
        """Whether anything of it was run."""
        return bool(self.passed or self.failed)
