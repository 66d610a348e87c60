"""What of the facts about posts became known only after its days; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from language.cases import DoubtCause
from language.events.base import Fact
from language.events.organisation import (
    DelegatedWork,
    DelegationEnded,
    LeaveAdded,
    PostCreated,
    PostLeft,
    PostTaken,
    WorkDelegated,
)
from language.ids import PersonId, PostId
from language.posts.doubt import Paper

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastHeld:
    """Who has held a post last."""

    id: UUID
    post_id: UUID
    person_id: UUID


def late_papers(facts: Iterable[tuple[UUID, Fact]], today: date) -> list[Paper]:
    """Those of these facts, each with whom it is about, that say something of days that are over. What
    begins today is not late; what has ended yesterday is, for today it gives nothing any more.

    In a post that was made by the same act nobody has done anything."""
    told = list(facts)
    new_posts = {about for about, fact in told if isinstance(fact, PostCreated)}
    papers = (paper for about, fact in told for paper in _paper(PersonId(about), fact))
    return [paper for paper in papers if _is_late(paper, today) and paper.post_id not in new_posts]


def papers_of_end(held: Iterable[LastHeld], old: date | None, new: date | None, today: date) -> list[Paper]:
    """Of a unit whose last day is an earlier one than was known, one for each of its posts."""
    if new is None or (old is not None and old <= new):
        return []
    papers = (
        Paper(
            cause=DoubtCause.UNIT_ENDED,
            first_day=new + _DAY,
            last_day=old,
            person_id=PersonId(one.person_id),
            holding_id=one.id,
            post_id=PostId(one.post_id),
        )
        for one in held
    )
    return [paper for paper in papers if _is_late(paper, today)]


_ENDS: Final = frozenset({DoubtCause.HOLDING_ENDED, DoubtCause.DELEGATION_ENDED, DoubtCause.UNIT_ENDED})


def _is_late(paper: Paper, today: date) -> bool:
    return paper.first_day < today or (paper.cause in _ENDS and paper.first_day == today)


def _paper(person_id: PersonId, fact: Fact) -> Iterator[Paper]:
    match fact:
        case PostTaken():
            yield Paper(
                cause=DoubtCause.HOLDING_BEGUN,
                first_day=fact.held_from,
                last_day=fact.held_to,
                person_id=person_id,
                holding_id=fact.holding_id,
                post_id=PostId(fact.post_id),
                acting=fact.acting,
            )
        case PostLeft():
            yield from _of_holding(person_id, fact)
        case LeaveAdded():
            yield Paper(
                cause=DoubtCause.LEAVE_ADDED,
                first_day=fact.starts_on,
                last_day=fact.ends_on,
                person_id=person_id,
            )
        case WorkDelegated():
            days = (fact.work.starts_on, fact.work.ends_on)
            yield _of_delegation(DoubtCause.WORK_DELEGATED, person_id, fact.delegation_id, fact.work, days)
        case DelegationEnded():
            days = (fact.ends_on.new + _DAY, fact.ends_on.old)
            yield _of_delegation(DoubtCause.DELEGATION_ENDED, person_id, fact.delegation_id, fact.work, days)


def _of_holding(person_id: PersonId, fact: PostLeft) -> Iterator[Paper]:
    """Its last day is an earlier one than was known, or a later one."""
    old, new = fact.held_to.old or date.max, fact.held_to.new or date.max
    if old == new:
        return
    yield Paper(
        cause=DoubtCause.HOLDING_ENDED if new < old else DoubtCause.HOLDING_BEGUN,
        first_day=min(old, new) + _DAY,
        last_day=fact.held_to.old if new < old else fact.held_to.new,
        person_id=person_id,
        holding_id=fact.holding_id,
        post_id=PostId(fact.post_id),
    )


def _of_delegation(
    cause: DoubtCause, grantor_id: PersonId, delegation_id: UUID, work: DelegatedWork, days: tuple[date, date]
) -> Paper:
    return Paper(
        cause=cause,
        first_day=days[0],
        last_day=days[1],
        person_id=grantor_id,
        delegation_id=delegation_id,
        delegate_id=PersonId(work.delegate_id),
    )
