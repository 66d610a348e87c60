"""Which facts about posts came late: by their days, and by today."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from language.cases import DoubtCause
from language.events.base import Change, Fact
from language.events.organisation import (
    DelegatedWork,
    DelegationEnded,
    LeaveAdded,
    PostCreated,
    PostLeft,
    PostTaken,
    WorkDelegated,
)
from language.posts.kinds import PostKind
from services.organisation.domain.late_papers import LastHeld, late_papers, papers_of_end

TODAY = date(2026, 3, 10)
PERSON, POST, HOLDING = uuid4(), uuid4(), uuid4()


def day(ago: int) -> date:
    """So many days before today."""
    return TODAY - timedelta(days=ago)


def left(old: int | None, new: int) -> PostLeft:
    """The last day was so many days ago, and is now known to be another."""
    before = None if old is None else day(old)
    return PostLeft(holding_id=HOLDING, post_id=POST, held_to=Change(old=before, new=day(new)))


def taken(ago: int) -> PostTaken:
    """Held since so many days."""
    return PostTaken(holding_id=HOLDING, post_id=POST, held_from=day(ago), held_to=None, acting=False)


def leave(first: int, last: int) -> LeaveAdded:
    """Away."""
    return LeaveAdded(leave_id=uuid4(), starts_on=day(first), ends_on=day(last))


def work(first: int, last: int) -> DelegatedWork:
    """Some work."""
    return DelegatedWork(
        delegate_id=uuid4(),
        starts_on=day(first),
        ends_on=day(last),
        post_kinds=(),
        levels=(),
        tasks=(),
        in_unit_id=uuid4(),
        units_below=True,
    )


def ended(old: int, new: int) -> DelegationEnded:
    """A delegation was shortened."""
    return DelegationEnded(
        delegation_id=uuid4(), work=work(9, old), ends_on=Change(old=day(old), new=day(new))
    )


@pytest.mark.parametrize(
    ("fact", "cause", "first", "last"),
    [
        (left(None, 4), DoubtCause.HOLDING_ENDED, 3, None),
        (left(-5, 1), DoubtCause.HOLDING_ENDED, 0, -5),
        (left(5, 2), DoubtCause.HOLDING_BEGUN, 4, 2),
        (taken(3), DoubtCause.HOLDING_BEGUN, 3, None),
        (leave(3, -3), DoubtCause.LEAVE_ADDED, 3, -3),
        (
            WorkDelegated(delegation_id=uuid4(), work=work(2, -2), reason="x"),
            DoubtCause.WORK_DELEGATED,
            2,
            -2,
        ),
        (ended(-5, 3), DoubtCause.DELEGATION_ENDED, 2, -5),
    ],
)
def test_what_is_about_days_that_are_over_is_late(
    fact: Fact, cause: DoubtCause, first: int, last: int | None
) -> None:
    [paper] = late_papers([(PERSON, fact)], TODAY)
    assert (paper.cause, paper.person_id) == (cause, PERSON)
    assert (paper.first_day, paper.last_day) == (day(first), None if last is None else day(last))


@pytest.mark.parametrize(
    "fact",
    [
        left(None, 0),
        left(-5, -2),
        left(3, 3),
        taken(0),
        taken(-1),
        leave(0, -3),
        WorkDelegated(delegation_id=uuid4(), work=work(0, -2), reason="x"),
        ended(-5, 0),
    ],
)
def test_what_is_about_today_or_later_is_not(fact: Fact) -> None:
    assert late_papers([(PERSON, fact)], TODAY) == []


@pytest.mark.parametrize(
    ("old", "new", "days"),
    [
        (None, 4, (3, None)),
        (-5, 1, (0, -5)),
        (None, 0, None),
        (None, -2, None),
        (5, 2, None),
        (4, None, None),
        (None, None, None),
    ],
)
def test_a_unit_that_had_ended_puts_each_of_its_posts_in_question(
    old: int | None, new: int | None, days: tuple[int, int | None] | None
) -> None:
    held = [LastHeld(id=uuid4(), post_id=uuid4(), person_id=PERSON) for _ in range(2)]
    found = papers_of_end(held, old if old is None else day(old), new if new is None else day(new), TODAY)
    assert [paper.post_id for paper in found] == ([one.post_id for one in held] if days else [])
    for paper in found:
        assert days
        assert paper.cause is DoubtCause.UNIT_ENDED
        assert (paper.first_day, paper.last_day) == (day(days[0]), None if days[1] is None else day(days[1]))


def test_nobody_has_done_anything_in_a_post_that_is_new() -> None:
    made = PostCreated(unit_id=uuid4(), post_kind=PostKind.STAFF, title="x")
    assert late_papers([(POST, made), (PERSON, taken(9))], TODAY) == []
