"""Facts on their way to workflows, written in the transaction that accepted them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from kit.correlating import current_request_id
from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read_all
from kit.tracing import current_traceparent

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


INSERT = Insert(
    "outbox",
    "event_id, workflow_id, action, name, payload, search_attributes, signal, request_id, traceparent",
)


async def start_workflow(tx: Tx, start: WorkflowStart) -> None:
    """Put a start into the outbox."""
    await _start(tx, "START", start)


async def restart_workflow(tx: Tx, start: WorkflowStart) -> None:
    """Start this workflow anew where its last run failed, was terminated or timed out, or Temporal knows
    none. Where one runs, or has ended well, nothing happens."""
    await _start(tx, "RESTART", start)


async def replace_workflow(tx: Tx, start: WorkflowStart) -> None:
    """Start this workflow anew, whatever became of its last run; one that goes on is terminated. It may come
    twice: what the run does again, the owners find done."""
    await _start(tx, "REPLACE", start)


async def end_workflow(tx: Tx, event_id: UUID, workflow_id: str) -> None:
    """Terminate the run of this workflow; nothing happens where none goes on."""
    await _hold_back(tx, "END", workflow_id)
    await tx.conn.execute(INSERT.statement, *_row(event_id, workflow_id, action="END"))
    tx.wakes.add(CHANNEL)


async def resume_workflow(tx: Tx, start: WorkflowStart, signal: str) -> None:
    """Start this workflow anew, also where its last run ended well; where one goes on it gets the message by
    this signal instead. It may come twice: what the run does again, the owners find done."""
    await _start(tx, "RESUME", start, signal)


HOLD_BACK = """
update outbox set given_up_at = now()
where workflow_id = $1 and trouble = any($2) and delivered_at is null and given_up_at is null
"""
HELD_BACK = {
    "RESTART": (Trouble.RUN_UNKNOWN, Trouble.FAULT),
    "REPLACE": (Trouble.RUN_UNKNOWN, Trouble.FAULT),
    "END": (Trouble.RUN_UNKNOWN, Trouble.FAULT),
    "RESUME": (Trouble.RUN_UNKNOWN,),
}
"""Which messages in trouble may not keep such an action waiting behind them in the lane: those that wait for
a run, which would never become; and where the run itself is to be healed, those that wait for a person. What
was given up for want of a run goes out again once it goes on; what is at fault stays for the person."""


async def _start(tx: Tx, action: str, start: WorkflowStart, signal: str | None = None) -> None:
    await _hold_back(tx, action, start.workflow_id)
    row = INSERT.row(
        start,
        action=action,
        name=start.workflow,
        payload=start.message,
        signal=signal,
        request_id=current_request_id(),
        traceparent=current_traceparent(),
    )
    await tx.conn.execute(INSERT.statement, *row)
    tx.wakes.add(CHANNEL)


async def _hold_back(tx: Tx, action: str, workflow_id: str) -> None:
    if troubles := HELD_BACK.get(action):
        await tx.conn.execute(HOLD_BACK, workflow_id, troubles)


async def signal_workflow(tx: Tx, event_id: UUID, workflow_id: str, signal: str, message: Any) -> None:
    """Tell this workflow of a fact; it drops repeats by the message's event id."""
    row = _row(event_id, workflow_id, action="SIGNAL", name=signal, payload=message)
    await tx.conn.execute(INSERT.statement, *row)
    tx.wakes.add(CHANNEL)


def _row(
    event_id: UUID, workflow_id: str, *, action: str, name: str = "", payload: Any = None
) -> tuple[object, ...]:
    return INSERT.row(
        event_id=event_id,
        workflow_id=workflow_id,
        action=action,
        name=name,
        payload={} if payload is None else payload,
        search_attributes={},
        signal=None,
        request_id=current_request_id(),
        traceparent=current_traceparent(),
    )


UNDELIVERABLE = """
select id, event_id, workflow_id, action, name, trouble, outcome, attempts, created_at, given_up_at
from outbox where trouble is not null and delivered_at is null and dismissed_at is null order by id limit $1
"""


async def undeliverable(tx: Tx, limit: int = 100) -> list[Undeliverable]:
    """Messages that do not arrive, oldest first: given up, or in trouble and still tried."""
    return read_all(Undeliverable, await tx.conn.fetch(UNDELIVERABLE, limit))


@dataclass(frozen=True, slots=True, kw_only=True)
class StuckLane:
    """A run to which messages do not arrive, and what keeps the first of them."""

    workflow_id: str
    trouble: Trouble
    name: str
    is_given_up: bool


STUCK = """
select distinct on (workflow_id) workflow_id, trouble, name, given_up_at is not null as is_given_up
from outbox where trouble is not null and delivered_at is null and dismissed_at is null
  and (trouble <> 'RUN_UNKNOWN' or given_up_at is not null or unknown_since < now() - $2::interval)
order by workflow_id, id limit $1
"""
_STARTING_TAKES_AT_MOST = timedelta(minutes=10)
"""For so long an unknown run may be one whose server has lost it, or that begins in a moment."""


async def stuck_lanes(tx: Tx, limit: int) -> list[StuckLane]:
    """The runs to which messages do not arrive, one for each."""
    return read_all(StuckLane, await tx.conn.fetch(STUCK, limit, _STARTING_TAKES_AT_MOST))


RETRY = """
with again as (
  update outbox set given_up_at = null, trouble = null, unknown_since = null, next_try_at = now()
  where workflow_id = $1 and trouble is not null and delivered_at is null and dismissed_at is null
  returning 1
)
select count(*) from again
"""


async def retry_messages(tx: Tx, workflow_id: str) -> int:
    """Try what does not arrive at this run again, from now on; how many messages it is."""
    tx.wakes.add(CHANNEL)
    return int(await tx.conn.fetchval(RETRY, workflow_id))


DISMISS = """
with dismissed as (
  update outbox set dismissed_at = now(), given_up_at = coalesce(given_up_at, now())
  where workflow_id = $1 and trouble is not null and delivered_at is null and dismissed_at is null
  returning 1
)
select count(*) from dismissed
"""


async def dismiss_messages(tx: Tx, workflow_id: str) -> int:
    """What does not arrive at this run need not any more; how many messages it is."""
    tx.wakes.add(CHANNEL)
    return int(await tx.conn.fetchval(DISMISS, workflow_id))


RESTART_WAITS = """
select exists (
  select 1 from outbox where workflow_id = $1 and action in ('RESTART', 'REPLACE') and delivered_at is null
    and given_up_at is null and trouble is distinct from 'FAULT')
"""


ON_THEIR_WAY = """
select distinct workflow_id from outbox
where workflow_id = any($1) and delivered_at is null and given_up_at is null and id > 0
"""


async def on_their_way(tx: Tx, workflow_ids: Sequence[str]) -> set[str]:
    """Those of these runs to which messages wait to be delivered."""
    return {row["workflow_id"] for row in await tx.conn.fetch(ON_THEIR_WAY, list(workflow_ids))}


ENDS_WAIT = f"{ON_THEIR_WAY} and action = 'END'"


async def ends_wait(tx: Tx, workflow_ids: Sequence[str]) -> set[str]:
    """Those of these runs that are about to be terminated."""
    return {row["workflow_id"] for row in await tx.conn.fetch(ENDS_WAIT, list(workflow_ids))}


async def restart_waits(tx: Tx, workflow_id: str) -> bool:
    """The run is about to be started anew; what cannot be sent will not do it."""
    return bool(await tx.conn.fetchval(RESTART_WAITS, workflow_id))
