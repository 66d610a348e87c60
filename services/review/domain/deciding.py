"""When a decision holds: quorum, pass rule, grounds, deviation, proposal to the next level; and the grade of
a recognition."""

from dataclasses import dataclass

from language.messages.journey import StageOutcome
from language.plan.review_plan import Grade, LevelPlan
from language.plan.rule_kinds import CountedOver, DeviationAction, VotingMethod
from services.review.domain.refusals import (
    DeviationUnexplained,
    GroundDoesNotFit,
    PassRuleNotMet,
    PromotionNotAllowed,
    QuorumNotReached,
    ReasonsRequired,
)
from services.review.domain.scoring import Tally
from services.review.domain.stage import RefusalGround, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the decider says: RECOGNISED or REFUSED; `propose` asks for the next level."""

    outcome: StageOutcome
    reasons: str | None
    ground: RefusalGround | None
    propose: bool


def check_verdict(stage: Stage, counted: Tally, verdict: Verdict) -> None:
    """Refuse a verdict that the frozen rules do not allow."""
    check_quorum(stage, counted)
    if verdict.outcome is StageOutcome.REFUSED:
        _check_refusal(counted, verdict)
    elif verdict.ground is not None:
        raise GroundDoesNotFit(ground=verdict.ground)
    _check_deviation(stage.plan, counted, verdict)
    if verdict.propose:
        _check_promotion(stage, counted, verdict)
    # Last: whatever else is wrong is told first, so that no verdict that could never stand finds out how the
    # votes stand.
    if verdict.outcome is StageOutcome.RECOGNISED:
        check_pass_rule(stage, counted)


def check_quorum(stage: Stage, counted: Tally) -> None:
    """Enough members have marked. A decision handed up by the ladder, or left to the chair alone, needs no
    quorum: that it could not be had is why."""
    needed = stage.quorum.of(counted.members)
    if not stage.waives_quorum and counted.sheets < needed:
        raise QuorumNotReached(needed=needed, present=counted.sheets, members=counted.members)


def approvals_needed(stage: Stage, counted: Tally) -> int:
    """The share counts all members, or those present where the plan says so; once handed up or left to the
    chair alone, always those whose sheets are in."""
    approval = stage.plan.approval
    present_only = stage.waives_quorum or approval.counted_over is CountedOver.PRESENT
    return approval.of(counted.sheets if present_only else counted.members)


def deviates(plan: LevelPlan, counted: Tally) -> bool:
    """The totals lie further apart than the plan allows."""
    return plan.deviation is not None and counted.spread is not None and counted.spread > plan.deviation.most


def _check_deviation(plan: LevelPlan, counted: Tally, verdict: Verdict) -> None:
    rule = plan.deviation
    if rule and rule.action is DeviationAction.EXPLAIN and deviates(plan, counted) and not verdict.reasons:
        raise DeviationUnexplained(spread=counted.spread, most=rule.most, rule=rule.basis.rule)


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


def check_pass_rule(stage: Stage, counted: Tally) -> None:
    """Threshold, floors and approvals together; with no sheet in, nothing can be recognised."""
    plan = stage.plan
    needed = approvals_needed(stage, counted)
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
        below_floor=", ".join(below) or "–",
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


def _check_promotion(stage: Stage, counted: Tally, verdict: Verdict) -> None:
    least = stage.plan.promotion_average
    reached = least is not None and counted.average is not None and counted.average >= least
    if verdict.outcome is not StageOutcome.RECOGNISED or stage.last_level or not reached:
        raise PromotionNotAllowed(
            average="–" if counted.average is None else counted.average,
            needed="–" if stage.last_level or least is None else least,
        )
