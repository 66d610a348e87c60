"""An edition of the calendar: the days off that hold everywhere, and the breaks of units."""

from dataclasses import dataclass
from datetime import date

from language.ids import UnitId


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A time in which a unit and all under it do not work, as a school does in summer; both days included."""

    unit_id: UnitId
    first_day: date
    last_day: date
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEdition:
    """A version of the calendar, with the breaks that hold in it where it is asked for."""

    version: int
    holidays: frozenset[date]
    make_up_days: frozenset[date]
    breaks: tuple[Break, ...]
