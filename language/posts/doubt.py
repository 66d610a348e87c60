"""Papers arrive late: which acts are put into question by what becomes known of days that are over; pure.

An act is in question when its right rests on what was not so after all, or when by what is known now somebody
else was to act. It goes by what every act says of its right: the holding, the delegation, the leave. Where it
cannot be told which way work went through several delegations, every act that may have gone that way is
one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final
from uuid import UUID

from language.cases import DoubtCause
from language.ids import PersonId, PostId


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What became known of some days (`last_day` None: without end); on those that are over it came late.

    Of a holding `person_id` is who has it, in the post `post_id`; `acting` only until somebody is appointed.
    Of a unit that has ended it is who held its post `post_id` last; nobody acts through that any more.
    Of a leave it is who was away. Of a delegation it is the grantor: it covers work in the posts `post_ids`,
    which came to the grantor from one of `from_ids` (the grantor among them) and went on to one of `to_ids`
    (the delegate among them)."""

    cause: DoubtCause
    first_day: date
    last_day: date | None
    person_id: PersonId
    holding_id: UUID | None = None
    post_id: PostId | None = None
    acting: bool = False
    delegation_id: UUID | None = None
    delegate_id: PersonId | None = None
    post_ids: frozenset[PostId] = frozenset()
    from_ids: frozenset[PersonId] = frozenset()
    to_ids: frozenset[PersonId] = frozenset()

    def is_about(self, day: date) -> bool:
        """It says something of this day."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAct:
    """Something that was done through a post: by whom, for whom and by what right. `in_post`: by a holding of
    that very post, not of another one that stands in for it; `acting`: by one until somebody is appointed;
    `is_work`: it was work that is given out, not what the post allows by itself."""

    day: date
    person_id: PersonId
    on_behalf_of: PersonId | None
    post_id: PostId
    holding_id: UUID | None
    delegation_id: UUID | None
    in_post: bool
    acting: bool
    is_work: bool

    @property
    def holder_id(self) -> PersonId | None:
        """Whose work it was; of a vacant post nobody's."""
        return self.on_behalf_of or (self.person_id if self.in_post else None)


def _was_stand_in(paper: Paper, act: PastAct) -> bool:
    """Done because nobody held the post: by a deputy or colleague in own right, or by whoever was in it only
    until somebody is appointed."""
    if act.in_post:
        return act.acting and not paper.acting and act.holding_id != paper.holding_id
    return act.on_behalf_of is None


def _covers(paper: Paper, act: PastAct) -> bool:
    return act.is_work and act.post_id in paper.post_ids and act.holder_id in paper.from_ids


def _was_passed_by(paper: Paper, act: PastAct) -> bool:
    """Work that was to go to the delegate; what the delegate has done all the same, and could pass on to
    nobody, is as it was to be."""
    is_delegates = act.person_id == paper.delegate_id and len(paper.to_ids) == 1
    return _covers(paper, act) and not is_delegates


def _went_through(paper: Paper, act: PastAct) -> bool:
    """The delegation may have been a link before the last."""
    passed_on = act.person_id in paper.to_ids and act.person_id != paper.delegate_id
    return _covers(paper, act) and act.delegation_id is not None and passed_on


def _rests_on_holding(paper: Paper, act: PastAct) -> bool:
    """Done by the holding, or for its holder."""
    is_for_holder = (act.post_id, act.on_behalf_of) == (paper.post_id, paper.person_id)
    return act.holding_id == paper.holding_id or is_for_holder


_RULES: Final[Mapping[DoubtCause, Callable[[Paper, PastAct], bool]]] = MappingProxyType(
    {
        DoubtCause.HOLDING_ENDED: _rests_on_holding,
        DoubtCause.HOLDING_BEGUN: lambda paper, act: (
            act.post_id == paper.post_id and _was_stand_in(paper, act)
        ),
        DoubtCause.UNIT_ENDED: lambda paper, act: act.post_id == paper.post_id,
        DoubtCause.LEAVE_ADDED: lambda paper, act: act.is_work and act.person_id == paper.person_id,
        DoubtCause.WORK_DELEGATED: _was_passed_by,
        DoubtCause.DELEGATION_ENDED: lambda paper, act: (
            act.delegation_id == paper.delegation_id or _went_through(paper, act)
        ),
    }
)
"""By what a paper says of posts; a calendar says nothing of them."""


def is_in_question(paper: Paper, act: PastAct) -> bool:
    """By this paper the act had not the right that it was done by, or somebody else was to do it."""
    return paper.is_about(act.day) and _RULES[paper.cause](paper, act)
