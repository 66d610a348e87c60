"""What a rung does where the work is an office's: a check, a signature, a payment list. The climb and the
forecast both ask here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from language.deadline.waiting import waits
from language.events.rungs import (
    Did,
    HandedUp,
    Reminded,
    RungEffect,
    SilenceReported,
    SuperiorTold,
    WorkGiven,
)
from language.ids import PersonId, PostId
from language.plan.review_plan import RungAction
from language.posts.holders import PostHolder
from language.posts.kinds import PostKind, PostTask


@dataclass(frozen=True, slots=True, kw_only=True)
class RungContext:
    """What a rung looks at. `wanted` are the tasks still to be done, the one that is awaited first, each with
    the kinds of post that do it; `assigned` who has each since when; `asked` the posts that ever had it.
    `barred` may do none of it."""

    wanted: Mapping[PostTask, Collection[PostKind]]
    assigned: Mapping[PostTask, Mapping[PersonId, datetime]]
    barred: Collection[PersonId]
    holders: Sequence[PostHolder]
    superiors: Sequence[PostHolder]
    asked: Mapping[PostTask, Collection[PostId]] = field(default_factory=dict)
    pending: Mapping[PersonId, int] = field(default_factory=dict)

    @property
    def awaited(self) -> PostTask:
        """The task that comes next."""
        return next(iter(self.wanted))

    @property
    def silent(self) -> Mapping[PersonId, datetime]:
        """Who has the awaited task, and since when."""
        return self.assigned.get(self.awaited, {})

    @property
    def taken(self) -> set[PersonId]:
        """Who can be given nothing: the barred, and whoever has a part already."""
        return {*self.barred, *(person for people in self.assigned.values() for person in people)}

    def superior(self, task: PostTask, taken: Collection[PersonId]) -> PostHolder | None:
        """The nearest head above who may do it and in whose post it has not been: work goes upward, never
        back."""
        asked = self.asked.get(task, ())
        return next(
            (
                holder
                for holder in self.superiors
                if holder.may_do(task) and holder.person_id not in taken and holder.post_id not in asked
            ),
            None,
        )

    def choose(self, task: PostTask, taken: Collection[PersonId]) -> PostHolder | None:
        """The holder of the right post with the least to do; an empty office falls to the head above."""
        able = [
            holder
            for holder in self.holders
            if holder.kind in self.wanted[task] and holder.may_do(task) and holder.person_id not in taken
        ]
        if not able:
            return self.superior(task, taken)
        return min(able, key=lambda holder: self.pending.get(holder.person_id, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeEffect(RungEffect):
    """Also who is given a task nobody had, and who gets the awaited one, which its people lose."""

    given: Mapping[PostTask, PostHolder] = field(default_factory=dict)
    goes_to: PostHolder | None = None


def fill_office(context: RungContext) -> OfficeEffect:
    """Every task that nobody has goes to whoever is there; nobody gets two."""
    taken, given = context.taken, dict[PostTask, PostHolder]()
    for task in context.wanted:
        chosen = None if context.assigned.get(task) else context.choose(task, taken)
        if chosen:
            given[task] = chosen
            taken.add(chosen.person_id)
    did = tuple(WorkGiven(task=task, to_id=holder.person_id) for task, holder in given.items())
    return OfficeEffect(did=did, given=given)


def office_rung(action: RungAction, context: RungContext, at: datetime) -> OfficeEffect:
    """What nobody has is given out first, whatever the rung; who just got the awaited task is not silent
    yet."""
    filled = fill_office(context)
    if not context.silent:
        return filled
    taken = context.taken | {holder.person_id for holder in filled.given.values()}
    superior = context.superior(context.awaited, taken)
    acted = _act(action, context, superior, at)
    if acted is None:
        return filled
    goes_to = superior if isinstance(acted, HandedUp) else None
    return OfficeEffect(did=(acted, *filled.did), given=filled.given, goes_to=goes_to)


def _act(  # noqa: C901, PLR0911 - a flat dispatch
    action: RungAction, context: RungContext, superior: PostHolder | None, at: datetime
) -> Did | None:
    silent = tuple(context.silent)
    match action:
        case RungAction.REMIND:
            return Reminded(person_ids=silent)
        case RungAction.DIGEST:
            if superior is None:
                return None
            return SilenceReported(to_id=superior.person_id, silent=waits(context.silent, at))
        case RungAction.TELL_SUPERIOR:
            return SuperiorTold(superior_id=superior.person_id, silent_ids=silent) if superior else None
        case RungAction.HAND_UP:
            if superior is None:
                return None
            return HandedUp(task=context.awaited, from_ids=silent, to_id=superior.person_id)
        case RungAction.LOOK_AGAIN:
            return None
        case RungAction.REPLACE_SILENT | RungAction.LOWER_QUORUM | RungAction.DECIDE_ALONE:
            # An office has no seats, no quorum and no chair: packs cannot give it such a rung.
            return None
        case _:
            assert_never(action)
