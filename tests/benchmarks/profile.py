"""Where a process's time goes: its stacks, sampled from outside by py-spy, sorted into the parts of a table."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.table import Table

SAMPLES_PER_SECOND: Final = 200
ELSEWHERE: Final = "the rest: event loop, Kafka's client, the interpreter"

ISSUING: Final[Mapping[str, tuple[str, ...]]] = {
    "writes to the store": ("SqliteDocuments._transaction",),
    "reads from the store": ("chassis/documents/",),
    "reads completions": ("Delivery._read", "Codec.decode"),
    "opens and seals personal data": ("chassis/vault.py", "_personal (issuer"),
    "decides": ("issuer/handlers/knowing.py",),
    "deflates": ("deflated (issuer",),
    "logs": ("IssueCredentials._log_all",),
    "tells": ("_announcing (issuer", "chassis/outbox.py"),
    "canonicalises and hashes": ("DataIntegrity.digest", "credentials/canonical/"),
    "composes": ("credentials/formats/",),
    "signs": ("issuer/domain/sealing.py",),
    "takes places, makes outcomes": ("issuer/",),
}
"""By part, what stands in a frame that belongs to it. A stack belongs to the first part that any of its frames does."""

_WAITING: Final = ("_worker (concurrent", "select (selectors", "wait (threading", "get (queue")
"""Frames of threads that do nothing."""


class Profile(Counter[str]):
    """Samples, by part."""


@contextmanager
def profiled(process: int, parts: Mapping[str, tuple[str, ...]]) -> Iterator[Profile]:
    """What the process does within this block; known when it ends.

    Raises `PermissionError` where the machine lets nobody look into another process (ptrace).
    """
    found = Profile()
    with TemporaryDirectory() as folder:
        kept = Path(folder, "stacks.txt")
        how = ("--function", "--rate", str(SAMPLES_PER_SECOND), "--format", "raw", "--output", str(kept))
        spy = subprocess.Popen(
            [Path(sys.executable).with_name("py-spy"), "record", *how, "--pid", str(process)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield found
        finally:
            spy.send_signal(signal.SIGINT)
            _, complaint = spy.communicate(timeout=60)
        if not kept.exists():
            raise PermissionError(f"py-spy could not look into the process: {complaint.strip()}")
        for line in kept.read_text().splitlines():
            stack, _, samples = line.rpartition(" ")
            if not any(name in stack.rpartition(";")[2] for name in _WAITING):
                found[_part_of(stack, parts)] += int(samples)


def _part_of(stack: str, parts: Mapping[str, tuple[str, ...]]) -> str:
    return next((part for part, known in parts.items() if any(name in stack for name in known)), ELSEWHERE)


def profile_table(profile: Profile, title: str) -> Table:
    """The parts, the largest first."""
    table = Table("part", "of its time", title=title)
    for part, samples in profile.most_common():
        table.add_row(part, f"{samples / profile.total():.0%}")
    return table
