"""When a stage is opened, and what review answers: the word of the level before and of the formal check, the
plan, posts and calendar as their owners publish them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from casework.calendars import wait_for_openings as wait_for_clocks
from casework.plans import PlanUnknown
from casework.roster import wait_for_openings
from language.deadline.jitter import delay_of
from language.ids import DossierId, StageId
from language.messages.clock import CaseClock
from language.messages.journey import CheckState, StageOutcome
from language.messages.review import StageOpened
from language.plan.review_plan import RungAction
from language.posts.kinds import PostKind
from language.refusals import NotFound
from services.review.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.review_cases import POOR, Case, holder

WAITS = "select exists (select 1 from pg_locks where relation = 'stages'::regclass and not granted)"


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, clock=MovableClock()) as review:
        yield review


async def _kept(case: Case) -> Any:
    query = "select revision, due_at, rungs from clocks where about_id = $1"
    return await case.service.database.pool.fetchrow(query, case.stage)


def _above(below: Case) -> Case:
    """The level above, to which the stage below may have sent the dossier."""
    return Case(
        below.service,
        unit=below.root,
        root=uuid4(),
        dossier=below.dossier,
        author=below.author,
        season=below.season,
        level="PROVINCE",
        last_level=True,
        after=below.stage,
    )


async def test_the_clock_is_that_of_the_plan_and_runs_by_the_published_calendar(service: TestService) -> None:
    case = Case(service)
    opened = await case.open()
    kept = await _kept(case)
    assert opened.clock == CaseClock(
        about_id=case.stage,
        revision=opened.clock.revision,
        due_at=kept["due_at"],
        rungs=opened.clock.rungs,
        delay=delay_of(case.dossier),
    )
    assert [rung.id for rung in opened.clock.rungs] == [rung["id"] for rung in kept["rungs"]]
    assert (opened.clock.revision.number, opened.decision, opened.is_last) == (kept["revision"], None, False)
    assert (await case.events())[0]["detail"]["calendar_version"] == 1


@pytest.mark.parametrize("check", [CheckState.OPEN, CheckState.REJECTED])
async def test_the_first_level_waits_for_the_formal_check(service: TestService, check: CheckState) -> None:
    case = Case(service, check=check)
    assert await case.open() == StageOpened(clock=None)
    assert (await case.tasks(), await case.events(), await _kept(case)) == ([], [], None)


@pytest.mark.parametrize(
    ("verdict", "goes_up"),
    [
        ({"propose": True}, True),
        ({"propose": False}, False),
        ({"outcome": "REFUSED", "ground": "BELOW_THRESHOLD", "reasons": "Dưới điểm sàn"}, False),
    ],
)
async def test_only_what_was_recognised_and_proposed_goes_up(
    service: TestService, verdict: dict[str, Any], goes_up: bool
) -> None:
    below = Case(service)
    await below.open()
    await below.mark_all(scores=POOR if "ground" in verdict else None)
    number = (await below.decide(**verdict)).json()["decision_number"]
    above = _above(below)
    opened = await above.open()
    assert (opened.clock is not None) == goes_up
    if goes_up:
        assert (opened.is_last, opened.decision) == (True, None)
        stage = (await above.read(above.chair)).json()
        assert (stage["previous_decision_number"], stage["last_level"]) == (number, True)
    else:
        assert opened.decision
        assert (opened.decision.stage_id, opened.decision.decision_number) == (below.stage, number)
        assert await above.tasks() == []


async def test_a_level_that_has_not_spoken_or_was_withdrawn_sends_nothing_up(service: TestService) -> None:
    below = Case(service)
    await below.open()
    above = _above(below)
    assert await above.open() == StageOpened(clock=None)
    withdrawn = await below.withdraw()
    assert withdrawn.outcome is StageOutcome.WITHDRAWN
    assert await above.open() == StageOpened(clock=None, decision=withdrawn)


async def test_the_word_of_another_dossiers_stage_opens_nothing(service: TestService) -> None:
    other, case = Case(service), Case(service)
    await other.open()
    await other.mark_all()
    assert (await other.decide(propose=True)).status_code == 200
    case.after = other.stage
    assert await case.open() == StageOpened(clock=None)
    case.after = StageId(uuid4())
    assert await case.open() == StageOpened(clock=None)


async def test_a_repeat_tells_the_decision_and_the_clock_as_it_stands(service: TestService) -> None:
    case = Case(service, last_level=True)
    first = await case.open()
    assert await case.open() == first
    await case.climb(RungAction.REMIND)
    await case.mark_all()
    number = (await case.decide()).json()["decision_number"]
    again = await case.open()
    assert again.decision
    assert (again.decision.decision_number, again.is_last, again.clock) == (number, True, first.clock)
    assert await case.withdraw() == again.decision


async def test_an_unknown_dossier_plan_or_level_is_refused_and_asked_again(service: TestService) -> None:
    case = Case(service)
    await case.facts()
    with pytest.raises(NotFound):
        await service.activities["open_stage"](case.opening())
    await case.file()
    opening = case.opening()
    with pytest.raises(PlanUnknown):
        await service.activities["open_stage"](replace(opening, plan_hash="0" * 64))
    with pytest.raises(NotFound):
        await service.activities["open_stage"](replace(opening, level="MOON"))
    assert await case.tasks() == []
    assert (await service.activities["open_stage"](opening)).clock


async def test_a_rung_finds_who_is_there_when_it_fires(service: TestService) -> None:
    case = Case(service)
    await case.open()
    came = holder(PostKind.UNIT_HEAD)
    case.superiors = [came, case.superiors[1]]
    assert (await case.climb(RungAction.HAND_UP)).decision is None
    assert ("DECIDE", came.person_id, "OPEN") in await case.tasks()


async def test_an_empty_seat_is_filled_by_a_rung_that_else_looks_at_no_post(service: TestService) -> None:
    case = Case(service)
    council, case.holders, case.substitutes = case.holders, case.holders[:4], []
    await case.open()
    assert len([task for task in await case.tasks() if task[0] == "MARK"]) == 4
    case.holders = council
    await case.climb(RungAction.REMIND)
    assert ("MARK", council[4].person_id, "OPEN") in await case.tasks()


@pytest.mark.parametrize("wait", [wait_for_openings, wait_for_clocks], ids=["hand-over", "calendar"])
async def test_hand_over_and_new_calendars_wait_for_an_opening(service: TestService, wait: Any) -> None:
    case = Case(service)
    await case.facts()
    await case.file()
    held, let_go = asyncio.Event(), asyncio.Event()

    async def hold_up() -> None:
        async with service.database.transaction() as tx:
            await tx.conn.execute("lock table stages in share mode")
            held.set()
            await let_go.wait()

    async def look() -> None:
        async with service.database.transaction() as leader:
            await wait(leader)

    async with asyncio.TaskGroup() as group:
        group.create_task(hold_up())
        await held.wait()
        opening = group.create_task(service.activities["open_stage"](case.opening()))
        for _ in range(500):
            if await service.database.pool.fetchval(WAITS):
                break
            await asyncio.sleep(0.01)
        looking = group.create_task(look())
        done, _ = await asyncio.wait({looking}, timeout=0.3)
        assert not done
        let_go.set()
    assert opening.result().clock
    assert looking.done()


async def test_a_decision_is_published_once_a_stage_is_decided_or_withdrawn(service: TestService) -> None:
    decided, withdrawn, opened = Case(service), Case(service), Case(service)
    for case in (decided, withdrawn, opened):
        await case.open()
    await decided.mark_all()
    number = (await decided.decide(propose=True)).json()["decision_number"]
    word = await withdrawn.withdraw()
    rows = await service.database.pool.fetch(
        "select id, stage_id, outcome, proposed, decision_number, plan_hash from decisions_v1 "
        "where dossier_id = any($1) order by decided_at",
        [DossierId(case.dossier) for case in (decided, withdrawn, opened)],
    )
    said = (await decided.events())[-1]["event_id"]
    assert [tuple(row) for row in rows] == [
        (said, decided.stage, "RECOGNISED", True, number, decided.opening().plan_hash),
        (word.event_id, withdrawn.stage, "WITHDRAWN", False, None, withdrawn.opening().plan_hash),
    ]
