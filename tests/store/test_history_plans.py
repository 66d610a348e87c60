"""The hot statements of a history go through their indexes, and roles read what is published to them only."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import orjson
import pytest

from casework.history import chain, checkpoints, feed, verify
from tests.conftest import Cluster, vacuum
from tests.history_cases import History, history

SEED = """
insert into events (event_id, subject_id, kind, occurred_at, recorded_at, detail, key_id, mac)
select gen_random_uuid(), md5((n % 5000)::text)::uuid, 'X', now(), now(), '{}', 'k', ''
from generate_series(1, 20000) n
"""
SEED_CHAIN = (
    "insert into chain (position, event_id, hash, key_id, mac) select seq, event_id, '', 'k', '' from events"
)
SEED_LINKS = """
insert into links (subject_id, ordinal, event_id, position, bucket, hash)
select subject_id, row_number() over (partition by subject_id order by seq), event_id, seq, seq % 4096, ''
from events
"""
TABLES = ("events", "chain", "links")
STATEMENTS = {
    "waiting": (chain.WAITING, (500,)),
    "head": (chain.HEAD, ()),
    "heads of subjects": (chain.SUBJECT_HEADS, ([uuid4()],)),
    "reach of a page": (feed.REACH, (10_000, 200)),
    "page": (feed.PAGE, (10_000, 10_200)),
    "heads of buckets": (checkpoints.HEADS, ([5], 20_000)),
    "walk": (verify.WALK, (10_000, 1_000)),
    "one subject": (verify.OF_SUBJECT, (uuid4(),)),
    "changed buckets": (checkpoints.CHANGED, (19_900, 20_000)),
}


@pytest.fixture(scope="module")
async def seeded(postgres: Cluster) -> AsyncIterator[History]:
    async with history(postgres) as found:
        for statement in (SEED, SEED_CHAIN, SEED_LINKS):
            await found.database.pool.execute(statement)
        await vacuum(found.admin_url, *(f"{found.service}.{table}" for table in TABLES))
        yield found


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for below in plan.get("Plans", []) for node in _nodes(below))]


@pytest.mark.parametrize("name", STATEMENTS)
async def test_no_statement_reads_a_whole_table(seeded: History, name: str) -> None:
    statement, arguments = STATEMENTS[name]
    told = await seeded.database.pool.fetchval(f"explain (format json) {statement}", *arguments)
    [plan] = orjson.loads(told)
    scanned = {node["Relation Name"] for node in _nodes(plan["Plan"]) if node["Node Type"] == "Seq Scan"}
    assert not scanned & set(TABLES)
