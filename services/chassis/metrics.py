"""Every metric Laurel keeps of its own, each with a sentence. Requests are counted by `Watch`.

Labels are few-valued: a platform, an organisation, a reason, a decision; never an offering, never a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from opentelemetry.metrics import CallbackOptions, Histogram, Meter, Observation

# From a completion's acceptance to its credential: what a learner waits, in seconds.
_WAIT_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600)
_CHECK_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_MOST_WAITING = 500


class Gathered:
    """A histogram that takes its measurements many in a row, which costs a fifth of one by one.

    Whoever keeps it flushes it when metrics are read; it flushes itself when five hundred wait.
    """

    def __init__(self, histogram: Histogram) -> None:
        self._histogram = histogram
        self._waiting: list[tuple[float, Mapping[str, str | int]]] = []

    def record(self, amount: float, attributes: Mapping[str, str | int]) -> None:
        """Measure once."""
        self._waiting.append((amount, attributes))
        if len(self._waiting) >= _MOST_WAITING:
            self.flush()

    def flush(self) -> None:
        """Let nothing wait."""
        waiting, self._waiting = self._waiting, []
        for amount, attributes in waiting:
            self._histogram.record(amount, attributes)


class Metrics:
    """The instruments, made once for a process. On `/metrics` a counter's name ends in `_total`."""

    def __init__(self, meter: Meter) -> None:
        self.completions_accepted = meter.create_counter(
            "laurel_completions_accepted", description="Completions the monitor learnt of, by platform."
        )
        self.credentials_issued = meter.create_counter(
            "laurel_credentials_issued", description="Credentials issued, by platform and format."
        )
        self.issuances_refused = meter.create_counter(
            "laurel_issuances_refused", description="Completions that ended in a refusal, by platform and reason."
        )
        self.completions_parked = meter.create_counter(
            "laurel_completions_parked", description="Completions set aside for an operator, by reason."
        )
        self.statuses_changed = meter.create_counter(
            "laurel_statuses_changed", description="Credentials revoked, suspended or reinstated, by new state."
        )
        self.outcomes_pushed = meter.create_counter(
            "laurel_outcomes_pushed",
            description="Outcomes told to platforms at their own addresses, by platform and whether they were taken.",
        )
        self.event_to_credential = meter.create_histogram(
            "laurel_event_to_credential_seconds",
            description="From the acceptance of a completion to its sealed credential, in seconds, by platform.",
            explicit_bucket_boundaries_advisory=_WAIT_BUCKETS,
        )
        self.verification = Gathered(
            meter.create_histogram(
                "laurel_verification_seconds",
                description="What a verification took, in seconds, by decision.",
                explicit_bucket_boundaries_advisory=_CHECK_BUCKETS,
            )
        )
        self._verified: list[Callable[[], Mapping[str, int]]] = []
        meter.create_observable_counter(
            "laurel_verifications", callbacks=[self._verifications], description="Verifications, by decision."
        )
        self._canonicalised: dict[str, Callable[[], Mapping[str, int]]] = {}
        meter.create_observable_counter(
            "laurel_canonicalisations",
            callbacks=[self._canonicalisations],
            description="Canonical forms of JSON-LD documents, by service and by the way they were come by: filled or "
            "alike into a template, compiled for the first of a shape; any other is the slow way.",
        )

    def count_verifications(self, so_far: Callable[[], Mapping[str, int]]) -> None:
        """Show what the verifier counts of itself, by decision; it is asked whenever metrics are read."""
        self._verified.append(so_far)

    def _verifications(self, _: CallbackOptions) -> Iterable[Observation]:
        self.verification.flush()
        for so_far in self._verified:
            for decision, count in so_far().items():
                yield Observation(count, {"decision": decision})

    def count_canonicalisations(self, service: str, so_far: Callable[[], Mapping[str, int]]) -> None:
        """Show what this service counts of itself, by way; it is asked whenever metrics are read."""
        self._canonicalised[service] = so_far

    def _canonicalisations(self, _: CallbackOptions) -> Iterable[Observation]:
        for service, so_far in self._canonicalised.items():
            for way, count in so_far().items():
                yield Observation(count, {"service": service, "way": way})
