"""The versions of the province's calendar, and the breaks of units."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarVersion:
    """A version of the office's calendar; versions are only ever added."""

    version: int
    holidays: Sequence[date]
    make_up_days: Sequence[date]
    reason: str
    made_by: UUID | None
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBreak:
    """A break as it is kept; `path` is its unit's."""

    id: UUID
    unit_id: UUID
    first_day: date
    last_day: date
    name: str
    since_version: int
    ended_version: int | None
    path: list[UUID]
