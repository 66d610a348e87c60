"""Papers that came late: published with the change, and told to whoever makes it with every act that they put
into question, in whichever service."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeVar
from uuid import UUID

from casework.late.acts import OWN_ACTS, LatePaper, Questioned, acts_in_question
from casework.roster_reach import reached
from kit.db import Tx
from kit.ids import new_id
from language.cases import DoubtCause
from language.deadline.arithmetic import local_day
from language.events.base import Fact
from language.posts.doubt import Paper
from language.posts.reach import DelegationChanged
from language.views import ACTS
from services.organisation.domain.late_papers import late_papers
from services.organisation.store import delegations
from services.organisation.store.late_papers import (
    acting_among,
    insert_papers,
    work_came_from,
    work_went_to,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed(Generic[T]):
    """What was changed, and the acts that it puts into question."""

    value: T
    questioned: Sequence[Questioned] = ()


_HISTORIES: Final = (OWN_ACTS, *sorted(ACTS))


async def write_papers(
    tx: Tx, facts: Iterable[tuple[UUID, Fact]], further: Sequence[Paper] = ()
) -> list[Questioned]:
    """Publish what of these facts came late, and what else did, and say what that puts into question. Under
    the lock of the changes of posts: readers go on from the highest position they have seen."""
    told = [*late_papers(facts, local_day(tx.now)), *further]
    if not told:
        return []
    change_id = new_id()
    acting = await acting_among(tx, [paper.holding_id for paper in told if paper.holding_id])
    papers = [await _whole(tx, paper, acting=paper.holding_id in acting) for paper in told]
    await insert_papers(tx, change_id, papers)
    late = [LatePaper(change_id=change_id, paper=paper) for paper in papers]
    return [one for view in _HISTORIES for one in await acts_in_question(tx, view, late)]


_OF_DELEGATIONS: Final = frozenset({DoubtCause.WORK_DELEGATED, DoubtCause.DELEGATION_ENDED})


async def _whole(tx: Tx, paper: Paper, *, acting: bool) -> Paper:
    """With which way work may have gone through the delegation."""
    if paper.cause not in _OF_DELEGATIONS or not (paper.delegation_id and paper.delegate_id):
        return replace(paper, acting=acting)
    given = await delegations.get_delegation(tx, paper.delegation_id)
    first, last = paper.first_day, paper.last_day or given.ends_on
    return replace(
        paper,
        post_ids=await reached(tx, [DelegationChanged(delegation=given)], first, last),
        from_ids=await work_came_from(tx, paper.person_id, first, last),
        to_ids=await work_went_to(tx, paper.delegate_id, first, last),
    )
