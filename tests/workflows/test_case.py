"""A case that lies in no dossier: its run waits for its rungs, and ends when somebody has acted."""

import asyncio

from temporalio.client import WorkflowExecutionStatus

from language.plan.ladder import onward
from tests.workflows.case_runs import start_case
from tests.workflows.cases import LADDER, working_days
from tests.workflows.world import World
from workflows.case import CaseWorkflow

RUNGS = ["remind", "replace", "superior", "hand_up"]


async def test_it_ends_with_the_owners_word(world: World) -> None:
    run = await start_case(world)
    await run.end()
    assert run.case.climbed == []


async def test_while_nobody_acts_every_rung_is_climbed_once_in_order(world: World) -> None:
    run = await start_case(world)
    for rung in run.clock.rungs:
        await run.watched.until(rung.at)
    assert run.case.climbed == RUNGS
    assert await run.status() is WorkflowExecutionStatus.RUNNING
    await run.end()


async def test_a_lost_word_of_the_end_is_found_at_the_next_rung(world: World) -> None:
    run = await start_case(world)
    await run.watched.until(run.clock.rungs[0].at)
    run.case.is_over = True
    await run.watched.until(run.clock.rungs[1].at)
    await asyncio.wait_for(run.watched.handle.result(), 30)
    assert run.case.climbed == RUNGS[:1]


async def test_a_rung_that_the_owner_adds_after_the_last_is_climbed_too(world: World) -> None:
    run = await start_case(world)
    further = onward(LADDER, LADDER[-1])
    run.case.further["hand_up"] = further
    for rung in run.clock.rungs:
        await run.watched.until(rung.at)
    await run.watched.until(run.case.clock.stands(await run.watched.now()).rungs[-1].at)
    assert run.case.climbed == [*RUNGS, further.id]
    await run.end()


async def test_a_clock_that_is_moved_puts_its_rungs_off(world: World) -> None:
    run = await start_case(world)
    run.case.clock.move(budget=working_days(40))
    moved = run.case.clock.told(await run.watched.now())
    await run.watched.handle.signal(CaseWorkflow.clock_moved, moved)
    await run.watched.until(run.clock.rungs[0].at)
    assert run.case.climbed == []
    await run.watched.until(moved.clock.rungs[0].at)
    assert run.case.climbed == RUNGS[:1]
    await run.end()


async def test_a_lost_word_that_the_clock_was_moved_is_found_at_the_rung(world: World) -> None:
    run = await start_case(world)
    run.case.clock.move(budget=working_days(40))
    await run.watched.until(run.clock.rungs[0].at)
    assert run.case.climbed == []
    await run.watched.until(run.case.clock.stands(await run.watched.now()).rungs[0].at)
    assert run.case.climbed == RUNGS[:1]
    await run.end()
