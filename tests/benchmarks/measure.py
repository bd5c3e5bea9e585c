"""Measuring: seconds and CPU seconds of the same work, repeated, best of several rounds."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 5


@dataclass(frozen=True)
class Cost:
    """What one piece of work costs."""

    seconds: float
    cpu_seconds: float

    @property
    def per_second(self) -> float:
        """How often it can be done in a second."""
        return 1 / self.seconds


def cost(work: Callable[[], object], *, times: int) -> Cost:
    """The cost of one call: the best of five rounds, since noise only ever adds."""
    best = Cost(float("inf"), float("inf"))
    for _ in range(ROUNDS):
        began, cpu = time.perf_counter(), time.process_time()
        for _ in range(times):
            work()
        this = Cost((time.perf_counter() - began) / times, (time.process_time() - cpu) / times)
        best = min(best, this, key=lambda each: each.seconds)
    return best
