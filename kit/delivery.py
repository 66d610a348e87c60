"""One message of the outbox to Temporal, and what became of it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import structlog
from temporalio.api.errordetails.v1 import NamespaceNotFoundFailure
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from language.names import SEARCH_ATTRIBUTES, TaskQueue

log = structlog.get_logger()

_LONGEST_OUTCOME = 500
_ANSWER_WITHIN = timedelta(seconds=10)
_REFUSED_FOR_GOOD = frozenset(
    {RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.UNIMPLEMENTED, RPCStatusCode.OUT_OF_RANGE}
)
_CUT_OFF = frozenset({RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED})
_STUBBORN = 30
"""So often (a quarter of an hour) a server that answers may refuse a message, before that is at fault."""
_TOO_LONG = "larger than max"
_ENDED_WELL = frozenset(
    {
        WorkflowExecutionStatus.COMPLETED,
        WorkflowExecutionStatus.CANCELED,
        WorkflowExecutionStatus.CONTINUED_AS_NEW,
    }
)


_REUSE = {
    "START": WorkflowIDReusePolicy.REJECT_DUPLICATE,
    "RESTART": WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
    "RESUME": WorkflowIDReusePolicy.ALLOW_DUPLICATE,
    "REPLACE": WorkflowIDReusePolicy.ALLOW_DUPLICATE,
}


_CONFLICT = {"REPLACE": WorkflowIDConflictPolicy.TERMINATE_EXISTING}


class Fate(StrEnum):
    """DELIVERED: there, or its run is over as it should be. AWAY: Temporal did not take it now. The others
    are a `Trouble`."""

    DELIVERED = "DELIVERED"
    AWAY = "AWAY"
    RUN_UNKNOWN = "RUN_UNKNOWN"
    RUN_FAILED = "RUN_FAILED"
    FAULT = "FAULT"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxMessage:
    """A row of the outbox. Its payload is looked at when it is sent: one that cannot be read is the
    trouble of this message alone."""

    id: int
    event_id: UUID
    workflow_id: str
    action: str
    name: str
    payload: Any
    search_attributes: Any
    signal: str | None
    attempts: int
    request_id: str | None
    traceparent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What became of a message, in a few words of ours: never what an exception says, for it may quote
    the message."""

    id: int
    fate: Fate
    outcome: str


async def deliver(client: Client, message: OutboxMessage) -> Delivered:
    """Start, signal or end. Whatever goes wrong is an answer: a message that cannot be sent must not hold up
    others."""
    try:
        send = {"SIGNAL": _signal, "END": _end}.get(message.action, _start)
        fate, outcome = await send(client, message)
    except RPCError as error:
        fate = Fate.FAULT if _is_at_fault(error, message) else Fate.AWAY
        outcome = error.status.name
    except Exception as error:
        fate, outcome = Fate.FAULT, type(error).__name__
    if fate is not Fate.DELIVERED:
        log.warning(
            "relay.not_delivered",
            event_id=str(message.event_id),
            fate=fate,
            reason=outcome,
            attempts=message.attempts,
        )
    return Delivered(id=message.id, fate=fate, outcome=outcome[:_LONGEST_OUTCOME])


def _is_at_fault(error: RPCError, message: OutboxMessage) -> bool:
    """The message can never be sent so, or the server has refused it for long while it answers: what is too
    long for the wire is refused like what comes too fast."""
    if error.status in _REFUSED_FOR_GOOD or _TOO_LONG in error.message:
        return True
    return message.attempts >= _STUBBORN and error.status not in _CUT_OFF


async def _start(client: Client, message: OutboxMessage) -> tuple[Fate, str]:
    values = message.search_attributes
    pairs = [SearchAttributePair(key, values[key.name]) for key in SEARCH_ATTRIBUTES if key.name in values]
    try:
        await client.start_workflow(
            message.name,
            message.payload,
            id=message.workflow_id,
            task_queue=TaskQueue.WORKFLOWS,
            id_reuse_policy=_REUSE[message.action],
            id_conflict_policy=_CONFLICT.get(message.action, WorkflowIDConflictPolicy.USE_EXISTING),
            search_attributes=TypedSearchAttributes(pairs),
            start_signal=message.signal,
            start_signal_args=[message.payload] if message.signal else [],
            rpc_timeout=_ANSWER_WITHIN,
        )
    except WorkflowAlreadyStartedError:
        return await _ended(client, message)
    return Fate.DELIVERED, "started"


async def _signal(client: Client, message: OutboxMessage) -> tuple[Fate, str]:
    try:
        handle = client.get_workflow_handle(message.workflow_id)
        await handle.signal(message.name, message.payload, rpc_timeout=_ANSWER_WITHIN)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return await _ended(client, message)
    return Fate.DELIVERED, "signalled"


async def _end(client: Client, message: OutboxMessage) -> tuple[Fate, str]:
    try:
        handle = client.get_workflow_handle(message.workflow_id)
        await handle.terminate(reason="ended by its owner", rpc_timeout=_ANSWER_WITHIN)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND or _knows_no_namespace(error):
            raise
    return Fate.DELIVERED, "ended"


async def _ended(client: Client, message: OutboxMessage) -> tuple[Fate, str]:
    """There is no run that could take it: how did the last one end? That Temporal knows none is no outage,
    unless it does not even know the namespace (it is still starting)."""
    try:
        handle = client.get_workflow_handle(message.workflow_id)
        status = (await handle.describe(rpc_timeout=_ANSWER_WITHIN)).status
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND or _knows_no_namespace(error):
            raise
        return Fate.RUN_UNKNOWN, "Temporal knows no such run"
    if status is WorkflowExecutionStatus.RUNNING:
        return Fate.AWAY, "the run began meanwhile"
    name = status.name if status else "UNKNOWN"
    return (Fate.DELIVERED if status in _ENDED_WELL else Fate.RUN_FAILED), f"the run had ended: {name}"


def _knows_no_namespace(error: RPCError) -> bool:
    return any(detail.Is(NamespaceNotFoundFailure.DESCRIPTOR) for detail in error.grpc_status.details)
