"""What of the work that is open now a delegation would move."""

from collections.abc import Sequence
from dataclasses import dataclass

from language.ids import PostId, UnitId
from language.posts.kinds import PostKind, PostTask
from language.posts.substitution import Case, Delegation, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWork:
    """A task that the grantor has. `is_authors`: the delegate is an author of the dossier; `has_part`: the
    delegate has, or had, another task of the same thing."""

    task: PostTask
    level: str | None
    post_id: PostId
    post_kind: PostKind
    unit_path: tuple[UnitId, ...]
    is_authors: bool
    has_part: bool

    @property
    def can_move(self) -> bool:
        """Nobody gets the own matter, a second seat in a council, or a second signature. Who sits in a
        council may decide there."""
        return not self.is_authors and (self.task is PostTask.DECIDE or not self.has_part)


@dataclass(frozen=True, slots=True, kw_only=True)
class MovingWork:
    """Of the open work of a kind that the delegation is given for: how much there is, and how much of it can
    go to the delegate."""

    task: PostTask
    covered: int
    moving: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeDelegation:
    """A delegation, and what it does to the work that is open as it is made."""

    delegation: Delegation
    work: Sequence[MovingWork]

    @property
    def moves_nothing(self) -> bool:
        """No open work goes to the delegate; what comes later may."""
        return sum(work.moving for work in self.work) == 0


def moving_work(given: Delegation, found: Sequence[OpenWork]) -> list[MovingWork]:
    """By the delegation's own rule for each task."""
    covered = [one for one in found if given.covers(_place(one), Case(task=one.task, level=one.level))]
    by_task = {task: [one for one in covered if one.task is task] for task in PostTask}
    return [
        MovingWork(task=task, covered=len(works), moving=len([one for one in works if one.can_move]))
        for task, works in by_task.items()
        if works
    ]


def _place(work: OpenWork) -> Place:
    return Place(post_id=work.post_id, kind=work.post_kind, unit_path=work.unit_path)
