"""What the relay looks for is found by index however much waits, also where statistics say that nothing
does."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import orjson
import pytest

from kit import outbox, plumbing, relay
from kit.clock import Clock
from kit.db import Database
from tests.conftest import Cluster, as_admin, vacuum

DELIVERED = """
insert into outbox (event_id, workflow_id, action, name, payload, delivered_at, attempts, outcome)
select gen_random_uuid(), 'initiative:' || gen_random_uuid(), 'SIGNAL', 'x', '{}', now(), 1, 'signalled'
from generate_series(1, 200000) n
"""
WAITING = """
insert into outbox (event_id, workflow_id, action, name, payload)
select gen_random_uuid(), 'initiative:' || md5((n % 10000)::text), 'SIGNAL', 'x', '{}'
from generate_series(1, 50000) n
"""
LANES = 100
WORDS = 20


@pytest.fixture(scope="module")
async def database(postgres: Cluster) -> AsyncIterator[Database]:
    """A long outbox; 50,000 words came after the statistics were made, and none are made since."""
    admin_url = await postgres.fresh()
    await as_admin(admin_url, "alter table intake.outbox set (autovacuum_enabled = false)")
    dsn = postgres.url(admin_url, "intake")
    opened = await Database.open(dsn, schema="intake", clock=Clock())
    await opened.pool.execute(DELIVERED)
    await vacuum(admin_url, "intake.outbox")
    await opened.pool.execute(WAITING)
    yield opened
    await opened.close()


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", []) for node in _nodes(child))]


async def _plan(database: Database, query: str, *arguments: object) -> list[dict[str, Any]]:
    async with database.pool.acquire() as conn, conn.transaction():
        told = await conn.fetchval(f"explain (analyze, timing off, format json) {query}", *arguments)
        await conn.execute("select 1")
    return _nodes(orjson.loads(told)[0]["Plan"])


def _looked_at(nodes: list[dict[str, Any]]) -> float:
    """Rows that scans touched, those thrown away included."""
    return sum(
        (
            node["Actual Rows"]
            + node.get("Rows Removed by Filter", 0)
            + node.get("Rows Removed by Join Filter", 0)
        )
        * node["Actual Loops"]
        for node in nodes
        if "Scan" in node["Node Type"] or "Join" in node["Node Type"] or node["Node Type"] == "Nested Loop"
    )


async def test_a_look_touches_what_it_takes_and_little_more(database: Database) -> None:
    nodes = await _plan(database, relay.MESSAGES, LANES, [], WORDS)
    assert "Seq Scan" not in {node["Node Type"] for node in nodes}
    # 100 heads, each looked up by its lane's index, and five words each.
    assert _looked_at(nodes) < 20 * LANES


async def test_lanes_under_way_are_passed_over(database: Database) -> None:
    under_way = [
        f"initiative:{row}"
        for row in await database.pool.fetchval(
            "select array_agg(md5(n::text)) from generate_series(1, 99) n"
        )
    ]
    nodes = await _plan(database, relay.MESSAGES, LANES, under_way, WORDS)
    assert _looked_at(nodes) < 25 * LANES


async def test_a_word_of_each_lane_in_order(database: Database) -> None:
    rows = await database.pool.fetch(relay.MESSAGES, LANES, [], WORDS)
    lanes: dict[str, list[int]] = {}
    for row in rows:
        lanes.setdefault(row["workflow_id"], []).append(row["id"])
    assert len(lanes) == LANES
    assert all(ids == sorted(ids) and len(ids) == 5 for ids in lanes.values())
    heads = await database.pool.fetch(
        "select workflow_id, min(id) as head from outbox where delivered_at is null group by workflow_id"
    )
    assert {name: ids[0] for name, ids in lanes.items()}.items() <= {
        row["workflow_id"]: row["head"] for row in heads
    }.items()


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        (plumbing.FORGET_MESSAGES, (timedelta(days=400), 1_000)),
        (relay.SETTLE, ([1], ["RUN_UNKNOWN"], ["x"], timedelta(days=1), 30.0)),
        (outbox.UNDELIVERABLE, (100,)),
    ],
    ids=["forget", "settle", "undeliverable"],
)
async def test_no_statement_on_the_outbox_reads_all_of_it(
    database: Database, query: str, arguments: tuple[object, ...]
) -> None:
    async with database.pool.acquire() as conn:
        told = await conn.fetchval(f"explain (format json) {query}", *arguments)
    assert "Seq Scan" not in {
        node["Node Type"]
        for node in _nodes(orjson.loads(told)[0]["Plan"])
        if node.get("Relation Name") == "outbox"
    }


async def test_old_words_go_in_batches_and_what_was_not_delivered_stays(database: Database) -> None:
    aged = "update outbox set delivered_at = now() - interval '401 days' where id <= 1500"
    await database.pool.execute(aged)
    waiting = await database.pool.fetchval("select count(*) from outbox where delivered_at is null")
    gone = [
        len(await database.pool.fetch(plumbing.FORGET_MESSAGES, timedelta(days=400), 1_000)) for _ in range(3)
    ]
    assert gone == [1_000, 500, 0]
    assert await database.pool.fetchval("select count(*) from outbox where delivered_at is null") == waiting
