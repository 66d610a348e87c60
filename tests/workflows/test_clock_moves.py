"""Clocks that are moved while a journey waits for their rungs: each rung is climbed once, by the clock that
stands, whatever word was lost."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from language.deadline.jitter import delay_of
from language.messages.clock import Revision, RungFinding
from language.messages.journey import JourneyOutcome
from language.messages.payout import AwardState
from tests.workflows import moves, scenarios
from tests.workflows.cases import LADDER, RUNGS, review_plan
from tests.workflows.office import Climb
from tests.workflows.world import LONG_RUN, Journey, World

A_MINUTE = timedelta(minutes=1)
MANY_MOVES = 120


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
    at = {rung.id: rung.at for rung in journey.desk.kept[ladder].stands(await journey.now()).rungs}
    climbs = fired(journey, ladder)
    assert [climb.rung for climb in climbs if climb.rung in rungs] == list(rungs)
    assert len({climb.rung for climb in climbs}) == len(climbs)
    for climb in climbs:
        if climb.rung in rungs:
            assert timedelta() <= climb.at - at[climb.rung] - delay_of(journey.dossier_id) < A_MINUTE


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
        await journey.until(journey.desk.started["UNIT"].rungs[0].at)
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
        await journey.until(kept.stands(await journey.now()).due_at + scenarios.A_WHILE)
        await journey.decide("UNIT")
        assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED
    assert [climb.rung for climb in fired(journey, "UNIT")] == list(RUNGS)
    assert not_yet(journey) == 0


async def test_a_stage_that_is_opened_by_another_calendar_than_was_planned_climbs_by_the_one_it_has(
    world: World,
) -> None:
    journey = await moves.calendar_changed_while_opening(world)
    assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED
    assert await journey.due("UNIT") > journey.desk.started["UNIT"].due_at
    await fired_by_the_clock_that_stands(journey, "UNIT")
    assert not_yet(journey) == 0


async def test_an_owner_whose_clock_is_older_than_ours_is_not_asked_again_without_a_pause(
    world: World,
) -> None:
    journey = await world.file(review_plan("UNIT"))
    await journey.accept()
    longer = await journey.extend("UNIT", 5)
    # A restore: the owner knows nothing of the extension, and extends again later, under a number we know
    # already.
    kept = journey.desk.kept["UNIT"]
    kept.running = replace(kept.running, extensions=())
    kept.revision = Revision()
    await journey.until(longer.clock.rungs[0].at)
    assert [climb.finding for climb in fired(journey, "UNIT")] == [RungFinding.FIRED]
    kept.running = replace(
        kept.running, ladder=tuple(replace(rung, offset=rung.offset + 30) for rung in LADDER)
    )
    await journey.until(next(rung.at for rung in longer.clock.rungs if rung.id == "replace"))
    asked = not_yet(journey)
    await journey.days(1)
    assert asked <= not_yet(journey) <= asked + 12
    kept.revision = Revision(epoch=1)
    await journey.tell_clock(kept.told(await journey.now()))
    await journey.until(await journey.due("UNIT") + timedelta(days=60))
    await journey.decide("UNIT")
    await journey.closed()
    assert [climb.rung for climb in fired(journey, "UNIT")] == list(RUNGS)


async def test_a_clock_that_moves_without_end_ends_no_run(world: World) -> None:
    journey = await world.file(review_plan("UNIT", award_dong=scenarios.AWARD_DONG))
    await journey.settle()
    for ladder in ("CHECK", "UNIT", "PAYOUT UNIT"):
        for _ in range(MANY_MOVES):
            await journey.tell_clock(await journey.move_clock(ladder, told=False))
        await journey.settle()
        await journey.until(await journey.due(ladder) + scenarios.A_WHILE)
        match ladder:
            case "CHECK":
                await journey.accept()
            case "UNIT":
                await journey.decide("UNIT")
                await journey.until_assessed("UNIT")
            case _:
                await journey.move_award("UNIT", AwardState.APPROVED)
    assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED
    for ladder, rungs in (("CHECK", ("remind", "superior")), ("UNIT", RUNGS), ("PAYOUT UNIT", RUNGS)):
        assert [climb.rung for climb in fired(journey, ladder)] == list(rungs)
    histories = await journey.histories()
    assert len(histories) > 3
    assert max(len(history.events) for history in histories) < 2 * LONG_RUN
