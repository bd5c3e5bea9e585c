"""Who lives in a folder: two houses of their own on the same data would each miss what the other does."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from chassis.knobs import usable
from schemas.faults import Conflict

FILE = "house.lock"


class Occupied(Conflict):
    """Another house lives in this folder."""


def occupy(var: Path, url: str, *, alone: bool) -> IO[str]:
    """Live here for as long as the file stays open; the end of the process, however it comes, leaves.

    A house with the embedded broker is `alone`: nobody else would hear what it says. Processes that share a Kafka may
    share the folder. Raises `Occupied`, or `Misconfigured` for a folder that cannot be used.
    """
    with usable("LAUREL_VAR", var):
        var.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (var / FILE).open("a+", encoding="utf-8")
    try:
        fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        who = lock.read().strip() or "by another process"
        lock.close()
        raise Occupied(
            f"a house lives in {var.resolve()} already, {who}: stop it, or give this one a folder and a port of its own"
            " (LAUREL_VAR, LAUREL_PORT)"
        ) from None
    lock.truncate(0)
    lock.write(f"at {url} (process {os.getpid()})\n")
    lock.flush()
    return lock
