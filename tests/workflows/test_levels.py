"""Level after level: decided in time, by nobody, at the last second, or by a word that got lost."""

import pytest

from tests.workflows.cases import LEVELS, RUNGS, review_plan
from tests.workflows.world import World
from workflows.contracts.journey import JourneyOutcome, StageOutcome
from workflows.contracts.rung import RungFinding


async def test_three_levels_decided_in_time_climb_no_rung(world: World) -> None:
    journey = await world.file()
    await journey.accept()
    for level in LEVELS:
        await journey.days(2)
        await journey.decide(level)
    closed = await journey.closed()
    assert closed.outcome is JourneyOutcome.RECOGNISED
    assert [result.level for result in closed.levels] == list(LEVELS)
    assert journey.desk.asked == ["freeze", "open CHECK", "open UNIT", "open COMMUNE", "open PROVINCE", "close"]
