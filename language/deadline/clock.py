"""A clock as it travels in messages: instants that its owner (at the start, the organisation) computed, never
the receiver."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from language.ids import EventId
from language.plan.review_plan import OfficeCalendar, RungAction


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A rung with its instant. `rule` names the rule of the pack that put it there."""

    id: str
    action: RungAction
    at: datetime
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StageClock:
    """When something was opened, when it is due, and the rungs between and after, in order of time.

    `calendar` is what it was computed from, by value: the years it can reach.
    """

    opened_at: datetime
    due_at: datetime
    rungs: tuple[Rung, ...]
    calendar: OfficeCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockMoved:
    """The signal, and the answer to a rung that came too early: how the clock of this thing stands now. An
    older `revision` is dropped."""

    event_id: EventId
    about_id: UUID
    revision: int
    clock: StageClock
