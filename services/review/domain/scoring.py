"""What a sheet may hold, and what the council's sheets say together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Final

from language.cases import Vote
from language.plan.review_plan import Aggregation, Criterion, LevelPlan, Rounding, ScoreBand
from language.plan.rule_kinds import AggregationMethod, RoundingMode, VotingMethod
from language.words.base import Coded
from services.review.domain.refusals import (
    CriterionUnknown,
    MarkOutOfRange,
    RemarkRequired,
    RemarkRequiredForMark,
    SheetIncomplete,
)
from services.review.domain.stage import ScoreSheet, SheetContent, active_seats, submitted

_VOTE: Final = Coded("vote", "ý kiến biểu quyết", "vote")
_MODES: Final = {
    RoundingMode.HALF_UP: ROUND_HALF_UP,
    RoundingMode.HALF_EVEN: ROUND_HALF_EVEN,
    RoundingMode.DOWN: ROUND_DOWN,
}


def aggregate(values: Sequence[Decimal], how: Aggregation, rounding: Rounding) -> Decimal:
    """One figure from many. Without extremes: one highest and one lowest value less, if enough sheets are
    in."""
    kept = sorted(values)
    if (
        how.method is AggregationMethod.MEAN_WITHOUT_EXTREMES
        and how.from_sheets is not None
        and len(kept) >= how.from_sheets
    ):
        kept = kept[1:-1]
    return (sum(kept, Decimal()) / len(kept)).quantize(
        Decimal(1).scaleb(-rounding.places), _MODES[rounding.mode]
    )


def band_of(criterion: Criterion, score: Decimal) -> ScoreBand | None:
    """The band that the mark lies in; None where the criterion has no bands."""
    return next((band for band in criterion.bands if band.lowest <= score <= band.highest), None)


def named(criterion: Criterion) -> Coded:
    """A criterion as its sheet calls it."""
    return Coded(criterion.id, f"“{criterion.title_vi}”", f"“{criterion.title_en}”")


def check_scores(plan: LevelPlan, content: SheetContent) -> None:
    """Every score and remark belongs to a criterion, and a score is a multiple of its step from zero to its
    maximum."""
    criteria = {criterion.id: criterion for criterion in plan.criteria}
    for criterion_id in (*content.scores, *content.remarks):
        if criterion_id not in criteria:
            raise CriterionUnknown(criterion=criterion_id, known=[named(one) for one in plan.criteria])
    for criterion_id, score in content.scores.items():
        criterion = criteria[criterion_id]
        if not _is_possible(criterion, score):
            raise MarkOutOfRange(
                criterion=named(criterion), max=criterion.max_score, step=criterion.step, score=score
            )


def _is_possible(criterion: Criterion, score: Decimal) -> bool:
    return 0 <= score <= criterion.max_score and score % criterion.step == 0


def needs_remark(criterion: Criterion, score: Decimal) -> bool:
    """The plan asks for a remark on this mark."""
    return criterion.remark is not None and (criterion.remark.below is None or score < criterion.remark.below)


def check_complete(plan: LevelPlan, content: SheetContent) -> Decimal:
    """The total of a sheet that may be submitted: every criterion marked, a vote, and the remarks that marks
    and vote ask for.

    A secret ballot asks for no remark: it would tell the vote.
    """
    missing = [named(criterion) for criterion in plan.criteria if criterion.id not in content.scores]
    if content.vote is None:
        missing.append(_VOTE)
    if missing:
        raise SheetIncomplete(missing=missing)
    silent = [
        criterion
        for criterion in plan.criteria
        if needs_remark(criterion, content.scores[criterion.id]) and not content.remarks.get(criterion.id)
    ]
    if silent:
        rules = [criterion.remark.basis for criterion in silent if criterion.remark]
        raise RemarkRequiredForMark(criteria=[named(criterion) for criterion in silent], rules=rules)
    is_open = plan.voting.method is VotingMethod.OPEN_VOTE
    if is_open and content.vote is not Vote.APPROVE and not content.remark:
        raise RemarkRequired(vote=content.vote)
    return sum(content.scores.values(), Decimal())


def without_vote(sheet: ScoreSheet) -> ScoreSheet:
    """The sheet as it may be kept where the ballot is secret."""
    return replace(sheet, content=replace(sheet.content, vote=None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What the council says: how many are seated, how many have marked, how they voted, and the averages of
    the valid sheets.

    `spread` is how far the highest total lies above the lowest.
    """

    members: int
    sheets: int
    votes: Mapping[Vote, int]
    average: Decimal | None
    spread: Decimal | None
    criterion_averages: dict[str, Decimal]

    @property
    def approvals(self) -> int:
        """How many say yes."""
        return self.votes[Vote.APPROVE]


def tally(plan: LevelPlan, sheets: Sequence[ScoreSheet], ballots: Mapping[Vote, int] | None = None) -> Tally:
    """Count and average; `average` is None while no sheet is in. `ballots` are the counts of a secret ballot,
    whose sheets hold no votes."""
    valid = submitted(sheets)
    cast = [sheet.content.vote for sheet in valid]
    totals = [sheet.total for sheet in valid if sheet.total is not None]
    by_criterion = {
        criterion.id: aggregate(
            [sheet.content.scores[criterion.id] for sheet in valid], plan.aggregation, plan.rounding
        )
        for criterion in plan.criteria
        if valid
    }
    return Tally(
        members=len(active_seats(sheets)),
        sheets=len(valid),
        votes={vote: cast.count(vote) if ballots is None else ballots.get(vote, 0) for vote in Vote},
        average=aggregate(totals, plan.aggregation, plan.rounding) if totals else None,
        spread=max(totals) - min(totals) if totals else None,
        criterion_averages=by_criterion,
    )
