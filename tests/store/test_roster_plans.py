"""The questions to the roster in a province of 100,000 holdings, most of them of plain staff: they read the
few posts in question, by index, on every connection and however often they were asked before."""

import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from casework import roster
from kit.clock import Clock
from kit.db import Database
from language.posts.kinds import PostKind
from language.posts.substitution import DEPUTIES
from services.review.app import SERVICE
from tests.conftest import Cluster

DAY = date(2026, 3, 2)
SCHOOLS = 500
PROVINCE = """
insert into units (id, path, code, name, level, valid_from)
  values (md5('root')::uuid, array[md5('root')::uuid], 'root', 'x', 'PROVINCE', '2000-01-01');
insert into units (id, parent_id, path, code, name, level, valid_from)
  select md5('u' || n)::uuid, md5('root')::uuid, array[md5('root')::uuid, md5('u' || n)::uuid], 'u' || n, 'x',
    'SCHOOL', '2000-01-01'
  from generate_series(1, 500) n;
insert into people (id, code, full_name, folded_name)
  select md5('p' || n)::uuid, 'p' || n, 'x', 'x' from generate_series(1, 100000) n;
insert into posts (id, unit_id, kind, title)
  select md5('post' || n)::uuid, md5('u' || 1 + n % 500)::uuid,
    case when n <= 5000 then (array['UNIT_HEAD', 'DEPUTY_HEAD', 'INTAKE_OFFICER', 'COUNCIL_CHAIR',
      'COUNCIL_MEMBER'])[1 + n / 500 % 5] else 'STAFF' end, 't' || n
  from generate_series(1, 100000) n;
insert into holdings (id, post_id, person_id, held_from)
  select md5('h' || n)::uuid, md5('post' || n)::uuid, md5('p' || n)::uuid, '2020-01-01'
  from generate_series(1, 100000) n;
insert into leaves (id, person_id, starts_on, ends_on)
  select gen_random_uuid(), md5('p' || n)::uuid, '2026-03-01', '2026-03-05' from generate_series(1, 20000) n;
insert into accounts (username, person_id, disabled_at)
  select 'p' || n, md5('p' || n)::uuid, case when n % 21 = 0 then timestamptz '2026-02-01' end
  from generate_series(1, 100000) n;
insert into delegations (id, grantor_id, delegate_id, starts_on, ends_on, post_kinds, levels, tasks, unit_id,
    units_below, reason, made_at)
  select gen_random_uuid(), md5('p' || n)::uuid, md5('p' || n + 1)::uuid, '2026-03-01', '2026-03-05', '{}',
    '{}', '{}', md5('root')::uuid, true, 'x', now()
  from generate_series(1, 20000, 3) n;
"""
TABLES = ("units", "people", "posts", "holdings", "leaves", "delegations", "accounts")


@pytest.fixture(scope="module")
async def database(postgres: Cluster) -> AsyncIterator[Database]:
    """Review, with the organisation of a large province beside it."""
    url = await postgres.fresh()
    admin = await asyncpg.connect(url, server_settings={"search_path": "organisation, public"})
    await admin.execute(PROVINCE)
    for table in TABLES:
        await admin.execute(f"vacuum (analyze) organisation.{table}")
    await admin.close()
    dsn = postgres.url(url, SERVICE.name)
    opened = await Database.open(dsn, schema=SERVICE.name, clock=Clock(), size=1)
    yield opened
    await opened.close()


def _nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [node, *(found for child in node.get("Plans", []) for found in _nodes(child))]


async def _unit_and_post(database: Database) -> tuple[UUID, UUID, UUID]:
    async with database.reading() as tx:
        [row] = await tx.conn.fetch(
            "select md5('u1')::uuid as unit, md5('post500')::uuid as post, md5('p500')::uuid as person"
        )
    return row["unit"], row["post"], row["person"]


KINDS = [PostKind.UNIT_HEAD, PostKind.COUNCIL_CHAIR, PostKind.COUNCIL_MEMBER]
HEADS = [PostKind.UNIT_HEAD, PostKind.DEPUTY_HEAD]


@pytest.mark.parametrize("question", ["resolve", "around", "held"])
async def test_a_question_reads_the_posts_in_question_and_no_table_from_end_to_end(
    database: Database, question: str
) -> None:
    unit, post, person = await _unit_and_post(database)
    of, deputies = zip(*DEPUTIES, strict=True)
    query, arguments = {
        "resolve": (roster.RESOLVE, [DAY, unit, KINDS, HEADS]),
        "around": (roster.AROUND, [DAY, [post], list(of), list(deputies)]),
        "held": (roster.HELD, [person, DAY]),
    }[question]
    async with database.reading() as tx:
        # Six times: from then on a server might use a plan that does not know what is asked for.
        for _ in range(6):
            explained = await tx.conn.fetchval(f"explain (analyze, format json) {query}", *arguments)
    nodes = _nodes(json.loads(explained)[0]["Plan"])
    assert not [
        node["Relation Name"]
        for node in nodes
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in TABLES
    ]
    read = sum(node["Actual Rows"] * node["Actual Loops"] for node in nodes if node.get("Relation Name"))
    assert read < 100, "rows read"


@pytest.mark.parametrize(
    ("query", "parameters"),
    [(roster.RESOLVE, 4), (roster.AROUND, 4), (roster.HELD, 2)],
    ids=["resolve", "around", "held"],
)
async def test_the_plan_that_operations_keep_reads_no_table_from_end_to_end(
    database: Database, query: str, parameters: int
) -> None:
    nothing = ", ".join(["null"] * parameters)
    async with database.transaction() as tx:
        await tx.conn.execute(f"prepare asked as {query}")
        explained = await tx.conn.fetchval(f"explain (verbose, format json) execute asked ({nothing})")
        await tx.conn.execute("deallocate asked")
    assert "$1" in explained, "planned for no values in particular"
    assert not [
        node["Relation Name"]
        for node in _nodes(json.loads(explained)[0]["Plan"])
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in TABLES
    ]


async def test_what_is_asked_in_a_large_province_is_answered(database: Database) -> None:
    unit, _, person = await _unit_and_post(database)
    async with database.transaction() as tx:
        found = await roster.resolve(tx, unit, KINDS, tx.now)
        held = await roster.held_posts(tx, person, DAY)
    assert found.holders
    assert found.superiors
    assert len(held) == 1
