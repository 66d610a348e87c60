"""Cases that lie in no dossier: one run each, which waits for their rungs."""

from dataclasses import dataclass
from uuid import UUID

from temporalio import activity

from language.cases import CaseType
from language.deadline.clock import ClockMoved, StageClock
from language.ids import EventId, PersonId, UnitId
from language.messages.organisation import PostsResolved
from language.messages.rung import RungClimb, RungFinding
from language.names import TaskQueue
from language.posts.kinds import PostKind
from language.time_scale import TimeScale


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCase:
    """A case was opened by its owner with this clock: starts `CaseWorkflow`. `posts` are those whose holders
    act on it, `excluded` may not."""

    event_id: EventId
    owner: TaskQueue
    case: CaseType
    about_id: UUID
    unit_id: UnitId
    posts: tuple[PostKind, ...]
    excluded: tuple[PersonId, ...]
    clock: StageClock
    time_scale: TimeScale | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEnded:
    """The signal that nothing is left to act on."""

    event_id: EventId
    about_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveOutCase:
    """Give the case to those who are there."""

    case: CaseType
    about_id: UUID
    posts: PostsResolved


@dataclass(frozen=True, slots=True, kw_only=True)
class ClimbCase:
    """A rung of the case's ladder."""

    case: CaseType
    about_id: UUID
    climb: RungClimb


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClimbed:
    """What was found under the lock. `clock` comes with NOT_YET, and where a further rung follows."""

    finding: RungFinding
    is_over: bool
    clock: ClockMoved | None = None


class CaseActivities:
    """What such a run asks of the owner, on the owner's task queue."""

    @activity.defn(name="cases.give_out")
    async def give_out(self, command: GiveOutCase) -> CaseClimbed:
        """Open the tasks that nobody has; repeat-safe. Over meanwhile: says so."""
        raise NotImplementedError

    @activity.defn(name="cases.climb")
    async def climb(self, command: ClimbCase) -> CaseClimbed:
        """Fire the rung once, unless the case is over or the clock says that it is not yet time."""
        raise NotImplementedError
