"""The stage clock against an oracle that walks day by day."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.deadline.arithmetic import (
    LOCAL_ZONE,
    add_months,
    add_working_days,
    build_clock,
    due_instant,
    end_of_local_day,
    is_working_day,
    shift_day,
)
from language.deadline.clock import OfficeCalendar
from language.plan.review_plan import Basis, Budget, BudgetUnit, RungAction, RungRule
from language.plan.rule_kinds import RungAnchor
from tests.calendars import NO_HOLIDAYS

DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2031, 12, 31))
NEAR = st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 3, 31))
CALENDARS = st.builds(
    OfficeCalendar,
    version=st.integers(1, 9),
    holidays=st.frozensets(NEAR, max_size=25),
    make_up_days=st.frozensets(NEAR, max_size=10),
)
INSTANTS = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - hypothesis wants them without a zone
    max_value=datetime(2026, 3, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
LADDERS = st.lists(
    st.tuples(st.sampled_from(RungAnchor), st.integers(-15, 15), st.sampled_from(BudgetUnit)),
    max_size=6,
)


def _ladder(rungs: list[tuple[RungAnchor, int, BudgetUnit]]) -> tuple[RungRule, ...]:
    return tuple(
        RungRule(
            id=f"r{number}",
            action=RungAction.REMIND,
            anchor=anchor,
            offset=offset,
            unit=unit,
            basis=Basis(rule=f"x.ladder.r{number}", document="d"),
        )
        for number, (anchor, offset, unit) in enumerate(rungs)
    )


def _walk(day: date, count: int, calendar: OfficeCalendar) -> date:
    """One day at a time, writing the two rules out: a worked weekend day counts, a weekday counts unless it
    is a holiday."""
    step = 1 if count > 0 else -1
    seen = 0
    while seen != count:
        day = day + timedelta(days=step)
        weekend = day.strftime("%a") in {"Sat", "Sun"}
        if day in calendar.make_up_days or (not weekend and day not in calendar.holidays):
            seen += step
    return day


@given(day=NEAR, count=st.integers(-40, 40), calendar=CALENDARS)
@settings(max_examples=200)
def test_working_days_agree_with_a_walk_day_by_day(day: date, count: int, calendar: OfficeCalendar) -> None:
    assert add_working_days(day, count, calendar) == _walk(day, count, calendar)


@given(day=NEAR, count=st.integers(1, 30), calendar=CALENDARS)
@settings(max_examples=100)
def test_a_working_deadline_never_ends_on_a_day_off(day: date, count: int, calendar: OfficeCalendar) -> None:
    assert is_working_day(add_working_days(day, count, calendar), calendar)
    assert is_working_day(add_working_days(day, -count, calendar), calendar)


@given(day=DAYS, count=st.integers(-30, 30))
@settings(max_examples=200)
def test_months_keep_the_day_or_end_with_the_shorter_month(day: date, count: int) -> None:
    year, month = day.year, day.month
    for _ in range(abs(count)):
        month += 1 if count > 0 else -1
        if month in {0, 13}:
            year, month = (year + 1, 1) if month == 13 else (year - 1, 12)
    assert add_months(day, count) == date(year, month, min(day.day, monthrange(year, month)[1]))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_the_last_day_of_a_long_month_becomes_the_last_day_of_a_short_one(
    day: date, count: int, expected: date
) -> None:
    assert add_months(day, count) == expected


def test_tet_stretches_a_deadline_and_a_make_up_saturday_shortens_it() -> None:
    tet = frozenset(date(2026, 2, 14) + timedelta(days=n) for n in range(9))
    friday = date(2026, 2, 13)
    assert add_working_days(
        friday, 1, OfficeCalendar(version=1, holidays=tet, make_up_days=frozenset())
    ) == date(2026, 2, 23)
    worked = OfficeCalendar(version=1, holidays=frozenset(), make_up_days=frozenset({date(2026, 2, 14)}))
    assert add_working_days(friday, 1, worked) == date(2026, 2, 14)


@given(day=NEAR, amount=st.integers(-30, 30))
@settings(max_examples=50)
def test_calendar_days_count_every_day(day: date, amount: int) -> None:
    assert shift_day(day, amount, BudgetUnit.CALENDAR_DAYS, NO_HOLIDAYS) == day + timedelta(days=amount)


def test_the_opening_day_is_the_day_in_vietnam_not_in_utc() -> None:
    late_on_monday = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)  # Tuesday 01:00 in Vietnam
    due = due_instant(late_on_monday, Budget(amount=1, unit=BudgetUnit.WORKING_DAYS), NO_HOLIDAYS)
    assert due == datetime(2026, 3, 4, 23, 59, 59, tzinfo=LOCAL_ZONE)
    assert due == datetime(2026, 3, 4, 16, 59, 59, tzinfo=UTC)


@given(
    opened_at=INSTANTS,
    budget=st.integers(1, 40),
    unit=st.sampled_from(BudgetUnit),
    rungs=LADDERS,
    calendar=CALENDARS,
)
@settings(max_examples=200)
def test_every_rung_stands_in_order_after_the_opening_and_where_its_rule_says(
    opened_at: datetime,
    budget: int,
    unit: BudgetUnit,
    rungs: list[tuple[RungAnchor, int, BudgetUnit]],
    calendar: OfficeCalendar,
) -> None:
    ladder = _ladder(rungs)
    clock = build_clock(opened_at, Budget(amount=budget, unit=unit), ladder, calendar)
    opened_on = opened_at.astimezone(LOCAL_ZONE).date()
    due_on = clock.due_at.astimezone(LOCAL_ZONE).date()
    assert clock.calendar == calendar
    assert sorted(rung.id for rung in clock.rungs) == sorted(rule.id for rule in ladder)
    assert [rung.at for rung in clock.rungs] == sorted(rung.at for rung in clock.rungs)
    for rung in clock.rungs:
        rule = next(rule for rule in ladder if rule.id == rung.id)
        anchor = opened_on if rule.anchor is RungAnchor.START else due_on
        moved = shift_day(anchor, rule.offset, rule.unit, calendar)
        assert rung.at == end_of_local_day(max(opened_on, moved))
        assert opened_at < rung.at + timedelta(seconds=1)
        assert (rung.rule, rung.action) == (rule.basis.rule, rule.action)


def test_rungs_of_the_same_instant_keep_the_order_of_the_pack() -> None:
    at_due = [(RungAnchor.DUE, 0, BudgetUnit.WORKING_DAYS)] * 3
    clock = build_clock(
        datetime(2026, 3, 2, tzinfo=UTC),
        Budget(amount=5, unit=BudgetUnit.WORKING_DAYS),
        _ladder(at_due),
        NO_HOLIDAYS,
    )
    assert [rung.id for rung in clock.rungs] == ["r0", "r1", "r2"]
