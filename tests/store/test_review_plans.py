"""The hot queries of review go through their indexes."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson
import pytest

from kit.db import Tx
from services.review.app import SERVICE
from services.review.domain.stage import StageState
from services.review.store import score_sheets, stage_lists, stages
from services.review.store.stage_lists import (
    DECISION_SORTS,
    STAGE_SORTS,
    DecisionFilter,
    StageFilter,
    decision_arguments,
    stage_arguments,
)
from tests.conftest import ServiceOpener, TestService, vacuum

SEED = """
with root as (select gen_random_uuid() as id), units as (select gen_random_uuid() as id
  from generate_series(1, 400)),
made as (
  insert into stages (id, dossier_id, dossier_code, level, unit_id, unit_path, plan, plan_hash, rule_version,
  last_level,
  opened_at, due_at, state,
    outcome, decision_number, decision_event_id, decided_at)
  select gen_random_uuid(), gen_random_uuid(), 'SK', 'UNIT', units.id, array[root.id, units.id], '{}', 'x',
  'sample@1', false, now(), now(),
    'DECIDED', 'RECOGNISED', n || '/QĐ-2026', gen_random_uuid(), now() - make_interval(mins => n)
  from root, units, generate_series(1, 20) n
  returning id
), sat as (
  insert into seats (stage_id, seat_no, role, person_id, post_id)
  select id, n, 'MEMBER', gen_random_uuid(), gen_random_uuid() from made, generate_series(1, 3) n
  returning stage_id, person_id
)
select count(*) from sat
"""
SHEETS = (
    "insert into score_sheets (id, stage_id, person_id) select gen_random_uuid(), stage_id, person_id "
    "from seats"
)


@pytest.fixture(scope="module")
async def seeded(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as review:
        await review.database.pool.execute(SEED)
        await review.database.pool.execute(SHEETS)
        await vacuum(review.admin_url, "review.stages", "review.seats", "review.score_sheets")
        yield review


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", []) for node in _nodes(child))]


NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOT = {
    "one stage": (stages.GET, (uuid4(),)),
    "stages of a dossier": (stages.OF_DOSSIER, (uuid4(),)),
    "stage of a sheet": (stages.LOCK_OF_SHEET, (uuid4(),)),
    "sheets of a stage": (score_sheets.LIST, (uuid4(),)),
    "where dossiers stand": ("select * from stages_v1 where dossier_id = any($1)", ([uuid4()],)),
    "decisions of a dossier": ("select * from decisions_v1 where dossier_id = $1", (uuid4(),)),
    "decision of a stage": ("select * from decisions_v1 where stage_id = $1", (uuid4(),)),
    "who sits in councils": (score_sheets.SEATED, ([uuid4()],)),
    "decisions of a unit": (
        stage_lists.DECISIONS["-decided"],
        decision_arguments(DecisionFilter(caller_units=[uuid4()]), DECISION_SORTS.beginning, 51),
    ),
    "stages of a unit": (
        stage_lists.STAGES["-opened"],
        stage_arguments(
            Tx(conn=None, now=NOW),  # type: ignore[arg-type]
            StageFilter(unit_ids=[uuid4()], not_of=uuid4(), state=StageState.OPEN),
            STAGE_SORTS.beginning,
            51,
        ),
    ),
}


@pytest.mark.parametrize("name", HOT)
async def test_no_hot_query_reads_a_whole_table(seeded: TestService, name: str) -> None:
    query, arguments = HOT[name]
    async with seeded.database.pool.acquire() as conn:
        plan = await conn.fetchval(f"explain (format json) {query}", *arguments)
    whole = [
        node["Relation Name"]
        for node in _nodes(orjson.loads(plan)[0]["Plan"])
        if node["Node Type"] == "Seq Scan"
    ]
    assert whole == []


async def test_decisions_of_a_province_are_read_newest_first_without_sorting(seeded: TestService) -> None:
    root = await seeded.database.pool.fetchval("select unit_path[1] from stages limit 1")
    arguments = decision_arguments(DecisionFilter(caller_units=[root]), DECISION_SORTS.beginning, 51)
    async with seeded.database.pool.acquire() as conn:
        plan = await conn.fetchval(f"explain (format json) {stage_lists.DECISIONS['-decided']}", *arguments)
    names = {node.get("Index Name") for node in _nodes(orjson.loads(plan)[0]["Plan"])}
    assert "stages_decided" in names
