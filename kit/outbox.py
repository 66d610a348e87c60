"""Facts on their way to workflows, written in the transaction that accepted them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kit.db import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowStart:
    """Start this workflow once, however often it is delivered; `message` is its input dataclass."""

    event_id: UUID
    workflow_id: str
    workflow: str
    message: Any
    search_attributes: dict[str, str]


INSERT = """
insert into outbox (event_id, workflow_id, action, name, payload, search_attributes) values ($1, $2, $3, $4,
  $5, $6)
"""
WAKE_RELAY = "select pg_notify('outbox_' || current_schema(), '')"


async def start_workflow(tx: Tx, start: WorkflowStart) -> None:
    """Put a start into the outbox."""
    await tx.conn.execute(
        INSERT,
        start.event_id,
        start.workflow_id,
        "START",
        start.workflow,
        start.message,
        start.search_attributes,
    )
    await tx.conn.execute(WAKE_RELAY)


async def signal_workflow(tx: Tx, event_id: UUID, workflow_id: str, signal: str, message: Any) -> None:
    """Tell this workflow of a fact; it drops repeats by the message's event id."""
    await tx.conn.execute(INSERT, event_id, workflow_id, "SIGNAL", signal, message, {})
    await tx.conn.execute(WAKE_RELAY)


FIND_START = "select exists (select 1 from outbox where workflow_id = $1 and action = 'START')"


async def find_start(tx: Tx, workflow_id: str) -> bool:
    """The start of this workflow was put into the outbox before, delivered or not."""
    return bool(await tx.conn.fetchval(FIND_START, workflow_id))
