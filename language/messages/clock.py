"""A clock as workflows hear of it: instants that its owner computed. What they were computed from, and what a
rung does, only the owner knows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from language.ids import EventId


class RungFinding(StrEnum):
    """What the owner found under its lock when the rung fired. NOT_YET: the clock was moved or is suspended;
    nothing was done or written down."""

    FIRED = "FIRED"
    ALREADY_FIRED = "ALREADY_FIRED"
    TOO_LATE = "TOO_LATE"
    NOTHING_TO_DO = "NOTHING_TO_DO"
    NOT_YET = "NOT_YET"


@dataclass(frozen=True, slots=True, kw_only=True)
class RungDue:
    """A rung of a ladder and its instant."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """The place of a message among those about one thing. `epoch` counts restores of the owner's database:
    what is said after one goes before everything said earlier, whatever its number."""

    epoch: int = 0
    number: int = 1

    def is_newer_than(self, other: "Revision") -> bool:
        """This message goes before the other."""
        return (self.epoch, self.number) > (other.epoch, other.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClock:
    """How the clock of a case stands: when it is due, and the rungs before and after, in order of time. Each
    fires so long after its instant as `delay` says; None in messages from before owners said it."""

    about_id: UUID
    revision: Revision
    due_at: datetime
    rungs: tuple[RungDue, ...]
    delay: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockMoved:
    """The signal that a clock was suspended, resumed, extended, given another calendar or another rung."""

    event_id: EventId
    clock: CaseClock


@dataclass(frozen=True, slots=True, kw_only=True)
class ClimbRung:
    """The instant of this rung has come: let it do what it does, unless the act was there before it."""

    about_id: UUID
    rung_id: str
