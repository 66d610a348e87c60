"""Each dossier's own delay after every rung."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from language.deadline.jitter import SPREAD, delay_of


@given(st.uuids())
def test_a_rung_comes_never_before_its_instant_and_within_a_few_minutes(dossier: UUID) -> None:
    assert timedelta() <= delay_of(dossier) < SPREAD <= timedelta(minutes=10)


@given(st.uuids(), st.lists(st.datetimes(), min_size=2, max_size=8))
def test_the_rungs_of_a_dossier_keep_their_order(dossier: UUID, instants: list[object]) -> None:
    in_order = sorted(instants)  # type: ignore[type-var]
    fired = [instant + delay_of(dossier) for instant in in_order]  # type: ignore[operator]
    assert all(earlier <= later for earlier, later in pairwise(fired))
    assert {delay_of(dossier) for _ in range(3)} == {delay_of(UUID(str(dossier)))}


def test_a_thousand_deadlines_of_one_second_are_spread_over_all_the_minutes() -> None:
    minutes = Counter(int(delay_of(uuid4()).total_seconds() // 60) for _ in range(1_000))
    assert sorted(minutes) == [0, 1, 2, 3, 4]
    assert min(minutes.values()) > 100


@given(st.uuids(), st.integers(0, 360))
def test_the_spread_of_a_pack_may_be_hours(dossier: UUID, minutes: int) -> None:
    spread = timedelta(minutes=minutes)
    assert timedelta() <= delay_of(dossier, spread) <= spread
    assert delay_of(dossier, SPREAD) == delay_of(dossier)
    scaled = delay_of(dossier, 12 * SPREAD) - 12 * delay_of(dossier)
    assert timedelta() <= scaled < timedelta(milliseconds=1)  # the same place in any spread


def test_the_delay_of_a_dossier_is_for_ever_the_same_to_the_microsecond() -> None:
    assert delay_of(UUID(int=1)) == timedelta(minutes=4, seconds=9, microseconds=518_018)
    # No float lies near enough to this one.
    assert delay_of(UUID(int=840_226), timedelta(hours=6)) == timedelta(microseconds=20_050_169_550)
