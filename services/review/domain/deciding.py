"""When a decision holds: quorum, pass rule, grounds, proposal to the next level."""

from dataclasses import dataclass

from services.review.domain.refusals import GroundDoesNotFit, PassRuleNotMet, PromotionNotAllowed, QuorumNotReached, ReasonsRequired
from services.review.domain.scoring import Tally
from services.review.domain.stage import RefusalGround, Stage
from workflows.contracts.journey import StageOutcome
from workflows.contracts.plan import LevelPlan


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
    if verdict.outcome is StageOutcome.RECOGNISED:
        if verdict.ground is not None:
            raise GroundDoesNotFit(ground=verdict.ground)
        check_pass_rule(stage, counted)
    else:
        _check_refusal(counted, verdict)
    if verdict.propose:
        _check_promotion(stage, counted, verdict)


def check_quorum(stage: Stage, counted: Tally) -> None:
    """Enough members have marked. A decision handed up by the ladder, or left to the chair alone, needs no quorum: that it could not be had
    is why."""
    needed = stage.quorum.of(counted.members)
    if not stage.waives_quorum and counted.sheets < needed:
        raise QuorumNotReached(needed=needed, present=counted.sheets, members=counted.members)


def approvals_needed(stage: Stage, counted: Tally) -> int:
    """The share counts all members; once handed up or left to the chair alone, those whose sheets are in."""
    return stage.plan.approval.of(counted.sheets if stage.waives_quorum else counted.members)


def criteria_below_floor(plan: LevelPlan, counted: Tally) -> list[str]:
    """The criteria whose average does not reach the floor."""
    averages = counted.criterion_averages
    return [criterion.id for criterion in plan.criteria if criterion.id in averages and averages[criterion.id] < criterion.floor]


def check_pass_rule(stage: Stage, counted: Tally) -> None:
    """Threshold, floors and approvals together; with no sheet in, nothing can be recognised."""
    plan = stage.plan
    needed = approvals_needed(stage, counted)
    below = criteria_below_floor(plan, counted)
    if counted.average is not None and counted.average >= plan.pass_threshold and counted.approvals >= needed and not below:
        return
    raise PassRuleNotMet(
        average="–" if counted.average is None else counted.average,
        threshold=plan.pass_threshold,
        approvals=counted.approvals,
        approvals_needed=needed,
        below_floor=", ".join(below) or "–",
    )


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
