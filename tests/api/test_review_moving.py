"""A stage that goes on elsewhere because the rules changed: closed under its lock, its marks void but
readable, never against a decision."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest

from language.ids import DossierId, StageId, TransitionId
from language.messages.review import StageMoved
from language.messages.transition import Marks, MoveStage
from language.names import stage_id
from services.review.app import SERVICE
from tests.conftest import ServiceOpener, TestService
from tests.review_cases import Case

TRANSITION = TransitionId(uuid4())


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as review:
        yield review


@pytest.fixture
async def case(service: TestService) -> Case:
    opened = Case(service)
    await opened.open()
    return opened


async def move(case: Case, *, even_if_marked: bool = True) -> StageMoved:
    """What the journey asks for."""
    command = MoveStage(
        stage_id=StageId(case.stage),
        to_level="COMMUNE",
        transition_id=TRANSITION,
        even_if_marked=even_if_marked,
    )
    moved: StageMoved = await case.service.activities["move_stage"](command)
    return moved


async def published(case: Case) -> list[tuple[str, str, str]]:
    """What review lets others read of the dossier's stages."""
    rows = await case.service.database.pool.fetch(
        "select level, state, marks from stages_v1 where dossier_id = $1 order by opened_at", case.dossier
    )
    return [tuple(row) for row in rows]


async def test_a_half_marked_stage_is_closed_its_sheets_void_and_kept_its_tasks_and_clock_over(
    case: Case,
) -> None:
    await case.mark_all(case.members[:2])
    for _ in range(2):
        assert await move(case) == StageMoved(moved=True, decision=None)
    rows = await case.service.database.pool.fetch(
        "select state, scores from score_sheets where stage_id = $1", case.stage
    )
    assert {row["state"] for row in rows} == {"VOID"}
    assert sum(bool(row["scores"]) for row in rows) == 2
    assert {state for _, _, state in await case.tasks()} <= {"DONE", "CANCELLED"}
    assert await case.service.database.pool.fetchval(
        "select closed_at from clocks where about_id = $1", case.stage
    )
    [event] = [event for event in await case.events() if event["kind"] == "StageMoved"]
    assert (event["detail"]["void_sheets"], event["detail"]["to_level"]) == (2, "COMMUNE")


async def test_nobody_marks_or_decides_a_stage_that_was_moved(case: Case) -> None:
    sheet = await case.own_sheet(case.members[1])
    await move(case)
    refused = await case.put(sheet, case.members[1], scores={}, submit=False)
    assert (refused.status_code, refused.json()["code"]) == (409, "StageMovedAway")
    assert (await case.decide()).json()["code"] == "StageMovedAway"
    assert await published(case) == [("UNIT", "MOVED", Marks.NONE)]


async def test_marks_keep_a_stage_where_no_rule_makes_them_void(case: Case) -> None:
    await case.mark(case.members[1])
    assert await move(case, even_if_marked=False) == StageMoved(moved=False, decision=None)
    assert await published(case) == [("UNIT", "OPEN", Marks.SOME)]


async def test_a_decision_that_came_first_stands_and_is_the_answer(case: Case) -> None:
    await case.mark_all()
    assert (await case.decide(propose=True)).status_code == 200
    found = await move(case)
    assert not found.moved
    assert found.decision
    assert found.decision.proposed
    assert await published(case) == [("UNIT", "DECIDED", Marks.ALL)]


@pytest.mark.parametrize("_", range(5))
async def test_a_decision_and_a_move_at_once_end_in_one_of_the_two(case: Case, _: int) -> None:
    await case.mark_all()
    decided, moved = await asyncio.gather(case.decide(), move(case))
    assert (decided.status_code == 200) == (moved.decision is not None) != moved.moved
    state = await case.service.database.pool.fetchval("select state from stages where id = $1", case.stage)
    assert state == ("MOVED" if moved.moved else "DECIDED")


async def test_a_level_that_was_moved_away_may_be_opened_again_as_another_stage(case: Case) -> None:
    await move(case)
    again = stage_id(DossierId(case.dossier), case.level, TransitionId(uuid4()))
    opened = await case.service.activities["open_stage"](replace(case.opening(), stage_id=again))
    assert (opened.clock.about_id, opened.decision) == (again, None)
    assert await published(case) == [("UNIT", "MOVED", Marks.NONE), ("UNIT", "OPEN", Marks.NONE)]


async def test_all_sheets_in_is_told_apart_from_some(case: Case) -> None:
    await case.mark_all()
    assert await published(case) == [("UNIT", "OPEN", Marks.ALL)]
