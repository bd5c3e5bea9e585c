from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chassis.clock import VARIABLE, utc_now

JUMPS = """
import sys, os, pathlib
from chassis.clock import utc_now
for ahead in sys.argv[1:]:
    pathlib.Path(os.environ["LAUREL_CLOCK"]).write_text(ahead)
    print(utc_now().isoformat())
"""


def test_a_clock_nobody_set_is_the_machines() -> None:
    assert abs(utc_now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_clock_that_was_set_jumps_while_the_process_runs(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", JUMPS, "86400", "-86400", "+0"],
        env={**os.environ, VARIABLE: str(tmp_path / "clock")},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    ahead, behind, right = map(datetime.fromisoformat, done.stdout.split())
    assert ahead - right == pytest.approx(timedelta(days=1), abs=timedelta(minutes=1))
    assert right - behind == pytest.approx(timedelta(days=1), abs=timedelta(minutes=1))
