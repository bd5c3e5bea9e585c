"""What is recorded of requests: how long, of which route, with what end; and never what an address or a query holds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx2
import pytest
from fastapi import FastAPI, HTTPException
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import HistogramDataPoint, InMemoryMetricReader, NumberDataPoint
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import NoOpTracer, Span, StatusCode, get_current_span
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.watching import Watch

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@dataclass
class Watched:
    """An application, watched, and what was recorded of it."""

    http: httpx2.AsyncClient
    spans: InMemorySpanExporter
    reader: InMemoryMetricReader

    def span(self) -> ReadableSpan:
        """The one span there is."""
        (span,) = self.spans.get_finished_spans()
        return span

    def points(self, name: str) -> list[HistogramDataPoint | NumberDataPoint]:
        """What a metric has to say now."""
        data = self.reader.get_metrics_data()
        metrics = [m for r in (data.resource_metrics if data else ()) for s in r.scope_metrics for m in s.metrics]
        return [point for metric in metrics if metric.name == name for point in metric.data.data_points]  # type: ignore[misc] # of these two kinds


@pytest.fixture
async def watched() -> AsyncIterator[Watched]:
    spans, reader = InMemorySpanExporter(), InMemoryMetricReader()
    tracers = TracerProvider()
    tracers.add_span_processor(SimpleSpanProcessor(spans))
    watch = Watch(tracers.get_tracer("test"), MeterProvider([reader]).get_meter("test"))
    app = FastAPI()

    @app.get("/claims/{token}")
    async def claim(token: str) -> str:
        assert token
        return f"{get_current_span().get_span_context().trace_id:032x}"

    @app.get("/active")
    async def active() -> list[int | float]:
        points = Watched(http, spans, reader).points("http.server.active_requests")
        return [point.value for point in points if isinstance(point, NumberDataPoint)]

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError

    @app.get("/unavailable")
    async def unavailable() -> None:
        raise HTTPException(503)

    @app.get("/healthz")
    async def healthz() -> None:
        return None

    async def seen(scope: Scope, receive: Receive, send: Send) -> None:
        await watch(app, scope, receive, send)

    transport = httpx2.ASGITransport(seen, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://house.example") as http:
        yield Watched(http, spans, reader)


async def test_a_request_is_measured_and_traced_by_its_route(watched: Watched) -> None:
    await watched.http.get("/claims/a-secret?email=ana@example.org")
    said = {
        "url.scheme": "http",
        "http.request.method": "GET",
        "network.protocol.version": "1.1",
        "http.route": "/claims/{token}",
        "http.response.status_code": 200,
    }
    (point,) = watched.points("http.server.request.duration")
    assert isinstance(point, HistogramDataPoint)
    assert (point.count, dict(point.attributes or {})) == (1, said)
    span = watched.span()
    assert span.name == "GET /claims/{token}"
    assert dict(span.attributes or {}) == said | {"url.path": "/claims/…", "url.query": "…"}


async def test_a_trace_that_others_began_is_gone_on_with(watched: Watched) -> None:
    answer = await watched.http.get("/claims/x", headers={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})
    assert answer.json() == TRACE
    assert f"{watched.span().context.trace_id:032x}" == TRACE


class _NoTracer(NoOpTracer):
    def start_span(self, *_: object, **__: object) -> Span:
        raise LookupError


def _through(watch: Watch) -> ASGIApp:
    async def seen(scope: Scope, receive: Receive, send: Send) -> None:
        await watch(FastAPI(), scope, receive, send)

    return seen


async def test_who_is_under_way_is_counted_until_the_answer(watched: Watched) -> None:
    assert (await watched.http.get("/active")).json() == [1]
    (after,) = watched.points("http.server.active_requests")
    assert isinstance(after, NumberDataPoint)
    assert after.value == 0


@pytest.mark.parametrize(("path", "status", "kind"), [("/broken", 500, "RuntimeError"), ("/unavailable", 503, "503")])
async def test_what_fails_on_our_side_is_an_error_of_its_kind(
    watched: Watched, path: str, status: int, kind: str
) -> None:
    assert (await watched.http.get(path)).status_code == status
    (point,) = watched.points("http.server.request.duration")
    told = dict(point.attributes or {})
    assert (told["http.response.status_code"], told["error.type"]) == (status, kind)
    assert watched.span().status.status_code is StatusCode.ERROR


async def test_methods_and_addresses_that_strangers_make_up_become_no_labels(watched: Watched) -> None:
    for number in range(3):
        await watched.http.request(f"MADE-UP-{number}", f"/nowhere/{number}")
    (point,) = watched.points("http.server.request.duration")
    told = dict(point.attributes or {})
    assert (told["http.request.method"], "http.route" in told) == ("_OTHER", False)


async def test_what_is_asked_every_few_seconds_is_left_out(watched: Watched) -> None:
    await watched.http.get("/healthz")
    assert not watched.spans.get_finished_spans()
    assert not watched.points("http.server.request.duration")


async def test_a_request_whose_trace_could_not_be_begun_is_not_under_way_for_ever() -> None:
    reader = InMemoryMetricReader()
    watch = Watch(_NoTracer(), MeterProvider([reader]).get_meter("test"))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(_through(watch)), base_url="http://a.example") as http:
        with pytest.raises(LookupError):
            await http.get("/")
    assert not any(
        point.value
        for point in Watched(http, InMemorySpanExporter(), reader).points("http.server.active_requests")
        if isinstance(point, NumberDataPoint)
    )
