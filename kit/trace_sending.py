"""Sends spans over OTLP. Loaded by processes that trace, and by no other."""

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor


def start(service: str) -> None:
    """From now on, in the background; what waits is sent at the end of the process."""
    provider = TracerProvider(resource=Resource.create({"service.name": f"sangkien-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
