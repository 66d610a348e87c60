"""Which ladders make sense."""

from dataclasses import dataclass

import pytest

from language.plan.ladder import COUNCIL_ONLY, ladder_faults, onward
from language.plan.review_plan import Basis, BudgetUnit, RungAction, RungRule
from language.plan.rule_kinds import RungAnchor


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
    return " ".join(one.en for one in ladder_faults(ladder, TWO_THIRDS if council else None))


def test_a_ladder_of_every_action_in_order_has_no_fault() -> None:
    ladder = [
        _Step(action.lower(), action, number, _Part(1, 2) if action is LOWER else None)
        for number, action in enumerate(RungAction)
        if action is not RungAction.LOOK_AGAIN
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


def test_a_ladder_has_a_rung_and_none_that_only_cases_put_there() -> None:
    assert "at least one rung" in _faults()
    assert "LOOK_AGAIN" in _faults(_Step("look", RungAction.LOOK_AGAIN))


def _rule(identifier: str, offset: int, anchor: RungAnchor = RungAnchor.DUE) -> RungRule:
    return RungRule(
        id=identifier,
        action=RungAction.REMIND,
        anchor=anchor,
        offset=offset,
        unit=BudgetUnit.WORKING_DAYS,
        basis=Basis(rule=f"ladder.{identifier}", document=""),
    )


@pytest.mark.parametrize(("offsets", "next_offset"), [((-3, 0, 5), 10), ((4,), 5), ((0, 0), 1), ((2, 3), 4)])
def test_after_the_last_rung_the_work_goes_up_in_its_rhythm(
    offsets: tuple[int, ...], next_offset: int
) -> None:
    ladder = [_rule(str(number), offset) for number, offset in enumerate(offsets)]
    further = onward(ladder, ladder[-1])
    assert (further.action, further.offset, further.anchor) == (UP, next_offset, RungAnchor.DUE)
    again = onward([*ladder, further], further)
    assert again.offset - further.offset == further.offset - offsets[-1]
    assert len({rung.id for rung in (*ladder, further, again)}) == len(ladder) + 2
