"""A ladder tried on the past against counting by hand."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.deadline.arithmetic import RunningClock, Suspension, SuspensionKind
from language.events.rungs import SeatsFilled
from language.ids import DossierId, SeasonId, StageId, UnitId
from language.plan.review_plan import Budget, BudgetUnit, RungAction, RungRule, Share
from language.plan.rule_kinds import RungAnchor
from language.posts.holders import PostsResolved
from language.posts.kinds import PostKind
from services.review.domain.backtest import LookBack, PastStage
from services.review.domain.council import fill_seats
from services.review.domain.ladder import LOOKS_AT_POSTS, RungContext, council_rung
from services.review.domain.stage import Decider, Eased, OpenStage, ScoreSheet, SheetContent, SheetState
from tests.calendars import NO_HOLIDAYS
from tests.review_cases import basis, holder, level_plan

OPENED = datetime(2026, 3, 2, 3, tzinfo=UTC)
NOW = OPENED + timedelta(days=60)
ACTIONS = (
    RungAction.REMIND,
    RungAction.TELL_SUPERIOR,
    RungAction.REPLACE_SILENT,
    RungAction.DECIDE_ALONE,
    RungAction.HAND_UP,
)
KINDS = (PostKind.COUNCIL_CHAIR, PostKind.COUNCIL_DEPUTY_CHAIR, *[PostKind.COUNCIL_MEMBER] * 3)
marked_on = st.lists(st.one_of(st.none(), st.integers(0, 50)), min_size=5, max_size=5)
ladders = st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 50)), max_size=6)


def _rule(number: int, action: RungAction, day: int) -> RungRule:
    return RungRule(
        id=f"r{number}",
        action=action,
        anchor=RungAnchor.START,
        offset=day,
        unit=BudgetUnit.CALENDAR_DAYS,
        basis=basis(f"r{number}"),
        quorum=Share(numerator=1, denominator=3, basis=basis("lower"))
        if action is RungAction.LOWER_QUORUM
        else None,
    )


def _stage(plan_unit: UUID) -> OpenStage:
    return OpenStage(
        id=StageId(uuid4()),
        dossier_id=DossierId(uuid4()),
        dossier_code="SK",
        level="UNIT",
        unit_id=UnitId(plan_unit),
        unit_path=(),
        season_id=SeasonId(uuid4()),
        author_ids=(),
        plan=level_plan(plan_unit),
        plan_hash="x",
        rule_version="x@1",
        previous_decision_number=None,
        last_level=False,
        opened_at=OPENED,
        due_at=NOW,
        decider=None,
        eased=Eased(handed_up=True),
        version=1,
    )


def _past(marks: list[int | None], decided_on: int | None, substitutes: int, superiors: int) -> PastStage:
    stage = _stage(uuid4())
    holders = [holder(kind) for kind in KINDS] + [
        holder(PostKind.COUNCIL_SUBSTITUTE) for _ in range(substitutes)
    ]
    sheets = [
        ScoreSheet(
            id=uuid4(),
            stage_id=stage.id,
            seat=seat,
            state=SheetState.VOID,
            content=SheetContent(scores={}, vote=None, remark=None),
            total=None,
            submitted_at=None if day is None else OPENED + timedelta(days=day),
            version=1,
        )
        for seat, day in zip(fill_seats(stage.plan, holders, ()), marks, strict=True)
    ]
    above = [holder(PostKind.UNIT_HEAD) for _ in range(superiors)]
    budget = Budget(amount=40, unit=BudgetUnit.CALENDAR_DAYS)
    posts = PostsResolved(unit_id=stage.unit_id, unit_path=(), holders=tuple(holders), superiors=tuple(above))
    return PastStage(
        stage=stage,
        ended_at=None if decided_on is None else OPENED + timedelta(days=decided_on),
        sheets=sheets,
        posts=posts,
        clock=RunningClock(opened_at=OPENED, budget=budget, ladder=(), calendar=NO_HOLIDAYS),
    )


@dataclass
class _Hand:
    """Counts on fingers. Seat 0 is the chair's, who decides until it is handed up (decider n is the n-th
    superior)."""

    awaited: list[int | None]
    substitutes: int
    superiors: int
    decider: int = 0
    waived: bool = False
    up_before: bool = False

    def silent(self, day: int) -> list[int]:
        """A mark of day d is there from the end of day d on."""
        return [seat for seat, mark in enumerate(self.awaited) if mark is None or mark > day]

    def count(self, action: RungAction, day: int) -> int:
        """How many people this rung touches."""
        others = [number for number in range(1, self.superiors + 1) if number > self.decider]
        if action is RungAction.REMIND:
            return len(self.silent(day)) or 1
        if action is RungAction.TELL_SUPERIOR:
            return 1 if others else 0
        if action is RungAction.REPLACE_SILENT:
            return self._replace(day)
        return self._alone(day) if action is RungAction.DECIDE_ALONE else self._up(others)

    def _replace(self, day: int) -> int:
        given_away = [seat for seat in self.silent(day) if seat != 0][: self.substitutes]
        self.substitutes -= len(given_away)
        for seat in given_away:
            self.awaited[seat] = day
        return len(given_away)

    def _alone(self, day: int) -> int:
        may = self.decider == 0 and bool(self.silent(day)) and not self.waived
        self.waived = self.waived or may
        return int(may)

    def _up(self, others: list[int]) -> int:
        if not others and self.up_before:
            return 0
        self.decider, self.waived, self.up_before = (others[0] if others else self.decider), True, True
        return 1


def _by_hand(hand: _Hand, end: int, ladder: list[tuple[RungAction, int]]) -> Counter[RungAction]:
    told = Counter[RungAction]()
    for action, day in sorted(ladder, key=lambda rung: rung[1]):
        if day < end:
            told[action] += hand.count(action, day)
    return +told


@settings(max_examples=300)
@given(marked_on, st.one_of(st.none(), st.integers(1, 55)), ladders, st.integers(0, 3), st.integers(0, 2))
def test_the_look_back_agrees_with_counting_by_hand(
    marks: list[int | None],
    decided_on: int | None,
    ladder: list[tuple[RungAction, int]],
    substitutes: int,
    superiors: int,
) -> None:
    rules = [_rule(number, action, day) for number, (action, day) in enumerate(ladder)]
    found = LookBack(ladder=rules)
    found.add(_past(marks, decided_on, substitutes, superiors), NOW)
    expected = _by_hand(
        _Hand(list(marks), substitutes, superiors), 60 if decided_on is None else decided_on, ladder
    )
    assert +Counter({action: found.people(action) for action in ACTIONS}) == expected
    assert sum(count.fired + count.nothing_to_do for count in found.rungs.values()) <= len(rules)


def test_who_came_in_for_somebody_is_no_member_of_the_first_council() -> None:
    past = _past([None] * 5, None, 1, 0)
    later = holder(PostKind.COUNCIL_SUBSTITUTE).person_id
    silent = replace(past.sheets[4], seat=replace(past.sheets[4].seat, replaced_by=later))
    came = replace(past.sheets[3], id=uuid4(), seat=replace(past.sheets[3].seat, seat_no=6, person_id=later))
    found = LookBack(ladder=[_rule(1, RungAction.REMIND, 1)])
    found.add(replace(past, sheets=[*past.sheets[:4], silent, came]), NOW)
    assert found.people(RungAction.REMIND) == 5


def test_a_lowered_quorum_is_lowered_once() -> None:
    found = LookBack(ladder=[_rule(1, RungAction.LOWER_QUORUM, 1), _rule(2, RungAction.LOWER_QUORUM, 2)])
    found.add(_past([None] * 5, None, 0, 0), NOW)
    assert (found.fired(RungAction.LOWER_QUORUM), found.rungs["r2"].nothing_to_do) == (1, 1)


def test_days_on_which_the_clock_stood_still_put_the_rungs_off() -> None:
    past = _past([None] * 5, 10, 0, 0)
    found, still = (
        LookBack(ladder=[_rule(1, RungAction.REMIND, 1), _rule(2, RungAction.REMIND, 8)]),
        OPENED + timedelta(days=3),
    )
    stood = Suspension(
        kind=SuspensionKind.COMPLAINT, since=still, until=still + timedelta(days=4), reason="x"
    )
    found.add(replace(past, clock=replace(past.clock, suspensions=(stood,))), NOW)
    assert (found.rungs["r1"].fired, found.rungs["r2"].fired) == (1, 0)


@pytest.mark.parametrize("action", RungAction)
def test_an_action_does_the_same_whoever_is_in_the_posts_unless_it_is_said_to_look_there(
    action: RungAction,
) -> None:
    past = _past([None] * 5, None, substitutes=2, superiors=1)
    sheets = [replace(sheet, state=SheetState.DRAFT) for sheet in past.sheets]
    seat = sheets[0].seat
    decider = Decider(person_id=seat.person_id, post_id=seat.post_id, on_behalf_of=None)
    stage = replace(past.stage, eased=Eased(), decider=decider)
    nobody = RungContext(stage=stage, sheets=sheets, holders=(), superiors=())
    somebody = replace(nobody, holders=past.posts.holders, superiors=past.posts.superiors)
    lower = Share(numerator=1, denominator=3, basis=basis("lower"))
    done = council_rung(action, somebody, NOW, lower)
    assert done.did or action in {RungAction.DIGEST, RungAction.LOOK_AGAIN}
    looked = done != council_rung(action, nobody, NOW, lower)
    assert looked == (action in LOOKS_AT_POSTS) or action is RungAction.LOOK_AGAIN


@pytest.mark.parametrize("action", RungAction)
def test_an_empty_seat_is_filled_whatever_the_rung(action: RungAction) -> None:
    past = _past([None] * 5, None, substitutes=0, superiors=1)
    sheets = [replace(sheet, state=SheetState.DRAFT) for sheet in past.sheets[:4]]
    context = RungContext(
        stage=replace(past.stage, eased=Eased()),
        sheets=sheets,
        holders=past.posts.holders,
        superiors=past.posts.superiors,
    )
    done = council_rung(action, context, NOW)
    assert [(seat.seat_no, seat.person_id) for seat in done.seated] == [(5, past.sheets[4].person_id)]
    assert SeatsFilled(person_ids=(past.sheets[4].person_id,)) in done.did
