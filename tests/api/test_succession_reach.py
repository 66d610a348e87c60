"""What else an act about units reaches: times for filing, work that was passed on, appointments that have not
begun."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.names import TaskQueue
from language.posts.kinds import PostKind
from services.intake.store.rules_in_force import rules_in_force
from tests.conftest import ServiceOpener
from tests.organisation_cases import write_unit
from tests.succession_world import DAY, World, open_succession_world

ROUND = """
insert into rounds (id, season_id, code, level, opens_at, closes_at)
select gen_random_uuid(), $1, $2, $3, $4, $5
"""
LATE = """
insert into late_filings (id, season_id, unit_id, until, document, reason, given_by, given_at)
values (gen_random_uuid(), $1, $2, $3, 'x', 'x', gen_random_uuid(), now())
"""
CLOSE_SEASON = "update seasons set closes_at = $2 where id = $1"


@pytest.fixture
async def world(open_service: ServiceOpener, tmp_path: Path) -> AsyncIterator[World]:
    async with open_succession_world(open_service, tmp_path) as made:
        yield made


async def test_the_preview_has_a_verdict_for_every_round_and_permission_to_file_late(world: World) -> None:
    case, now = world.case, world.case.clock.now()
    rulebook = await case.service.shared.database(TaskQueue.RULEBOOK)
    for code, level, closes in (
        ("any", None, 30),
        ("schools", "SCHOOL", 30),
        ("communes", "COMMUNE", 30),
        ("over", None, 0),
    ):
        span = (now - DAY, now + timedelta(days=closes))
        await rulebook.pool.execute(ROUND, case.season, code, level, *span)
    await rulebook.pool.execute(LATE, case.season, case.school, now + 30 * DAY)
    drafted = (await world.send("POST", "/successions", world.admins[0], world.merger())).json()
    windows = [one for one in drafted["verdicts"] if one["kind"] in {"ROUND", "LATE_FILING"}]
    assert {(one["kind"], one["fate"], one["to_id"]) for one in windows} == {
        ("ROUND", "PASSES_ON", str(world.other)),
        ("LATE_FILING", "PASSES_ON", str(world.other)),
    }
    assert {one["code"] for one in windows if one["kind"] == "ROUND"} == {"any", "schools"}


async def test_the_permission_to_file_late_is_the_successors(world: World) -> None:
    case, now = world.case, world.case.clock.now()
    rulebook = await case.service.shared.database(TaskQueue.RULEBOOK)
    await rulebook.pool.execute(CLOSE_SEASON, case.season, now - timedelta(hours=1))
    await rulebook.pool.execute(LATE, case.season, case.school, now + 30 * DAY)
    await world.approved()
    await world.next_day()
    async with case.service.database.reading() as tx:
        rules = await rules_in_force(tx, world.other, case.season, tx.now)
        elsewhere = await rules_in_force(tx, case.commune, case.season, tx.now)
    assert rules is not None
    assert elsewhere is not None
    assert (rules.may_file_late, elsewhere.may_file_late) == (True, False)


async def test_work_that_was_passed_on_goes_where_the_post_goes(world: World) -> None:
    case = world.case
    aside = uuid4()
    async with world.organisation.database.transaction() as tx:
        await write_unit(tx.conn, (*case.path[:2], aside))
        await tx.conn.execute("update units set level = 'SCHOOL' where id = $1", aside)
    facts = await case.facts()
    given, staying = uuid4(), uuid4()
    post = uuid4()
    await facts.post(post, PostKind.STAFF, *case.path)
    await facts.hold(given, post)
    await facts.hold(staying, await _post_of(world, case.officer))
    for person in (given, staying):
        await facts.delegate(person, uuid4(), case.school)
    split = {"kind": "SPLITS", "given": [{"id": str(post), "into_id": str(aside)}]}
    await world.approved(world.merger(**split))
    await world.next_day()
    rows = await facts.database.pool.fetch(
        "select grantor_id, unit_id from delegations where grantor_id = any($1)", [given, staying]
    )
    assert {row["grantor_id"]: row["unit_id"] for row in rows} == {given: aside, staying: world.other}


async def test_who_would_only_have_come_to_a_post_that_ends_does_not_and_is_told(world: World) -> None:
    case = world.case
    facts, head, later = await case.facts(), uuid4(), uuid4()
    await facts.appoint((case.holder(head, PostKind.UNIT_HEAD), (*case.path[:2], world.other)))
    post = await _post_of(world, case.head)
    await facts.hold(later, post, world.tomorrow + 30 * DAY)
    await world.approved()
    await world.next_day()
    rows = await facts.database.pool.fetch("select person_id, held_to from holdings where post_id = $1", post)
    assert [tuple(row) for row in rows] == [(case.head, world.tomorrow - 2 * DAY)]
    told = await facts.database.pool.fetch("select detail from notices where person_id = $1", later)
    assert {row["detail"] for row in told} == {"APPROVED", "IN_FORCE"}


async def _post_of(world: World, person: UUID) -> UUID:
    found: Any = await world.organisation.database.pool.fetchval(
        "select p.id from posts p join holdings h on h.post_id = p.id "
        "where h.person_id = $1 and p.unit_id = $2 limit 1",
        person,
        world.case.school,
    )
    return UUID(str(found))
