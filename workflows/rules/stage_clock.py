"""Budgets to instants: working days, calendar days and calendar months, always to the end of the local day."""

from datetime import date, datetime, time, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from workflows.contracts.clock import Rung, StageClock
from workflows.contracts.plan import Budget, BudgetUnit, OfficeCalendar, RungAnchor, RungRule

LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_SATURDAY = 5
_LAST_MOMENT = time(23, 59, 59)


def is_working_day(day: date, calendar: OfficeCalendar) -> bool:
    """A weekday that is no holiday, or a weekend day that is worked to make up for one."""
    if day in calendar.make_up_days:
        return True
    return day.weekday() < _SATURDAY and day not in calendar.holidays


def add_working_days(day: date, count: int, calendar: OfficeCalendar) -> date:
    """The `count`-th working day after `day` (before it, if negative); `day` itself is not counted (Civil Code 2015, art. 147; L)."""
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day, calendar)
    return day


def add_months(day: date, count: int) -> date:
    """The same day `count` months on; where that month is shorter, its last day (Civil Code 2015, art. 148; L)."""
    month_index = day.year * 12 + day.month - 1 + count
    year, month = divmod(month_index, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (first_of_next - timedelta(days=1)).day))


def shift_day(day: date, amount: int, unit: BudgetUnit, calendar: OfficeCalendar) -> date:
    """`day` moved by a signed amount of the unit."""
    match unit:
        case BudgetUnit.WORKING_DAYS:
            return add_working_days(day, amount, calendar)
        case BudgetUnit.CALENDAR_DAYS:
            return day + timedelta(days=amount)
        case BudgetUnit.CALENDAR_MONTHS:
            return add_months(day, amount)
        case _:
            assert_never(unit)


def end_of_local_day(day: date) -> datetime:
    """The last second of the day in Vietnam, as an aware instant."""
    return datetime.combine(day, _LAST_MOMENT, LOCAL_ZONE)


def due_instant(opened_at: datetime, budget: Budget, calendar: OfficeCalendar) -> datetime:
    """When a budget that starts at `opened_at` is used up: the end of the last local day."""
    opened_on = opened_at.astimezone(LOCAL_ZONE).date()
    return end_of_local_day(shift_day(opened_on, budget.amount, budget.unit, calendar))


def build_clock(opened_at: datetime, budget: Budget, ladder: tuple[RungRule, ...], calendar: OfficeCalendar) -> StageClock:
    """The due instant and every rung's instant. A rung never comes before the opening day is over; rungs stand in order of time."""
    due_at = due_instant(opened_at, budget, calendar)
    opened_on = opened_at.astimezone(LOCAL_ZONE).date()
    due_on = due_at.astimezone(LOCAL_ZONE).date()

    def rung_at(rule: RungRule) -> datetime:
        anchor = opened_on if rule.anchor is RungAnchor.START else due_on
        return end_of_local_day(max(opened_on, shift_day(anchor, rule.offset, rule.unit, calendar)))

    rungs = tuple(Rung(id=rule.id, action=rule.action, at=rung_at(rule), rule=rule.basis.rule) for rule in ladder)
    in_order = tuple(sorted(rungs, key=lambda rung: rung.at))
    return StageClock(opened_at=opened_at, due_at=due_at, rungs=in_order, calendar=calendar)
