"""Units that end, merge and move under stages: an open one goes on in its council, and a level that is not
open yet opens where the path leads on its day."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from casework.succession_watch import Inheritance
from language.names import TaskQueue
from services.review.app import SERVICE
from services.review.operations.cases import CASES, POST_COLUMNS, UNIT_ROWS
from services.review.operations.inheriting import open_anew
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.organisation_cases import write_unit
from tests.review_cases import Case
from tests.succession_cases import ENDED, follow, merge


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, clock=MovableClock()) as review:
        yield review


async def _follow(case: Case) -> None:
    inheritance = Inheritance(rows=UNIT_ROWS, posts=POST_COLUMNS, anew=open_anew)
    await follow(case.service.database, CASES, inheritance)


async def test_an_open_stage_goes_on_in_its_council_in_the_successor(service: TestService) -> None:
    case, into = Case(service), uuid4()
    await case.open()
    await case.mark(case.members[0])
    facts = await case.facts()
    async with facts.database.transaction() as tx:
        await merge(tx, case.root, case.unit, into)
    await _follow(case)
    stage = await service.database.pool.fetchrow("select * from stages where id = $1", case.stage)
    assert (stage["unit_id"], stage["unit_path"]) == (into, [case.root, into])
    ahead = await service.database.pool.fetch(
        "select distinct unit_path from rungs_ahead where about_id = $1", case.stage
    )
    assert [row["unit_path"] for row in ahead] == [[case.root, into]]
    for member in case.members[1:]:
        assert (await case.mark(member)).status_code == 200
    decided = await case.decide()
    assert decided.status_code == 200, decided.text
    assert decided.json()["unit_id"] == str(into)
    assert not await service.database.pool.fetchval(
        "select count(*) from tasks where about_id = $1 and unreachable_since is not null", case.stage
    )


async def test_work_through_a_post_that_ended_goes_to_the_one_that_took_over(service: TestService) -> None:
    case, into = Case(service), uuid4()
    await case.open()
    other = Case(service, root=case.root, unit=into)
    facts = await other.facts()
    chair, successor = case.holders[0], other.holders[0]
    async with facts.database.transaction() as tx:
        await merge(tx, case.root, case.unit, into)
        ends = "update posts set passed_to = $2, unit_id = $3 where id = $1"
        await tx.conn.execute(ends, chair.post_id, successor.post_id, case.unit)
        await tx.conn.execute("update holdings set held_to = $2 where post_id = $1", chair.post_id, ENDED)
    await _follow(case)
    rows = await service.database.pool.fetch(
        "select distinct assignee_id, post_id from tasks where about_id = $1 and kind = 'DECIDE' and state = "
        "'WAITING'",
        case.stage,
    )
    assert [tuple(row) for row in rows] == [(successor.person_id, successor.post_id)]


async def test_a_level_opens_in_the_unit_to_which_the_dossiers_unit_has_come(service: TestService) -> None:
    """The commune of the plan has ended meanwhile, and the school lies under another."""
    case, into = Case(service), uuid4()
    new = Case(service, root=case.root, unit=into)
    facts = await new.facts()
    await case.facts()
    await case.file()
    async with facts.database.transaction() as tx:
        await merge(tx, case.root, case.unit, into)
    opened = await case.service.activities["open_stage"](case.opening())
    assert opened.clock is not None
    stage = await service.database.pool.fetchrow("select * from stages where id = $1", case.stage)
    assert (stage["unit_id"], stage["unit_path"]) == (into, [case.root, into])


async def test_a_level_opens_in_the_commune_under_which_the_school_lies_now(service: TestService) -> None:
    """The plan names the commune of the day of filing, which goes on without the school."""
    case, into, school = Case(service), uuid4(), uuid4()
    new = Case(service, root=case.root, unit=into)
    facts = await new.facts()
    await case.facts()
    await case.file()
    async with facts.database.transaction() as tx:
        await write_unit(tx.conn, (case.root, into, school))
        for unit, level in ((case.unit, "COMMUNE"), (into, "COMMUNE"), (school, "SCHOOL")):
            await tx.conn.execute("update units set level = $2 where id = $1", unit, level)
    intake = await service.shared.database(TaskQueue.INTAKE)
    await intake.pool.execute("update dossiers set unit_id = $2 where id = $1", case.dossier, school)
    await service.activities["open_stage"](case.opening())
    stage = await service.database.pool.fetchrow("select * from stages where id = $1", case.stage)
    assert (stage["unit_id"], stage["unit_path"]) == (into, [case.root, into])
