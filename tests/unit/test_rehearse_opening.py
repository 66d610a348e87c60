"""A season is played from when the instance is ready, and judged when what is on its way has arrived."""

from datetime import timedelta

import pytest

from cli.sample import SAMPLE_LIST
from cli.spreadsheet import read_list
from rehearsal.checking import PAYOUT_STUCK, STUCK
from rehearsal.playing import Settling
from rehearsal.scene import Scene


@pytest.mark.parametrize("late_by", [timedelta(), timedelta(days=40, hours=3)])
def test_however_late_the_instance_is_ready_nothing_is_filed_late(late_by: timedelta) -> None:
    dossiers = tuple(read_list(SAMPLE_LIST, 20))
    scene = Scene(dossiers=dossiers, day_seconds=1.0, silent=0, leave=0, seed=1, middle_level="COMMUNE")
    troupe = scene.troupe(scene.province(), late_by)
    opens_on = (scene.opens_at + late_by).date()
    last = scene.last_applied_on + troupe.manner.shift
    assert timedelta(days=10) <= opens_on - last <= timedelta(days=12)
    assert troupe.closes_on >= opens_on + timedelta(days=364)


def test_what_was_left_by_the_rules_is_looked_at_again_before_it_is_told() -> None:
    settling = Settling()
    left = [f"{PAYOUT_STUCK}: SK-1 UNIT APPROVED", f"{STUCK}: SK-2 ACCEPTED"]
    looks = [settling.is_over(left) for _ in range(11)]
    assert looks == [False] * 10 + [True]
    assert settling.is_over([])


def test_while_anything_else_is_wrong_or_things_move_it_is_not_over() -> None:
    settling = Settling()
    for _ in range(10):
        assert not settling.is_over([f"{STUCK}: SK-1"])
    assert not settling.is_over([f"{STUCK}: SK-1", "the workflow of a closed dossier is RUNNING: x"])
    assert not settling.is_over([f"{STUCK}: SK-1"])
    assert not settling.is_over([f"{STUCK}: SK-2"])
