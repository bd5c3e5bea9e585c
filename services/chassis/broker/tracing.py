"""One trace from the request through Kafka to what came of it: W3C Trace Context, as text beside each event.

Not FastStream's `KafkaTelemetryMiddleware`: it puts message keys into spans, begins a new trace for every batch, and
cannot know that the third event of a batch led to the second event published. A span here names topics, groups and
counts; never a key.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, SpanContext, SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from schemas.events import Event

_propagator = TraceContextTextMapPropagator()
_origins: ContextVar[Mapping[str, Context]] = ContextVar("origins", default={})  # noqa: B039 never written to
"""While a batch is handled: the trace each of its events belongs to, by what the event is about."""


def trace_headers(event: Event) -> dict[str, str]:
    """What to send beside an event, so that its trace goes on where it is read.

    In a batch that is the trace of the event this one came of: they are about the same thing, or this one names the
    completion it came of.
    """
    about = str(getattr(event.data, "completion", event.subject))
    headers: dict[str, str] = {}
    _propagator.inject(headers, _origins.get().get(about))
    return headers


def trace_of(headers: Mapping[str, str]) -> Context | None:
    """The trace these headers continue; None when they name none."""
    context = _propagator.extract(headers, Context())
    return context if _span_context(context).is_valid else None


@contextlib.contextmanager
def handling(tracer: Tracer, topic: str, group: str, batch: Sequence[tuple[Event, Context | None]]) -> Iterator[None]:
    """A span for the batch, linked to every trace in it; and one in each trace, so that it shows what happened next.

    Where nobody looks at spans, each trace goes on from where it came.
    """
    attributes = {
        "messaging.system": "kafka",
        "messaging.operation.name": "process",
        "messaging.destination.name": topic,
        "messaging.consumer.group.name": group,
    }
    parents = {_span_context(parent).trace_id: parent for _, parent in batch if parent is not None}
    alone = next(iter(parents.values())) if len(parents) == 1 else None
    links = [] if alone else [Link(_span_context(parent)) for _, parent in batch if parent is not None]
    with tracer.start_as_current_span(
        f"process {topic}",
        context=alone or Context(),
        kind=SpanKind.CONSUMER,
        attributes={**attributes, "messaging.batch.message_count": len(batch)},
        links=links,
        record_exception=False,  # its message may hold what no span may
        set_status_on_exception=False,
    ) as span:
        begun = _one_each(tracer, topic, attributes, span, batch) if span.is_recording() and not alone else []
        came = {event.subject: parent for event, parent in batch if parent is not None and not alone}
        token = _origins.set(came | {about: trace.set_span_in_context(own, Context()) for about, own in begun})
        try:
            yield
        except Exception as error:
            for each in (span, *(own for _, own in begun)):
                each.set_status(StatusCode.ERROR, type(error).__name__)
            raise
        finally:
            _origins.reset(token)
            for _, own in begun:
                own.end()


def _one_each(
    tracer: Tracer,
    topic: str,
    attributes: Mapping[str, str],
    batch_span: Span,
    batch: Sequence[tuple[Event, Context | None]],
) -> list[tuple[str, Span]]:
    link = [Link(batch_span.get_span_context())]
    return [
        (
            event.subject,
            tracer.start_span(
                f"process {topic}", context=parent, kind=SpanKind.CONSUMER, attributes=attributes, links=link
            ),
        )
        for event, parent in batch
        if parent is not None
    ]


def _span_context(context: Context) -> SpanContext:
    return trace.get_current_span(context).get_span_context()
