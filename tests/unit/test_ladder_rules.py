"""Which ladders make sense."""

from dataclasses import dataclass

import pytest

from language.plan.ladder import COUNCIL_ONLY, ladder_faults
from language.plan.review_plan import BudgetUnit, RungAction, RungAnchor


@dataclass(frozen=True)
class _Part:
    numerator: int
    denominator: int


@dataclass(frozen=True)
class _Step:
    id: str
    action: RungAction = RungAction.REMIND
    offset: int = 0
    quorum: _Part | None = None
    anchor: RungAnchor = RungAnchor.DUE
    unit: BudgetUnit = BudgetUnit.WORKING_DAYS


TWO_THIRDS = _Part(2, 3)
LOWER, ALONE, UP = RungAction.LOWER_QUORUM, RungAction.DECIDE_ALONE, RungAction.HAND_UP


def _faults(*ladder: _Step, council: bool = True) -> str:
    return " ".join(ladder_faults(ladder, TWO_THIRDS if council else None))


def test_a_ladder_of_every_action_in_order_has_no_fault() -> None:
    ladder = [
        _Step(action.lower(), action, number, _Part(1, 2) if action is LOWER else None)
        for number, action in enumerate(RungAction)
    ]
    assert _faults(*ladder) == ""


@pytest.mark.parametrize(
    ("ladder", "reason"),
    [
        ((_Step("a"), _Step("a")), "same id"),
        ((_Step("late", offset=3), _Step("early", offset=-3)), "early comes before late"),
        ((_Step("a", LOWER),), "names its quorum"),
        ((_Step("a", RungAction.REMIND, quorum=_Part(1, 2)),), "names its quorum"),
        ((_Step("a", LOWER, quorum=_Part(4, 6)),), "lies below"),
        ((_Step("a", LOWER, quorum=_Part(1, 2)), _Step("b", LOWER, quorum=_Part(3, 5))), "lies below"),
        ((_Step("up", UP), _Step("a", LOWER, quorum=_Part(1, 2))), "a does nothing after up"),
        ((_Step("up", UP), _Step("a", ALONE)), "a does nothing after up"),
        ((_Step("alone", ALONE), _Step("a", LOWER, quorum=_Part(1, 2))), "a does nothing after alone"),
    ],
)
def test_a_ladder_that_makes_no_sense_is_told_why(ladder: tuple[_Step, ...], reason: str) -> None:
    assert reason in _faults(*ladder)


def test_rungs_that_count_differently_are_not_compared() -> None:
    start = _Step("start", anchor=RungAnchor.START, offset=10)
    assert (
        _faults(start, _Step("due", offset=-3), _Step("months", unit=BudgetUnit.CALENDAR_MONTHS, offset=-1))
        == ""
    )


@pytest.mark.parametrize("action", sorted(COUNCIL_ONLY))
def test_an_office_has_no_council_to_act_on(action: RungAction) -> None:
    ladder = _Step("a", action, quorum=_Part(1, 2) if action is LOWER else None)
    assert "councils only" in _faults(ladder, council=False)
    assert _faults(_Step("b", RungAction.DIGEST), _Step("c", UP), council=False) == ""
