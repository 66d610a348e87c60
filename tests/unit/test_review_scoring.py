"""What a sheet may hold; averages, quorum and pass rule against exact fractions."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import floor
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.cases import RefusalGround, Vote
from language.messages.journey import StageOutcome
from language.plan.review_plan import RemarkRule
from language.refusals import Refusal
from services.review.domain.deciding import Verdict, check_pass_rule, check_quorum, check_verdict
from services.review.domain.quorum import Quorum
from services.review.domain.refusals import (
    CriterionUnknown,
    GroundDoesNotFit,
    MarkOutOfRange,
    PassRuleNotMet,
    PromotionNotAllowed,
    QuorumNotReached,
    ReasonsRequired,
    RemarkRequired,
    SheetIncomplete,
)
from services.review.domain.scoring import Tally, aggregate, check_complete, check_scores, needs_remark, tally
from services.review.domain.stage import SeatState, SheetContent
from tests.review_cases import draft_of, level_plan, sheet_of

PLAN = level_plan(UUID(int=99))
FULL = {"novelty": Decimal(35), "applicability": Decimal(25), "benefit": Decimal("25.5")}
halves = st.integers(0, 60).map(lambda steps: Decimal(steps) / 2)
sheet_scores = st.fixed_dictionaries({line.id: halves for line in PLAN.criteria})
ballots = st.lists(st.tuples(sheet_scores, st.sampled_from(Vote), st.booleans()), max_size=7)


def _mean(values: list[Decimal]) -> Decimal:
    return aggregate(values, PLAN.aggregation, PLAN.rounding)


def _content(vote: Vote | None = Vote.APPROVE, remark: str | None = None, **scores: str) -> SheetContent:
    return SheetContent(
        scores={name: Decimal(score) for name, score in scores.items()}, vote=vote, remark=remark
    )


def _quorum(*, waived: bool = False) -> Quorum:
    return Quorum(share=PLAN.quorum, seats=5, waived=waived)


def _check(counted: Tally, verdict: Verdict, *, handed_up: bool = False, last_level: bool = False) -> None:
    check_verdict(PLAN, _quorum(waived=handed_up), counted, verdict, last_level=last_level)


@pytest.mark.parametrize("score", ["-0.5", "40.5", "12.25", "41"])
def test_a_score_outside_its_range_or_between_steps_is_refused(score: str) -> None:
    with pytest.raises(MarkOutOfRange) as refused:
        check_scores(PLAN, _content(novelty=score))
    assert refused.value.facts == {"criterion": "novelty", "max": "40", "step": "0.5", "score": score}


@pytest.mark.parametrize("score", ["0", "40", "12.5"])
def test_scores_at_the_edges_are_possible(score: str) -> None:
    check_scores(PLAN, _content(novelty=score))


def test_a_criterion_of_another_plan_is_refused() -> None:
    with pytest.raises(CriterionUnknown) as refused:
        check_scores(PLAN, _content(beauty="1"))
    assert refused.value.facts == {"criterion": "beauty", "known": "novelty, applicability, benefit"}


def test_a_mark_below_the_limit_of_its_remark_needs_one_and_the_limit_does_not() -> None:
    below = replace(
        PLAN.criteria[0],
        remark=RemarkRule(below=Decimal(20), basis=PLAN.criteria[0].basis),
    )
    assert needs_remark(below, Decimal("19.5"))
    assert not needs_remark(below, Decimal(20))


def test_a_submitted_sheet_is_whole() -> None:
    assert check_complete(PLAN, SheetContent(scores=FULL, vote=Vote.APPROVE, remark=None)) == Decimal("85.5")
    with pytest.raises(SheetIncomplete) as missing:
        check_complete(PLAN, _content(vote=None, novelty="1"))
    assert missing.value.facts["missing"] == "applicability, benefit, vote"


@pytest.mark.parametrize("vote", [Vote.REJECT, Vote.OTHER])
def test_a_vote_that_does_not_approve_says_why(vote: Vote) -> None:
    with pytest.raises(RemarkRequired) as refused:
        check_complete(PLAN, SheetContent(scores=FULL, vote=vote, remark=None))
    assert refused.value.facts == {"vote": vote}


@settings(max_examples=200)
@given(st.lists(st.integers(0, 10_000).map(lambda n: Decimal(n) / 100), min_size=1, max_size=9))
def test_the_mean_is_exact_and_rounds_half_up(values: list[Decimal]) -> None:
    exact = sum((Fraction(value) for value in values), Fraction()) / len(values)
    assert _mean(values) == Decimal(floor(exact * 100 + Fraction(1, 2))) / 100


@settings(max_examples=150)
@given(ballots, st.booleans())
def test_quorum_and_pass_rule_agree_with_counting_by_hand(
    cast: list[tuple[dict[str, Decimal], Vote, bool]], handed_up: bool
) -> None:
    sheets = [sheet_of(scores, vote) if is_in else draft_of(sheet_of(scores)) for scores, vote, is_in in cast]
    counted = tally(PLAN, [*sheets, sheet_of(FULL, seat=SeatState.REPLACED)])
    valid = [(scores, vote) for scores, vote, is_in in cast if is_in]
    quorum = _quorum(waived=handed_up)
    enough = handed_up or 3 * len(valid) >= 2 * len(cast)
    assert _allows(check_quorum, quorum, counted) == enough
    voters = len(valid) if handed_up else len(cast)
    approvals = sum(vote is Vote.APPROVE for _, vote in valid)
    passes = bool(valid) and 3 * approvals >= 2 * voters
    if valid:
        passes = passes and _mean([sum(scores.values(), Decimal()) for scores, _ in valid]) >= 50
        passes = passes and all(
            _mean([scores[line.id] for scores, _ in valid]) >= line.floor for line in PLAN.criteria
        )
    assert _allows(check_pass_rule, PLAN, quorum, counted) == passes


def _allows(check: object, *arguments: object) -> bool:
    try:
        check(*arguments)  # type: ignore[operator]
    except (QuorumNotReached, PassRuleNotMet):
        return False
    return True


def _verdict(outcome: StageOutcome, **given_: object) -> Verdict:
    return Verdict(**{"reasons": None, "ground": None, "propose": False, "outcome": outcome, **given_})  # type: ignore[arg-type]


RECOGNISED, REFUSED = StageOutcome.RECOGNISED, StageOutcome.REFUSED
GROUND = RefusalGround.NOT_NOVEL


@pytest.mark.parametrize(
    ("case", "sheets", "verdict", "refusal"),
    [
        ({}, 3, _verdict(RECOGNISED, propose=True), None),
        ({}, 3, _verdict(REFUSED, ground=GROUND, reasons="Trùng giải pháp đã có"), None),
        ({}, 3, _verdict(REFUSED, ground=GROUND), ReasonsRequired),
        ({}, 3, _verdict(REFUSED, reasons="?"), ReasonsRequired),
        ({}, 3, _verdict(RECOGNISED, ground=GROUND), GroundDoesNotFit),
        ({}, 3, _verdict(REFUSED, ground=RefusalGround.NOT_EXAMINED, reasons="?"), GroundDoesNotFit),
        ({"handed_up": True}, 0, _verdict(REFUSED, ground=RefusalGround.NOT_EXAMINED, reasons="?"), None),
        ({"handed_up": True}, 0, _verdict(REFUSED, ground=GROUND, reasons="?"), GroundDoesNotFit),
        ({"handed_up": True}, 0, _verdict(RECOGNISED), PassRuleNotMet),
        ({"handed_up": True}, 1, _verdict(RECOGNISED), None),
        ({}, 1, _verdict(RECOGNISED), QuorumNotReached),
        ({"last_level": True}, 3, _verdict(RECOGNISED, propose=True), PromotionNotAllowed),
        ({}, 3, _verdict(REFUSED, ground=GROUND, reasons="?", propose=True), PromotionNotAllowed),
    ],
)
def test_which_verdicts_hold(
    case: dict[str, bool], sheets: int, verdict: Verdict, refusal: type[Refusal] | None
) -> None:
    council = [sheet_of(FULL) if number < sheets else draft_of(sheet_of(FULL)) for number in range(3)]
    if refusal is None:
        _check(tally(PLAN, council), verdict, **case)
    else:
        with pytest.raises(refusal):
            _check(tally(PLAN, council), verdict, **case)


@pytest.mark.parametrize("approvals", range(4))
def test_a_verdict_that_could_never_stand_does_not_find_out_how_the_votes_stand(approvals: int) -> None:
    sheets = [sheet_of(FULL, Vote.APPROVE if number < approvals else Vote.REJECT) for number in range(3)]
    with pytest.raises(PromotionNotAllowed):
        _check(tally(PLAN, sheets), _verdict(RECOGNISED, propose=True), last_level=True)


def test_a_recognition_below_the_proposal_average_stays_at_its_level() -> None:
    council = [sheet_of({"novelty": Decimal(20), "applicability": Decimal(20), "benefit": Decimal(20)})] * 3
    _check(tally(PLAN, council), _verdict(RECOGNISED))
    with pytest.raises(PromotionNotAllowed):
        _check(tally(PLAN, council), _verdict(RECOGNISED, propose=True))
