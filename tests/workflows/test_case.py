"""A case that lies in no dossier: its run waits for its rungs, and ends when somebody has acted."""

import asyncio
from uuid import uuid4

from temporalio.client import WorkflowExecutionStatus

from language.cases import CaseType
from language.deadline.arithmetic import build_clock
from language.deadline.clock import ClockMoved
from language.ids import EventId
from language.plan.ladder import onward
from tests.workflows.case_runs import case_in_time, start_case
from tests.workflows.cases import CALENDAR, LADDER, working_days
from tests.workflows.world import World
from workflows.case import CaseWorkflow

RUNGS = ["remind", "replace", "superior", "hand_up"]


async def test_it_is_given_out_once_and_ends_with_the_owners_word(world: World) -> None:
    run = await case_in_time(world)
    [given] = [command for command in world.office.given_out if command.about_id == run.about_id]
    assert given.case is CaseType.PAYMENT_LIST
    assert run.climbed == []


async def test_while_nobody_acts_every_rung_is_climbed_once_in_order(world: World) -> None:
    run = await start_case(world)
    for rung in run.clock.rungs:
        await run.watched.until(rung.at)
    assert run.climbed == RUNGS
    assert await run.status() is WorkflowExecutionStatus.RUNNING
    await run.end()


async def test_a_lost_word_of_the_end_is_found_at_the_next_rung(world: World) -> None:
    run = await start_case(world)
    world.office.cases_over.add(run.about_id)
    await run.watched.until(run.clock.rungs[0].at)
    await asyncio.wait_for(run.watched.handle.result(), 30)
    assert run.climbed == RUNGS[:1]


async def test_a_rung_that_the_owner_adds_after_the_last_is_climbed_too(world: World) -> None:
    run = await start_case(world)
    further = onward(LADDER, LADDER[-1])
    longer = build_clock(run.clock.opened_at, working_days(10), (*LADDER, further), CALENDAR)
    moved = ClockMoved(event_id=EventId(uuid4()), about_id=run.about_id, revision=2, clock=longer)
    world.office.longer[run.about_id, "hand_up"] = moved
    for rung in longer.rungs:
        await run.watched.until(rung.at)
    assert run.climbed == [*RUNGS, further.id]
    await run.end()


async def test_a_clock_that_is_moved_puts_its_rungs_off(world: World) -> None:
    run = await start_case(world)
    later = build_clock(run.clock.opened_at, working_days(40), LADDER, CALENDAR)
    moved = ClockMoved(event_id=EventId(uuid4()), about_id=run.about_id, revision=2, clock=later)
    await run.watched.handle.signal(CaseWorkflow.clock_moved, moved)
    await run.watched.until(run.clock.rungs[0].at)
    assert run.climbed == []
    await run.watched.until(later.rungs[0].at)
    assert run.climbed == RUNGS[:1]
    await run.end()
