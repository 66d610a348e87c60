"""A refusal that is examined again after the end: where no run goes on one starts, one that still waits for
an award goes on there."""

from language.messages.journey import JourneyOutcome
from tests.workflows.reopenings import (
    checked_again_after_the_end,
    checked_again_while_it_ends,
    reopened_after_the_end,
    reopened_beside_an_award,
)
from tests.workflows.world import World


async def test_after_the_end_a_new_run_examines_again_also_when_told_twice(world: World) -> None:
    journey = await reopened_after_the_end(world)
    closed = await journey.closed()
    assert closed.outcome is JourneyOutcome.RECOGNISED
    assert journey.questions() == ["open UNIT", "open COMMUNE", "close", "open COMMUNE", "close"]


async def test_a_run_that_waits_for_an_award_examines_again_beside_it(world: World) -> None:
    journey = await reopened_beside_an_award(world)
    closed = await journey.closed()
    assert closed.outcome is JourneyOutcome.RECOGNISED
    assert journey.questions().count("open COMMUNE") == 2
    assert journey.questions().count("close") == 2


async def test_a_rejected_request_is_checked_again_in_a_new_run_also_when_told_twice(world: World) -> None:
    journey = await checked_again_after_the_end(world)
    closed = await journey.closed()
    assert closed.outcome is JourneyOutcome.RECOGNISED
    assert journey.questions() == ["close", "open UNIT", "close"]
    assert journey.desk.rungs("CHECK")


async def test_a_run_that_is_only_ending_goes_on_in_the_check_made_again(world: World) -> None:
    journey = await checked_again_while_it_ends(world)
    closed = await journey.closed()
    assert closed.outcome is JourneyOutcome.RECOGNISED
    assert journey.questions() == ["close", "open UNIT", "close"]
