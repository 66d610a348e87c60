"""Units that end, merge and move under stages: an open one goes on in its council, and a level that is not
open yet opens where the path leads on its day."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID, uuid4

import pytest

from casework.succession_watch import SuccessionWatch
from kit.db import Tx
from kit.leading import take_lead
from language.ids import UnitId
from language.names import TaskQueue
from language.posts.reach import UnitChanged
from services.organisation.operations.roster_changes import write_change
from services.review.app import SERVICE
from services.review.operations.cases import CASES, POST_COLUMNS, UNIT_ROWS
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.organisation_cases import LEADER, LONG_AGO, write_unit
from tests.review_cases import Case

LEVEL = (
    "update units set level = $2, valid_to = $3, parent_id = $4, successor_id = $4, path = $5 where id = $1"
)
ACT = """
insert into successions (id, document, from_day, steps, unit_ids, state, drafted_by, drafted_at, in_force_at,
  position)
select gen_random_uuid(), 'x', '2000-01-02', '[]', $1, 'IN_FORCE', gen_random_uuid(), now(), now(),
  coalesce(max(position), 0) + 1 from successions
"""
ENDED = date(2000, 1, 1)


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, clock=MovableClock()) as review:
        yield review


async def _merge(tx: Tx, case: Case, into: UUID) -> None:
    """What an act leaves behind: the unit ended below its successor, with its posts passed over."""
    await write_unit(tx.conn, (case.root, into))
    path = [case.root, into, case.unit]
    await tx.conn.execute(LEVEL, case.unit, "UNIT", ENDED, into, path)
    await tx.conn.execute("update posts set unit_id = $2 where unit_id = $1", case.unit, into)
    await tx.conn.execute(ACT, [case.unit, into])
    await write_change(tx, [UnitChanged(unit_id=UnitId(into))], LONG_AGO, None)


async def _follow(case: Case) -> None:
    watch = SuccessionWatch(case.service.database, CASES, UNIT_ROWS, POST_COLUMNS)
    async with case.service.database.connection() as conn:
        lease = None
        while lease is None:
            lease = await take_lead(conn, "successions", LEADER)
        while await watch.look(lease):
            pass


async def test_an_open_stage_goes_on_in_its_council_in_the_successor(service: TestService) -> None:
    case, into = Case(service), uuid4()
    await case.open()
    await case.mark(case.members[0])
    facts = await case.facts()
    async with facts.database.transaction() as tx:
        await _merge(tx, case, into)
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
    assert decided.status_code == 201, decided.text
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
        await _merge(tx, case, into)
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
        await _merge(tx, case, into)
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
