"""Budgets to instants: working days, calendar days and calendar months, always to the end of a local day.

The rule, once for every clock:

- The day on which a clock starts does not count; the clock is due at the end of the local day on which its
budget is used up.
- Working days: weekdays that are no holiday, and weekend days that are worked. Calendar days: every day.
Calendar months: the same day so many
  months on, or the last day of a shorter month; that day counts as many calendar days from the start as lie
  between the two.
- A term whose last day is a day off ends with the next working day, unless the rules say that it ends all the
  same (Civil Code 2015, art. 148(5); L). An extension counts from that day.
- A clock stands still on every local day at whose end it is suspended: the day of suspension does not count
any more, the day of resumption counts.
  Suspended and resumed on the same day, nothing moves. While it is suspended it is projected as if it were
  resumed now.
- An extension is a further budget that starts on the day on which the clock was due before it.
- A rung counts from the opening day or from the day on which the clock is due now, over the same days, and
never comes before the opening day is
  over; while the clock stands still, not before the present day is over.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import assert_never
from uuid import UUID
from zoneinfo import ZoneInfo

from language.deadline.clock import OfficeCalendar, Rung, StageClock
from language.plan.review_plan import Budget, BudgetUnit, RungRule
from language.plan.rule_kinds import DayOffEnd, RungAnchor

LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_SATURDAY = 5
_LAST_MOMENT = time(23, 59, 59)
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


class SuspensionKind(StrEnum):
    """Why a clock stands still."""

    SUPPLEMENT = "SUPPLEMENT"
    COMPLAINT = "COMPLAINT"
    FORCE_MAJEURE = "FORCE_MAJEURE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """The clock stood still from one instant to another, or stands still (`until` is None)."""

    kind: SuspensionKind
    since: datetime
    until: datetime | None
    reason: str
    by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A further budget, given at an instant under a rule."""

    budget: Budget
    given_at: datetime
    reason: str
    rule: str
    by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningClock:
    """Everything a clock is computed from. Suspensions are in order of time and do not overlap; only the last
    may still stand."""

    opened_at: datetime
    budget: Budget
    ladder: tuple[RungRule, ...]
    calendar: OfficeCalendar
    suspensions: tuple[Suspension, ...] = ()
    extensions: tuple[Extension, ...] = ()

    @property
    def is_suspended(self) -> bool:
        """It stands still now."""
        return bool(self.suspensions) and self.suspensions[-1].until is None


SuspendedDays = tuple[tuple[date, date], ...]
"""Days that do not count: from the first of each pair, up to but without the second."""


def local_day(instant: datetime) -> date:
    """The day in Vietnam at this instant."""
    return instant.astimezone(LOCAL_ZONE).date()


def is_working_day(day: date, calendar: OfficeCalendar) -> bool:
    """A weekday that is no holiday, or a weekend day that is worked to make up for one."""
    if day in calendar.make_up_days:
        return True
    return day.weekday() < _SATURDAY and day not in calendar.holidays


def stands_on(day: date, still: SuspendedDays) -> bool:
    """The clock stands still at the end of this day."""
    return any(first <= day < after for first, after in still)


def add_working_days(day: date, count: int, calendar: OfficeCalendar, still: SuspendedDays = ()) -> date:
    """The `count`-th working day after `day` (before it, if negative); `day` itself is not counted (Civil
    Code 2015, art. 147; L)."""
    step = _DAY if count > 0 else -_DAY
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day, calendar) and not stands_on(day, still)
    return day


def add_days(day: date, count: int, still: SuspendedDays = ()) -> date:
    """The `count`-th day after `day` (before it, if negative), standing days left out."""
    if not still:
        return day + timedelta(days=count)
    step = _DAY if count > 0 else -_DAY
    left = abs(count)
    while left:
        day += step
        left -= not stands_on(day, still)
    return day


