"""The calendar of a unit, to the day: breaks of the unit and of those above it, the years that a clock can
reach, what a change makes of working days; and how long somebody has been waited for."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from language.deadline.calendars import ChangedDay, changed_days, days_of, unit_calendar, whole_calendar
from language.deadline.clock import OfficeCalendar
from language.deadline.editions import Break, CalendarEdition
from language.deadline.waiting import Wait, days_waited, waits
from language.ids import PersonId, UnitId

PROVINCE, SCHOOL, OTHER = (UnitId(UUID(int=number)) for number in (1, 2, 3))
SATURDAY, MONDAY = date(2026, 3, 7), date(2026, 3, 9)


def _break(unit_id: UnitId, first: date, last: date) -> Break:
    return Break(unit_id=unit_id, first_day=first, last_day=last, name="nghỉ")


def _edition(
    *breaks: Break, holidays: set[date] | None = None, worked: set[date] | None = None
) -> CalendarEdition:
    return CalendarEdition(
        version=7,
        holidays=frozenset(holidays or ()),
        make_up_days=frozenset(worked or ()),
        breaks=breaks,
    )


def test_a_break_is_both_its_days_and_all_between() -> None:
    assert list(days_of(_break(SCHOOL, MONDAY, MONDAY))) == [MONDAY]
    assert list(days_of(_break(SCHOOL, SATURDAY, MONDAY))) == [SATURDAY, date(2026, 3, 8), MONDAY]


def test_breaks_of_the_unit_and_above_it_are_days_off_and_others_are_not() -> None:
    own, above, others = MONDAY, date(2026, 3, 10), date(2026, 3, 11)
    breaks = (_break(SCHOOL, own, own), _break(PROVINCE, above, above), _break(OTHER, others, others))
    found = whole_calendar(_edition(*breaks, holidays={date(2026, 4, 30)}), [PROVINCE, SCHOOL])
    assert found == OfficeCalendar(
        version=7, holidays=frozenset({own, above, date(2026, 4, 30)}), make_up_days=frozenset()
    )


def test_in_a_break_nobody_works_not_even_to_make_up() -> None:
    worked = {SATURDAY, date(2026, 3, 14)}
    found = whole_calendar(_edition(_break(SCHOOL, SATURDAY, SATURDAY), worked=worked), [SCHOOL])
    assert found.make_up_days == {date(2026, 3, 14)}
    assert found.holidays == {SATURDAY}


def test_a_clock_carries_the_years_that_it_can_reach() -> None:
    first, last = MONDAY - timedelta(days=31), MONDAY + timedelta(days=3 * 366)
    kept, left = {first, last}, {first - timedelta(days=1), last + timedelta(days=1)}
    found = unit_calendar(_edition(holidays=kept | left, worked=kept | left), [SCHOOL], MONDAY)
    assert found == OfficeCalendar(version=7, holidays=frozenset(kept), make_up_days=frozenset(kept))
    paused = unit_calendar(_edition(_break(SCHOOL, MONDAY, MONDAY)), [PROVINCE, SCHOOL], MONDAY)
    assert paused.holidays == {MONDAY}


def test_a_change_is_told_day_by_day_where_it_makes_a_difference() -> None:
    sunday = date(2026, 3, 8)
    before = OfficeCalendar(version=1, holidays=frozenset({MONDAY}), make_up_days=frozenset({sunday}))
    after = OfficeCalendar(
        version=2, holidays=frozenset({date(2026, 3, 10), sunday}), make_up_days=frozenset({SATURDAY})
    )
    assert changed_days(before, after) == [
        ChangedDay(day=SATURDAY, is_worked=True),
        ChangedDay(day=sunday, is_worked=False),
        ChangedDay(day=MONDAY, is_worked=True),
        ChangedDay(day=date(2026, 3, 10), is_worked=False),
    ]
    weekend = OfficeCalendar(version=3, holidays=frozenset({SATURDAY}), make_up_days=frozenset())
    assert (
        changed_days(OfficeCalendar(version=2, holidays=frozenset(), make_up_days=frozenset()), weekend) == []
    )


def test_waiting_is_counted_in_local_days() -> None:
    late = datetime(2026, 3, 9, 16, 59, tzinfo=UTC)  # 23:59 in Viet Nam
    assert days_waited(late, late + timedelta(minutes=1)) == 1
    assert days_waited(late, late) == 0
    assert days_waited(late, late + timedelta(days=3)) == 3
    assert days_waited(late, late - timedelta(days=2)) == 0


def test_one_line_for_each_person() -> None:
    first, second = PersonId(UUID(int=1)), PersonId(UUID(int=2))
    at = datetime(2026, 3, 9, 3, tzinfo=UTC)
    since = {first: at - timedelta(days=2), second: at}
    assert waits(since, at) == (
        Wait(person_id=first, since=at - timedelta(days=2), days=2),
        Wait(person_id=second, since=at, days=0),
    )
