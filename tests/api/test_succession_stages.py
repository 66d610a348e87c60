"""Units that end, merge and move under stages: an open one goes on in its council, and a level that is not
open yet opens where the path leads on its day."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from casework.succession_watch import Inheritance
from language.ids import StageId
from language.messages.review import WithdrawStage
from language.names import TaskQueue
from language.plan.rule_kinds import StageInSuccessor
from services.review.app import SERVICE
from services.review.operations.cases import CASES, POST_COLUMNS, UNIT_ROWS
from services.review.operations.inheriting import open_anew
from tests.complaint_cases import complained, refused
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.organisation_cases import write_unit
from tests.review_cases import Case
from tests.succession_cases import ACT, ENDED, follow, foreseen, merge

INHERITANCE = Inheritance(rows=UNIT_ROWS, posts=POST_COLUMNS, anew=open_anew)
ANEW = {"in_successor": StageInSuccessor.OPENED_ANEW}


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, clock=MovableClock()) as review:
        yield review


async def _follow(case: Case) -> None:
    await follow(case.service.database, CASES, INHERITANCE)


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


async def _merge(case: Case, into: UUID) -> None:
    facts = await case.facts()
    async with facts.database.transaction() as tx:
        await merge(tx, case.root, case.unit, into)


async def _anew(case: Case) -> tuple[Case, UUID]:
    """The stage of a unit that has ended, opened anew before the council of the one that took over, and its
    id there."""
    await case.open()
    other = Case(case.service, root=case.root)
    await other.facts()
    await case.mark(case.members[0])
    await _merge(case, other.unit)
    await _follow(case)
    stage = await case.service.database.pool.fetchval(
        "select opened_anew_as from stages where id = $1", case.stage
    )
    return other, stage


async def test_where_the_rules_say_so_a_stage_is_opened_anew_in_the_successor(service: TestService) -> None:
    case = Case(service, rules=ANEW)
    other, new_stage = await _anew(case)
    database = service.database
    old = await database.pool.fetchrow("select * from stages where id = $1", case.stage)
    assert (old["state"], old["unit_id"], old["moved_to_level"]) == ("MOVED", case.unit, case.level)
    sheets = await database.pool.fetch("select state from score_sheets where stage_id = $1", case.stage)
    assert {row["state"] for row in sheets} == {"VOID"}
    new = await database.pool.fetchrow("select * from stages where id = $1", new_stage)
    assert (new["state"], new["unit_id"], new["unit_path"]) == ("OPEN", other.unit, [case.root, other.unit])
    assert new["opened_at"] > old["opened_at"]
    told = await database.pool.fetch(
        "select person_id from notices where subject_id = $1 and kind = 'COUNCIL_RELIEVED'", case.dossier
    )
    assert {row["person_id"] for row in told} == set(case.members)
    kinds = [event["kind"] for event in await case.events()]
    assert kinds.count("StageOpened") == 2
    assert kinds.count("StageOpenedAnew") == 1
    [word] = await database.pool.fetch(
        "select payload from outbox where name = 'stage_opened_anew' and payload ->> 'stage_id' = $1",
        str(case.stage),
    )
    assert word["payload"]["clock"]["about_id"] == str(new_stage)
    await _follow(case)
    assert (
        await database.pool.fetchval("select count(*) from stages where dossier_id = $1", case.dossier) == 2
    )


async def test_who_withdraws_from_the_stage_that_ended_withdraws_from_the_one_in_its_place(
    service: TestService,
) -> None:
    case = Case(service, rules=ANEW)
    _, new_stage = await _anew(case)
    command = WithdrawStage(stage_id=StageId(case.stage))
    withdrawn = await service.activities["withdraw_stage"](command)
    assert withdrawn.stage_id == new_stage


async def test_who_stayed_out_of_the_stage_that_ended_stays_out_of_the_one_in_its_place(
    service: TestService,
) -> None:
    case = Case(service, rules=ANEW)
    await case.open()
    member = case.members[2]
    headers = service.headers(member)
    path = f"/v1/stages/{case.stage}/recusal"
    recused = await service.http.post(path, json={"reason": "Người nhà của tác giả"}, headers=headers)
    assert recused.status_code == 200, recused.text
    await _merge(case, uuid4())
    await _follow(case)
    rows = await service.database.pool.fetch(
        "select s.id, s.opened_anew_as, r.person_id from stages s join recusals r on r.stage_id = s.id "
        "where s.dossier_id = $1",
        case.dossier,
    )
    assert {(row["opened_anew_as"] is None, row["person_id"]) for row in rows} == {
        (True, member),
        (False, member),
    }
    [new_stage] = [row["id"] for row in rows if row["opened_anew_as"] is None]
    seated = await service.database.pool.fetch("select person_id from seats where stage_id = $1", new_stage)
    assert member not in {row["person_id"] for row in seated}


async def test_a_decision_gets_its_number_in_the_series_of_the_successor(service: TestService) -> None:
    case = Case(service)
    before = case.another()
    await case.open()
    await before.open()
    await before.mark_all(before.members)
    assert (await before.decide()).status_code == 200
    await case.mark_all(case.members)
    into = uuid4()
    await _merge(case, into)
    early = await case.decide()
    assert (early.status_code, early.json()["code"]) == (503, "SuccessionUnderWay")
    await _follow(case)
    decided = await case.decide()
    assert decided.status_code == 200, decided.text
    assert decided.json()["decision_number"].startswith("1/QĐ-")
    assert decided.json()["unit_id"] == str(into)


async def test_work_that_was_handed_up_goes_to_whoever_took_over_from_the_head(service: TestService) -> None:
    """The stage is in a unit that goes on; the head above it to whom it fell was of one that has ended."""
    case = Case(service)
    await case.open()
    await case.climb("hand_up")
    task = "select * from tasks where about_id = $1 and kind = 'DECIDE' and state = 'OPEN'"
    [given] = await service.database.pool.fetch(task, case.stage)
    facts, other = await case.facts(), Case(service)
    await other.facts()
    new_head = other.superiors[0]
    async with facts.database.transaction() as tx:
        ends = "update posts set passed_to = $2 where id = $1"
        await tx.conn.execute(ends, given["post_id"], new_head.post_id)
        leaves = "update holdings set held_to = greatest(held_from, $2) where post_id = $1"
        await tx.conn.execute(leaves, given["post_id"], ENDED)
        await tx.conn.execute(ACT, [case.root, other.unit])
    await _follow(case)
    [task_now] = await service.database.pool.fetch(task, case.stage)
    assert (task_now["assignee_id"], task_now["unreachable_since"]) == (new_head.person_id, None)
    decider = await service.database.pool.fetchval(
        "select decider_post_id from stages where id = $1", case.stage
    )
    assert decider == new_head.post_id


async def test_the_preview_has_a_verdict_for_every_council(service: TestService) -> None:
    case = Case(service)
    anew = case.another(**ANEW)
    await case.open()
    await anew.open()
    found = {
        UUID(one["id"]): one["fate"]
        for one in await foreseen(service, case.root, case.unit)
        if one["kind"] == "STAGE"
    }
    assert found == {case.stage: "PASSES_ON", anew.stage: "OPENED_ANEW"}


async def test_an_open_complaint_has_a_verdict_and_goes_over_beside_stages_that_begin_anew(
    service: TestService,
) -> None:
    case = await refused(service, **ANEW)
    complaint = await complained(case)
    found = [one for one in await foreseen(service, case.root, case.unit) if one["kind"] == "COMPLAINT"]
    assert [(UUID(one["id"]), one["fate"]) for one in found] == [(complaint, "PASSES_ON")]
    beside = case.another(**ANEW)
    await beside.open()
    into = uuid4()
    await _merge(case, into)
    await _follow(case)
    pool = service.database.pool
    assert await pool.fetchval("select unit_id from complaints where id = $1", complaint) == into
    assert await pool.fetchval("select opened_anew_as is not null from stages where id = $1", beside.stage)
