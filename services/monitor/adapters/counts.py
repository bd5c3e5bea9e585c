"""What was seen, as metrics."""

from __future__ import annotations

from chassis.metrics import Metrics
from monitor.domain.flow import Sighting, Stage


class MeteredCounts:
    """Counts each fact once, when it is first seen; a restart of the process begins again at nothing."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def count(self, sighting: Sighting) -> None:
        """Count it, and the time it took where it says so."""
        metrics, platform, note = self._metrics, sighting.platform or "unknown", sighting.note or "unknown"
        match sighting.stage:
            case Stage.RECEIVED:
                metrics.completions_accepted.add(1, {"platform": platform})
            case Stage.ISSUED:
                metrics.credentials_issued.add(1, {"platform": platform, "format": note})
                if sighting.seconds is not None:
                    metrics.event_to_credential.record(sighting.seconds, {"platform": platform})
            case Stage.REFUSED:
                metrics.issuances_refused.add(1, {"platform": platform, "reason": note})
            case Stage.PARKED:
                metrics.completions_parked.add(1, {"reason": note})
            case Stage.STATUS_CHANGED:
                metrics.statuses_changed.add(1, {"state": note})
            case _:
                pass  # verifications are counted where they happen
