"""What a rung of the formal check does as things stand. The climb and the forecast both ask here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from language.deadline.waiting import waits
from language.ids import PersonId
from language.plan.review_plan import RungAction
from language.posts.holders import PostHolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a rung looks at: who has the check and since when, who may not act, who is in the posts, how much
    each has to do."""

    author_ids: Collection[PersonId]
    assigned: Mapping[PersonId, datetime]
    holders: Sequence[PostHolder]
    superiors: Sequence[PostHolder]
    pending: Mapping[PersonId, int] = field(default_factory=dict)

    def least_busy(self) -> PostHolder | None:
        """The officer with the least to do; with no officer, the head above."""
        officers = [holder for holder in self.holders if holder.person_id not in self.author_ids]
        return (
            min(officers, key=lambda officer: self.pending.get(officer.person_id, 0))
            if officers
            else self.superior()
        )

    def superior(self) -> PostHolder | None:
        """The nearest head above who is no author and does not have the check already."""
        return next(
            (
                holder
                for holder in self.superiors
                if holder.person_id not in {*self.author_ids, *self.assigned}
            ),
            None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What a rung does: whom it speaks to, what the history says, and who gets the check (whoever has it
    loses it)."""

    told: tuple[PersonId, ...]
    detail: Mapping[str, object]
    goes_to: PostHolder | None = None


def what_rung_does(action: RungAction, standing: Standing, at: datetime) -> Deed | None:
    """None when there is nothing to do. A check that nobody has goes to whoever is there, whatever the
    rung."""
    if not standing.assigned:
        chosen = standing.least_busy()
        return (
            Deed(told=(chosen.person_id,), detail={"to": chosen.person_id}, goes_to=chosen)
            if chosen
            else None
        )
    silent = list(standing.assigned)
    if action is RungAction.REMIND:
        return Deed(told=tuple(silent), detail={"reminded": silent})
    superior = standing.superior()
    return _above(action, standing, superior, at) if superior else None


def _above(action: RungAction, standing: Standing, superior: PostHolder, at: datetime) -> Deed | None:
    """What a rung does by the head above; None for what only councils have."""
    silent, told = list(standing.assigned), (superior.person_id,)
    match action:
        case RungAction.DIGEST:
            return Deed(
                told=told, detail={"told": superior.person_id, "silent": waits(standing.assigned, at)}
            )
        case RungAction.TELL_SUPERIOR:
            return Deed(told=told, detail={"told": superior.person_id, "silent": silent})
        case RungAction.HAND_UP:
            return Deed(told=told, detail={"from": silent, "to": superior.person_id}, goes_to=superior)
        case _:
            return None
