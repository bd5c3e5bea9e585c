"""Where a process can be told to die, for the tests that prove nothing is lost.

`LAUREL_FAILPOINT=issuer.after-write:3` kills this process (SIGKILL: no cleaning up) when it passes that point for the
third time. Without the variable a passage costs one comparison; production refuses to start with it
(`chassis.settings`).
"""

from __future__ import annotations

import os
import re
import signal
from dataclasses import dataclass

VARIABLE = "LAUREL_FAILPOINT"
PATTERN = r"^([a-z.-]+)(?::(\d+))?$"


@dataclass(slots=True)
class _Failpoint:
    name: str
    passages_left: int


def _parse(text: str | None) -> _Failpoint | None:
    found = re.match(PATTERN, text or "")
    return _Failpoint(found[1], int(found[2] or 1)) if found else None


_armed = _parse(os.environ.get(VARIABLE))


def failpoint(name: str, passages: int = 1) -> None:
    """This point was passed, as often as `passages` says: a batch of events is that many at once."""
    if _armed is None or _armed.name != name:
        return
    _armed.passages_left -= passages
    if _armed.passages_left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
