"""Bodies and answers about the calendar and the breaks of units."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from kit.http.models import In, Line, Out, Prose, in_order

_LONGEST_BREAK_DAYS = 150


class CalendarIn(In):
    """A new version of the calendar: all its days, and why."""

    holidays: list[date] = Field(max_length=2_000)
    make_up_days: list[date] = Field(max_length=2_000)
    reason: Prose

    @model_validator(mode="after")
    def _each_day_is_one_thing(self) -> Self:
        both = sorted({*self.holidays} & {*self.make_up_days})
        if both:
            named = ", ".join(f"{day:%d/%m/%Y}" for day in both[:3])
            raise ValueError(
                "a day is either a holiday or a make-up day (một ngày không thể vừa là ngày nghỉ "
                f"vừa là ngày làm bù): {named}"
            )
        return self


class UnitDayOut(Out):
    """A day that is not as other days in the unit. `source`: HOLIDAY, MAKE_UP_DAY, or the name of a break of
    `unit_id`."""

    day: date
    is_worked: bool
    source: str
    unit_id: UUID | None


class CalendarOut(Out):
    """A version of the calendar; `days` is the calendar of a unit, merged, when one was asked for."""

    version: int
    holidays: list[date]
    make_up_days: list[date]
    reason: str
    made_at: datetime
    days: list[UnitDayOut] | None


class ChangedDayOut(Out):
    """A day that becomes a working day, or no longer is one."""

    day: date
    is_worked: bool


class CalendarChangeOut(Out):
    """What an edit would change: the version it would make, and the days that would be worked or no longer
    be, in a unit and, where they have no break of their own, all under it (null: everywhere). `units` counts
    those that there are today, `clocks` the deadlines that run there some time between the first and the last
    of the days."""

    version: int
    unit_id: UUID | None
    units: int
    days: list[ChangedDayOut]
    clocks: int
    dry_run: bool = True


class BreakIn(In):
    """A break of a unit and all under it, and why it is entered."""

    unit_id: UUID
    first_day: date
    last_day: date
    name: Line
    reason: Prose

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        in_order(self.first_day, self.last_day)
        if (self.last_day - self.first_day).days >= _LONGEST_BREAK_DAYS:
            raise ValueError("a break lasts at most 150 days (kỳ nghỉ dài nhất 150 ngày)")
        return self


class BreakEnd(In):
    """Why a break no longer holds."""

    reason: Prose


class BreakOut(Out):
    """A break, and the versions of the calendar from and until which it holds."""

    id: UUID
    unit_id: UUID
    first_day: date
    last_day: date
    name: str
    since_version: int
    ended_version: int | None
