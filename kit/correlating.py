"""The id of a request goes with what follows from it: into the outbox, in a header to the workflow, and from
there to each activity, where every line of the log bears it. It decides nothing.

Headers are part of a run's history and of no comparison that a replay makes, so runs that know none go on."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

import structlog
from temporalio import client, worker
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadConverter

_NAME: Final = "request_id"
HEADER: Final = "sangkien-request-id"

Headers = Mapping[str, Payload]


def current_request_id() -> str | None:
    """Of the request that is being answered, or for which a message or an activity is under way."""
    found = structlog.contextvars.get_contextvars().get(_NAME)
    return found if isinstance(found, str) else None


def for_request(request_id: str | None) -> AbstractContextManager[object]:
    """What is done and said in here is for this request."""
    return structlog.contextvars.bound_contextvars(**{_NAME: request_id}) if request_id else nullcontext()


def request_id_in(headers: Headers) -> str | None:
    """The id that came along, if one did."""
    payload = headers.get(HEADER)
    return None if payload is None else str(PayloadConverter.default.from_payload(payload, str))


def _told(headers: Headers) -> Headers:
    request_id = current_request_id()
    return (
        headers
        if request_id is None
        else {**headers, HEADER: PayloadConverter.default.to_payload(request_id)}
    )


class CarriesRequestId(client.Interceptor, worker.Interceptor):
    """Of a client, and so of its workers: words to runs bear the id of the request that caused them, and what
    a run asks of others bears the id of the last word it heard."""

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
        with for_request(request_id_in(input.headers)):
            return await super().execute_activity(input)


class _Run(worker.WorkflowInboundInterceptor):
    def init(self, outbound: worker.WorkflowOutboundInterceptor) -> None:
        self._asks = _Asks(outbound)
        super().init(self._asks)

    async def execute_workflow(self, input: worker.ExecuteWorkflowInput) -> Any:
        self._asks.hear(input.headers)
        return await super().execute_workflow(input)

    async def handle_signal(self, input: worker.HandleSignalInput) -> None:
        self._asks.hear(input.headers)
        await super().handle_signal(input)


class _Asks(worker.WorkflowOutboundInterceptor):
    """Passed on as it came: nothing is read or made here that a replay would make differently."""

    def __init__(self, next: worker.WorkflowOutboundInterceptor) -> None:
        super().__init__(next)
        self._heard: Headers = {}

    def hear(self, headers: Headers) -> None:
        if HEADER in headers:
            self._heard = {HEADER: headers[HEADER]}

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
