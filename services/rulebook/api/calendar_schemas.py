"""Bodies and answers about the calendar and the breaks of units."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from kit.http.models import In, Line, Out, Prose, in_order
from language.unfit import Unfit
from services.rulebook.operations.calendars import CalendarChange

_LONGEST_BREAK_DAYS = 150
_SHOWN = 200


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
            raise Unfit(
                f"a day is either a holiday or a make-up day: {named}",
                f"một ngày không thể vừa là ngày nghỉ vừa là ngày làm bù: {named}",
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


class EarlyRungOut(Out):
    """A rung that fired before its time by the new calendar: `event_id` is its event, `about_id` the thing
    with the deadline."""

    event_id: UUID
    rung_id: str
    about_id: UUID
    subject_id: UUID
    subject_code: str
    fired_at: datetime


class EarlyRungsOut(Out):
    """How many there are, and the first 200. Each is marked in the history of its case, and the unit above
    decides about it; nothing is undone."""

    count: int
    rungs: list[EarlyRungOut]


class CalendarChangeOut(Out):
    """What an edit would change: the version it would make, and the days that would be worked or no longer
    be, in a unit and, where they have no break of their own, all under it (null: everywhere). `units` counts
    those that there are today, `clocks` the deadlines that run there some time between the first and the last
    of the days, `questioned` the rungs that fired too early by it where days are concerned that are over."""

    version: int
    unit_id: UUID | None
    units: int
    days: list[ChangedDayOut]
    clocks: int
    questioned: EarlyRungsOut
    dry_run: bool = True

    @classmethod
    def of(cls, value: CalendarChange) -> Self:
        """What an edit would change."""
        rungs = [
            EarlyRungOut(
                event_id=one.rung.event_id,
                rung_id=one.rung.rung_id,
                about_id=one.clock.about_id,
                subject_id=one.clock.subject_id,
                subject_code=one.clock.subject_code,
                fired_at=one.rung.fired_at,
            )
            for one in value.questioned[:_SHOWN]
        ]
        return cls(
            version=value.version,
            unit_id=value.unit_id,
            units=value.units,
            days=[ChangedDayOut.of(day) for day in value.days],
            clocks=value.clocks,
            questioned=EarlyRungsOut(count=len(value.questioned), rungs=rungs),
        )


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
            raise Unfit("a break lasts at most 150 days", "kỳ nghỉ dài nhất 150 ngày")
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


class ListedBreakOut(BreakOut):
    """A break in the list."""

    unit_name: str
