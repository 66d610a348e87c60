"""Cases that lie in no dossier: one run each, which waits for their rungs."""

from dataclasses import dataclass
from uuid import UUID

from temporalio import activity

from language.cases import CaseType
from language.ids import EventId
from language.messages.clock import CaseClock, RungFinding
from language.names import TaskQueue
from language.time_scale import TimeScale


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCase:
    """A case was opened by its owner, with this clock: starts `CaseWorkflow`. `climbed` are the rungs that an
    earlier run has done with."""

    event_id: EventId
    owner: TaskQueue
    case: CaseType
    clock: CaseClock
    climbed: tuple[str, ...] = ()
    time_scale: TimeScale | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEnded:
    """The signal that nothing is left to act on."""

    event_id: EventId
    about_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ClimbCase:
    """A rung of the case's ladder."""

    case: CaseType
    about_id: UUID
    rung_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClimbed:
    """What was found under the lock. `clock` comes with NOT_YET, and where a further rung follows."""

    finding: RungFinding
    is_over: bool
    clock: CaseClock | None = None


class CaseActivities:
    """What such a run asks of the owner, on the owner's task queue."""

    @activity.defn(name="cases.climb")
    async def climb(self, command: ClimbCase) -> CaseClimbed:
        """Fire the rung once, unless the case is over or the clock says that it is not yet time."""
        raise NotImplementedError
