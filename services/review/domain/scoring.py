"""What a sheet may hold, and what the council's sheets say together."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from services.review.domain.refusals import CriterionUnknown, MarkOutOfRange, RemarkRequired, SheetIncomplete
from services.review.domain.stage import ScoreSheet, SheetContent, Vote, active_seats, submitted
from workflows.contracts.plan import Criterion, LevelPlan

_TWO_PLACES = Decimal("0.01")


def mean(values: Sequence[Decimal]) -> Decimal:
    """The arithmetic mean, rounded half up to two places."""
    return (sum(values, Decimal()) / len(values)).quantize(_TWO_PLACES, ROUND_HALF_UP)


def check_scores(plan: LevelPlan, content: SheetContent) -> None:
    """Every score belongs to a criterion and is a multiple of its step from zero to its maximum."""
    criteria = {criterion.id: criterion for criterion in plan.criteria}
    for criterion_id, score in content.scores.items():
        criterion = criteria.get(criterion_id)
        if criterion is None:
            raise CriterionUnknown(criterion=criterion_id, known=", ".join(criteria))
        if not _is_possible(criterion, score):
            raise MarkOutOfRange(criterion=criterion_id, max=criterion.max_score, step=criterion.step, score=score)


def _is_possible(criterion: Criterion, score: Decimal) -> bool:
    return 0 <= score <= criterion.max_score and score % criterion.step == 0


def check_complete(plan: LevelPlan, content: SheetContent) -> Decimal:
    """The total of a sheet that may be submitted: every criterion marked, a vote, and a remark unless it approves."""
    missing = [criterion.id for criterion in plan.criteria if criterion.id not in content.scores]
    if content.vote is None:
        missing.append("vote")
    if missing:
        raise SheetIncomplete(missing=", ".join(missing))
    if content.vote is not Vote.APPROVE and not content.remark:
        raise RemarkRequired(vote=content.vote)
    return sum(content.scores.values(), Decimal())


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The council's word: how many are seated, how many have marked, how many approve, and the averages of the valid sheets."""

    members: int
    sheets: int
    approvals: int
    average: Decimal | None
    criterion_averages: dict[str, Decimal]


def tally(plan: LevelPlan, sheets: Sequence[ScoreSheet]) -> Tally:
    """Count and average; `average` is None while no sheet is in."""
    valid = submitted(sheets)
    totals = [sheet.total for sheet in valid if sheet.total is not None]
    by_criterion = {criterion.id: mean([sheet.content.scores[criterion.id] for sheet in valid]) for criterion in plan.criteria if valid}
    return Tally(
        members=len(active_seats(sheets)),
        sheets=len(valid),
        approvals=sum(sheet.content.vote is Vote.APPROVE for sheet in valid),
        average=mean(totals) if totals else None,
        criterion_averages=by_criterion,
    )
