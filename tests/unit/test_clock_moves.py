"""Clocks that are suspended, extended and given another calendar, against an oracle that lives through every
day of them."""

from calendar import monthrange
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import holidays
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from language.deadline.arithmetic import (
    LOCAL_ZONE,
    Extension,
    RunningClock,
    Suspension,
    SuspensionKind,
    build_clock,
    days_counted,
    end_of_local_day,
    project,
)
from language.deadline.clock import OfficeCalendar
from language.plan.review_plan import Basis, Budget, BudgetUnit, RungAction, RungRule
from language.plan.rule_kinds import DayOffEnd, RungAnchor
from language.words.deadlines import SumLineKind, sum_up
from tests.calendars import NO_HOLIDAYS

CLOCKS_AN_EXAMPLE = 520
EXAMPLES = 200
DAY = timedelta(days=1)
HOLIDAYS = {
    year: frozenset(holidays.country_holidays("VN", years=range(year - 1, year + 3)))
    for year in range(2022, 2032)
}
FIRST, LAST = date(2023, 1, 1), date(2030, 12, 31)
TET_EVES = [
    date(2023, 1, 16),
    date(2024, 2, 5),
    date(2025, 1, 20),
    date(2026, 2, 9),
    date(2027, 2, 1),
    date(2028, 1, 20),
    date(2029, 2, 8),
    date(2030, 1, 28),
]
AMOUNTS = {BudgetUnit.WORKING_DAYS: 30, BudgetUnit.CALENDAR_DAYS: 45, BudgetUnit.CALENDAR_MONTHS: 3}
WEEKEND = {"Sat", "Sun"}
ALL_DAYS = [FIRST + DAY * number for number in range(-400, 3800)]
NAMES = {day: f"{day:%a}" for day in ALL_DAYS}
ENDS = {
    day: (datetime(day.year, day.month, day.day, tzinfo=LOCAL_ZONE) + DAY).astimezone(UTC) for day in ALL_DAYS
}


def rung(number: int, anchor: RungAnchor, offset: int, unit: BudgetUnit) -> RungRule:
    """A rung somewhere."""
    return RungRule(
        id=f"r{number}",
        action=RungAction.REMIND,
        anchor=anchor,
        offset=offset,
        unit=unit,
        basis=Basis(rule=f"r{number}", document="d"),
    )


def a_budget(random: Random) -> Budget:
    """A span in any unit."""
    unit = random.choice(list(BudgetUnit))
    amount = random.randint(1, AMOUNTS[unit])
    return Budget(amount=amount, unit=unit, on_day_off=random.choice(list(DayOffEnd)))


def a_calendar(random: Random, around: date) -> OfficeCalendar:
    """The real holidays with what an office edits: days swapped, days taken back, a break of weeks."""
    near = [around + DAY * random.randint(-10, 120) for _ in range(random.randint(0, 6))]
    days_off = HOLIDAYS[around.year].union(near[::2]).difference(near[1::2])
    if random.random() < 0.3:
        days_off = days_off.union(around + DAY * number for number in range(random.randint(1, 40)))
    worked = frozenset(around + DAY * random.randint(-10, 120) for _ in range(random.randint(0, 5)))
    return OfficeCalendar(version=random.randint(1, 9), holidays=days_off, make_up_days=worked)


def a_moment(random: Random, day: date) -> datetime:
    """An instant of the local day; often one of its edges."""
    seconds = random.choice([0, 1, 86_399, random.randrange(86_400)])
    return (datetime.combine(day, datetime.min.time(), LOCAL_ZONE) + timedelta(seconds=seconds)).astimezone(
        UTC
    )


def some_suspensions(random: Random, opened_at: datetime) -> tuple[list[Suspension], datetime]:
    """In order, one after the other, the last perhaps standing; and an instant after all of them."""
    at, found = opened_at, []
    for _ in range(random.choice([0, 0, 1, 1, 2, 3])):
        since = at + timedelta(seconds=random.choice([0, 1, random.randrange(86_400 * 20)]))
        at = since + timedelta(
            seconds=random.choice([0, 1, random.randrange(86_400), random.randrange(86_400 * 25)])
        )
        kind = random.choice(list(SuspensionKind))
        found.append(Suspension(kind=kind, since=since, until=at, reason="x"))
    now = at + timedelta(seconds=random.randrange(86_400 * 30))
    if found and random.random() < 0.4:
        found[-1] = replace(found[-1], until=None)
    return found, now


