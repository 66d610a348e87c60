"""An author withdraws: whether it came in time, the owner of the row says."""

from language.messages.journey import JourneyOutcome, StageOutcome
from tests.workflows import scenarios
from tests.workflows.world import World


async def test_withdrawn_during_the_check_it_is_never_examined(world: World) -> None:
    journey = await scenarios.withdrawn_during_check(world)
    assert (await journey.closed()).outcome is JourneyOutcome.WITHDRAWN
    assert journey.questions() == ["close"]


async def test_withdrawn_before_the_decision_the_stage_closes(world: World) -> None:
    journey = await scenarios.withdrawn_before_decision(world)
    closed = await journey.closed()
    assert closed.outcome is JourneyOutcome.WITHDRAWN
    assert [result.outcome for result in closed.levels] == [StageOutcome.WITHDRAWN]
    assert journey.questions() == ["open UNIT", "withdraw UNIT", "close"]


async def test_a_decision_that_came_first_stands_and_the_author_is_told(world: World) -> None:
    journey = await scenarios.withdrawal_too_late(world)
    closed = await journey.closed()
    assert closed.outcome is JourneyOutcome.RECOGNISED
    assert closed.levels[0].decision_number == "UNIT-1/QĐ"


async def test_withdrawn_between_levels_what_was_recognised_stays(world: World) -> None:
    journey = await scenarios.withdrawn_between_levels(world)
    closed = await journey.closed()
    assert closed.outcome is JourneyOutcome.RECOGNISED
    assert [(result.level, result.outcome) for result in closed.levels] == [
        ("UNIT", StageOutcome.RECOGNISED),
        ("COMMUNE", StageOutcome.WITHDRAWN),
    ]
