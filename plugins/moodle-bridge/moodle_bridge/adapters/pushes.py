"""What was pushed to platforms, as a metric."""

from __future__ import annotations

from chassis.metrics import Metrics


class MeteredPushes:
    """A restart of the process begins again at nothing."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def __call__(self, platform: str, outcomes: int, *, taken: bool) -> None:
        """So many more, taken or not."""
        self._metrics.outcomes_pushed.add(outcomes, {"platform": platform, "taken": "yes" if taken else "no"})
