"""One trace from the request through outbox, relay and workflow to the activity; off by default."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind
from temporalio.client import Client

from kit import tracing
from kit.db import Database
from kit.outbox import WorkflowStart, start_workflow
from tests.conftest import Cluster
from tests.notice_cases import eventually
from tests.store.test_kit_correlating import HEARD
from tests.store.test_kit_correlating import carrying as carrying  # noqa: PLC0414 - the fixtures
from tests.store.test_kit_probes import process_running
from tests.store.test_kit_relay import client as client  # noqa: PLC0414
from tests.store.test_kit_relay import database as database  # noqa: PLC0414
from tests.store.test_kit_relay import relaying

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
TRACEPARENT = f"00-{TRACE}-{PARENT}-01"


@contextmanager
def _receiver(taken: list[ExportTraceServiceRequest]) -> Iterator[str]:
    """What takes traces over OTLP."""

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append(ExportTraceServiceRequest.FromString(said))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def test_a_process_sends_its_requests_and_goes_on_with_the_callers_trace(postgres: Cluster) -> None:
    taken: list[ExportTraceServiceRequest] = []
    dsn = postgres.url(await postgres.fresh(), "review")
    with _receiver(taken) as endpoint:
        said = {
            "DATABASE_URL": dsn,
            "OIDC_ISSUER": "http://issuer.test",
            "RUN_PARTS": "api",
            "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
            "OTEL_EXPORTER_OTLP_COMPRESSION": "none",
            "OTEL_BSP_SCHEDULE_DELAY": "200",
        }
        async with process_running("processes.service", "review", **said) as review:
            await eventually(review.ready, 90)
            await review.http.get("/v1/tasks?text=Nguyễn", headers={"traceparent": TRACEPARENT})

            async def told() -> bool:
                return bool(taken)

            await eventually(told, 60)
    (resource,) = taken[0].resource_spans
    named = {one.key: one.value.string_value for one in resource.resource.attributes}
    assert named["service.name"] == "sangkien-review"
    (span,) = resource.scope_spans[0].spans
    assert (span.name, span.trace_id.hex(), span.parent_span_id.hex()) == ("GET other", TRACE, PARENT)
    assert "Nguy" not in str(taken)
    assert {one.key for one in span.attributes} == {
        "http.request.method",
        "http.route",
        "http.response.status_code",
        "request_id",
    }


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """Tracing is on, and what is traced comes here."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setenv(tracing.ENDPOINT, "http://127.0.0.1:1")
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer("test"))
    return exporter


async def test_the_trace_of_a_request_reaches_the_activity(
    spans: InMemorySpanExporter, database: Database, carrying: Client
) -> None:
    name = uuid4().hex
    start = WorkflowStart(
        event_id=uuid4(), workflow_id=name, workflow="Listening", message=name, search_attributes={}
    )
    async with relaying(database, carrying):
        with tracing.span("POST /v1/dossiers", SpanKind.SERVER, TRACEPARENT):
            async with database.transaction() as tx:
                await start_workflow(tx, start)

        async def reached() -> bool:
            return name in HEARD and len(spans.get_finished_spans()) >= 4

        await eventually(reached, 60)
    found = sorted(spans.get_finished_spans(), key=lambda span: span.start_time or 0)[:4]
    request, message, run, activity = found
    assert [one.name for one in found] == [
        "POST /v1/dossiers",
        "message Listening",
        "run Listening start",
        "activity hear",
    ]
    assert {f"{one.context.trace_id:032x}" for one in found if one.context} == {TRACE}
    for child, parent in ((message, request), (run, message), (activity, message)):
        assert child.parent is not None
        assert parent.context is not None
        assert child.parent.span_id == parent.context.span_id


async def test_nothing_is_traced_or_written_down_by_default(database: Database) -> None:
    with tracing.span("x", SpanKind.SERVER, TRACEPARENT) as span:
        assert not span.is_recording()
        assert tracing.current_traceparent() is None


def test_what_goes_wrong_is_not_quoted(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError), tracing.span("x", SpanKind.SERVER, None):
        raise ValueError("Nguyễn Văn A")
    (span,) = spans.get_finished_spans()
    assert not span.events
    assert "Nguy" not in span.to_json()
