"""Traces by OpenTelemetry: off, until `OTEL_EXPORTER_OTLP_ENDPOINT` says where they go. Spans say what was
asked and how long it took, in templates of routes and names of ours: no query, no body, nobody's name."""

import importlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from opentelemetry import propagate, trace
from opentelemetry.trace import INVALID_SPAN, Span, SpanKind

ENDPOINT: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
TRACEPARENT: Final = "traceparent"
_tracer = trace.get_tracer("sangkien")


def is_on() -> bool:
    """Somebody takes traces."""
    return bool(os.environ.get(ENDPOINT))


def set_up_tracing(service: str) -> None:
    """Send what this process traces, in the background; the standard variables say where and how much. What
    sends is loaded only where it is needed."""
    if is_on():
        importlib.import_module("kit.trace_sending").start(service)


def current_traceparent() -> str | None:
    """The trace that goes on here, as it is written down (W3C Trace Context); None while tracing is off."""
    if not is_on():
        return None
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get(TRACEPARENT)


@contextmanager
def span(
    name: str, kind: SpanKind, traceparent: str | None, attributes: Mapping[str, str] | None = None
) -> Iterator[Span]:
    """A step of the trace that was written down so, or of a new one. What goes wrong in it is not quoted: the
    message of an exception may hold anything."""
    if not is_on():
        yield INVALID_SPAN
        return
    parent = propagate.extract({TRACEPARENT: traceparent} if traceparent else {})
    with _tracer.start_as_current_span(
        name, parent, kind, attributes, record_exception=False, set_status_on_exception=False
    ) as current:
        yield current
