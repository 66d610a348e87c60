"""A stage that another unit opens anew, because its own has ended: the journey goes on there."""

from dataclasses import replace
from uuid import uuid4

from language.ids import EventId, StageId, UnitId
from language.messages.journey import JourneyOutcome
from language.messages.review import StageOpenedAnew
from tests.workflows.cases import LEVELS
from tests.workflows.world import Journey, World
from workflows.initiative import InitiativeWorkflow

FIRST = LEVELS[0]


async def open_anew(world: World, journey: Journey, *, told: bool = True) -> StageOpenedAnew:
    """Review's act: the level is open in another stage; told unless the word comes later."""
    desk, now = journey.desk, await journey.now()
    old = desk.openings[FIRST]
    new_stage = StageId(uuid4())
    desk.openings[FIRST] = replace(old, stage_id=new_stage)
    world.office.also_at(new_stage, desk)
    level = next(known for known in desk.plans[old.plan_hash].levels if known.level == FIRST)
    desk.start_clock(FIRST, new_stage, now, (level.examination, level.ladder))
    word = StageOpenedAnew(
        event_id=EventId(uuid4()),
        stage_id=old.stage_id,
        unit_id=UnitId(uuid4()),
        clock=desk.kept[FIRST].stands(now),
    )
    if told:
        await tell(journey, word)
    return word


async def tell(journey: Journey, word: StageOpenedAnew) -> None:
    """Deliver review's word."""
    await journey.handle.signal(InitiativeWorkflow.stage_opened_anew, word)
    await journey.settle()


async def test_the_journey_waits_for_the_decision_of_the_stage_in_its_place(world: World) -> None:
    journey = await world.file()
    await journey.accept()
    await open_anew(world, journey)
    for level in LEVELS:
        await journey.decide(level)
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
    assert len(journey.desk.climbs) > before
    assert len({climb.rung for climb in journey.desk.climbs[before:]}) == len(journey.desk.climbs[before:])


async def test_a_word_that_comes_twice_changes_nothing(world: World) -> None:
    journey = await world.file()
    await journey.accept()
    word = await open_anew(world, journey)
    await tell(journey, word)
    for level in LEVELS:
        await journey.decide(level)
    assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED


async def test_a_withdrawal_that_comes_before_the_word_ends_the_journey(world: World) -> None:
    journey = await world.file()
    await journey.accept()
    word = await open_anew(world, journey, told=False)
    journey.desk.replaced[word.stage_id] = StageId(word.clock.about_id)
    await journey.ask_to_withdraw()
    await journey.settle()
    await tell(journey, word)
    assert (await journey.closed()).outcome is JourneyOutcome.WITHDRAWN
