"""Facts on their way to workflows, written in the transaction that accepted them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read_all

CHANNEL = "outbox"
"""Who listens is told of messages that were committed."""


class Trouble(StrEnum):
    """Why a message does not arrive though Temporal answers: it knows no such run (forgotten after its
    retention, or restored from before), the run ended otherwise than it should, or the message itself cannot
    be sent."""

    RUN_UNKNOWN = "RUN_UNKNOWN"
    RUN_FAILED = "RUN_FAILED"
    FAULT = "FAULT"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowStart:
    """Start this workflow once, however often it is delivered; `message` is its input dataclass."""

    event_id: UUID
    workflow_id: str
    workflow: str
    message: Any
    search_attributes: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undeliverable:
    """A message that somebody must look at. Without `given_up_at` it is still tried."""

    id: int
    event_id: UUID
    workflow_id: str
    action: str
    name: str
    trouble: Trouble
    outcome: str
    attempts: int
    created_at: datetime
    given_up_at: datetime | None


INSERT = Insert("outbox", "event_id, workflow_id, action, name, payload, search_attributes")


async def start_workflow(tx: Tx, start: WorkflowStart) -> None:
    """Put a start into the outbox."""
    row = INSERT.row(start, action="START", name=start.workflow, payload=start.message)
    await tx.conn.execute(INSERT.statement, *row)
    tx.wakes.add(CHANNEL)


async def signal_workflow(tx: Tx, event_id: UUID, workflow_id: str, signal: str, message: Any) -> None:
    """Tell this workflow of a fact; it drops repeats by the message's event id."""
    row = INSERT.row(
        event_id=event_id,
        workflow_id=workflow_id,
        action="SIGNAL",
        name=signal,
        payload=message,
        search_attributes={},
    )
    await tx.conn.execute(INSERT.statement, *row)
    tx.wakes.add(CHANNEL)


UNDELIVERABLE = """
select id, event_id, workflow_id, action, name, trouble, outcome, attempts, created_at, given_up_at
from outbox where trouble is not null and delivered_at is null order by id limit $1
"""


async def undeliverable(tx: Tx, limit: int = 100) -> list[Undeliverable]:
    """Messages that do not arrive, oldest first: given up, or in trouble and still tried."""
    return read_all(Undeliverable, await tx.conn.fetch(UNDELIVERABLE, limit))
