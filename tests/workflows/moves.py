"""The paths of a journey whose clock moves while a council examines it, each told once."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from language.deadline.arithmetic import local_day
from language.deadline.clock import OfficeCalendar
from tests.workflows.cases import review_plan
from tests.workflows.world import Journey, World

A_WHILE = timedelta(days=10)


async def extended_midway(world: World) -> Journey:
    """The council is reminded, then gets five working days more; what is still to come on the ladder comes
    later, the reminder not again."""
    journey = await world.file(review_plan("UNIT"))
    await journey.accept()
    await journey.until(journey.desk.started["UNIT"].rungs[0].at)
    await journey.extend("UNIT", 5)
    await journey.until(await journey.due("UNIT") + A_WHILE)
    await journey.decide("UNIT")
    return journey


async def word_of_extension_lost(world: World) -> Journey:
    """Nobody is told of the extension: the first rung comes too early, does nothing, and brings the clock
    back."""
    journey = await world.file(review_plan("UNIT"))
    await journey.accept()
    await journey.extend("UNIT", 5, told=False)
    await journey.until(await journey.due("UNIT") + A_WHILE)
    await journey.decide("UNIT")
    return journey


async def calendar_changed_while_opening(world: World) -> Journey:
    """The calendar was edited while the stage was on its way: review opens it by the new one, and the word of
    that comes before the answer."""
    journey = await world.file(review_plan("UNIT"))

    async def takes_the_newest_calendar() -> None:
        today = local_day(await journey.now())
        flood = frozenset(today + timedelta(days=number) for number in range(1, 8))
        calendar = OfficeCalendar(version=2, holidays=flood, make_up_days=frozenset())
        await journey.tell_clock(await journey.move_clock("UNIT", told=False, calendar=calendar))

    journey.desk.meanwhile["opened UNIT"] = takes_the_newest_calendar
    await journey.accept()
    await journey.until(await journey.due("UNIT") + A_WHILE)
    await journey.decide("UNIT")
    return journey


async def suspended_for_a_complaint(world: World) -> Journey:
    """The clock stands still for thirty days, then runs out; an old word of it comes late."""
    journey = await world.file(review_plan("UNIT"))
    await journey.accept()
    await journey.days(1)
    suspended = await journey.suspend("UNIT")
    await journey.days(30)
    await journey.resume("UNIT")
    await journey.tell_clock(suspended)
    await journey.until(await journey.due("UNIT") + A_WHILE)
    await journey.decide("UNIT")
    return journey


async def words_of_a_suspension_lost(world: World) -> Journey:
    """Nobody is told that the clock stands still, nor that it goes on."""
    journey = await world.file(review_plan("UNIT"))
    await journey.accept()
    await journey.suspend("UNIT", told=False)
    await journey.days(30)
    await journey.resume("UNIT", told=False)
    await journey.until(await journey.due("UNIT") + A_WHILE)
    await journey.decide("UNIT")
    return journey


MOVES: dict[str, Callable[[World], Awaitable[Journey]]] = {
    scenario.__name__: scenario
    for scenario in (
        extended_midway,
        word_of_extension_lost,
        calendar_changed_while_opening,
        suspended_for_a_complaint,
        words_of_a_suspension_lost,
    )
}
"""Every path by its name."""