def a_clock(random: Random) -> tuple[RunningClock, datetime]:
    """A clock with all that can move it, opened between 2023 and 2030 and often just before Tết."""
    day = (
        random.choice(TET_EVES) + DAY * random.randint(-20, 5)
        if random.random() < 0.4
        else FIRST + DAY * random.randrange((LAST - FIRST).days)
    )
    opened_at = a_moment(random, day)
    suspensions, now = some_suspensions(random, opened_at)
    extensions = [
        Extension(budget=a_budget(random), given_at=now, reason="x", rule="r")
        for _ in range(random.choice([0, 0, 1, 2]))
    ]
    ladder = [
        rung(
            number,
            random.choice(list(RungAnchor)),
            random.randint(-6, 6),
            random.choice(list(BudgetUnit)[:2]),
        )
        for number in range(random.randint(0, 2))
    ]
    clock = RunningClock(
        opened_at=opened_at,
        budget=a_budget(random),
        ladder=tuple(ladder),
        calendar=a_calendar(random, day),
        suspensions=tuple(suspensions),
        extensions=tuple(extensions),
    )
    return clock, now


class Oracle:
    """Lives through the clock day by day: at the end of each day it asks whether the clock is suspended, and
    if the day counts."""

    def __init__(self, clock: RunningClock, now: datetime) -> None:
        self.clock = clock
        # As instants, compared with ends of days: no arithmetic on days at all.
        self.spans = [(suspension.since, suspension.until or now) for suspension in clock.suspensions]

    def runs(self, day: date) -> bool:
        """Nobody has suspended it by the end of the day."""
        return not any(since < ENDS[day] <= until for since, until in self.spans)

    def works(self, day: date) -> bool:
        """The office works."""
        if day in self.clock.calendar.make_up_days:
            return True
        return NAMES[day] not in WEEKEND and day not in self.clock.calendar.holidays

    def walk(self, day: date, amount: int, unit: BudgetUnit) -> date:
        """So many days that count, one after the other."""
        if unit is BudgetUnit.CALENDAR_MONTHS:
            month = day.month + amount
            year, month = day.year + (month - 1) // 12, (month - 1) % 12 + 1
            aim = date(year, month, min(day.day, monthrange(year, month)[1]))
            amount = abs((aim - day).days) * (1 if amount > 0 else -1)
        step = 1 if amount >= 0 else -1
        while amount:
            day += DAY * step
            if self.runs(day) and (unit is not BudgetUnit.WORKING_DAYS or self.works(day)):
                amount -= step
        return day

    def due_on(self) -> date:
        """The last day."""
        day = self.clock.opened_at.astimezone(LOCAL_ZONE).date()
        for budget in (self.clock.budget, *(extension.budget for extension in self.clock.extensions)):
            day = self.walk(day, budget.amount, budget.unit)
            if budget.on_day_off is DayOffEnd.NEXT_WORKING_DAY and not self.works(day):
                day = self.walk(day, 1, BudgetUnit.WORKING_DAYS)
        return day


def check(clock: RunningClock, now: datetime) -> None:
    """The projection, the rungs and the remaining budget are the oracle's."""
    oracle = Oracle(clock, now)
    due_on = oracle.due_on()
    projected = project(clock, now)
    assert projected.due_at == end_of_local_day(due_on)
    opened_on, today = clock.opened_at.astimezone(LOCAL_ZONE).date(), now.astimezone(LOCAL_ZONE).date()
    for rule in clock.ladder:
        at = oracle.walk(opened_on if rule.anchor is RungAnchor.START else due_on, rule.offset, rule.unit)
        floor = max(opened_on, today + 7 * DAY) if clock.is_suspended else opened_on
        assert next(rung.at for rung in projected.rungs if rung.id == rule.id) == end_of_local_day(
            max(at, floor)
        )


def test_more_than_a_hundred_thousand_clocks_agree_with_an_oracle_that_lives_through_them() -> None:
    assert EXAMPLES * CLOCKS_AN_EXAMPLE >= 100_000


