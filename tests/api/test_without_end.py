"""What was kept as lasting for ever, which the database takes for infinity, stops nothing."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import uuid4

import pytest

from language.names import TaskQueue
from services.intake.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.intake_cases import Case

FOR_EVER = date(9999, 12, 31)
LASTS = "update units set valid_to = $2 where id = any($1)"
BREAK = """
insert into breaks (id, unit_id, first_day, last_day, name, since_version)
select $1, $2, $3, $4, 'Nghỉ', max(version) from calendars
"""


@pytest.fixture
async def service(
    open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, blob_dir=tmp_path_factory.mktemp("blobs")) as intake:
        yield intake


@pytest.fixture
async def case(service: TestService) -> Case:
    case = Case(service, MovableClock())
    await case.publish()
    return case


async def test_units_that_last_for_ever_take_dossiers(case: Case) -> None:
    organisation = await case.service.shared.database(TaskQueue.ORGANISATION)
    await organisation.pool.execute(LASTS, list(case.path), FOR_EVER)
    kept = await organisation.pool.fetchval("select valid_to::text from units where id = $1", case.school)
    assert kept == "infinity"
    await case.file()
    assert await case.state() == "FILED"


async def test_a_break_that_lasts_for_ever_stops_no_clock_from_starting(case: Case) -> None:
    rulebook = await case.service.shared.database(TaskQueue.RULEBOOK)
    await rulebook.pool.execute(BREAK, uuid4(), case.school, date(9999, 12, 1), FOR_EVER)
    await case.file()
    assert await case.state() == "FILED"
