"""Clocks that are moved while a journey waits for their rungs: each rung is climbed once, by the clock that
stands, whatever word was lost."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from random import Random
from uuid import uuid4

import pytest

from language.deadline.editions import Break, CalendarEdition
from language.deadline.jitter import delay_of
from language.ids import UnitId
from language.messages.journey import JourneyOutcome
from language.messages.rung import RungFinding
from language.names import STAGE_DUE_AT, TaskQueue, calendar_change_workflow_id
from tests.workflows import moves, scenarios
from tests.workflows.cases import RUNGS, review_plan
from tests.workflows.office import Climb
from tests.workflows.world import Journey, World
from workflows.calendar_change import CalendarChangeWorkflow

EDITION = CalendarEdition(
    version=2,
    holidays=frozenset({date(2026, 9, 2)}),
    make_up_days=frozenset(),
    reason="Công văn",
    breaks=(
        Break(
            unit_id=UnitId(uuid4()), first_day=date(2026, 6, 1), last_day=date(2026, 8, 31), name="Nghỉ hè"
        ),
    ),
)
A_MINUTE = timedelta(minutes=1)


def fired(journey: Journey, ladder: str) -> list[Climb]:
    """The climbs of this ladder that did something."""
    return [
        climb
        for climb in journey.desk.climbs
        if climb.ladder == ladder and climb.finding is RungFinding.FIRED
    ]


async def fired_by_the_clock_that_stands(
    journey: Journey, ladder: str, rungs: tuple[str, ...] = RUNGS
) -> None:
    """Each of these rungs once, in order, at its instant by the clock as it was moved."""
    at = {rung.id: rung.at for rung in journey.desk.kept[ladder].told(await journey.now()).clock.rungs}
    climbs = fired(journey, ladder)
    assert [climb.rung for climb in climbs if climb.rung in rungs] == list(rungs)
    assert len({climb.rung for climb in climbs}) == len(climbs)
    for climb in climbs:
        if climb.rung in rungs:
            assert (
                timedelta() <= climb.at - at[climb.rung] - delay_of(journey.desk.start.dossier_id) < A_MINUTE
            )


def not_yet(journey: Journey) -> int:
    """How often a rung was climbed before its time."""
    return sum(climb.finding is RungFinding.NOT_YET for climb in journey.desk.climbs)


async def test_an_extension_puts_the_rungs_to_come_off_and_climbs_no_rung_again(world: World) -> None:
    journey = await moves.extended_midway(world)
    assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED
    assert fired(journey, "UNIT")[0].rung == "remind"
    await fired_by_the_clock_that_stands(journey, "UNIT", RUNGS[1:])
    assert not_yet(journey) == 0


async def test_a_rung_too_early_because_the_word_was_lost_does_nothing_and_is_climbed_when_due(
    world: World,
) -> None:
    journey = await moves.word_of_extension_lost(world)
    await journey.closed()
    await fired_by_the_clock_that_stands(journey, "UNIT")
    assert not_yet(journey) == 1


async def test_no_rung_is_climbed_while_the_clock_stands_still_and_an_old_word_of_it_changes_nothing(
    world: World,
) -> None:
    journey = await moves.suspended_for_a_complaint(world)
    await journey.closed()
    await fired_by_the_clock_that_stands(journey, "UNIT")


async def test_a_suspension_of_which_no_word_comes_is_found_by_the_rungs(world: World) -> None:
    journey = await moves.words_of_a_suspension_lost(world)
    await journey.closed()
    await fired_by_the_clock_that_stands(journey, "UNIT")
    assert 1 <= not_yet(journey) <= 30


async def test_the_clock_of_an_approval_moves_alike(world: World) -> None:
    journey = await scenarios.approval_extended(world)
    assert [climb.rung for climb in fired(journey, "PAYOUT UNIT")] == list(RUNGS)
    assert not_yet(journey) == 1


async def test_operators_see_the_due_instant_as_it_was_moved(world: World) -> None:
    journey = await world.file(review_plan("UNIT"))
    await journey.accept()
    moved = await journey.extend("UNIT", 3)
    seen = (await journey.handle.describe()).typed_search_attributes
    assert seen[STAGE_DUE_AT] == moved.clock.due_at
    await journey.decide("UNIT")


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_moves_the_clock_and_whatever_word_is_lost_no_rung_is_climbed_twice_or_never(
    world: World, seed: int
) -> None:
    random = Random(seed)
    journey = await world.file(review_plan("UNIT"))
    await journey.accept()
    for _ in range(8):
        await journey.days(random.choice([0.4, 1, 3]))
        told, standing = random.random() < 0.5, journey.desk.kept["UNIT"].running.is_suspended
        if random.random() < 0.3:
            await journey.extend("UNIT", random.randint(1, 4), told=told)
        else:
            await (journey.resume if standing else journey.suspend)("UNIT", told=told)
    if journey.desk.kept["UNIT"].running.is_suspended:
        await journey.resume("UNIT", told=False)
    await journey.until(await journey.due("UNIT") + timedelta(days=60))
    await journey.decide("UNIT")
    await journey.closed()
    assert sorted(climb.rung for climb in fired(journey, "UNIT")) == sorted(RUNGS)


@asynccontextmanager
async def worker_process(world: World, queue: str) -> AsyncIterator[None]:
    """A workflow worker that ends by kill -9."""
    address = world.env.client.service_client.config.target_host
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.workflows.killable", address, queue
    )
    try:
        yield
    finally:
        process.kill()
        await process.wait()


async def test_with_workers_killed_between_the_words_each_rung_is_climbed_once_by_the_clock_that_stands(
    world: World,
) -> None:
    queue = "killed"
    async with worker_process(world, queue):
        journey = await world.file(review_plan("UNIT"), queue=queue)
        await journey.accept()
        await journey.until(journey.desk.clocks["UNIT"].rungs[0].at)
    kept = journey.desk.kept["UNIT"]
    longer = await journey.extend("UNIT", 5, told=False)
    await journey.tell_clock(longer)
    async with worker_process(world, queue):
        await journey.settle()
        await journey.until(next(rung.at for rung in longer.clock.rungs if rung.id == "replace"))
        await journey.suspend("UNIT")
    await journey.tell_clock(await journey.resume("UNIT", told=False))
    async with worker_process(world, queue):
        await journey.settle()
        await journey.until(kept.told(await journey.now()).clock.due_at + scenarios.A_WHILE)
        await journey.decide("UNIT")
        assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED
    assert [climb.rung for climb in fired(journey, "UNIT")] == list(RUNGS)
    assert not_yet(journey) == 0


async def test_a_stage_that_is_opened_by_another_calendar_than_was_planned_climbs_by_the_one_it_has(
    world: World,
) -> None:
    journey = await moves.calendar_changed_while_opening(world)
    assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED
    assert await journey.due("UNIT") > journey.desk.clocks["UNIT"].due_at
    await fired_by_the_clock_that_stands(journey, "UNIT")
    assert not_yet(journey) == 0


async def test_a_change_of_calendar_asks_every_owner_batch_by_batch_once(world: World) -> None:
    handle = await world.env.client.start_workflow(
        CalendarChangeWorkflow.run, EDITION, id=calendar_change_workflow_id(2), task_queue=TaskQueue.WORKFLOWS
    )
    carried_out = await asyncio.wait_for(handle.result(), 30)
    assert (carried_out.version, carried_out.moved) == (2, 15)
    for owner in (TaskQueue.INTAKE, TaskQueue.REVIEW, TaskQueue.PAYOUT):
        asked = world.office.reprojections[owner]
        assert [command.after.int if command.after else 0 for command in asked] == [0, 2, 4]
        assert {command.edition for command in asked} == {EDITION}
