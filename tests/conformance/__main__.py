"""`make conformance`: every published vector that is here, and the W3C's suites where `LAUREL_W3C_SUITES` has them."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.conformance import vectors, w3c

console = Console(width=None if sys.stdout.isatty() else 140)
named = os.environ.get("LAUREL_W3C_SUITES")
with tempfile.TemporaryDirectory() as folder:
    rows = [*vectors.run(), *w3c.run(Path(named) if named else None, Path(folder))]

table = Table("", "passed", "failed", "pending", title="Conformance")
for column in table.columns[1:]:
    column.justify = "right"
for row in rows:
    counts = (str(row.passed), str(row.failed), str(row.pending)) if row.present else ("not present", "", "")
    table.add_row(row.title, *counts, style="red" if row.failed else None if row.present else "dim")
console.print(table)
for row in rows:
    for failure in row.failures:
        console.print(f"[red]failed[/] {row.title}: ", failure, markup=True, highlight=False)
sys.exit(any(row.failed for row in rows))
