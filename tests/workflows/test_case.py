"""A case that lies in no dossier: its run waits for its rungs, and ends when somebody has acted."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from temporalio.client import WorkflowExecutionStatus

from language.cases import CaseType
from language.deadline.arithmetic import RunningClock, build_clock
from language.ids import EventId
from language.messages.case import CaseEnded, StartCase
from language.messages.clock import CaseClock
from language.names import TaskQueue, case_workflow_id
from language.plan.ladder import onward
from tests.workflows.cases import CALENDAR, LADDER, working_days
from tests.workflows.fake_cases import KeptCase
from tests.workflows.office import KeptClock
from tests.workflows.world import Watched, World
from workflows.case import CaseWorkflow

RUNGS = ["remind", "replace", "superior", "hand_up"]


@dataclass
class _Run:
    about_id: UUID
    case: KeptCase
    watched: Watched
    clock: CaseClock

    async def end(self) -> None:
        ended = CaseEnded(event_id=EventId(uuid4()), about_id=self.about_id)
        await self.watched.handle.signal(CaseWorkflow.case_ended, ended)
        await asyncio.wait_for(self.watched.handle.result(), 30)

    async def status(self) -> WorkflowExecutionStatus | None:
        return (await self.watched.handle.describe()).status


async def _start(world: World) -> _Run:
    about_id, now = uuid4(), datetime.now(UTC)
    opened_at = build_clock(now, working_days(10), LADDER, CALENDAR).opened_at
    running = RunningClock(opened_at=opened_at, budget=working_days(10), ladder=LADDER, calendar=CALENDAR)
    case = world.cases.kept[about_id] = KeptCase(KeptClock(about_id, running))
    clock = case.clock.stands(now)
    start = StartCase(
        event_id=EventId(uuid4()), owner=TaskQueue.PAYOUT, case=CaseType.PAYMENT_LIST, clock=clock
    )
    with world.env.with_time_skipping_disabled():
        handle = await world.env.client.start_workflow(
            CaseWorkflow.run,
            start,
            id=case_workflow_id(CaseType.PAYMENT_LIST, about_id),
            task_queue=TaskQueue.WORKFLOWS,
        )
    watched = Watched(world.env, handle)
    await watched.settle()
    return _Run(about_id=about_id, case=case, watched=watched, clock=clock)


async def test_it_ends_with_the_owners_word(world: World) -> None:
    run = await _start(world)
    await run.end()
    assert run.case.climbed == []


async def test_while_nobody_acts_every_rung_is_climbed_once_in_order(world: World) -> None:
    run = await _start(world)
    for rung in run.clock.rungs:
        await run.watched.until(rung.at)
    assert run.case.climbed == RUNGS
    assert await run.status() is WorkflowExecutionStatus.RUNNING
    await run.end()


async def test_a_lost_word_of_the_end_is_found_at_the_next_rung(world: World) -> None:
    run = await _start(world)
    await run.watched.until(run.clock.rungs[0].at)
    run.case.is_over = True
    await run.watched.until(run.clock.rungs[1].at)
    await asyncio.wait_for(run.watched.handle.result(), 30)
    assert run.case.climbed == RUNGS[:1]


async def test_a_rung_that_the_owner_adds_after_the_last_is_climbed_too(world: World) -> None:
    run = await _start(world)
    further = onward(LADDER, LADDER[-1])
    run.case.further["hand_up"] = further
    for rung in run.clock.rungs:
        await run.watched.until(rung.at)
    await run.watched.until(run.case.clock.stands(await run.watched.now()).rungs[-1].at)
    assert run.case.climbed == [*RUNGS, further.id]
    await run.end()


async def test_a_clock_that_is_moved_puts_its_rungs_off(world: World) -> None:
    run = await _start(world)
    run.case.clock.move(budget=working_days(40))
    moved = run.case.clock.told(await run.watched.now())
    await run.watched.handle.signal(CaseWorkflow.clock_moved, moved)
    await run.watched.until(run.clock.rungs[0].at)
    assert run.case.climbed == []
    await run.watched.until(moved.clock.rungs[0].at)
    assert run.case.climbed == RUNGS[:1]
    await run.end()


async def test_a_lost_word_that_the_clock_was_moved_is_found_at_the_rung(world: World) -> None:
    run = await _start(world)
    run.case.clock.move(budget=working_days(40))
    await run.watched.until(run.clock.rungs[0].at)
    assert run.case.climbed == []
    await run.watched.until(run.case.clock.stands(await run.watched.now()).rungs[0].at)
    assert run.case.climbed == RUNGS[:1]
    await run.end()
