"""When a decision holds: quorum, pass rule, grounds, deviation, proposal to the next level; and the grade of
a recognition."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from language.cases import RefusalGround
from language.messages.journey import StageOutcome
from language.plan.review_plan import Grade, LevelPlan
from language.plan.rule_kinds import CountedOver, DeviationAction
from services.review.domain.quorum import Quorum
from services.review.domain.refusals import (
    DeviationUnexplained,
    GroundDoesNotFit,
    GroundNotInMarks,
    OwnSheetOwed,
    PassRuleNotMet,
    PromotionNotAllowed,
    QuorumNotReached,
    ReasonsRequired,
    SheetsOwed,
)
from services.review.domain.scoring import Tally, named


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the decider says: RECOGNISED or REFUSED; `propose` asks for the next level."""

    outcome: StageOutcome
    reasons: str | None
    ground: RefusalGround | None
    propose: bool

    @property
    def is_by_marks(self) -> bool:
        """Whether it holds is arithmetic: a recognition, or a refusal on a ground that the marks say."""
        return self.outcome is StageOutcome.RECOGNISED or self.ground in _BY_MARKS


_BY_MARKS: Final = frozenset({RefusalGround.BELOW_THRESHOLD, RefusalGround.VOTE_NOT_REACHED})


def check_verdict(
    plan: LevelPlan, quorum: Quorum, counted: Tally, verdict: Verdict, *, last_level: bool
) -> None:
    """Refuse a verdict that the frozen rules, or the marks, do not allow."""
    check_quorum(quorum, counted)
    if verdict.outcome is StageOutcome.REFUSED:
        _check_refusal(counted, verdict)
    elif verdict.ground is not None:
        raise GroundDoesNotFit(ground=verdict.ground)
    _check_deviation(plan, counted, verdict)
    if verdict.propose:
        check_promotion(None if last_level else plan.promotion_average, counted, verdict)
    # Last: whatever else is wrong is told first, so that no verdict that could never stand finds out how the
    # votes stand.
    if verdict.outcome is StageOutcome.RECOGNISED:
        check_pass_rule(plan, quorum, counted)
    else:
        _check_ground(plan, quorum, counted, verdict)


def check_blindness(counted: Tally, verdict: Verdict, *, owes_sheet: bool, is_trial: bool) -> None:
    """While sheets are owed nobody learns by trying how the others marked: not who has yet to mark, nor by
    a dry run."""
    if not verdict.is_by_marks:
        return
    if owes_sheet:
        raise OwnSheetOwed
    if is_trial and sheets_owed(counted):
        raise SheetsOwed(owed=sheets_owed(counted))


def sheets_owed(counted: Tally) -> int:
    """How many members have not marked."""
    return counted.members - counted.sheets


def check_quorum(quorum: Quorum, counted: Tally) -> None:
    """Enough members have marked. A decision handed up by the ladder, or left to the chair alone, needs no
    quorum: that it could not be had is why."""
    if not quorum.met_by(counted.sheets, counted.members):
        raise QuorumNotReached(
            needed=quorum.needed(counted.members), present=counted.sheets, members=counted.members
        )


def approvals_needed(plan: LevelPlan, quorum: Quorum, counted: Tally) -> int:
    """The share counts all members, or those present, or every seat, as the plan says; once handed up or left
    to the chair alone, always those whose sheets are in."""
    match CountedOver.PRESENT if quorum.waived else plan.approval.counted_over:
        case CountedOver.PRESENT:
            return plan.approval.of(counted.sheets)
        case CountedOver.MEMBERS:
            return plan.approval.of(counted.members)
        case CountedOver.SEATS:
            return plan.approval.of(quorum.seats)


def deviates(plan: LevelPlan, counted: Tally) -> bool:
    """The totals lie further apart than the plan allows."""
    return plan.deviation is not None and counted.spread is not None and counted.spread > plan.deviation.most


