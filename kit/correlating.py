"""The id of a request, and its trace, go with what follows from it: into the outbox, in headers to the
workflow, and from there to each activity, where every line of the log bears the id. They decide nothing.

Headers are part of a run's history and of no comparison that a replay makes, so runs that know none go on."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

import structlog
from opentelemetry.trace import SpanKind
from temporalio import activity, client, worker, workflow
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadConverter

from kit.tracing import current_traceparent, span

_NAME: Final = "request_id"
REQUEST: Final = "sangkien-request-id"
TRACE: Final = "sangkien-traceparent"

Headers = Mapping[str, Payload]


def current_request_id() -> str | None:
    """Of the request that is being answered, or for which a message or an activity is under way."""
    found = structlog.contextvars.get_contextvars().get(_NAME)
    return found if isinstance(found, str) else None


def for_request(request_id: str | None) -> AbstractContextManager[object]:
    """What is done and said in here is for this request."""
    return structlog.contextvars.bound_contextvars(**{_NAME: request_id}) if request_id else nullcontext()


def _read(headers: Headers, name: str) -> str | None:
    payload = headers.get(name)
    return None if payload is None else str(PayloadConverter.default.from_payload(payload, str))


def _told(headers: Headers) -> Headers:
    said = {REQUEST: current_request_id(), TRACE: current_traceparent()}
    own = {name: PayloadConverter.default.to_payload(value) for name, value in said.items() if value}
    return {**headers, **own}


class CarriesRequest(client.Interceptor, worker.Interceptor):
    """Of a client, and so of its workers: words to runs bear the id and the trace of the request that caused
    them, and what a run asks of others bears those of the last word it heard."""

    def intercept_client(self, next: client.OutboundInterceptor) -> client.OutboundInterceptor:
        """Starts and signals."""
        return _Words(next)

    def intercept_activity(
        self, next: worker.ActivityInboundInterceptor
    ) -> worker.ActivityInboundInterceptor:
        """Activities."""
        return _Activity(next)

    def workflow_interceptor_class(
        self, input: worker.WorkflowInterceptorClassInput
    ) -> type[worker.WorkflowInboundInterceptor]:
        """Runs."""
        return _Run


class _Words(client.OutboundInterceptor):
    async def start_workflow(self, input: client.StartWorkflowInput) -> client.WorkflowHandle[Any, Any]:
        input.headers = _told(input.headers)
        return await super().start_workflow(input)

    async def signal_workflow(self, input: client.SignalWorkflowInput) -> None:
        input.headers = _told(input.headers)
        await super().signal_workflow(input)


class _Activity(worker.ActivityInboundInterceptor):
    async def execute_activity(self, input: worker.ExecuteActivityInput) -> Any:
        name, trace = activity.info().activity_type, _read(input.headers, TRACE)
        with for_request(_read(input.headers, REQUEST)), span(f"activity {name}", SpanKind.CONSUMER, trace):
            return await super().execute_activity(input)


class _Run(worker.WorkflowInboundInterceptor):
    def init(self, outbound: worker.WorkflowOutboundInterceptor) -> None:
        self._asks = _Asks(outbound)
        super().init(self._asks)

    async def execute_workflow(self, input: worker.ExecuteWorkflowInput) -> Any:
        self._hear("start", input.headers)
        return await super().execute_workflow(input)

    async def handle_signal(self, input: worker.HandleSignalInput) -> None:
        self._hear(input.signal, input.headers)
        await super().handle_signal(input)

    def _hear(self, word: str, headers: Headers) -> None:
        """A span that takes no time: a run waits for months. A word is heard anew whenever the run is
        replayed, and told once."""
        self._asks.hear(headers)
        if (trace := _read(headers, TRACE)) and not workflow.unsafe.is_replaying():
            named = f"run {workflow.info().workflow_type} {word}"
            with workflow.unsafe.sandbox_unrestricted(), span(named, SpanKind.CONSUMER, trace):
                pass


class _Asks(worker.WorkflowOutboundInterceptor):
    """Passed on as it came: nothing is read or made here that a replay would make differently."""

    def __init__(self, next: worker.WorkflowOutboundInterceptor) -> None:
        super().__init__(next)
        self._heard: Headers = {}

    def hear(self, headers: Headers) -> None:
        if heard := {name: headers[name] for name in (REQUEST, TRACE) if name in headers}:
            self._heard = heard

    def start_activity(self, input: worker.StartActivityInput) -> Any:
        input.headers = {**input.headers, **self._heard}
        return super().start_activity(input)

    async def start_child_workflow(self, input: worker.StartChildWorkflowInput) -> Any:
        input.headers = {**input.headers, **self._heard}
        return await super().start_child_workflow(input)

    async def signal_external_workflow(self, input: worker.SignalExternalWorkflowInput) -> None:
        input.headers = {**input.headers, **self._heard}
        await super().signal_external_workflow(input)

    def continue_as_new(self, input: worker.ContinueAsNewInput) -> Any:
        input.headers = {**input.headers, **self._heard}
        return super().continue_as_new(input)
