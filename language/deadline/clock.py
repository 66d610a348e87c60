"""A clock as it travels in messages: instants that its owner (at the start, the organisation) computed, never
the receiver."""

from dataclasses import dataclass
from datetime import date, datetime

from language.plan.review_plan import RungAction


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeCalendar:
    """Days off besides Saturday and Sunday, and Saturdays or Sundays that are worked; `version` is saved with
    each deadline."""

    version: int
    holidays: frozenset[date]
    make_up_days: frozenset[date]


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
