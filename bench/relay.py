"""`sangkien bench relay`: messages carried from an outbox to Temporal by one relay, against bare client
calls."""

import asyncio
import time
from collections.abc import Sequence
from uuid import UUID, uuid4

import asyncpg
from rich.console import Console
from temporalio.client import Client
from temporalio.service import GrpcCompression

from bench.instance import bench_bed
from bench.measuring import Round, report, run_round
from kit.wire import data_converter

_AT_ONCE = 100
_RUNS = 200
_WANTED = 0.7
_NOBODY = "nobody works here"
_LOOK_EVERY = 0.05
_INSERT = """
insert into intake.outbox (event_id, workflow_id, action, name, payload)
select event_id, ($2::text[])[1 + (n - 1) % cardinality($2::text[])], 'SIGNAL', 'message', '1'
  from unnest($1::uuid[]) with ordinality e (event_id, n)
"""
_WAKE = "select pg_notify('outbox_intake', '')"
_LEFT = "select count(*) from intake.outbox where event_id = any($1) and delivered_at is null"
_DELAYS = """
select extract(epoch from delivered_at - created_at)::float8 as delay from intake.outbox
  where event_id = any($1)
"""


def run(messages: int, rounds: int, backlog: int) -> None:
    """Interleaved rounds of floor and ours, then how long a message waits that comes behind many."""
    asyncio.run(_run(messages, rounds, backlog))


async def _run(messages: int, rounds: int, backlog: int) -> None:
    async with bench_bed() as bed:
        client = await Client.connect(
            bed.instance.temporal_address,
            data_converter=data_converter(),
            grpc_compression=GrpcCompression.NONE,
        )
        database = await asyncpg.connect(bed.instance.admin_database_url)
        runs = [f"bench:{uuid4()}" for _ in range(_RUNS)]
        for name in runs:
            await client.start_workflow("Parked", id=name, task_queue=_NOBODY)
        floor: list[Round] = []
        ours: list[Round] = []
        for _ in range(rounds):
            floor.append(await _floor(client, runs, messages))
            ours.append(await _ours(database, runs, messages))
        report(f"{messages} messages to {_RUNS} workflows", "messages/s", floor, ours, _WANTED)
        await _behind(client, database, runs, backlog)
        await database.close()


async def _floor(client: Client, runs: Sequence[str], messages: int) -> Round:
    """As many calls at once as a relay makes."""

    async def signal(number: int) -> None:
        await client.get_workflow_handle(runs[number % len(runs)]).signal("message", 1)

    return await run_round(messages, _AT_ONCE, signal)


async def _put(
    database: "asyncpg.Connection[asyncpg.Record]", runs: Sequence[str], messages: int
) -> list[UUID]:
    ids = [uuid4() for _ in range(messages)]
    await database.execute(_INSERT, ids, list(runs))
    await database.execute(_WAKE)
    return ids


async def _arrived(database: "asyncpg.Connection[asyncpg.Record]", ids: Sequence[UUID]) -> list[float]:
    """Wait for them; how many milliseconds each waited from its commit on."""
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        if not await database.fetchval(_LEFT, ids):
            return [row["delay"] * 1000 for row in await database.fetch(_DELAYS, ids)]


async def _ours(database: "asyncpg.Connection[asyncpg.Record]", runs: Sequence[str], messages: int) -> Round:
    """All in one commit; the relay of the running intake carries them."""
    delays = await _arrived(database, await _put(database, runs, messages))
    return Round(per_second=messages / (max(delays) / 1000), latencies_ms=tuple(delays))


async def _behind(
    client: Client, database: "asyncpg.Connection[asyncpg.Record]", runs: Sequence[str], backlog: int
) -> None:
    """A message for a workflow of its own, the last of many."""
    began = time.perf_counter()
    await _floor(client, runs, backlog)
    bare = time.perf_counter() - began
    last = f"bench:{uuid4()}"
    await client.start_workflow("Parked", id=last, task_queue=_NOBODY)
    before = await _put(database, runs, backlog)
    [waited] = await _arrived(database, await _put(database, [last], 1))
    await _arrived(database, before)
    waited /= 1000
    told = (
        f"behind {backlog} others: {waited:.1f} s; so many bare calls: {bare:.1f} s; ratio "
        f"{bare / waited:.2f}"
    )
    Console().print(told)
