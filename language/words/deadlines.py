"""The sum of a clock line by line, for people: what it started with, what was left out, what moved it, what
is left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from language.deadline.arithmetic import (
    RunningClock,
    SuspendedDays,
    Suspension,
    SuspensionKind,
    TermEnd,
    end_of_local_day,
    is_working_day,
    local_day,
    stands_on,
    suspended_days,
    term_ends,
)
from language.plan.review_plan import Budget, BudgetUnit
from language.words.cases import CASES
from language.words.plan import PLAN

_DAY = timedelta(days=1)
_DAY_OFF = "day_off.end"
"""The rule of the pack by which a term ends later."""


class SumLineKind(StrEnum):
    """What a line of the sum is about."""

    BUDGET = "BUDGET"
    DAYS_OFF = "DAYS_OFF"
    MAKE_UP_DAYS = "MAKE_UP_DAYS"
    SUSPENSION = "SUSPENSION"
    EXTENSION = "EXTENSION"
    DAY_OFF_END = "DAY_OFF_END"
    DUE = "DUE"


@dataclass(frozen=True, slots=True, kw_only=True)
class SumLine:
    """One line: a sentence in both languages, and the figures in it. `days` are the days it adds, leaves out
    or counts."""

    kind: SumLineKind
    vi: str
    en: str
    days: tuple[date, ...] = ()
    amount: int | None = None
    unit: BudgetUnit | None = None
    reason: str | None = None
    by: UUID | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSum:
    """The whole sum. `remaining` counts days after today up to the due day that the clock runs on: working
    days, or days of any kind."""

    due_at: datetime
    is_suspended: bool
    remaining: int
    remaining_unit: BudgetUnit
    lines: tuple[SumLine, ...]


def sum_up(clock: RunningClock, rule: str, now: datetime) -> ClockSum:
    """The clock's sum as it stands now; `rule` is the one that gives its budget."""
    still = suspended_days(clock, now)
    ends = term_ends(clock, still)
    due_on = ends[-1].ends_on
    due_at = end_of_local_day(due_on)
    in_working_days = clock.budget.unit is BudgetUnit.WORKING_DAYS
    left = [day for day in _days_between(local_day(now), due_on) if not stands_on(day, still)]
    return ClockSum(
        due_at=due_at,
        is_suspended=clock.is_suspended,
        remaining=sum(is_working_day(day, clock.calendar) for day in left) if in_working_days else len(left),
        remaining_unit=BudgetUnit.WORKING_DAYS if in_working_days else BudgetUnit.CALENDAR_DAYS,
        lines=(
            _budget_line(clock, rule),
            *_calendar_lines(clock, still, due_on),
            *(_suspension_line(suspension, now) for suspension in clock.suspensions),
            *_extension_lines(clock),
            *_day_off_lines(ends),
            SumLine(
                kind=SumLineKind.DUE,
                vi=f"Hạn: {due_at:%d/%m/%Y %H:%M}",
                en=f"Due: {due_at:%d/%m/%Y %H:%M}",
                days=(due_on,),
            ),
        ),
    )


def _days_between(day: date, last: date) -> Iterable[date]:
    """The days after `day`, up to and with `last`."""
    return (day + _DAY * number for number in range(1, (last - day).days + 1))


def _amount(budget: Budget) -> tuple[str, str]:
    unit = PLAN[BudgetUnit][budget.unit]
    return f"{budget.amount} {unit.vi}", f"{budget.amount} {unit.en}"


def _budget_line(clock: RunningClock, rule: str) -> SumLine:
    vi, en = _amount(clock.budget)
    opened_on = local_day(clock.opened_at)
    return SumLine(
        kind=SumLineKind.BUDGET,
        vi=f"{vi}, tính từ sau ngày {opened_on:%d/%m/%Y}",
        en=f"{en}, counted from the day after {opened_on:%d/%m/%Y}",
        days=(opened_on,),
        amount=clock.budget.amount,
        unit=clock.budget.unit,
        rule=rule,
    )


