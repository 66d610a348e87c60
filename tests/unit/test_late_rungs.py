"""Which rungs have fired before their time by a calendar that was changed afterwards, against an oracle that
walks day by day."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from language.deadline.arithmetic import (
    LOCAL_ZONE,
    Extension,
    RunningClock,
    Suspension,
    SuspensionKind,
    end_of_local_day,
    local_day,
    project,
)
from language.deadline.clock import OfficeCalendar
from language.deadline.doubt import FiredRung, as_of, fired_too_early
from language.plan.review_plan import Basis, Budget, BudgetUnit, RungAction, RungAnchor, RungRule
from language.plan.rule_kinds import DayOffEnd
from tests.calendars import NO_HOLIDAYS

_DAY = timedelta(days=1)
OPENED = datetime(2026, 3, 2, 3, tzinfo=UTC)
NEAR = st.dates(min_value=date(2026, 3, 1), max_value=date(2026, 4, 10))
CALENDARS = st.builds(
    OfficeCalendar,
    version=st.integers(1, 9),
    holidays=st.frozensets(NEAR, max_size=12),
    make_up_days=st.frozensets(NEAR, max_size=4),
)


def _rung(number: int, offset: int, anchor: RungAnchor = RungAnchor.START) -> RungRule:
    return RungRule(
        id=f"r{number}",
        action=RungAction.HAND_UP,
        anchor=anchor,
        offset=offset,
        unit=BudgetUnit.WORKING_DAYS,
        basis=Basis(rule="r", document="d"),
    )


def _walked(day: date, count: int, calendar: OfficeCalendar) -> date:
    """So many working days on, one day after the other."""
    while count:
        day += _DAY
        is_weekday = day.weekday() < 5 and day not in calendar.holidays
        count -= is_weekday or day in calendar.make_up_days
    return day


@given(
    st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=5),
    st.integers(1, 10),
    CALENDARS,
    CALENDARS,
    st.integers(0, 4),
)
@settings(max_examples=400, deadline=None)
def test_a_rung_is_too_early_when_its_day_had_not_come(
    rungs: list[tuple[int, bool]], amount: int, before: OfficeCalendar, after: OfficeCalendar, late_by: int
) -> None:
    budget = Budget(amount=amount, unit=BudgetUnit.WORKING_DAYS, on_day_off=DayOffEnd.LAST_DAY)
    ladder = tuple(
        _rung(number, offset, RungAnchor.DUE if from_due else RungAnchor.START)
        for number, (offset, from_due) in enumerate(rungs)
    )
    opened_on = local_day(OPENED)

    def day_of(calendar: OfficeCalendar, offset: int, *, from_due: bool) -> date:
        start = _walked(opened_on, amount, calendar) if from_due else opened_on
        return _walked(start, offset, calendar)

    fired = [
        FiredRung(
            rung_id=f"r{number}",
            kind="x",
            event_id=uuid4(),
            fired_at=end_of_local_day(day_of(before, offset, from_due=from_due))
            + timedelta(minutes=5, days=late_by),
        )
        for number, (offset, from_due) in enumerate(rungs)
    ]
    clock = RunningClock(opened_at=OPENED, budget=budget, ladder=ladder, calendar=before)
    wanted = {
        one.rung_id
        for one, (offset, from_due) in zip(fired, rungs, strict=True)
        if end_of_local_day(day_of(after, offset, from_due=from_due)) > one.fired_at
    }
    assert {one.rung_id for one in fired_too_early(clock, before, after, fired)} == wanted


def test_what_was_too_early_already_is_no_news() -> None:
    budget = Budget(amount=5, unit=BudgetUnit.WORKING_DAYS)
    clock = RunningClock(opened_at=OPENED, budget=budget, ladder=(_rung(0, 2),), calendar=NO_HOLIDAYS)
    before = OfficeCalendar(version=2, holidays=frozenset({date(2026, 3, 3)}), make_up_days=frozenset())
    after = OfficeCalendar(
        version=3, holidays=frozenset({date(2026, 3, 3), date(2026, 3, 4)}), make_up_days=frozenset()
    )
    fired = [
        FiredRung(rung_id="r0", kind="x", event_id=uuid4(), fired_at=datetime(2026, 3, 4, 17, 5, tzinfo=UTC))
    ]
    assert fired_too_early(clock, NO_HOLIDAYS, before, fired) == tuple(fired)
    assert fired_too_early(clock, before, after, fired) == ()


def test_what_has_moved_the_clock_later_makes_no_rung_too_early() -> None:
    budget = Budget(amount=2, unit=BudgetUnit.WORKING_DAYS)
    fired_at = datetime(2026, 3, 4, 17, 5, tzinfo=UTC)
    clock = RunningClock(
        opened_at=OPENED,
        budget=budget,
        ladder=(_rung(0, 0, RungAnchor.DUE),),
        calendar=NO_HOLIDAYS,
        suspensions=(
            Suspension(
                kind=SuspensionKind.COMPLAINT,
                since=fired_at + _DAY,
                until=fired_at + _DAY * 3,
                reason="",
            ),
        ),
        extensions=(Extension(budget=budget, given_at=fired_at + _DAY, reason="", rule=""),),
    )
    assert project(clock, fired_at + _DAY * 9).rungs[0].at > fired_at
    fired = [FiredRung(rung_id="r0", kind="x", event_id=uuid4(), fired_at=fired_at)]
    assert as_of(clock, fired_at).extensions == ()
    assert as_of(clock, fired_at + _DAY * 2).is_suspended
    assert fired_too_early(clock, NO_HOLIDAYS, NO_HOLIDAYS, fired) == ()
    holiday = OfficeCalendar(
        version=2, holidays=frozenset({fired_at.astimezone(LOCAL_ZONE).date()}), make_up_days=frozenset()
    )
    assert fired_too_early(clock, NO_HOLIDAYS, NO_HOLIDAYS, ()) == ()
    assert not fired_too_early(clock, holiday, holiday, fired)
