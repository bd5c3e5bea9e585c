"""What time it is, and how a process is told to be wrong about it, for the tests that prove it does no harm.

`LAUREL_CLOCK=/a/file` names a file that says how many seconds this process's clock is ahead (`600`, `-600`). It is read
each time, so that a clock can jump while the process runs. Without the variable the clock is the machine's, as it
always is in production: that refuses to start with it (`chassis.settings`).
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

VARIABLE = "LAUREL_CLOCK"

_wrong = Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None


def seconds_ahead(file: Path) -> int:
    """What the file says. Raises `OSError` or `ValueError`: it cannot be read, or says something else."""
    return int(file.read_text())


def utc_now() -> datetime:
    """The time, in UTC."""
    now = datetime.now(UTC)
    return now if _wrong is None else now + timedelta(seconds=seconds_ahead(_wrong))
