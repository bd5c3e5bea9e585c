"""The published vectors, samples and schemas: the contract tests of the credentials library, a row for each module."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.row import Row

FOLDER = Path(__file__).parents[1] / "contract" / "credentials"


class _Outcomes:
    """What becomes of every test, by module."""

    def __init__(self) -> None:
        self.of: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.failures: defaultdict[str, list[str]] = defaultdict(list)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        module = Path(report.location[0]).name
        if report.failed:
            self.of[module]["failed"] += 1
            self.failures[module].append(f"{report.location[2]}: {report.longreprtext[-500:]}")
        elif report.skipped or report.when == "call":
            self.of[module][report.outcome] += 1


def run() -> Iterator[Row]:
    """A row for every module, in its own words."""
    outcomes = _Outcomes()
    pytest.main(["-q", "--no-header", "--no-summary", "-p", "no:cacheprovider", str(FOLDER)], plugins=[outcomes])
    for module in sorted(FOLDER.glob("test_*.py")):
        title = (ast.get_docstring(ast.parse(module.read_text())) or module.stem).splitlines()[0]
        counted = outcomes.of[module.name]
        yield Row(
            title,
            passed=counted["passed"],
            failed=counted["failed"],
            pending=counted["skipped"],
            failures=tuple(outcomes.failures[module.name]),
        )
