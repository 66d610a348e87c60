"""Which units lie below which."""

import pytest

from services.organisation.domain.levels import may_lie_below


@pytest.mark.parametrize(
    ("level", "above"),
    [
        ("DISTRICT", ["PROVINCE"]),
        ("SCHOOL", ["PROVINCE"]),
        ("SCHOOL", ["PROVINCE", "DISTRICT", "COMMUNE"]),
        ("BRANCH", ["PROVINCE", "COMMUNE", "SCHOOL"]),
        ("SCHOOL", ["PROVINCE", "DEPARTMENT"]),
    ],
)
def test_levels_come_in_their_order(level: str, above: list[str]) -> None:
    assert may_lie_below(level, above)


@pytest.mark.parametrize(
    ("level", "above"),
    [
        ("PROVINCE", ["PROVINCE", "SCHOOL"]),
        ("PROVINCE", ["DEPARTMENT", "SCHOOL"]),
        ("SCHOOL", ["PROVINCE", "SCHOOL"]),
        ("COMMUNE", ["PROVINCE", "SCHOOL"]),
        ("DISTRICT", ["PROVINCE", "COMMUNE"]),
        ("BRANCH", ["PROVINCE", "SCHOOL", "BRANCH"]),
    ],
)
def test_no_level_comes_twice_or_above_its_own(level: str, above: list[str]) -> None:
    assert not may_lie_below(level, above)
