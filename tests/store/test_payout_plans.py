"""The hot queries of payout go through their indexes."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson
import pytest

from kit.db import Tx
from services.payout.app import SERVICE
from services.payout.store import awaited, awards, ledger
from services.payout.store.awards import AwardFilter
from services.payout.store.ledger import ListFilter
from tests.conftest import ServiceOpener, TestService, vacuum

SEED = """
with root as (select gen_random_uuid() as id), units as (select gen_random_uuid() as id
  from generate_series(1, 400)),
made as (
  insert into awards (id, dossier_id, dossier_code, level, unit_id, unit_path, decision_number, amount_dong,
  rule_version, basis, verifier_post,
    approver_post, state, assessed_at, moved_at, due_at)
  select gen_random_uuid(), gen_random_uuid(), 'SK', 'UNIT', units.id, array[root.id, units.id], '1', 1000,
  'sample@1', '{}', 'ACCOUNTANT',
    'CHIEF_ACCOUNTANT', 'PAID', now() - make_interval(mins => n), now(), now()
  from root, units, generate_series(1, 20) n
  returning id, unit_id
), shared as (
  insert into award_shares (award_id, position, person_id, percent, amount_dong)
  select id, n, gen_random_uuid(), 50, 500 from made, generate_series(0, 1) n
), journals as (
  select id, unit_id, gen_random_uuid() as journal from made
)
insert into ledger_entries (journal_id, award_id, unit_id, account, debit_dong, credit_dong, booked_at)
select journal, id, unit_id, side.account, side.debit, side.credit, now()
from journals, (values ('AWARD_EXPENSE', 1000, 0), ('AUTHORS_PAYABLE', 0, 1000)) as side (account, debit,
  credit)
"""
SEED_LISTS = """
insert into payment_lists (id, number, year, unit_id, unit_path, state, total_dong, made_by, made_at)
select gen_random_uuid(), n, 2026, unit_id, unit_path, 'CONFIRMED', 1000, gen_random_uuid(),
  now() - make_interval(mins => n)
from (select distinct unit_id, unit_path from awards) units, generate_series(1, 10) n
"""
SEED_ITEMS = """
insert into payment_list_items (list_id, award_id, person_id, amount_dong)
select distinct on (award_id, person_id) l.id, s.award_id, s.person_id, s.amount_dong
from award_shares s join awards a on a.id = s.award_id join payment_lists l on l.unit_id = a.unit_id
"""
SEED_AWAITED = """
insert into awaited_lists (id, unit_id, unit_path, opened_at, due_at, rule_version, closed_at)
select gen_random_uuid(), unit_id, unit_path, now(), now(), 'x', case when n = 1 then null else now() end
from (select distinct unit_id, unit_path from awards) units, generate_series(1, 10) n
"""
TABLES = ("awaited_lists", "awards", "award_shares", "ledger_entries", "payment_lists", "payment_list_items")


@pytest.fixture(scope="module")
async def seeded(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as payout:
        for statement in (SEED, SEED_LISTS, SEED_ITEMS, SEED_AWAITED):
            await payout.database.pool.execute(statement)
        await vacuum(payout.admin_url, *(f"payout.{table}" for table in TABLES))
        yield payout


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", []) for node in _nodes(child))]


TX = Tx(conn=None, now=datetime(2026, 1, 1, tzinfo=UTC))  # type: ignore[arg-type]


def _asked(**wanted: Any) -> tuple[object, ...]:
    return awards.arguments(TX, AwardFilter(**wanted), awards.SORTS.beginning, 51)


HOT = {
    "one award": (awards.LOCK, (uuid4(),)),
    "the award of a level": (awards.OF_LEVEL, (uuid4(), "UNIT")),
    "awards of a dossier": (awards.OF_DOSSIER, (uuid4(),)),
    "shares of an award": (awards.SHARES, (uuid4(),)),
    "approved awards of a unit": (awards.LOCK_APPROVED, (uuid4(),)),
    "awards by a dossier": (awards.LIST["assessed"], _asked(dossier_id=uuid4())),
    "lines of an award": (ledger.LINES_OF_AWARD, (uuid4(),)),
    "entries of a unit": (ledger.ENTRIES, (uuid4(), 0, 51, None, None, None, None)),
    "trial balance of a unit": (ledger.TRIAL_BALANCE, (uuid4(),)),
    "one list": (ledger.LOCK_LIST, (uuid4(),)),
    "items of a list": (ledger.ITEMS, (uuid4(),)),
    "next number of a list": (ledger.NEXT_LIST_NUMBER, (uuid4(), 2026)),
    "lists under a unit": (
        ledger.LISTS["-made"],
        ledger.list_arguments(TX, ListFilter(unit_ids=[uuid4()]), ledger.LIST_SORTS.beginning, 51),
    ),
    "awards under a unit": (awards.LIST["assessed"], _asked(unit_ids=[uuid4()])),
    "awards of a payee": (awards.LIST["assessed"], _asked(payee_id=uuid4())),
    "the newest approved award of a unit": (awards.NEWEST_APPROVED, (uuid4(),)),
    "whether an award was taken up": (awards.REPLACED, (uuid4(),)),
    "untied payees of awards": (awards.UNTIED, ([uuid4()],)),
    "what waits in a unit": (awaited.LOCK_OPEN, (uuid4(),)),
    "who is paid from all that waits": (awaited.PAID_FROM_ALL, ([uuid4()],)),
    "awards that somebody signs": (awards.LIST["assessed"], _asked(signer_id=uuid4())),
    "awards of a list": (awards.LIST["assessed"], _asked(list_id=uuid4())),
    "awards on a list": (awards.LOCK_LISTED, (uuid4(), "LISTED")),
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
