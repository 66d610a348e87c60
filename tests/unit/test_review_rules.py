"""Bands, remarks, aggregation, rounding, grades, deviation and the ways to vote, against counting by hand
with exact fractions."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import floor
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.cases import RefusalGround, Vote
from language.messages.journey import StageOutcome
from language.plan.review_plan import (
    Aggregation,
    Criterion,
    DeviationRule,
    Grade,
    GradeFloor,
    LevelPlan,
    RemarkRule,
    Rounding,
    ScoreBand,
    Share,
    Voting,
)
from language.plan.rule_kinds import (
    AggregationMethod,
    CountedOver,
    DeviationAction,
    RoundingMode,
    VotingMethod,
)
from services.review.domain.deciding import Verdict, approvals_needed, check_verdict, deviates, grade_of
from services.review.domain.quorum import Quorum
from services.review.domain.refusals import (
    CriterionUnknown,
    DeviationUnexplained,
    RemarkRequired,
    RemarkRequiredForMark,
)
from services.review.domain.scoring import (
    Tally,
    aggregate,
    band_of,
    check_complete,
    check_scores,
    tally,
    without_vote,
)
from services.review.domain.stage import SheetContent
from tests.review_cases import basis, draft_of, level_plan, sheet_of

PLAN = level_plan(UUID(int=7))
SCORES = {"novelty": Decimal(35), "applicability": Decimal(25), "benefit": Decimal("25.5")}
marks = st.integers(0, 10_000).map(lambda hundredths: Decimal(hundredths) / 100)


def _rounded_by_hand(exact: Fraction, places: int, mode: RoundingMode) -> Decimal:
    scaled = exact * 10**places
    whole, rest = floor(scaled), scaled - floor(scaled)
    up = (
        rest >= Fraction(1, 2)
        if mode is RoundingMode.HALF_UP
        else rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1)
    )
    return Decimal(whole + (up and mode is not RoundingMode.DOWN)).scaleb(-places)


@settings(max_examples=400)
@given(
    st.lists(marks, min_size=1, max_size=9),
    st.sampled_from(AggregationMethod),
    st.integers(3, 7),
    st.integers(0, 4),
    st.sampled_from(RoundingMode),
)
def test_one_figure_comes_from_many_as_by_hand(
    values: list[Decimal], method: AggregationMethod, from_sheets: int, places: int, mode: RoundingMode
) -> None:
    left = [Fraction(value) for value in values]
    if method is AggregationMethod.MEAN_WITHOUT_EXTREMES and len(left) >= from_sheets:
        left.remove(max(left))
        left.remove(min(left))
    how = Aggregation(method=method, from_sheets=from_sheets, basis=basis("aggregation"))
    figure = aggregate(values, how, Rounding(places=places, mode=mode, basis=basis("rounding")))
    assert figure == _rounded_by_hand(sum(left, Fraction()) / len(left), places, mode)


@st.composite
def banded(draw: st.DrawFn) -> Criterion:
    """A criterion whose bands lie edge to edge in steps."""
    step = draw(st.sampled_from([Decimal(1), Decimal("0.5"), Decimal("0.25")]))
    ends = sorted(draw(st.sets(st.integers(0, 80), min_size=1, max_size=6)))
    starts = [0, *(end + 1 for end in ends[:-1])]
    bands = tuple(
        ScoreBand(
            id=f"b{number}",
            title_vi="",
            title_en="",
            lowest=start * step,
            highest=end * step,
            basis=basis("band"),
        )
        for number, (start, end) in enumerate(zip(starts, ends, strict=True))
    )
    return replace(PLAN.criteria[0], max_score=ends[-1] * step, step=step, bands=bands)


@settings(max_examples=200)
@given(banded())
def test_every_possible_mark_lies_in_exactly_one_band(criterion: Criterion) -> None:
    for steps in range(int(criterion.max_score / criterion.step) + 1):
        score = steps * criterion.step
        around = [band for band in criterion.bands if band.lowest <= score <= band.highest]
        assert [band_of(criterion, score)] == around


def test_a_criterion_without_bands_has_none() -> None:
    assert band_of(PLAN.criteria[0], Decimal(3)) is None


def _with(**rules: object) -> LevelPlan:
    return replace(PLAN, **rules)  # type: ignore[arg-type]


def _asking(below: Decimal | None) -> LevelPlan:
    novelty = replace(PLAN.criteria[0], remark=RemarkRule(below=below, basis=basis("novelty.remark")))
    return _with(criteria=(novelty, *PLAN.criteria[1:]))


@pytest.mark.parametrize(
    ("below", "score", "needed"),
    [(Decimal(20), "19.5", True), (Decimal(20), "20", False), (None, "40", True), (Decimal(0), "0", False)],
)
def test_a_mark_below_the_line_needs_its_own_remark(below: Decimal | None, score: str, needed: bool) -> None:
    plan = _asking(below)
    content = SheetContent(
        scores={**SCORES, "novelty": Decimal(score)}, vote=Vote.APPROVE, remark="nhận xét chung"
    )
    if needed:
        with pytest.raises(RemarkRequiredForMark) as refused:
            check_complete(plan, content)
        assert refused.value.facts == {"criteria": "novelty", "rules": "novelty.remark"}
    assert check_complete(plan, replace(content, remarks={"novelty": "Chỉ mới ở trường"}))


def test_a_remark_on_a_criterion_of_another_plan_is_refused() -> None:
    with pytest.raises(CriterionUnknown):
        check_scores(PLAN, SheetContent(scores={}, vote=None, remark=None, remarks={"beauty": "đẹp"}))


@st.composite
def graded(draw: st.DrawFn) -> LevelPlan:
    """A plan with grades edge to edge from its threshold up."""
    cuts = sorted(draw(st.sets(st.integers(0, 99), min_size=1, max_size=5)))
    ends = [*cuts[1:], None]
    floors = st.lists(
        st.tuples(st.sampled_from([line.id for line in PLAN.criteria]), st.integers(0, 40)),
        max_size=3,
        unique_by=lambda pair: pair[0],
    )
    grades = tuple(
        Grade(
            id=f"g{cut}",
            title_vi="",
            title_en="",
            lowest=Decimal(cut),
            below=None if end is None else Decimal(end),
            floors=tuple(GradeFloor(criterion=name, least=Decimal(least)) for name, least in draw(floors)),
            basis=basis("grade"),
        )
        for cut, end in zip(cuts, ends, strict=True)
    )
    return replace(PLAN, grades=draw(st.permutations(grades)), pass_threshold=Decimal(cuts[0]))


def _tally(average: Decimal | None, criterion_averages: dict[str, Decimal]) -> Tally:
    return Tally(
        members=5,
        sheets=5,
        votes=dict.fromkeys(Vote, 0),
        average=average,
        spread=Decimal(0),
        criterion_averages=criterion_averages,
    )


@settings(max_examples=300)
@given(
    graded(),
    marks,
    st.fixed_dictionaries({line.id: st.integers(0, 40).map(Decimal) for line in PLAN.criteria}),
)
def test_the_grade_is_the_one_of_the_range_if_its_floors_hold_and_never_the_next(
    plan: LevelPlan, average: Decimal, averages: dict[str, Decimal]
) -> None:
    by_height = sorted(plan.grades, key=lambda grade: grade.lowest)
    assert all(lower.below == upper.lowest for lower, upper in pairwise(by_height))
    reached = [grade for grade in by_height if grade.lowest <= average]
    expected = None
    if reached and all(averages[floor.criterion] >= floor.least for floor in reached[-1].floors):
        expected = reached[-1]
    assert grade_of(plan, _tally(average, averages)) == expected


def test_without_a_sheet_there_is_no_grade() -> None:
    assert grade_of(PLAN, _tally(None, {})) is None


def _quorum(plan: LevelPlan, *, waived: bool = False) -> Quorum:
    return Quorum(share=plan.quorum, seats=5, waived=waived)


def _check(plan: LevelPlan, counted: Tally, verdict: Verdict) -> None:
    check_verdict(plan, _quorum(plan), counted, verdict, last_level=False)


def _council(*novelties: str) -> list[Decimal]:
    return [Decimal(novelty) for novelty in novelties]


@pytest.mark.parametrize(("most", "exceeded"), [("5", False), ("4.5", True), ("0", True)])
@pytest.mark.parametrize("action", DeviationAction)
def test_a_large_deviation_is_flagged_or_must_be_explained(
    most: str, exceeded: bool, action: DeviationAction
) -> None:
    plan = _with(deviation=DeviationRule(most=Decimal(most), action=action, basis=basis("deviation")))
    counted = tally(
        plan, [sheet_of({**SCORES, "novelty": novelty}) for novelty in _council("35", "32", "30")]
    )
    assert counted.spread == 5
    assert deviates(plan, counted) == exceeded
    silent = Verdict(outcome=StageOutcome.RECOGNISED, reasons=None, ground=None, propose=False)
    if exceeded and action is DeviationAction.EXPLAIN:
        with pytest.raises(DeviationUnexplained):
            _check(plan, counted, silent)
    else:
        _check(plan, counted, silent)
    _check(plan, counted, replace(silent, reasons="Đã thảo luận trong hội đồng"))


@settings(max_examples=200)
@given(
    st.lists(st.booleans(), min_size=1, max_size=12),
    st.integers(1, 7),
    st.integers(1, 7),
    st.sampled_from(CountedOver),
    st.booleans(),
)
def test_a_share_of_those_present_counts_the_sheets_that_are_in(
    here: list[bool], numerator: int, denominator: int, over: CountedOver, handed_up: bool
) -> None:
    share = Share(
        numerator=min(numerator, denominator),
        denominator=denominator,
        counted_over=over,
        basis=basis("approval"),
    )
    plan = _with(approval=share)
    sheets = [sheet_of(SCORES) if is_in else draft_of(sheet_of(SCORES)) for is_in in here]
    counted = {CountedOver.PRESENT: sum(here), CountedOver.MEMBERS: len(here), CountedOver.SEATS: 5}
    voters = sum(here) if handed_up else counted[over]
    needed = next(
        count for count in range(voters + 1) if count * share.denominator >= voters * share.numerator
    )
    assert approvals_needed(plan, _quorum(plan, waived=handed_up), tally(plan, sheets)) == needed


@settings(max_examples=100)
@given(st.lists(st.sampled_from(Vote), min_size=1, max_size=9))
def test_a_secret_ballot_counts_as_an_open_vote_does(cast: list[Vote]) -> None:
    open_sheets = [sheet_of(SCORES, vote) for vote in cast]
    secret = [without_vote(sheet) for sheet in open_sheets]
    assert all(sheet.content.vote is None for sheet in secret)
    counts = {vote: cast.count(vote) for vote in set(cast)}
    assert tally(PLAN, secret, counts) == tally(PLAN, open_sheets)


def test_only_an_open_vote_against_says_why() -> None:
    against = SheetContent(scores=SCORES, vote=Vote.REJECT, remark=None)
    with pytest.raises(RemarkRequired):
        check_complete(PLAN, against)
    secret = _with(voting=Voting(method=VotingMethod.SECRET_BALLOT, basis=basis("voting")))
    assert check_complete(secret, against) == Decimal("85.5")


def test_a_refusal_is_explained_by_its_own_reasons() -> None:
    plan = _with(
        deviation=DeviationRule(most=Decimal(0), action=DeviationAction.EXPLAIN, basis=basis("deviation"))
    )
    counted = tally(
        plan, [sheet_of({**SCORES, "novelty": novelty}) for novelty in _council("35", "30", "20")]
    )
    verdict = Verdict(
        outcome=StageOutcome.REFUSED, reasons="Trùng giải pháp", ground=RefusalGround.NOT_NOVEL, propose=False
    )
    _check(plan, counted, verdict)
