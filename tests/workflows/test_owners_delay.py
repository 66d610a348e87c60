"""A rung fires as long after its instant as the owner of the clock says, up to some hours."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import pytest

from language.messages.clock import CaseClock
from tests.workflows import scenarios
from tests.workflows.office import KeptClock
from tests.workflows.world import World

TWO_HOURS: Final = timedelta(hours=2)
A_MINUTE: Final = timedelta(minutes=1)


async def test_the_delay_is_the_owners(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stands = KeptClock.stands

    def with_delay(kept: KeptClock, now: datetime) -> CaseClock:
        return replace(stands(kept, now), delay=TWO_HOURS)

    monkeypatch.setattr(KeptClock, "stands", with_delay)
    journey = await scenarios.nobody_acts(world)
    await journey.closed()
    climbs = [climb for climb in journey.desk.climbs if climb.ladder == "CHECK"]
    for climb, rung in zip(climbs, journey.desk.started["CHECK"].rungs, strict=True):
        assert timedelta() <= climb.at - rung.at - TWO_HOURS < A_MINUTE
