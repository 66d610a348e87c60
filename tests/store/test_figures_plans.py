"""Dashboards count what they tell and little more, and a page of cases or acts reads a page, however much
was done in earlier years."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from casework import waiting
from casework.clocks import listed
from casework.clocks.listed import CaseFilter, CaseState
from casework.history import acts
from casework.naming import Days
from kit.db import Tx
from services.review.app import SERVICE
from services.review.store import stage_lists
from tests.conftest import ServiceOpener, TestService, vacuum
from tests.plan_cases import rows_read

ROOT, UNIT, PERSON, POST, SEASON = (UUID(int=number) for number in range(11, 16))
PAGE = 51
ALLOWED = 6 * PAGE
OPEN, YEARS, EACH = 200, 10, 500
FEW = 10_000
NOW = datetime(2026, 7, 1, tzinfo=UTC)
THIS_YEAR = Days(first=NOW.date().replace(month=1, day=1), last=NOW.date().replace(month=12, day=31))

CLOCKS = """
insert into clocks (about_id, subject_id, subject_code, kind, level, unit_id, unit_path, workflow_id,
  rule_version, rule, budget, ladder, calendar, opened_at, due_at, rungs, closed_at)
select gen_random_uuid(), gen_random_uuid(), 'SK-' || n, 'EXAMINATION', 'UNIT', u.id, array[$1::uuid, u.id],
  'x', 'x@1', 'x', '{}', '[]', '{}', d.day, d.day + interval '20 days', '[]',
  case when n > $4 then d.day + interval '1 day' * (n % 30) end
from generate_series(1, $4::int + $5::int * $6::int) n
cross join lateral (select case when n % 500 = 0 then $2::uuid else md5((n % 100)::text)::uuid end as id) u
cross join lateral (select $3::timestamptz - interval '60 days'
  - (case when n > $4 then interval '1 year' * ((n - $4 - 1) / $6) else interval '0' end) as day) d
"""
TASKS = """
insert into tasks (id, kind, subject_id, subject_code, about_id, unit_id, unit_path, assignee_id, state,
  opened_at, due_at)
select gen_random_uuid(), 'MARK', gen_random_uuid(), 'x', gen_random_uuid(), $2::uuid,
  array[$1::uuid, $2::uuid],
  md5((n % 30)::text)::uuid, case when n > $3::int then 'DONE' else 'OPEN' end, now(), now()
from generate_series(1, 10000) n
"""
EVENTS = """
insert into events (event_id, subject_id, kind, occurred_at, recorded_at, actor_id, post_id, detail, key_id,
  mac)
select gen_random_uuid(), gen_random_uuid(), 'X', now() - interval '1 minute' * n, now(),
  case when n % 20 = 0 then $1::uuid else md5((n % 100)::text)::uuid end,
  case when n % 40 = 0 then $2::uuid end,
  '{}', 'k', ''
from generate_series(1, 10000) n
"""
STAGES = """
insert into stages (id, dossier_id, dossier_code, level, unit_id, unit_path, plan, plan_hash, rule_version,
  last_level, opened_at, due_at, state, outcome, decision_number, decision_event_id, decided_at, season_id)
select gen_random_uuid(), gen_random_uuid(), 'SK-' || n, 'UNIT', $2::uuid,
  array[$1::uuid, $2::uuid], '{}', 'x', 'x@1', false,
  now(), now(), 'DECIDED', 'RECOGNISED', n || '/QĐ', gen_random_uuid(), now(),
  case when n % 20 = 0 then $3::uuid else md5((n % 20)::text)::uuid end
from generate_series(1, 10000) n
"""


@pytest.fixture(scope="module")
async def seeded(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as review:
        # As who has no limit on the time of a statement.
        admin = await asyncpg.connect(review.admin_url, server_settings={"search_path": "review"})
        await admin.execute(CLOCKS, ROOT, UNIT, NOW, OPEN, YEARS, EACH)
        await admin.execute(TASKS, ROOT, UNIT, OPEN)
        await admin.execute(EVENTS, PERSON, POST)
        await admin.execute(STAGES, ROOT, UNIT, SEASON)
        await admin.close()
        tables = ("clocks", "tasks", "events", "stages")
        await vacuum(review.admin_url, *(f"review.{table}" for table in tables))
        yield review


def _tx() -> Tx:
    return Tx(conn=None, now=NOW)  # type: ignore[arg-type]


async def test_a_year_is_counted_and_not_all_years(seeded: TestService) -> None:
    span = (THIS_YEAR.begins, THIS_YEAR.ends)
    touched = await rows_read(seeded, listed.PUNCTUALITY, [ROOT], NOW, *span, None)
    assert touched <= 2 * (EACH + OPEN)


async def test_what_is_open_is_counted_and_not_what_is_over(seeded: TestService) -> None:
    ages = [NOW, NOW, NOW]
    assert await rows_read(seeded, listed.OPEN, None, NOW, *ages) <= 2 * OPEN
    assert await rows_read(seeded, listed.OPEN, [UNIT], NOW, *ages) <= 2 * OPEN
    assert await rows_read(seeded, waiting.WAITING, None, NOW) <= 4 * OPEN


@pytest.mark.parametrize(
    "narrowed",
    [
        {},
        {"state": CaseState.RUNNING},
        {"state": CaseState.RUNNING, "overdue": True},
        {"state": CaseState.OVER, "closed": THIS_YEAR},
        {"unit_ids": [UNIT]},
    ],
)
async def test_a_page_of_cases_reads_a_page(seeded: TestService, narrowed: dict[str, Any]) -> None:
    wanted = CaseFilter(**narrowed)
    asked = listed.arguments(_tx(), wanted)
    touched = await rows_read(seeded, listed.list_statement(wanted, "due"), *asked, None, None, PAGE)
    assert touched <= max(ALLOWED, 3 * EACH if "closed" in narrowed else 0)


@pytest.mark.parametrize(("people", "post"), [([PERSON], None), (None, POST)])
async def test_a_page_of_acts_reads_a_page(
    seeded: TestService, people: list[UUID] | None, post: UUID | None
) -> None:
    asked = (people, post, None, None, None, None, None, None, PAGE)
    assert await rows_read(seeded, acts.list_statement(people, "-happened"), *asked) <= ALLOWED


async def test_the_stages_of_a_season_are_counted_in_their_index(seeded: TestService) -> None:
    touched = await rows_read(seeded, stage_lists.STAGE_COUNTS, None, SEASON, PERSON, NOW)
    assert touched <= 1.2 * FEW / 20
