"""Every đồng of an award goes to somebody, and nobody is treated worse than the arithmetic allows."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.payout.domain.refusals import AwardNotAssessable
from services.payout.domain.splitting import split

HUNDREDTHS = 10_000


@st.composite
def shares(draw: st.DrawFn, most: int = 8) -> list[Decimal]:
    """Percents with two decimals that sum to 100."""
    count = draw(st.integers(1, most))
    cuts = sorted(
        draw(st.lists(st.integers(1, HUNDREDTHS - 1), min_size=count - 1, max_size=count - 1, unique=True))
    )
    edges = [0, *cuts, HUNDREDTHS]
    return [Decimal(right - left) / 100 for left, right in pairwise(edges)]


def _distance(parts: tuple[int, ...], exact: list[Fraction]) -> Fraction:
    return sum((abs(part - share) for part, share in zip(parts, exact, strict=True)), Fraction())


@given(st.integers(1, 10**12), shares())
@settings(max_examples=200)
def test_the_parts_sum_to_the_amount_and_none_is_a_dong_off(amount: int, percents: list[Decimal]) -> None:
    parts = split(amount, percents)
    assert sum(parts) == amount
    assert all(
        abs(part - amount * Fraction(percent) / 100) < 1
        for part, percent in zip(parts, percents, strict=True)
    )


@given(st.integers(1, 60), shares(most=4))
@settings(max_examples=100)
def test_no_other_way_to_split_lies_nearer_to_the_shares(amount: int, percents: list[Decimal]) -> None:
    exact = [amount * Fraction(percent) / 100 for percent in percents]
    candidates = (
        parts
        for parts in product(*(range(int(share), int(share) + 2) for share in exact))
        if sum(parts) == amount
    )
    nearest = min(_distance(parts, exact) for parts in candidates)
    assert _distance(tuple(split(amount, percents)), exact) == nearest


@pytest.mark.parametrize(
    ("amount", "percents", "parts"),
    [
        (1_000_000, ["100"], [1_000_000]),
        (1_000_001, ["50", "50"], [500_001, 500_000]),
        (100, ["33.33", "33.33", "33.34"], [33, 33, 34]),
        (2, ["33.33", "33.33", "33.34"], [1, 0, 1]),
        (1, ["50", "50"], [1, 0]),
        (3, ["100", "0"], [3, 0]),
        (10**15 + 1, ["33.33", "66.67"], [333_300_000_000_000, 666_700_000_000_001]),
    ],
)
def test_the_left_over_dong_go_to_the_largest_remainders_and_the_earlier_author(
    amount: int, percents: list[str], parts: list[int]
) -> None:
    assert split(amount, [Decimal(percent) for percent in percents]) == parts


@pytest.mark.parametrize(
    ("amount", "percents"),
    [
        (1_000, []),
        (1_000, ["99"]),
        (1_000, ["50", "50.01"]),
        (1_000, ["150", "-50"]),
        (0, ["100"]),
        (-1, ["100"]),
    ],
)
def test_nothing_to_split_and_shares_that_are_not_a_whole_are_refused(
    amount: int, percents: list[str]
) -> None:
    with pytest.raises(AwardNotAssessable):
        split(amount, [Decimal(percent) for percent in percents])
