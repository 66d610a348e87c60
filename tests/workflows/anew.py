"""The paths of a journey whose stage another unit opens anew, because its own has ended, each told once."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from uuid import uuid4

from language.ids import EventId, StageId, UnitId
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


async def opened_anew(world: World) -> Journey:
    """The first level is opened anew after three days, and decided there."""
    journey = await world.file()
    await journey.accept()
    await journey.days(3)
    await open_anew(world, journey)
    for level in LEVELS:
        await journey.decide(level)
    return journey


async def opened_anew_thrice_told(world: World) -> Journey:
    """The word comes again after the level is decided, and once more."""
    journey = await world.file()
    await journey.accept()
    word = await open_anew(world, journey)
    await tell(journey, word)
    await journey.decide(FIRST)
    await tell(journey, word)
    for level in LEVELS[1:]:
        await journey.decide(level)
    return journey


async def withdrawn_before_the_word(world: World) -> Journey:
    """Review has withdrawn the new stage already when the journey hears of it."""
    journey = await world.file()
    await journey.accept()
    word = await open_anew(world, journey, told=False)
    journey.desk.replaced[word.stage_id] = StageId(word.clock.about_id)
    await journey.ask_to_withdraw()
    await journey.settle()
    await tell(journey, word)
    return journey


ANEW: Mapping[str, Callable[[World], Awaitable[Journey]]] = MappingProxyType(
    {
        scenario.__name__: scenario
        for scenario in (opened_anew, opened_anew_thrice_told, withdrawn_before_the_word)
    }
)
