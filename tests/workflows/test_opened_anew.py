"""A stage that another unit opens anew, because its own has ended: the journey goes on there."""

from language.messages.journey import JourneyOutcome
from tests.workflows import anew
from tests.workflows.anew import FIRST, open_anew
from tests.workflows.cases import LEVELS
from tests.workflows.world import World


async def test_the_journey_waits_for_the_decision_of_the_stage_in_its_place(world: World) -> None:
    journey = await anew.opened_anew(world)
    closed = await journey.closed()
    assert closed.outcome is JourneyOutcome.RECOGNISED
    assert journey.questions() == ["open UNIT", "open COMMUNE", "open PROVINCE", "close"]
    above = journey.desk.openings[LEVELS[1]]
    assert above.after == journey.desk.openings[FIRST].stage_id


async def test_rungs_are_climbed_by_the_clock_of_the_new_stage(world: World) -> None:
    journey = await world.file()
    await journey.accept()
    await journey.days(3)
    await open_anew(world, journey)
    before = len(journey.desk.climbs)
    await journey.until(await journey.due(FIRST))
    climbed = [climb.rung for climb in journey.desk.climbs[before:]]
    assert climbed
    assert len(set(climbed)) == len(climbed)


async def test_a_word_that_comes_again_changes_nothing(world: World) -> None:
    journey = await anew.opened_anew_thrice_told(world)
    assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED
    assert journey.questions() == ["open UNIT", "open COMMUNE", "open PROVINCE", "close"]
    assert len(await journey.runs()) == len(LEVELS) + 1


async def test_a_withdrawal_that_comes_before_the_word_ends_the_journey(world: World) -> None:
    journey = await anew.withdrawn_before_the_word(world)
    assert (await journey.closed()).outcome is JourneyOutcome.WITHDRAWN
