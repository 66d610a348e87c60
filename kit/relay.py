"""Carries the outbox to Temporal: at least once, in order for each workflow, by one relay a service at a
time.

Each workflow with messages waiting is a lane. So many lanes are under way at once, each going at its own
pace: a slow answer or a message that cannot be sent holds up its own lane and no other. What became of the
messages is written down together, once a turn.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby

import structlog
from opentelemetry.trace import SpanKind
from prometheus_client import Counter
from temporalio.client import Client

from kit.correlating import for_request
from kit.db import Connection, Database
from kit.delivery import Delivered, Fate, OutboxMessage, deliver
from kit.leading import Lease, lead
from kit.outbox import CHANNEL, HELD_BACK, Trouble
from kit.rows import read_all
from kit.tracing import span

log = structlog.get_logger()

MESSAGES = """
with heads as materialized (
  select o.workflow_id, o.next_try_at from outbox o
  where o.delivered_at is null and o.given_up_at is null
    and o.next_try_at > '-infinity' and o.next_try_at <= now() and o.workflow_id <> all($2::text[])
    and o.id = (
      select e.id from outbox e
      where e.workflow_id = o.workflow_id and e.delivered_at is null and e.given_up_at is null and e.id > 0
      order by e.id limit 1
    )
  order by o.next_try_at limit $1
)
select w.id, w.event_id, w.workflow_id, w.action, w.name, w.payload, w.search_attributes, w.signal,
  w.attempts, w.request_id, w.traceparent
from heads cross join lateral (
  select o.* from outbox o
  where o.workflow_id = heads.workflow_id and o.delivered_at is null and o.given_up_at is null and o.id > 0
  order by o.id limit $3
) w
"""
"""The first messages of so many lanes that are not under way, those that wait longest first. One row a lane
is looked up by its least id; with an anti-join in its place the look is quadratic as soon as statistics say
that next to nothing waits. What is always true (`id > 0`) names the index, see the migration."""


def _held_back_by(trouble: Trouble) -> str:
    actions = ", ".join(f"'{action}'" for action, troubles in HELD_BACK.items() if trouble in troubles)
    return f"when '{trouble}' then array[{actions}]"


SETTLE = f"""
update outbox o set attempts = o.attempts + 1, outcome = n.outcome,
  delivered_at = case when n.fate = 'DELIVERED' then now() end,
  trouble = case when n.fate not in ('DELIVERED', 'AWAY') then n.fate end,
  unknown_since = n.unknown_since,
  given_up_at = coalesce(o.given_up_at, case
    when n.fate = 'RUN_FAILED' then now()
    when n.fate = 'RUN_UNKNOWN' and n.unknown_since <= now() - $4::interval then now()
    when n.is_in_the_way then now()
  end),
  next_try_at = now() + make_interval(secs => least($5, 0.2 * 2 ^ least(o.attempts, 12)))
from (
  select w.id, n.fate, n.outcome, case when n.fate = 'RUN_UNKNOWN' then coalesce(
    w.unknown_since,
    (
      select min(e.unknown_since) from outbox e
      where e.workflow_id = w.workflow_id and e.given_up_at is not null and e.trouble = 'RUN_UNKNOWN'
    ),
    now()
  ) else w.unknown_since end as unknown_since, exists (
    select from outbox h
    where h.workflow_id = w.workflow_id and h.delivered_at is null and h.given_up_at is null and h.id > w.id
      and h.id > 0 and h.action = any(case n.fate
        {_held_back_by(Trouble.RUN_UNKNOWN)}
        {_held_back_by(Trouble.FAULT)} end)
  ) as is_in_the_way
  from unnest($1::bigint[], $2::text[], $3::text[]) n (id, fate, outcome) join outbox w using (id)
) n
where o.id = n.id and o.delivered_at is null
"""
"""A run that was given up once is given up at once for every further message. What comes into trouble while
an action that is not to wait for it stands behind it is given up as well, and what was given up or dismissed
while it was under way stays so."""

_LANES = 100
_MESSAGES_A_LANE = 20
_IDLE_SECONDS = 1.0
_BETWEEN_LOOKS_SECONDS = 0.01
_LOOKS_TAKE_AT_MOST = 0.25
"""The share of its time that a relay may spend looking: where each look takes long, it looks less often."""
_LONGEST_PAUSE_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long messages are tried where Temporal knows no run for them."""

    unknown: timedelta = timedelta(days=1)


