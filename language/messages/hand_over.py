"""Handing open work over: tasks given through a post, who acts for them now, and the word that something
about posts has changed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from language.ids import EventId, PersonId, PostId
from language.posts.kinds import ActsAs, PostTask
from language.time_scale import TimeScale


@dataclass(frozen=True, slots=True, kw_only=True)
class StartHandOver:
    """Starts the one workflow that keeps open work with people who are there. `look_at_once`: something has
    changed already."""

    event_id: EventId
    time_scale: TimeScale | None = None
    look_at_once: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PostsChanged:
    """The signal that a leave, a delegation or a holding was made, changed or ended. What it was, the
    organisation says when it is asked."""

    event_id: EventId
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ListGivenTasks:
    """The next open and waiting tasks that were given through a post, in the order of their ids."""

    after: UUID | None
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenTask:
    """A task that is not over. `holder_id` is for whom it is done (the assignee, unless somebody acts on
    another's behalf); `excluded` may not act in this matter at all, `barred` may not have this task as well
    (they sit in the same council, or sign the same award). `is_office`: work of an office, which a colleague
    in a like post of the unit may do as well."""

    task_id: UUID
    kind: PostTask
    level: str | None
    post_id: PostId
    holder_id: PersonId
    assignee_id: PersonId
    excluded: tuple[PersonId, ...]
    barred: tuple[PersonId, ...]
    is_unreachable: bool
    is_office: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenTasks:
    """A page of tasks; `next` is where the following page begins, None after the last."""

    tasks: tuple[GivenTask, ...]
    next: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveTasks:
    """Who acts for these tasks at `at` (domain time)?"""

    tasks: tuple[GivenTask, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskResolved:
    """Who acts for the task; `person_id` is None when nobody is there. `chain` runs from the holder to the
    person. `post_id` and `assignee_id` are those that the question had: the answer holds only as long as the
    task has them."""

    task_id: UUID
    person_id: PersonId | None
    on_behalf_of: PersonId | None = None
    chain: tuple[PersonId, ...] = ()
    acts_as: ActsAs | None = None
    post_id: PostId | None = None
    assignee_id: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksResolved:
    """The answers, in the order of the questions."""

    tasks: tuple[TaskResolved, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverTasks:
    """Give these tasks to those who act now, or put them on the alarm list; the owner looks again under its
    lock."""

    tasks: tuple[TaskResolved, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksHandedOver:
    """How many were given to somebody else, and how many nobody is there for. A task that was taken or handed
    up since the question is left to the next look, and so is one whose new person has got the other signature
    or seat meanwhile."""

    handed_over: int
    unreachable: int
