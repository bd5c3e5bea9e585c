"""Which servers the suite ran on: one line each in pytest's summary, so that a green run says what it is worth."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

_found: dict[str, str] = {}


def found(name: str, what: str) -> None:
    """A server is used: `found("MongoDB", "FerretDB 1.24.2, started by the tests")`."""
    _found[name] = what


def missing(name: str, why: str) -> NoReturn:
    """No such server is to be had: what needs it is skipped, or fails where nothing may be skipped (`CI=true`)."""
    _found[name] = f"none: {why}"
    if os.environ.get("CI") == "true":
        pytest.fail(f"{name}: {why}", pytrace=False)
    pytest.skip(f"{name}: {why}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name, what in sorted(_found.items()):
        terminalreporter.write_line(f"{name}: {what}")
