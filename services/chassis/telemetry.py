"""Traces and metrics: always kept, sent only where one is told to. One trace runs from a request through Kafka on.

`/metrics` is for Prometheus; an OTLP collector gets both when `LAUREL_OTLP_ENDPOINT` names one.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON, ParentBased, Sampler, SamplingResult
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from chassis.logging import scrubbed
from chassis.metrics import Metrics
from chassis.settings import Settings
from chassis.watching import Watch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.context import Context
    from opentelemetry.trace import Tracer

_LAST_WORDS = 1.5
"""Seconds for the last traces, and again for the last metrics; the exporters would wait for half a minute."""


class _WithoutSecrets(SpanProcessor):
    """Takes out of a span what an address may hold: a claim link's token, a query."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        del parent_context
        attributes: Mapping[str, object] = span.attributes or {}
        for name in ("url.path", "url.full", "http.url", "http.target"):
            if isinstance(value := attributes.get(name), str):
                span.set_attribute(name, scrubbed(value))
        if "url.query" in attributes:
            span.set_attribute("url.query", "…")

    def on_end(self, span: ReadableSpan) -> None:
        """Nothing: what is set on the way is set by us."""


class _OnceWatched(Sampler):
    """No span is recorded before somebody looks at spans."""

    watched = False

    def should_sample(self, *asked: Any, **told: Any) -> SamplingResult:  # noqa: ANN401 passed on as it comes
        return (ALWAYS_ON if self.watched else ALWAYS_OFF).should_sample(*asked, **told)

    def get_description(self) -> str:
        return "once somebody looks"


class _Tracers(TracerProvider):
    """Records spans where they are looked at. A trace has its id anyhow, and what others record is gone on with."""

    def __init__(self, resource: Resource) -> None:
        self._once_watched = _OnceWatched()
        super().__init__(ParentBased(self._once_watched), resource=resource, shutdown_on_exit=False)
        super().add_span_processor(_WithoutSecrets())

    def add_span_processor(self, span_processor: SpanProcessor) -> None:
        super().add_span_processor(span_processor)
        self._once_watched.watched = True


def _for_collector(endpoint: str) -> tuple[SpanProcessor, MetricReader]:
    """What sends traces and metrics to a collector. Its libraries take a fifth of a start, and few houses have one."""
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter  # noqa: PLC0415 see above
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 see above

    return (
        BatchSpanProcessor(OTLPSpanExporter(f"{endpoint}/v1/traces")),
        PeriodicExportingMetricReader(OTLPMetricExporter(f"{endpoint}/v1/metrics")),
    )


@dataclass(frozen=True)
class Telemetry:
    """A process's tracer and meter. Handed to whoever needs them: nothing is global, so that a test has its own."""

    tracer_provider: TracerProvider
    meter_provider: MeterProvider
    registry: CollectorRegistry
    metrics: Metrics

    @classmethod
    def start(cls, settings: Settings, *extra: SpanProcessor) -> Telemetry:
        """Begin to record; `extra` span processors see every span after its secrets are gone."""
        resource = Resource.create(
            {
                "service.name": "laurel",
                "service.version": version("laurel"),
                "server.address": settings.base_url,
            }
        )
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        tracers = _Tracers(resource)
        readers: list[MetricReader] = [PrometheusMetricReader(scope_info_enabled=False, registry=registry)]
        if settings.otlp_endpoint is not None:
            sender, reader = _for_collector(settings.otlp_endpoint.rstrip("/"))
            tracers.add_span_processor(sender)
            readers.append(reader)
        for processor in extra:
            tracers.add_span_processor(processor)
        meters = MeterProvider(readers, resource=resource, shutdown_on_exit=False)
        return cls(tracers, meters, registry, Metrics(meters.get_meter("laurel")))

    @property
    def tracer(self) -> Tracer:
        """For spans of our own."""
        return self.tracer_provider.get_tracer("laurel")

    def watch(self) -> Watch:
        """What measures and traces the requests of an application."""
        return Watch(self.tracer, self.meter_provider.get_meter("laurel"))

    def router(self) -> APIRouter:
        """`/metrics`, in Prometheus' text format."""
        router = APIRouter(include_in_schema=False)

        @router.get("/metrics")
        def metrics() -> Response:
            return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)

        return router

    def stop(self) -> None:
        """Send what is still to be sent, to a collector that answers; one that does not holds up nobody."""
        for provider in (self.tracer_provider, self.meter_provider):
            last_words = threading.Thread(target=provider.shutdown, name="telemetry-stop", daemon=True)
            last_words.start()
            last_words.join(_LAST_WORDS)
