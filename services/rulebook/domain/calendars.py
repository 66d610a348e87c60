"""The versions of the province's calendar, and the breaks of units."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from language.deadline.calendars import days_of
from language.deadline.editions import Break
from services.rulebook.domain.refusals import BreaksTooLong


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedBreak:
    """A break in a list, with what its unit is called."""

    id: UUID
    unit_id: UUID
    unit_name: str
    first_day: date
    last_day: date
    name: str
    since_version: int
    ended_version: int | None


def require_short_enough(breaks: Iterable[Break], touched: Break, most: int) -> None:
    """In no year that the break reaches do these breaks take more days, each day counted once."""
    days = {day for pause in breaks for day in days_of(pause)}
    by_year = Counter(day.year for day in days)
    for year in range(touched.first_day.year, touched.last_day.year + 1):
        if by_year[year] > most:
            raise BreaksTooLong(year=year, days=by_year[year], most=most)
