"""What happens to every kind of case: rungs, clocks, tasks, alarms."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from language.cases import AlarmKind, CaseType
from language.deadline.arithmetic import SuspensionKind
from language.events.base import Change, Fact, Owner
from language.events.rungs import CouncilFound, Did
from language.joined import JoinedAs
from language.messages.clock import RungFinding
from language.plan.review_plan import BudgetUnit, RungAction
from language.posts.kinds import ActsAs, PostTask, TaskKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RungFired(Fact):
    """A rung's time came and nobody had acted: what was found, and what was done."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK

    case: CaseType
    about_id: UUID
    level: str | None
    rung_id: str
    action: RungAction
    finding: RungFinding
    planned_at: datetime
    did: tuple[Did, ...]
    found: CouncilFound | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkGivenOut(Fact):
    """A case that lies in no dossier was given to those who are to act."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK

    case: CaseType
    about_id: UUID
    level: str | None
    did: tuple[Did, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSuspended(Fact):
    """The clock stands still from now on."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK

    case: CaseType
    about_id: UUID
    level: str | None
    cause: SuspensionKind
    reason: str
    due_at: Change[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockResumed(Fact):
    """The clock goes on."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK

    case: CaseType
    about_id: UUID
    level: str | None
    reason: str
    due_at: Change[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenTime:
    """How much longer."""

    amount: int
    unit: BudgetUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockExtended(Fact):
    """More time was given, within the limit of the rules."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK

    case: CaseType
    about_id: UUID
    level: str | None
    budget: GivenTime
    reason: str
    due_at: Change[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockCalendarChanged(Fact):
    """The clock counts by another edition of the calendar."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK

    case: CaseType
    about_id: UUID
    level: str | None
    calendar_version: Change[int]
    reason: str
    due_at: Change[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskHandedOver(Fact):
    """Open work went to whoever acts in the post it was given through. `chain` runs from the holder to the
    person; `on_behalf_of` is the holder, if somebody else acts."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK

    task: PostTask
    about_id: UUID
    level: str | None
    post_id: UUID
    due_at: datetime
    from_id: UUID
    to_id: UUID
    on_behalf_of: UUID | None
    chain: tuple[UUID, ...]
    acts_as: ActsAs | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTaken(Fact):
    """A colleague of the office took the work; `on_behalf_of` is for whom it was done before."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK

    task: PostTask
    about_id: UUID
    level: str | None
    post_id: UUID
    due_at: datetime
    from_id: UUID
    to_id: UUID
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReminded(Fact):
    """Somebody who answers for the unit reminded whoever has the work."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK

    task: TaskKind
    about_id: UUID
    level: str | None
    person_id: UUID
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskUnreachable(Fact):
    """Neither the holder of the post nor anybody who acts for the holder is there; the work stays with the
    person it is with."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK

    task: PostTask
    about_id: UUID
    level: str | None
    post_id: UUID
    due_at: datetime
    person_id: UUID
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRaised(Fact):
    """Something is wrong with the case that people above must mend."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK

    alarm: AlarmKind
    case: CaseType
    about_id: UUID
    level: str | None
    unit_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmCleared(Fact):
    """It is mended, or the case is over."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK

    alarm: AlarmKind
    case: CaseType
    about_id: UUID
    level: str | None
    raised_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAlarmRaised(Fact):
    """A run does not go on by itself. `found` is a code: the trouble and the message, how the run ended, or
    the step and what refuses it."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK
    VERSION: ClassVar[int] = 2

    alarm: AlarmKind
    workflow_id: str
    found: str
    unit_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAlarmCleared(Fact):
    """It goes on, or what it is about is over."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK
    VERSION: ClassVar[int] = 2

    alarm: AlarmKind
    workflow_id: str
    raised_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesTriedAgain(Fact):
    """What did not arrive at a run is sent again, because an administrator said so."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK
    VERSION: ClassVar[int] = 2

    workflow_id: str
    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesDismissed(Fact):
    """What did not arrive at a run need not any more, because an administrator said so."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK
    VERSION: ClassVar[int] = 2

    workflow_id: str
    messages: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStartedAnew(Fact):
    """A run is started anew from what the services know, because an administrator said so."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK

    workflow_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStopped(Fact):
    """A run whose matter is not over is stopped until it is started anew; an administrator said so."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK

    workflow_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StrayRunEnded(Fact):
    """A run that is about nothing known, or about what is over, is ended, because an administrator said
    so."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK

    workflow_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandsUnderKept(Fact):
    """Two records of one person were joined: what stood here under the joined one stands under the kept one.
    `was_both`: the kept one stood here as well, so that two shares are one, or one of two seats is free."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK

    kept_id: UUID
    joined_id: UUID
    about_id: UUID
    level: str | None
    joined_as: tuple[JoinedAs, ...]
    was_both: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePassedOn(Fact):
    """The unit of the case has ended; it goes on in the unit that succeeded it."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK

    case: CaseType
    about_id: UUID
    level: str | None
    into_id: UUID
