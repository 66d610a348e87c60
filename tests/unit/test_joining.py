"""Two records of one person: what becomes of holdings, shares and seats."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.ids import PersonId, PostId, StageId
from language.plan.rule_kinds import SeatRole
from services.intake.domain.agreement import Answer, AuthorAnswer
from services.intake.domain.dossier import Author
from services.intake.domain.joining import join_answers, join_authors
from services.organisation.domain.joining import HeldDays, join_holdings
from services.review.domain.joining import join_seats
from services.review.domain.stage import ScoreSheet, Seat, SeatState, SheetContent, SheetState

FIRST = date(2026, 1, 1)
POSTS = [UUID(int=1), UUID(int=2)]
KEPT, JOINED, OTHER = (UUID(int=number) for number in (10, 11, 12))


@st.composite
def _held(draw: st.DrawFn) -> list[HeldDays]:
    """What one record holds: of each post no day twice."""
    held = []
    for post in POSTS:
        days = draw(st.lists(st.integers(0, 30), max_size=8, unique=True).map(sorted))
        is_open = draw(st.booleans())
        for start, end in zip(days[::2], days[1::2], strict=False):
            held.append(_days(post, start, end, acting=draw(st.booleans())))
        if is_open and len(days) % 2:
            held.append(_days(post, days[-1], None, acting=draw(st.booleans())))
    return held


def _days(post: UUID, start: int, end: int | None, *, acting: bool = False) -> HeldDays:
    return HeldDays(
        id=uuid4(),
        post_id=post,
        held_from=FIRST + timedelta(days=start),
        held_to=None if end is None else FIRST + timedelta(days=end),
        acting=acting,
    )


def _on(held: Sequence[HeldDays], post: UUID, day: date) -> list[HeldDays]:
    return [one for one in held if one.post_id == post and one.held_from <= day <= one.last]


@given(_held(), _held())
def test_each_post_is_held_on_the_days_of_either_record_and_on_none_twice(
    kept: list[HeldDays], joined: list[HeldDays]
) -> None:
    after = join_holdings(kept, joined)
    now = [*after.kept, *after.passed]
    for post in POSTS:
        for day in (FIRST + timedelta(days=number) for number in range(40)):
            before = _on([*kept, *joined], post, day)
            found = _on(now, post, day)
            assert len(found) == bool(before)
            if found and not all(one.acting for one in before):
                assert not found[0].acting


@given(_held(), _held())
def test_every_holding_keeps_its_id_and_goes_over_or_into_one_of_the_same_post(
    kept: list[HeldDays], joined: list[HeldDays]
) -> None:
    after = join_holdings(kept, joined)
    assert {one.id for one in after.kept} == {one.id for one in kept}
    gone = [*after.passed, *(one for one, _ in after.merged)]
    assert sorted(one.id for one in gone) == sorted(one.id for one in joined)
    posts = {one.id: one.post_id for one in after.kept}
    assert all(posts[into] == one.post_id for one, into in after.merged)


def test_an_open_holding_between_two_fills_the_gap_and_goes_on() -> None:
    one, two = _days(POSTS[0], 0, 2), _days(POSTS[0], 7, 9)
    after = join_holdings([one, two], [_days(POSTS[0], 1, None)])
    assert [(kept.held_from, kept.held_to) for kept in after.kept] == [
        (FIRST, FIRST + timedelta(days=6)),
        (FIRST + timedelta(days=7), None),
    ]


def _author(person: UUID, percent: str, **more: str) -> Author:
    return Author(person_id=person, full_name="x", contribution_percent=Decimal(percent), **more)


@given(
    st.permutations([KEPT, JOINED, OTHER]),
    st.lists(st.decimals(1, 30, places=2), min_size=3, max_size=3),
    st.sets(st.sampled_from([KEPT, JOINED, OTHER]), min_size=1),
)
def test_one_person_is_named_once_and_shares_keep_their_sum(
    order: list[UUID], shares: list[Decimal], named: set[UUID]
) -> None:
    authors = [
        _author(person, str(share)) for person, share in zip(order, shares, strict=True) if person in named
    ]
    after = join_authors(authors, JOINED, KEPT)
    people = [author.person_id for author in after]
    assert len(set(people)) == len(people)
    assert JOINED not in people
    assert (KEPT in people) is bool({KEPT, JOINED} & named)
    assert sum(one.contribution_percent for one in after) == sum(one.contribution_percent for one in authors)
    assert [one for one in after if one.person_id == OTHER] == [
        one for one in authors if one.person_id == OTHER
    ]


def test_particulars_that_only_the_joined_record_has_are_kept() -> None:
    [one] = join_authors(
        [
            _author(JOINED, "40", workplace="Trường A", job_title="Hiệu trưởng"),
            _author(KEPT, "60", workplace="B"),
        ],
        JOINED,
        KEPT,
    )
    assert (one.workplace, one.job_title, one.contribution_percent) == ("B", "Hiệu trưởng", Decimal(100))


def _answer(person: UUID, answer: Answer, percent: int) -> AuthorAnswer:
    reason = None if answer is Answer.CONFIRMED else "x"
    return AuthorAnswer(
        person_id=person,
        answer=answer,
        percent=Decimal(percent),
        reason=reason,
        answered_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def test_who_confirmed_both_shares_has_confirmed_their_sum_and_nobody_else_is_taken_to_have() -> None:
    confirmed = {person: _answer(person, Answer.CONFIRMED, 30) for person in (KEPT, JOINED)}
    both = join_answers(confirmed, JOINED, KEPT, are_both_authors=True)
    assert both == replace(confirmed[KEPT], percent=Decimal(60))
    declined = {**confirmed, JOINED: _answer(JOINED, Answer.DECLINED, 30)}
    assert join_answers(declined, JOINED, KEPT, are_both_authors=True) is None
    alone = join_answers({JOINED: confirmed[JOINED]}, JOINED, KEPT, are_both_authors=False)
    assert alone == confirmed[KEPT]


def _sheet(person: UUID, seat: SeatState, sheet: SheetState) -> ScoreSheet:
    return ScoreSheet(
        id=uuid4(),
        stage_id=StageId(UUID(int=5)),
        seat=Seat(
            seat_no=1,
            role=SeatRole.MEMBER,
            person_id=PersonId(person),
            post_id=PostId(uuid4()),
            state=seat,
        ),
        state=sheet,
        content=SheetContent(scores={}, vote=None, remark=None),
        total=None,
        submitted_at=None,
        version=1,
    )


@given(*[st.sampled_from(SeatState)] * 2, *[st.sampled_from(SheetState)] * 2)
def test_a_person_owes_one_sheet_and_marks_that_were_given_stay(
    kept_seat: SeatState, joined_seat: SeatState, kept_sheet: SheetState, joined_sheet: SheetState
) -> None:
    kept, joined = _sheet(KEPT, kept_seat, kept_sheet), _sheet(JOINED, joined_seat, joined_sheet)
    after = join_seats(kept, joined)
    assert {after.own.id, after.other.id} == {kept.id, joined.id}
    if after.leaves:
        assert after.other.state is SheetState.DRAFT
        assert after.own.seat.state is SeatState.ACTIVE
    left = [after.own] if after.leaves else [after.own, after.other]
    owed = [one for one in left if one.seat.state is SeatState.ACTIVE and one.state is SheetState.DRAFT]
    assert len(owed) <= 1


@pytest.mark.parametrize("is_kept", [True, False])
def test_the_seat_with_marks_is_the_persons(is_kept: bool) -> None:
    states = (SheetState.SUBMITTED, SheetState.DRAFT)
    mine, theirs = states if is_kept else states[::-1]
    kept, joined = _sheet(KEPT, SeatState.ACTIVE, mine), _sheet(JOINED, SeatState.ACTIVE, theirs)
    after = join_seats(kept, joined)
    assert after.own is (kept if is_kept else joined)
    assert after.leaves