def add_months(day: date, count: int) -> date:
    """The same day `count` months on; where that month is shorter, its last day (Civil Code 2015, art. 148;
    L)."""
    month_index = day.year * 12 + day.month - 1 + count
    year, month = divmod(month_index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def shift_day(
    day: date, amount: int, unit: BudgetUnit, calendar: OfficeCalendar, still: SuspendedDays = ()
) -> date:
    """`day` moved by a signed amount of the unit, over the days that count."""
    match unit:
        case BudgetUnit.WORKING_DAYS:
            return add_working_days(day, amount, calendar, still)
        case BudgetUnit.CALENDAR_DAYS:
            return add_days(day, amount, still)
        case BudgetUnit.CALENDAR_MONTHS:
            return add_days(day, (add_months(day, amount) - day).days, still)
        case _:
            assert_never(unit)


def last_day(day: date, budget: Budget, calendar: OfficeCalendar, still: SuspendedDays = ()) -> date:
    """When a term is over whose budget is used up on this day: then, or where that is a day off, on the next
    working day."""
    if budget.on_day_off is DayOffEnd.LAST_DAY or is_working_day(day, calendar):
        return day
    return add_working_days(day, 1, calendar, still)


def end_of_local_day(day: date) -> datetime:
    """The last second of the day in Vietnam, as an aware instant."""
    return datetime.combine(day, _LAST_MOMENT, LOCAL_ZONE)


def due_instant(opened_at: datetime, budget: Budget, calendar: OfficeCalendar) -> datetime:
    """When a budget that starts at `opened_at` is used up: the end of the last local day."""
    used_up_on = shift_day(local_day(opened_at), budget.amount, budget.unit, calendar)
    return end_of_local_day(last_day(used_up_on, budget, calendar))


def suspended_days(clock: RunningClock, now: datetime) -> SuspendedDays:
    """The days on which the clock stands still, as if what still stands ended now."""
    spans = (
        (local_day(suspension.since), local_day(suspension.until or now)) for suspension in clock.suspensions
    )
    return tuple((first, after) for first, after in spans if first < after)


def days_counted(clock: RunningClock, now: datetime) -> int:
    """How many local days after the opening day have counted until today, today included."""
    still, opened_on = suspended_days(clock, now), local_day(clock.opened_at)
    days = (opened_on + timedelta(days=number) for number in range(1, (local_day(now) - opened_on).days + 1))
    return sum(not stands_on(day, still) for day in days)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermEnd:
    """The day on which a budget is used up, and the one with which its term ends."""

    used_up_on: date
    ends_on: date


def term_ends(clock: RunningClock, still: SuspendedDays) -> tuple[TermEnd, ...]:
    """The end of the clock's own term, then that with each extension; the last is when the clock is due."""
    ends: list[TermEnd] = []
    day = local_day(clock.opened_at)
    for budget in (clock.budget, *(extension.budget for extension in clock.extensions)):
        used_up_on = shift_day(day, budget.amount, budget.unit, clock.calendar, still)
        day = last_day(used_up_on, budget, clock.calendar, still)
        ends.append(TermEnd(used_up_on=used_up_on, ends_on=day))
    return tuple(ends)


def project(clock: RunningClock, now: datetime) -> StageClock:
    """The due instant and every rung's instant, in order of time, with all that has moved the clock until
    now."""
    still = suspended_days(clock, now)
    opened_on, due_on = local_day(clock.opened_at), term_ends(clock, still)[-1].ends_on
    # Nothing is done while it stands still, so whoever waits for a rung looks once a week.
    earliest = max(opened_on, local_day(now) + _WEEK) if clock.is_suspended else opened_on

    def rung_at(rule: RungRule) -> datetime:
        anchor = opened_on if rule.anchor is RungAnchor.START else due_on
        return end_of_local_day(
            max(earliest, shift_day(anchor, rule.offset, rule.unit, clock.calendar, still))
        )

    rungs = [
        Rung(id=rule.id, action=rule.action, at=rung_at(rule), rule=rule.basis.rule) for rule in clock.ladder
    ]
    in_order = tuple(sorted(rungs, key=lambda rung: rung.at))
    return StageClock(
        opened_at=clock.opened_at, due_at=end_of_local_day(due_on), rungs=in_order, calendar=clock.calendar
    )


def build_clock(
    opened_at: datetime, budget: Budget, ladder: tuple[RungRule, ...], calendar: OfficeCalendar
) -> StageClock:
    """A clock that starts: nothing has moved it yet."""
    return project(
        RunningClock(opened_at=opened_at, budget=budget, ladder=ladder, calendar=calendar), opened_at
    )
