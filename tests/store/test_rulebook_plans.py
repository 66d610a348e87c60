"""What the rulebook keeps for ever, and the units of a level as it reads them."""

from collections.abc import AsyncIterator
from datetime import date

import asyncpg
import pytest

from kit.db import Database
from services.rulebook.app import SERVICE
from services.rulebook.store import calendars, organisation
from tests.conftest import ServiceOpener
from tests.provinces import Organised, organised


@pytest.fixture(scope="module")
async def beside(open_service: ServiceOpener) -> AsyncIterator[tuple[Database, Organised]]:
    async with open_service(SERVICE) as service:
        yield service.database, await organised(service)


@pytest.fixture
def database(beside: tuple[Database, Organised]) -> Database:
    """The rulebook's own."""
    return beside[0]


async def test_a_unit_has_its_levels_on_the_way_from_the_root_and_missing_ones_are_missing(
    beside: tuple[Database, Organised],
) -> None:
    database, there = beside
    outer = await there.unit("outer", "SCHOOL")
    inner = await there.unit("inner", "BRANCH", outer)
    async with database.reading() as tx:
        found = await organisation.units_by_level(tx, [inner])
    assert found == {inner: {"PROVINCE": there.root, "SCHOOL": outer, "BRANCH": inner}}


@pytest.mark.parametrize(
    "statement", ["update policy_packs set effective_to = null", "delete from policy_packs"]
)
async def test_a_published_pack_cannot_be_changed_or_deleted(database: Database, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.transaction() as tx:
            await tx.conn.execute(statement)


async def test_the_first_calendar_knows_tet_and_the_national_holidays(database: Database) -> None:
    async with database.reading() as tx:
        calendar = await calendars.current_calendar(tx)
    assert calendar is not None
    assert {
        date(2026, 2, 17),
        date(2026, 4, 30),
        date(2026, 5, 1),
        date(2026, 9, 2),
        date(2031, 1, 1),
    } <= set(calendar.holidays)
    assert set(calendar.make_up_days).isdisjoint(calendar.holidays)
    assert all(day.weekday() >= 5 for day in calendar.make_up_days)