@given(seed=st.integers(0, 2**63))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_moves_a_clock_the_projection_is_the_oracles(seed: int) -> None:
    random = Random(seed)
    for number in range(CLOCKS_AN_EXAMPLE):
        clock, now = a_clock(random)
        try:
            check(clock, now)
        except AssertionError as error:
            raise AssertionError(f"clock {number} of seed {seed}: {clock} now {now}") from error


@given(seed=st.integers(0, 2**63))
@settings(max_examples=60, deadline=None)
def test_the_sum_names_every_day_that_was_left_out_and_what_is_left(seed: int) -> None:
    random = Random(seed)
    for _ in range(10):
        clock, now = a_clock(random)
        oracle, sum_ = Oracle(clock, now), sum_up(clock, "r", now)
        due_on = oracle.due_on()
        today = now.astimezone(LOCAL_ZONE).date()
        assert sum_.due_at == end_of_local_day(due_on)
        ahead = [today + DAY * number for number in range(1, (due_on - today).days + 1)]
        in_working_days = sum_.remaining_unit is BudgetUnit.WORKING_DAYS
        assert sum_.remaining == sum(
            oracle.runs(day) and (oracle.works(day) or not in_working_days) for day in ahead
        )
        stood = [day for line in sum_.lines if line.kind is SumLineKind.SUSPENSION for day in line.days]
        opened_on = clock.opened_at.astimezone(LOCAL_ZONE).date()
        until = max([due_on, today, *stood])
        assert set(stood) == {
            day
            for number in range((until - opened_on).days + 1)
            if not oracle.runs(day := opened_on + DAY * number)
        }
        assert sum(line.kind is SumLineKind.EXTENSION for line in sum_.lines) == len(clock.extensions)


@given(seed=st.integers(0, 2**63))
@settings(max_examples=60, deadline=None)
def test_resuming_and_extending_never_bring_a_deadline_nearer(seed: int) -> None:
    random = Random(seed)
    for _ in range(10):
        clock, now = a_clock(random)
        due = project(clock, now).due_at
        assert project(clock, now + DAY).due_at >= due
        longer = replace(
            clock,
            extensions=(
                *clock.extensions,
                Extension(budget=a_budget(random), given_at=now, reason="x", rule="r"),
            ),
        )
        assert project(longer, now).due_at > due