def _check_deviation(plan: LevelPlan, counted: Tally, verdict: Verdict) -> None:
    rule = plan.deviation
    if rule and rule.action is DeviationAction.EXPLAIN and deviates(plan, counted) and not verdict.reasons:
        raise DeviationUnexplained(spread=_told(counted, counted.spread), most=rule.most, rule=rule.basis)


def grade_of(plan: LevelPlan, counted: Tally) -> Grade | None:
    """The grade in whose range the average lies, if its floors are reached too; otherwise none, not the next
    one down."""
    average = counted.average
    if average is None:
        return None
    grade = next(
        (
            grade
            for grade in plan.grades
            if grade.lowest <= average and (grade.below is None or average < grade.below)
        ),
        None,
    )
    if grade and all(counted.criterion_averages[floor.criterion] >= floor.least for floor in grade.floors):
        return grade
    return None


def criteria_below_floor(plan: LevelPlan, counted: Tally) -> list[str]:
    """The criteria whose average does not reach the floor."""
    averages = counted.criterion_averages
    return [
        criterion.id
        for criterion in plan.criteria
        if criterion.id in averages and averages[criterion.id] < criterion.floor
    ]


def check_pass_rule(plan: LevelPlan, quorum: Quorum, counted: Tally) -> None:
    """Threshold, floors and approvals together; with no sheet in, nothing can be recognised."""
    if is_approved(plan, quorum, counted) and reaches_marks(plan, counted):
        return
    raise PassRuleNotMet(**_figures(plan, quorum, counted))


def reaches_marks(plan: LevelPlan, counted: Tally) -> bool:
    """The average reaches the threshold, and no criterion lies below its floor."""
    average = counted.average
    return average is not None and average >= plan.pass_threshold and not criteria_below_floor(plan, counted)


def is_approved(plan: LevelPlan, quorum: Quorum, counted: Tally) -> bool:
    """Enough members say yes."""
    return counted.approvals >= approvals_needed(plan, quorum, counted)


def _figures(plan: LevelPlan, quorum: Quorum, counted: Tally) -> dict[str, object]:
    """How the council stands, for a refusal."""
    low = criteria_below_floor(plan, counted)
    below = [named(one) for one in plan.criteria if one.id in low]
    return {
        "average": _told(counted, counted.average),
        "threshold": plan.pass_threshold,
        "approvals": _told(counted, counted.approvals),
        "approvals_needed": approvals_needed(plan, quorum, counted),
        "below_floor": _told(counted, below or None),
    }


def _told(counted: Tally, figure: object) -> object:
    """A figure as a refusal may tell it. While sheets are owed none is told: a decider who tries after each
    sheet would learn how each member has marked and voted."""
    return "–" if figure is None or sheets_owed(counted) else figure


def _check_refusal(counted: Tally, verdict: Verdict) -> None:
    if not verdict.reasons or verdict.ground is None:
        raise ReasonsRequired
    if (verdict.ground is RefusalGround.NOT_EXAMINED) != (counted.sheets == 0):
        raise GroundDoesNotFit(ground=verdict.ground)


def _check_ground(plan: LevelPlan, quorum: Quorum, counted: Tally, verdict: Verdict) -> None:
    """What the marks say need not be believed: it is counted again. Other grounds have their reasons."""
    holds = {
        RefusalGround.BELOW_THRESHOLD: not reaches_marks(plan, counted),
        RefusalGround.VOTE_NOT_REACHED: not is_approved(plan, quorum, counted),
    }
    if verdict.ground and not holds.get(verdict.ground, True):
        raise GroundNotInMarks(ground=verdict.ground, **_figures(plan, quorum, counted))


def check_promotion(least: Decimal | None, counted: Tally, verdict: Verdict) -> None:
    """Only a recognition with at least this average goes up; None where nothing does."""
    reached = least is not None and counted.average is not None and counted.average >= least
    if verdict.outcome is not StageOutcome.RECOGNISED or not reached:
        raise PromotionNotAllowed(
            average=_told(counted, counted.average),
            needed="–" if least is None else least,
        )
