"""The independent check of a season in which units are rearranged: silent where all is well, and it sees each
fault by its sentence."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from casework.succession_watch import Inheritance
from language.deadline.arithmetic import local_day
from rehearsal.succession_checks import VIOLATIONS, left_behind
from services.payout.app import SERVICE
from services.payout.operations.cases import CASES, UNIT_ROWS
from services.payout.operations.inheriting import SettleOwed
from tests.conftest import ServiceOpener
from tests.payout_cases import Case
from tests.succession_cases import follow, merge

_NUMBERED_OTHERWISE = "the decisions of a unit have a gap or a double"
"""Decisions in these tests have numbers of another form."""
ALL_FOLLOWED = """
insert into {schema}.cursors (name, position)
select 'successions', max(position) from organisation.successions
"""

PLACED_ANEW = "update {table} t set unit_path = u.path from organisation.units u where u.id = t.unit_id"


@dataclass(frozen=True)
class Merged:
    """A unit that owes an award on a list, and has ended into another."""

    admin_url: str
    unit: UUID
    into: UUID
    today: date

    async def found(self) -> set[str]:
        """The sentences of what is wrong."""
        conn = await asyncpg.connect(self.admin_url)
        try:
            return {
                sentence
                for sentence, query in VIOLATIONS.items()
                if sentence != _NUMBERED_OTHERWISE and await conn.fetch(query)
            }
        finally:
            await conn.close()

    async def plant(self, statement: str) -> None:
        """Make something wrong; $1 is the unit that has ended."""
        conn = await asyncpg.connect(self.admin_url)
        try:
            await conn.execute(statement, self.unit)
        finally:
            await conn.close()


@pytest.fixture
async def merged(open_service: ServiceOpener) -> AsyncIterator[Merged]:
    async with open_service(SERVICE) as payout:
        case, into = Case(payout), uuid4()
        await case.listed()
        facts = await case.facts()
        async with facts.database.transaction() as tx:
            await merge(tx, case.root, case.unit, into)
        await follow(payout.database, CASES, Inheritance(rows=UNIT_ROWS, settle=SettleOwed(None)))
        today = local_day(payout.database.clock.now())
        world = Merged(payout.shared.admin_url, case.unit, into, today)
        conn = await asyncpg.connect(world.admin_url)
        try:
            last_day = today + timedelta(days=1)
            ends = "update organisation.units set valid_to = $2 where id = $1"
            await conn.execute(ends, case.unit, last_day)
            for schema, table in (("intake", "dossiers"), ("review", "stages")):
                await conn.execute(ALL_FOLLOWED.format(schema=schema))
                await conn.execute(PLACED_ANEW.format(table=f"{schema}.{table}"))
        finally:
            await conn.close()
        yield world


async def test_where_everything_has_gone_over_nothing_is_found(merged: Merged) -> None:
    assert await merged.found() == set()
    assert await left_behind(merged.admin_url, merged.today + timedelta(days=9)) == []


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        (
            "update organisation.units set valid_to = '2000-01-01' where id = $1",
            "a payment list was made in a unit that had ended",
        ),
        (
            "update payout.payment_lists set number = 7 where unit_id = $1",
            "a number that was given has changed",
        ),
        (
            "update payout.payment_lists set number = 7 where unit_id = $1",
            "the payment lists of a unit have a gap or a double",
        ),
        (
            "update payout.payment_lists set unit_path = array[unit_id] where unit_id = $1",
            "a row lies elsewhere than its unit",
        ),
        (
            "update payout.awards set unit_id = $1",
            "something is open in a unit that has ended",
        ),
        (
            "update organisation.posts set unit_id = $1 where kind = 'ACCOUNTANT'",
            "somebody holds a post in a unit that has ended",
        ),
        (
            "update organisation.units set parent_id = path[1] where id = $1",
            "a unit that has ended does not lie below its successor",
        ),
        (
            "delete from payout.cursors where name = 'successions' and $1::uuid is not null",
            "an owner of work has not carried out an act about units",
        ),
    ],
)
async def test_each_fault_is_named(merged: Merged, statement: str, sentence: str) -> None:
    await merged.plant(statement)
    assert sentence in await merged.found()


async def test_work_that_stayed_behind_is_seen(merged: Merged) -> None:
    await merged.plant("update payout.tasks set unit_id = $1 where state = 'OPEN'")
    assert await left_behind(merged.admin_url, merged.today + timedelta(days=9))