TWENTY = Budget(amount=20, unit=BudgetUnit.WORKING_DAYS)
JUNE_2 = datetime(2026, 6, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize(("day", "counted"), [(2, 0), (3, 1), (5, 3), (6, 3), (9, 3), (10, 4), (12, 6)])
def test_days_count_from_the_one_after_the_opening_and_not_while_the_clock_stands(
    day: int, counted: int
) -> None:
    # It stands at the end of the 6th, 7th, 8th and 9th; the 10th, on which it goes on, counts.
    stood = Suspension(
        kind=SuspensionKind.COMPLAINT,
        since=JUNE_2 + DAY * 4,
        until=JUNE_2 + DAY * 8,
        reason="x",
    )
    clock = RunningClock(opened_at=JUNE_2, budget=TWENTY, ladder=(), calendar=NO_HOLIDAYS)
    assert days_counted(replace(clock, suspensions=(stood,)), JUNE_2 + DAY * (day - 2)) == counted
    stands = replace(stood, until=None)
    assert days_counted(replace(clock, suspensions=(stands,)), JUNE_2 + DAY * (day - 2)) == min(day - 2, 4)


def test_a_clock_that_nothing_moved_is_the_clock_as_it_started() -> None:
    ladder = (rung(0, RungAnchor.DUE, -3, BudgetUnit.WORKING_DAYS),)
    clock = RunningClock(opened_at=JUNE_2, budget=TWENTY, ladder=ladder, calendar=NO_HOLIDAYS)
    assert project(clock, JUNE_2 + DAY * 50) == build_clock(JUNE_2, TWENTY, ladder, NO_HOLIDAYS)
    assert project(clock, JUNE_2 + DAY * 50).opened_at == JUNE_2


@pytest.mark.parametrize(
    ("since", "until", "due"),
    [
        ("05/06 09:00", "05/06 17:00", date(2026, 6, 30)),  # the same day: nothing moves
        ("05/06 23:59", "06/06 00:00", date(2026, 7, 1)),  # the Friday does not count any more
        ("05/06 09:00", "17/06 09:00", date(2026, 7, 10)),  # eight working days
        ("06/06 09:00", "08/06 00:00", date(2026, 6, 30)),  # a weekend: no working day was lost
        ("02/06 11:00", "03/06 09:00", date(2026, 6, 30)),  # the opening day counts for nothing anyway
    ],
)
def test_the_day_of_suspension_stands_still_and_the_day_of_resumption_counts(
    since: str, until: str, due: date
) -> None:
    first, second = (
        datetime.strptime(f"{text} 2026", "%d/%m %H:%M %Y").replace(tzinfo=LOCAL_ZONE)
        for text in (since, until)
    )
    stood = Suspension(kind=SuspensionKind.COMPLAINT, since=first, until=second, reason="x")
    clock = RunningClock(
        opened_at=JUNE_2, budget=TWENTY, ladder=(), calendar=NO_HOLIDAYS, suspensions=(stood,)
    )
    assert project(clock, second).due_at == end_of_local_day(due)


def test_a_month_that_is_suspended_counts_the_days_it_had_from_its_start() -> None:
    month = Budget(amount=1, unit=BudgetUnit.CALENDAR_MONTHS)
    opened_at = datetime(2026, 1, 31, 3, tzinfo=UTC)
    stood = Suspension(
        kind=SuspensionKind.FORCE_MAJEURE, since=opened_at + DAY * 10, until=opened_at + DAY * 14, reason="lũ"
    )
    clock = RunningClock(
        opened_at=opened_at, budget=month, ladder=(), calendar=NO_HOLIDAYS, suspensions=(stood,)
    )
    assert project(clock, opened_at + DAY * 20).due_at == end_of_local_day(date(2026, 2, 28) + DAY * 4)


def test_the_sum_reads_line_by_line() -> None:
    off = OfficeCalendar(
        version=2,
        holidays=frozenset({date(2026, 6, 8), date(2026, 6, 9)}),
        make_up_days=frozenset({date(2026, 6, 27)}),
    )
    stood = Suspension(
        kind=SuspensionKind.SUPPLEMENT,
        since=JUNE_2 + DAY * 8,
        until=JUNE_2 + DAY * 20,
        reason="Thiếu minh chứng",
    )
    longer = Extension(
        budget=Budget(amount=2, unit=BudgetUnit.WORKING_DAYS),
        given_at=JUNE_2 + DAY * 21,
        reason="Nhiều hồ sơ",
        rule="UNIT.extension",
    )
    clock = RunningClock(
        opened_at=JUNE_2, budget=TWENTY, ladder=(), calendar=off, suspensions=(stood,), extensions=(longer,)
    )
    sum_ = sum_up(clock, "UNIT.examination", JUNE_2 + DAY * 21)
    assert [line.vi for line in sum_.lines] == [
        "20 ngày làm việc, tính từ sau ngày 02/06/2026",
        "Không tính ngày nghỉ: 08/06–09/06/2026",
        "Tính cả ngày làm bù: 27/06/2026",
        "Tạm dừng 12 ngày (chờ bổ sung): từ 10/06/2026, tiếp tục 22/06/2026",
        "Gia hạn 2 ngày làm việc",
        "Hạn: 15/07/2026 23:59",
    ]
    assert [line.en for line in sum_.lines][
        3
    ] == "Suspended 12 days (supplement): from 10/06/2026, resumed 22/06/2026"
    assert (sum_.remaining, sum_.remaining_unit, sum_.is_suspended) == (17, BudgetUnit.WORKING_DAYS, False)


def test_a_clock_that_stands_is_due_as_if_it_went_on_today() -> None:
    stands = Suspension(kind=SuspensionKind.COMPLAINT, since=JUNE_2 + DAY, until=None, reason="x")
    clock = RunningClock(
        opened_at=JUNE_2, budget=TWENTY, ladder=(), calendar=NO_HOLIDAYS, suspensions=(stands,)
    )
    days = [project(clock, JUNE_2 + DAY * number).due_at.date() for number in (1, 2, 6)]
    assert days == [date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 3)]
    line = sum_up(clock, "r", JUNE_2 + DAY * 6).lines[1]
    assert (
        line.vi
        == "Đang tạm dừng từ 03/06/2026, đến nay 5 ngày (khiếu nại); hạn tính như thể tiếp tục hôm nay"
    )
