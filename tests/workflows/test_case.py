"""A case that lies in no dossier: its run waits for its rungs, and ends when somebody has acted."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

from temporalio.client import WorkflowExecutionStatus

from language.cases import CaseType
from language.deadline.arithmetic import build_clock
from language.deadline.clock import ClockMoved, StageClock
from language.ids import EventId, PersonId, UnitId
from language.messages.case import CaseEnded, StartCase
from language.names import TaskQueue, case_workflow_id
from language.plan.ladder import onward
from language.posts.kinds import PostKind
from tests.workflows.cases import CALENDAR, LADDER, working_days
from tests.workflows.world import Watched, World
from workflows.case import CaseWorkflow

RUNGS = ["remind", "replace", "superior", "hand_up"]
PAYEE = PersonId(uuid4())


@dataclass
class _Run:
    world: World
    about_id: UUID
    clock: StageClock
    watched: Watched

    @property
    def climbed(self) -> list[str]:
        return self.world.office.climbed.get(self.about_id, [])

    async def end(self) -> None:
        ended = CaseEnded(event_id=EventId(uuid4()), about_id=self.about_id)
        await self.watched.handle.signal(CaseWorkflow.case_ended, ended)
        await asyncio.wait_for(self.watched.handle.result(), 30)

    async def status(self) -> WorkflowExecutionStatus | None:
        return (await self.watched.handle.describe()).status


async def _start(world: World) -> _Run:
    about_id = uuid4()
    clock = build_clock(datetime.now(UTC), working_days(10), LADDER, CALENDAR)
    start = StartCase(
        event_id=EventId(uuid4()),
        owner=TaskQueue.PAYOUT,
        case=CaseType.PAYMENT_LIST,
        about_id=about_id,
        unit_id=UnitId(uuid4()),
        posts=(PostKind.CHIEF_ACCOUNTANT,),
        excluded=(PAYEE,),
        clock=clock,
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
    return _Run(world=world, about_id=about_id, clock=clock, watched=watched)


async def test_it_is_given_out_once_and_ends_with_the_owners_word(world: World) -> None:
    run = await _start(world)
    [given] = [command for command in world.office.given_out if command.about_id == run.about_id]
    assert given.case is CaseType.PAYMENT_LIST
    await run.end()
    assert run.climbed == []


async def test_while_nobody_acts_every_rung_is_climbed_once_in_order(world: World) -> None:
    run = await _start(world)
    for rung in run.clock.rungs:
        await run.watched.until(rung.at)
    assert run.climbed == RUNGS
    assert await run.status() is WorkflowExecutionStatus.RUNNING
    await run.end()


async def test_a_lost_word_of_the_end_is_found_at_the_next_rung(world: World) -> None:
    run = await _start(world)
    world.office.cases_over.add(run.about_id)
    await run.watched.until(run.clock.rungs[0].at)
    await asyncio.wait_for(run.watched.handle.result(), 30)
    assert run.climbed == RUNGS[:1]


async def test_a_rung_that_the_owner_adds_after_the_last_is_climbed_too(world: World) -> None:
    run = await _start(world)
    further = onward(LADDER, LADDER[-1])
    longer = build_clock(run.clock.opened_at, working_days(10), (*LADDER, further), CALENDAR)
    moved = ClockMoved(event_id=EventId(uuid4()), about_id=run.about_id, revision=2, clock=longer)
    world.office.longer[run.about_id, "hand_up"] = moved
    for rung in longer.rungs:
        await run.watched.until(rung.at)
    assert run.climbed == [*RUNGS, further.id]
    await run.end()


async def test_a_clock_that_is_moved_puts_its_rungs_off(world: World) -> None:
    run = await _start(world)
    later = build_clock(run.clock.opened_at, working_days(40), LADDER, CALENDAR)
    moved = ClockMoved(event_id=EventId(uuid4()), about_id=run.about_id, revision=2, clock=later)
    await run.watched.handle.signal(CaseWorkflow.clock_moved, replace(moved))
    await run.watched.until(run.clock.rungs[0].at)
    assert run.climbed == []
    await run.watched.until(later.rungs[0].at)
    assert run.climbed == RUNGS[:1]
    await run.end()
