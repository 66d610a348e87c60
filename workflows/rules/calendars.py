"""The calendar of a unit: the office's days, and the breaks of the unit and of those above it."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from uuid import UUID

from workflows.contracts.calendar import Break, CalendarEdition
from workflows.contracts.plan import OfficeCalendar

_BEFORE, _AFTER = timedelta(days=31), timedelta(days=3 * 366)
_DAY = timedelta(days=1)


def days_of(pause: Break) -> Iterable[date]:
    """Every day of a break."""
    return (pause.first_day + _DAY * number for number in range((pause.last_day - pause.first_day).days + 1))


def unit_calendar(edition: CalendarEdition, unit_path: Collection[UUID], opened_on: date) -> OfficeCalendar:
    """As clocks carry it: the years that a clock which starts on the day can reach, not the decades that the office keeps.

    In a break nobody works, not even on a day that is worked elsewhere to make up for another.
    """
    first, last = opened_on - _BEFORE, opened_on + _AFTER
    paused = {day for pause in edition.breaks if pause.unit_id in unit_path for day in days_of(pause)}
    return OfficeCalendar(
        version=edition.version,
        holidays=frozenset(day for day in edition.holidays | paused if first <= day <= last),
        make_up_days=frozenset(day for day in edition.make_up_days - paused if first <= day <= last),
    )
