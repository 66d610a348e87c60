"""Decisions to the last hundredth: what lies exactly on a limit, and what a refusal says."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from language.cases import RefusalGround, Vote
from language.messages.journey import StageOutcome
from language.plan.review_plan import DeviationRule, Grade
from language.plan.rule_kinds import DeviationAction
from language.refusals import Refusal
from services.review.domain.deciding import (
    Verdict,
    check_blindness,
    check_pass_rule,
    check_promotion,
    check_quorum,
    check_verdict,
    criteria_below_floor,
    grade_of,
    reaches_marks,
    sheets_owed,
)
from services.review.domain.quorum import Quorum
from services.review.domain.refusals import (
    DeviationUnexplained,
    GroundDoesNotFit,
    GroundNotInMarks,
    OwnSheetOwed,
    PassRuleNotMet,
    PromotionNotAllowed,
    QuorumNotReached,
    SheetsOwed,
)
from services.review.domain.scoring import Tally
from tests.review_cases import basis, level_plan

PLAN = level_plan(UUID(int=99))
QUORUM = Quorum(share=PLAN.quorum, seats=5, waived=False)
ON_THE_FLOOR = {"novelty": Decimal(10), "applicability": Decimal(10), "benefit": Decimal(10)}
ALL_IN = {"members": 5, "sheets": 5}


def counted(average: str | None = "50", yes: int = 4, **more: Any) -> Tally:
    """A council of five, all of whom have marked."""
    facts: dict[str, Any] = {
        **ALL_IN,
        "votes": {Vote.APPROVE: yes, Vote.REJECT: 5 - yes, Vote.OTHER: 0},
        "average": Decimal(average) if average else None,
        "spread": Decimal(0),
        "criterion_averages": ON_THE_FLOOR,
    }
    return Tally(**(facts | more))


def verdict(
    outcome: StageOutcome = StageOutcome.RECOGNISED,
    ground: RefusalGround | None = None,
    reasons: str | None = "vì",
    *,
    propose: bool = False,
) -> Verdict:
    """What the decider says."""
    return Verdict(outcome=outcome, reasons=reasons, ground=ground, propose=propose)


def refusal_of(kind: type[Refusal], tally: Tally, said: Verdict, plan: Any = PLAN) -> dict[str, Any]:
    """The facts with which it is refused."""
    with pytest.raises(kind) as refused:
        check_verdict(plan, QUORUM, tally, said, last_level=False)
    return refused.value.facts


def test_threshold_and_floors_are_reached_exactly() -> None:
    assert reaches_marks(PLAN, counted("50"))
    assert not reaches_marks(PLAN, counted("49.99"))
    assert not reaches_marks(PLAN, counted(None))
    assert criteria_below_floor(PLAN, counted()) == []
    low = counted(criterion_averages=ON_THE_FLOOR | {"benefit": Decimal("9.99")})
    assert criteria_below_floor(PLAN, low) == ["benefit"]
    assert not reaches_marks(PLAN, low)


def test_a_grade_ends_where_the_next_begins() -> None:
    grades = [
        Grade(
            id=name,
            title_vi=name,
            title_en=name,
            lowest=Decimal(low),
            below=below,
            floors=(),
            basis=basis("g"),
        )
        for name, low, below in (("C", 50, Decimal(70)), ("B", 70, Decimal(85)), ("A", 85, None))
    ]
    plan = replace(PLAN, grades=tuple(grades))
    found = {mark: grade_of(plan, counted(mark)) for mark in ("49.99", "50", "69.99", "70", "85", "100")}
    assert {mark: grade.id if grade else None for mark, grade in found.items()} == {
        "49.99": None,
        "50": "C",
        "69.99": "C",
        "70": "B",
        "85": "A",
        "100": "A",
    }


def test_a_proposal_is_reached_exactly_and_its_refusal_says_what_is_missing() -> None:
    check_promotion(Decimal(70), counted("70"), verdict())
    for tally, least, said in (
        (counted("69.99"), Decimal(70), {"average": "69.99", "needed": "70"}),
        (counted("90"), None, {"average": "90", "needed": "–"}),
        (counted(None), Decimal(70), {"average": "–", "needed": "70"}),
        (counted("60", sheets=4), Decimal(70), {"average": "–", "needed": "70"}),
    ):
        with pytest.raises(PromotionNotAllowed) as refused:
            check_promotion(least, tally, verdict())
        assert refused.value.facts == said


def test_a_quorum_that_is_not_reached_is_told_in_numbers() -> None:
    tally = counted(sheets=3)
    assert sheets_owed(tally) == 2
    with pytest.raises(QuorumNotReached) as refused:
        check_quorum(QUORUM, tally)
    assert refused.value.facts == {"needed": "4", "present": "3", "members": "5"}


def test_marks_far_apart_are_explained() -> None:
    rule = DeviationRule(most=Decimal(30), action=DeviationAction.EXPLAIN, basis=basis("deviation"))
    plan = replace(PLAN, deviation=rule)
    check_verdict(plan, QUORUM, counted(spread=Decimal(30)), verdict(reasons=None), last_level=False)
    far = counted(spread=Decimal("30.5"))
    check_verdict(plan, QUORUM, far, verdict(), last_level=False)
    told = {"spread": "30.5", "most": "30", "rule": "deviation"}
    assert refusal_of(DeviationUnexplained, far, verdict(reasons=None), plan) == told
    owed = replace(far, sheets=4)
    assert refusal_of(DeviationUnexplained, owed, verdict(reasons=None), plan) == told | {"spread": "–"}


def test_a_ground_that_does_not_fit_is_named() -> None:
    fits = refusal_of(GroundDoesNotFit, counted(), verdict(ground=RefusalGround.NOT_NOVEL))
    assert fits == {"ground": "NOT_NOVEL"}
    refused = verdict(StageOutcome.REFUSED, RefusalGround.NOT_EXAMINED)
    assert refusal_of(GroundDoesNotFit, counted(), refused) == {"ground": "NOT_EXAMINED"}


def test_a_ground_in_the_marks_is_counted_again() -> None:
    below = verdict(StageOutcome.REFUSED, RefusalGround.BELOW_THRESHOLD)
    lost = verdict(StageOutcome.REFUSED, RefusalGround.VOTE_NOT_REACHED)
    other = verdict(StageOutcome.REFUSED, RefusalGround.NOT_NOVEL)
    for tally, holds, not_so in (
        (counted("49.99", yes=4), (below, other), lost),
        (counted("50", yes=3), (lost, other), below),
    ):
        for said in holds:
            check_verdict(PLAN, QUORUM, tally, said, last_level=False)
        figures = {
            "average": str(tally.average),
            "threshold": "50",
            "approvals": str(tally.approvals),
            "approvals_needed": "4",
            "below_floor": "–",
        }
        assert refusal_of(GroundNotInMarks, tally, not_so) == {"ground": not_so.ground, **figures}


def test_the_pass_rule_says_where_the_council_stands_once_all_sheets_are_in() -> None:
    low = counted("80", criterion_averages=ON_THE_FLOOR | {"novelty": Decimal(9), "benefit": Decimal(1)})
    figures = {
        "average": "80",
        "threshold": "50",
        "approvals": "4",
        "approvals_needed": "4",
        "below_floor": "novelty, benefit",
    }
    for tally, said in (
        (low, figures),
        (replace(low, sheets=4), figures | dict.fromkeys(("average", "approvals", "below_floor"), "–")),
    ):
        with pytest.raises(PassRuleNotMet) as refused:
            check_pass_rule(PLAN, QUORUM, tally)
        assert refused.value.facts == said


BY_MARKS = (
    verdict(),
    verdict(StageOutcome.REFUSED, RefusalGround.BELOW_THRESHOLD),
    verdict(StageOutcome.REFUSED, RefusalGround.VOTE_NOT_REACHED),
)
BY_REASONS = tuple(
    verdict(StageOutcome.REFUSED, ground)
    for ground in RefusalGround
    if ground not in {RefusalGround.BELOW_THRESHOLD, RefusalGround.VOTE_NOT_REACHED}
)


@pytest.mark.parametrize("said", BY_MARKS)
def test_who_owes_a_sheet_learns_nothing_by_a_verdict_of_marks(said: Verdict) -> None:
    for is_trial in (False, True):
        for tally in (counted(), counted(sheets=4)):
            with pytest.raises(OwnSheetOwed):
                check_blindness(tally, said, owes_sheet=True, is_trial=is_trial)


@pytest.mark.parametrize("said", BY_MARKS)
def test_a_dry_run_tells_nothing_while_sheets_are_owed(said: Verdict) -> None:
    with pytest.raises(SheetsOwed) as refused:
        check_blindness(counted(sheets=3), said, owes_sheet=False, is_trial=True)
    assert refused.value.facts["owed"] == "2"
    check_blindness(counted(sheets=3), said, owes_sheet=False, is_trial=False)
    check_blindness(counted(), said, owes_sheet=False, is_trial=True)


@pytest.mark.parametrize("said", BY_REASONS)
def test_a_refusal_that_marks_do_not_say_needs_no_sheets(said: Verdict) -> None:
    check_blindness(counted(sheets=0), said, owes_sheet=True, is_trial=True)