def _calendar_lines(clock: RunningClock, still: SuspendedDays, due_on: date) -> Iterable[SumLine]:
    """The weekdays off and the weekend days worked, where working days are counted at all."""
    if BudgetUnit.WORKING_DAYS not in {
        clock.budget.unit,
        *(extension.budget.unit for extension in clock.extensions),
    }:
        return
    counted = [day for day in _days_between(local_day(clock.opened_at), due_on) if not stands_on(day, still)]
    plain = clock.calendar.holidays - clock.calendar.make_up_days
    off = tuple(day for day in counted if day in plain and day.isoweekday() <= 5)
    worked = tuple(day for day in counted if day in clock.calendar.make_up_days and day.isoweekday() > 5)
    if off:
        shown = _spans(off)
        yield SumLine(
            kind=SumLineKind.DAYS_OFF,
            vi=f"Không tính ngày nghỉ: {shown}",
            en=f"Days off, not counted: {shown}",
            days=off,
        )
    if worked:
        shown = _spans(worked)
        yield SumLine(
            kind=SumLineKind.MAKE_UP_DAYS,
            vi=f"Tính cả ngày làm bù: {shown}",
            en=f"Make-up days, counted: {shown}",
            days=worked,
        )


def _spans(days: tuple[date, ...]) -> str:
    """Days in order as people write them: 02/09–03/09/2026."""
    spans: list[list[date]] = []
    for day in days:
        if spans and day - spans[-1][-1] == _DAY:
            spans[-1].append(day)
        else:
            spans.append([day])
    return ", ".join(
        f"{span[0]:%d/%m}–{span[-1]:%d/%m/%Y}" if len(span) > 1 else f"{span[0]:%d/%m/%Y}" for span in spans
    )


def _suspension_line(suspension: Suspension, now: datetime) -> SumLine:
    first, after = local_day(suspension.since), local_day(suspension.until or now)
    days = tuple(_days_between(first - _DAY, after - _DAY))
    cause = CASES[SuspensionKind][suspension.kind]
    if suspension.until is None:
        vi = (
            f"Đang tạm dừng từ {first:%d/%m/%Y}, đến nay {len(days)} ngày ({cause.vi}); hạn tính như thể "
            "tiếp tục hôm nay"
        )
        en = (
            f"Suspended since {first:%d/%m/%Y}, {len(days)} days until now ({cause.en}); due as if it "
            "went on today"
        )
    else:
        vi = f"Tạm dừng {len(days)} ngày ({cause.vi}): từ {first:%d/%m/%Y}, tiếp tục {after:%d/%m/%Y}"
        en = f"Suspended {len(days)} days ({cause.en}): from {first:%d/%m/%Y}, resumed {after:%d/%m/%Y}"
    return SumLine(
        kind=SumLineKind.SUSPENSION,
        vi=vi,
        en=en,
        days=days,
        amount=len(days),
        unit=BudgetUnit.CALENDAR_DAYS,
        reason=suspension.reason,
        by=suspension.by,
    )


def _extension_lines(clock: RunningClock) -> Iterable[SumLine]:
    for extension in clock.extensions:
        vi, en = _amount(extension.budget)
        yield SumLine(
            kind=SumLineKind.EXTENSION,
            vi=f"Gia hạn {vi}",
            en=f"Extended by {en}",
            days=(local_day(extension.given_at),),
            amount=extension.budget.amount,
            unit=extension.budget.unit,
            reason=extension.reason,
            by=extension.by,
            rule=extension.rule,
        )


def _day_off_lines(ends: Iterable[TermEnd]) -> Iterable[SumLine]:
    """The terms that end later because their last day is a day off."""
    for end in ends:
        if end.ends_on != end.used_up_on:
            yield SumLine(
                kind=SumLineKind.DAY_OFF_END,
                vi=f"Ngày cuối {end.used_up_on:%d/%m/%Y} là ngày nghỉ: hạn kết thúc vào ngày làm việc tiếp "
                f"theo, {end.ends_on:%d/%m/%Y}",
                en=f"The last day, {end.used_up_on:%d/%m/%Y}, is a day off: the term ends with the next "
                f"working day, {end.ends_on:%d/%m/%Y}",
                days=(end.used_up_on, end.ends_on),
                rule=_DAY_OFF,
            )
