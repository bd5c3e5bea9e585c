"""A report of one run on one machine: printed, and kept in a file with what it was measured on."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

FOLDER = Path("var", "bench")
MEASURED = ("aiokafka", "cryptography", "fastapi", "faststream", "orjson", "pydantic", "pyld", "pynacl", "uvicorn")


@contextmanager
def report(name: str, *, width: int = 120) -> Iterator[Console]:
    """Print to this; it is kept once the block has ended well."""
    console = Console(width=width, record=True)
    console.print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
    )
    console.print(
        f"Laurel {version('laurel')} at {_commit()}; " + ", ".join(f"{each} {version(each)}" for each in MEASURED)
    )
    yield console
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = FOLDER / f"{name}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{_commit()}.txt"
    kept.write_text(console.export_text())
    console.print(f"Kept in {kept}")


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    return said.stdout.strip() or "no commit"
