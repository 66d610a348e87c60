"""What is killed during a season, and a clock that is too fast for it."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from embedded.children import Child
from rehearsal import killing
from rehearsal.command import Options, OptionsClash, run
from rehearsal.killing import Killing
from rehearsal.playing import Settling


async def test_everything_is_killed_in_turn_until_that_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(killing, "_KILL_EVERY", (0.01, 0.02))
    heard: list[str] = []
    children = {name: sleeper(name, tmp_path) for name in ("one", "two", "three")}
    try:
        for child in children.values():
            await child.start()
        async with Killing(children, 2.0, heard.append) as killer:
            assert "tức 10 ngày" in heard[0]
            for _ in range(500):
                await asyncio.sleep(0.01)
                if len(heard) > len(children):
                    break
            assert {*heard[1:4]} == {"kill -9 one", "kill -9 two", "kill -9 three"}
            killer.stop()
            assert not killer.goes_on
            told = killer.told()["killed"]
            await asyncio.sleep(0.1)
            assert killer.told() == {"killed": told}
            assert told.keys() == children.keys()
    finally:
        await asyncio.gather(*(child.stop() for child in children.values()))


def sleeper(name: str, folder: Path) -> Child:
    return Child(
        name=name,
        command=[sys.executable, "-c", "import time; time.sleep(60)"],
        log=folder / f"{name}.log",
        environment={},
        say=lambda _: None,
    )


@pytest.mark.parametrize(("day", "rest"), [(2.0, 365), (0.06, 3000)])
def test_what_was_lost_has_a_year_and_some_minutes_to_come_back(day: float, rest: int) -> None:
    killer = Killing({}, day, lambda _: None)
    assert killer.time_to_rest == timedelta(days=rest)
    killer.give_in(3)
    assert killer.told() == {"killed": {}, "too_fast": {"day_seconds": day, "lost_days": round(20 / day)}}


def test_what_is_left_after_kills_is_looked_at_for_as_long_as_an_activity_may_be_lost() -> None:
    settling = Settling(killed=True)
    left = ["an award is neither paid nor refused: SK-1 UNIT APPROVED"]
    looks = [settling.is_over(left) for _ in range(81)]
    assert looks == [False] * 80 + [True]


@pytest.mark.parametrize("day", [0.02, 0.05])
def test_a_clock_on_which_what_is_killed_is_away_for_a_whole_season_is_refused(day: float) -> None:
    options = Options(
        input=None,
        dossiers=1,
        silent=0,
        leave=0,
        seed=1,
        day_seconds=day,
        report=None,
        kill=True,
        keep=False,
    )
    with pytest.raises(OptionsClash, match=r"0\.06"):
        run(options)
