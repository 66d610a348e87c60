"""Carries the outbox to Temporal: at least once, in order for each workflow, by one relay a service at a
time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from temporalio.client import Client
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from kit.db import Connection, Database, Row, Tx
from kit.leading import lead
from language.names import SEARCH_ATTRIBUTES, TaskQueue

log = structlog.get_logger()


_BATCH = 100
_IDLE_SECONDS = 1.0
_GATHER_SECONDS = 5.0
_FORGET_SECONDS = 3_600.0


CHANNEL = "select 'outbox_' || current_schema()"
HEADS = """
select id, event_id, workflow_id, action, name, payload, search_attributes, attempts from outbox o
where delivered_at is null and next_try_at <= now()
  and not exists (
    select 1 from outbox earlier where earlier.workflow_id = o.workflow_id
    and earlier.delivered_at is null and earlier.id < o.id
  )
order by id limit $1
"""
DELIVERED = "update outbox set delivered_at = now(), outcome = $2, attempts = attempts + 1 where id = $1"
FAILED = """
update outbox
set attempts = attempts + 1, outcome = $2, next_try_at = now() + make_interval(secs => least(30,
  0.2 * 2 ^ least(attempts, 10)))
where id = $1
"""
FORGET_ANSWERS = "delete from idempotency_keys where created_at < now() - interval '7 days'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """Puts what waits to be carried together into the outbox, at most `batch` of it; says how much it was."""

    run: Callable[[Tx], Awaitable[int]]
    batch: int


class Relay:
    """Runs until cancelled. It outlives outages of both sides: an undelivered row simply stays."""

    def __init__(self, database: Database, client: Client, gathering: Gathering | None = None) -> None:
        self._database = database
        self._client = client
        self._rows_waiting = asyncio.Event()
        self._gathering = gathering
        self._gather_at = 0.0
        self._forget_at = 0.0

    async def run(self) -> None:
        """Lead, deliver, wait to be woken; begin again after any outage of the database."""
        await lead(self._database, "relay", self._work)

    async def _work(self, conn: Connection) -> None:
        await conn.add_listener(str(await conn.fetchval(CHANNEL)), self._waker())
        await self._deliver_until_lost(conn)

    def _waker(self) -> Callable[..., None]:
        def wake(*_: object) -> None:
            self._rows_waiting.set()

        return wake

    async def _deliver_until_lost(self, conn: Connection) -> None:
        while True:
            await self._forget_answers(conn)
            await self._gather_what_waits()
            self._rows_waiting.clear()
            rows = await conn.fetch(HEADS, _BATCH)
            await asyncio.gather(*(self._deliver(row) for row in rows))
            if not rows:
                try:
                    await asyncio.wait_for(self._rows_waiting.wait(), _IDLE_SECONDS)
                except TimeoutError:
                    continue

    async def _forget_answers(self, conn: Connection) -> None:
        """At most once an hour: a relay may lead for months."""
        now = asyncio.get_running_loop().time()
        if now >= self._forget_at:
            self._forget_at = now + _FORGET_SECONDS
            await conn.execute(FORGET_ANSWERS)

    async def _gather_what_waits(self) -> None:
        """The first after a pause goes at once; those that follow are gathered, so that a busy season does
        not cost a workflow for each."""
        now = asyncio.get_running_loop().time()
        gathering = self._gathering
        if gathering is None or now < self._gather_at:
            return
        async with self._database.transaction() as tx:
            gathered = await gathering.run(tx)
        if gathered < gathering.batch:
            self._gather_at = now + (_GATHER_SECONDS if gathered else _IDLE_SECONDS)

    async def _deliver(self, row: Row) -> None:
        try:
            outcome = await (self._start(row) if row["action"] == "START" else self._signal(row))
        except RPCError as error:
            log.warning(
                "relay.temporal_away",
                event_id=str(row["event_id"]),
                status=error.status.name,
                attempts=row["attempts"],
            )
            await self._database.pool.execute(
                FAILED, row["id"], f"{error.status.name}: {error.message}"[:500]
            )
            return
        await self._database.pool.execute(DELIVERED, row["id"], outcome)

    async def _start(self, row: Row) -> str:
        values = row["search_attributes"]
        attributes = TypedSearchAttributes(
            [SearchAttributePair(key, values[key.name]) for key in SEARCH_ATTRIBUTES if key.name in values]
        )
        try:
            await self._client.start_workflow(
                row["name"],
                row["payload"],
                id=row["workflow_id"],
                task_queue=TaskQueue.WORKFLOWS,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                search_attributes=attributes,
            )
        except WorkflowAlreadyStartedError:
            return "already started and ended"
        return "started"

    async def _signal(self, row: Row) -> str:
        handle = self._client.get_workflow_handle(row["workflow_id"])
        try:
            await handle.signal(row["name"], row["payload"])
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            # Ended is an answer; unknown is an outage (a Temporal restored from an older state): describe
            # tells them apart by raising.
            await handle.describe()
            return "workflow had ended"
        return "signalled"