@dataclass(slots=True)
class _Lanes:
    """What is under way."""

    client: Client
    stirred: asyncio.Event
    sent: Counter
    running: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    settled: list[Delivered] = field(default_factory=list)

    def begin(self, messages: Sequence[OutboxMessage]) -> None:
        """Send the messages of a lane one after the other."""
        self.running[messages[0].workflow_id] = asyncio.create_task(self._send(messages))

    async def _send(self, messages: Sequence[OutboxMessage]) -> None:
        for message in messages:
            named = f"message {message.name}"
            with for_request(message.request_id), span(named, SpanKind.PRODUCER, message.traceparent):
                result = await deliver(self.client, message)
            self.sent.labels("message", result.fate.value).inc()
            self.settled.append(result)
            if result.fate is not Fate.DELIVERED:
                break
        self.stirred.set()

    def over(self) -> list[str]:
        """Lanes that have sent what they had."""
        return [workflow_id for workflow_id, task in self.running.items() if task.done()]

    async def stop(self) -> None:
        """End what is under way: it is sent again by whoever leads next."""
        for task in self.running.values():
            task.cancel()
        await asyncio.gather(*self.running.values(), return_exceptions=True)


LISTEN_TO = "select $1 || '_' || current_schema()"


class Relay:
    """Runs until cancelled. It outlives outages of both sides: an undelivered row simply stays."""

    def __init__(
        self,
        database: Database,
        client: Client,
        patience: Patience | None = None,
    ) -> None:
        self._database = database
        self._client = client
        self._patience = patience or Patience()
        self._stirred = asyncio.Event()

    async def run(self) -> None:
        """Lead, deliver, wait to be woken; begin again after any outage of the database."""
        await lead(self._database, "relay", self.work)

    async def work(self, lease: Lease) -> None:
        """One turn after another: write down what became of messages, look for lanes, let them go. All over a
        connection of its own: it listens, and asks so often that it would be one of the pool's anyway."""
        async with self._database.apart() as conn, self._lanes() as lanes:
            await conn.add_listener(
                str(await conn.fetchval(LISTEN_TO, CHANNEL)), lambda *_: self._stirred.set()
            )
            while True:
                await lease.renew()
                self._stirred.clear()
                began = asyncio.get_running_loop().time()
                await self._settle(conn, lanes)
                await self._look(conn, lanes)
                await self._wait(began)

    @asynccontextmanager
    async def _lanes(self) -> AsyncIterator[_Lanes]:
        lanes = _Lanes(self._client, self._stirred, self._database.meters.sent)
        try:
            yield lanes
        finally:
            await lanes.stop()

    async def _settle(self, conn: Connection, lanes: _Lanes) -> None:
        """Only what is written down ends a lane: till then the next look would find its messages again."""
        over = lanes.over()
        settled, lanes.settled = lanes.settled, []
        if settled:
            rows = ((one.id, one.fate.value, one.outcome) for one in settled)
            ids, fates, outcomes = zip(*rows, strict=True)
            await conn.execute(SETTLE, ids, fates, outcomes, self._patience.unknown, _LONGEST_PAUSE_SECONDS)
        for workflow_id in over:
            del lanes.running[workflow_id]

    async def _look(self, conn: Connection, lanes: _Lanes) -> None:
        """Let further lanes go."""
        free = _LANES - len(lanes.running)
        if free == 0:
            return
        rows = await conn.fetch(MESSAGES, free, list(lanes.running), _MESSAGES_A_LANE)
        messages = sorted(read_all(OutboxMessage, rows), key=lambda one: (one.workflow_id, one.id))
        found = [list(lane) for _, lane in groupby(messages, key=lambda one: one.workflow_id)]
        for lane in sorted(found, key=lambda lane: lane[0].id):
            lanes.begin(lane)

    async def _wait(self, began: float) -> None:
        """Until something stirs, and so long that looking does not become the work."""
        looked = asyncio.get_running_loop().time() - began
        next_look = began + max(_BETWEEN_LOOKS_SECONDS, looked / _LOOKS_TAKE_AT_MOST)
        try:
            async with asyncio.timeout(_IDLE_SECONDS):
                await self._stirred.wait()
        except TimeoutError:
            return
        await asyncio.sleep(max(0.0, next_look - asyncio.get_running_loop().time()))
