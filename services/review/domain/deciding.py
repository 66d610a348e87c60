"""When a decision holds: quorum, pass rule, grounds, deviation, proposal to the next level; and the grade of
a recognition."""

from dataclasses import dataclass
from decimal import Decimal

from language.cases import RefusalGround
from language.messages.journey import StageOutcome
from language.plan.review_plan import Grade, LevelPlan
from language.plan.rule_kinds import CountedOver, DeviationAction, VotingMethod
from services.review.domain.quorum import Quorum
from services.review.domain.refusals import (
    DeviationUnexplained,
    GroundDoesNotFit,
    PassRuleNotMet,
    PromotionNotAllowed,
    QuorumNotReached,
    ReasonsRequired,
)
from services.review.domain.scoring import Tally, named


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the decider says: RECOGNISED or REFUSED; `propose` asks for the next level."""

    outcome: StageOutcome
    reasons: str | None
    ground: RefusalGround | None
    propose: bool


def check_verdict(
    plan: LevelPlan, quorum: Quorum, counted: Tally, verdict: Verdict, *, last_level: bool
) -> None:
    """Refuse a verdict that the frozen rules do not allow."""
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
        raise DeviationUnexplained(spread=counted.spread, most=rule.most, rule=rule.basis)


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
    needed = approvals_needed(plan, quorum, counted)
    below = criteria_below_floor(plan, counted)
    if (
        counted.average is not None
        and counted.average >= plan.pass_threshold
        and counted.approvals >= needed
        and not below
    ):
        return
    raise PassRuleNotMet(
        average="–" if counted.average is None else counted.average,
        threshold=plan.pass_threshold,
        approvals="–" if _would_tell_votes(plan, counted) else counted.approvals,
        approvals_needed=needed,
        below_floor=[named(one) for one in plan.criteria if one.id in below] or "–",
    )


def _would_tell_votes(plan: LevelPlan, counted: Tally) -> bool:
    """A decider who tries after each sheet would see from the counts of a secret ballot how each member
    voted."""
    return plan.voting.method is VotingMethod.SECRET_BALLOT and counted.sheets < counted.members


def _check_refusal(counted: Tally, verdict: Verdict) -> None:
    if not verdict.reasons or verdict.ground is None:
        raise ReasonsRequired
    if (verdict.ground is RefusalGround.NOT_EXAMINED) != (counted.sheets == 0):
        raise GroundDoesNotFit(ground=verdict.ground)


def check_promotion(least: Decimal | None, counted: Tally, verdict: Verdict) -> None:
    """Only a recognition with at least this average goes up; None where nothing does."""
    reached = least is not None and counted.average is not None and counted.average >= least
    if verdict.outcome is not StageOutcome.RECOGNISED or not reached:
        raise PromotionNotAllowed(
            average="–" if counted.average is None else counted.average,
            needed="–" if least is None else least,
        )
