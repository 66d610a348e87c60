"""The calendar of a unit: the office's days, and the breaks of the unit and of those above it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from language.deadline.arithmetic import is_working_day
from language.deadline.clock import OfficeCalendar
from language.deadline.editions import Break, CalendarEdition

_BEFORE, _AFTER = timedelta(days=31), timedelta(days=3 * 366)
_DAY = timedelta(days=1)


def days_of(pause: Break) -> Iterable[date]:
    """Every day of a break."""
    return (pause.first_day + _DAY * number for number in range((pause.last_day - pause.first_day).days + 1))


def whole_calendar(edition: CalendarEdition, unit_path: Collection[UUID]) -> OfficeCalendar:
    """All the years of it. In a break nobody works, not even on a day that is worked elsewhere to make up for
    another."""
    paused = {day for pause in edition.breaks if pause.unit_id in unit_path for day in days_of(pause)}
    return OfficeCalendar(
        version=edition.version,
        holidays=edition.holidays | paused,
        make_up_days=edition.make_up_days - paused,
    )


def unit_calendar(edition: CalendarEdition, unit_path: Collection[UUID], opened_on: date) -> OfficeCalendar:
    """As clocks carry it: the years that a clock which starts on the day can reach, not the decades that the
    office keeps."""
    first, last = opened_on - _BEFORE, opened_on + _AFTER
    whole = whole_calendar(edition, unit_path)
    return OfficeCalendar(
        version=edition.version,
        holidays=frozenset(day for day in whole.holidays if first <= day <= last),
        make_up_days=frozenset(day for day in whole.make_up_days if first <= day <= last),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedDay:
    """A day that becomes a working day, or no longer is one."""

    day: date
    is_worked: bool


def changed_days(before: OfficeCalendar, after: OfficeCalendar) -> list[ChangedDay]:
    """What a change makes of working days, in order."""
    touched = (before.holidays ^ after.holidays) | (before.make_up_days ^ after.make_up_days)
    judged = ((day, is_working_day(day, before), is_working_day(day, after)) for day in sorted(touched))
    return [
        ChangedDay(day=day, is_worked=worked) for day, was_worked, worked in judged if worked != was_worked
    ]
