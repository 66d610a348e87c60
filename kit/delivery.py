"""One word of the outbox to Temporal, and what became of it."""

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

from kit.db import Row
from language.names import SEARCH_ATTRIBUTES, TaskQueue

log = structlog.get_logger()

_LONGEST_WORDS = 500
_ANSWER_WITHIN = timedelta(seconds=10)
_REFUSED_FOR_GOOD = frozenset(
    {RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.UNIMPLEMENTED, RPCStatusCode.OUT_OF_RANGE}
)
_CUT_OFF = frozenset({RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED})
_STUBBORN = 30
"""So often (a quarter of an hour) a server that answers may refuse a word, before the word is at fault."""
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
}


class Fate(StrEnum):
    """DELIVERED: there, or its run is over as it should be. AWAY: Temporal did not take it now. The others
    are a `Trouble`."""

    DELIVERED = "DELIVERED"
    AWAY = "AWAY"
    RUN_UNKNOWN = "RUN_UNKNOWN"
    RUN_FAILED = "RUN_FAILED"
    FAULT = "FAULT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A row of the outbox."""

    id: int
    event_id: UUID
    workflow_id: str
    action: str
    name: str
    payload: Any
    search_attributes: dict[str, str]
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What became of a word, in a few words of ours: never what an exception says, for it may quote the
    word."""

    id: int
    fate: Fate
    words: str


def word_of(row: Row) -> Word:
    """The word in a row."""
    return Word(
        id=row["id"],
        event_id=row["event_id"],
        workflow_id=row["workflow_id"],
        action=row["action"],
        name=row["name"],
        payload=row["payload"],
        search_attributes=row["search_attributes"],
        attempts=row["attempts"],
    )


async def deliver(client: Client, word: Word) -> Delivered:
    """Start or signal. Whatever goes wrong is an answer: a word that cannot be said must not keep others from
    being said."""
    try:
        fate, words = await (_signal(client, word) if word.action == "SIGNAL" else _start(client, word))
    except RPCError as error:
        fate = Fate.FAULT if _is_at_fault(error, word) else Fate.AWAY
        words = error.status.name
    except Exception as error:
        fate, words = Fate.FAULT, type(error).__name__
    if fate is not Fate.DELIVERED:
        log.warning(
            "relay.not_delivered",
            event_id=str(word.event_id),
            fate=fate,
            reason=words,
            attempts=word.attempts,
        )
    return Delivered(id=word.id, fate=fate, words=words[:_LONGEST_WORDS])


def _is_at_fault(error: RPCError, word: Word) -> bool:
    """The word can never be said so, or the server has refused it for long while it answers: what is too long
    for the wire is refused like what comes too fast."""
    if error.status in _REFUSED_FOR_GOOD or _TOO_LONG in error.message:
        return True
    return word.attempts >= _STUBBORN and error.status not in _CUT_OFF


async def _start(client: Client, word: Word) -> tuple[Fate, str]:
    values = word.search_attributes
    pairs = [SearchAttributePair(key, values[key.name]) for key in SEARCH_ATTRIBUTES if key.name in values]
    try:
        await client.start_workflow(
            word.name,
            word.payload,
            id=word.workflow_id,
            task_queue=TaskQueue.WORKFLOWS,
            id_reuse_policy=_REUSE[word.action],
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            search_attributes=TypedSearchAttributes(pairs),
            rpc_timeout=_ANSWER_WITHIN,
        )
    except WorkflowAlreadyStartedError:
        return await _ended(client, word)
    return Fate.DELIVERED, "started"


async def _signal(client: Client, word: Word) -> tuple[Fate, str]:
    try:
        handle = client.get_workflow_handle(word.workflow_id)
        await handle.signal(word.name, word.payload, rpc_timeout=_ANSWER_WITHIN)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return await _ended(client, word)
    return Fate.DELIVERED, "signalled"


async def _ended(client: Client, word: Word) -> tuple[Fate, str]:
    """There is no run that could take it: how did the last one end? That Temporal knows none is no outage,
    unless it does not even know the namespace (it is still starting)."""
    try:
        handle = client.get_workflow_handle(word.workflow_id)
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
