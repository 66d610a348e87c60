"""A term whose last day is a day off ends with the next working day, by a rule of the pack."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from language.deadline.arithmetic import (
    Extension,
    RunningClock,
    due_instant,
    end_of_local_day,
    project,
)
from language.deadline.clock import OfficeCalendar
from language.plan.review_plan import Basis, Budget, BudgetUnit, RungAction, RungRule
from language.plan.rule_kinds import DayOffEnd, RungAnchor
from language.words.deadlines import SumLineKind, sum_up
from packs.explanation import explain
from packs.freezing import Filing, PolicyPack, freeze
from processes.bootstrap import shipped_packs

MONTH = Budget(amount=1, unit=BudgetUnit.CALENDAR_MONTHS)
CHRISTMAS_OFF = OfficeCalendar(version=1, holidays=frozenset({date(2026, 12, 25)}), make_up_days=frozenset())
OPENED_AT = datetime(2026, 11, 25, 3, tzinfo=UTC)
HAND_UP = RungRule(
    id="hand-up",
    action=RungAction.HAND_UP,
    anchor=RungAnchor.DUE,
    offset=0,
    unit=BudgetUnit.WORKING_DAYS,
    basis=Basis(rule="formal_check.ladder.hand-up", document="", sample=True),
)
CLOCK = RunningClock(opened_at=OPENED_AT, budget=MONTH, ladder=(HAND_UP,), calendar=CHRISTMAS_OFF)
MONDAY = end_of_local_day(date(2026, 12, 28))


def test_a_check_due_on_a_holiday_is_due_on_the_next_working_day_and_not_handed_up_before() -> None:
    projected = project(CLOCK, OPENED_AT)
    assert projected.due_at == MONDAY
    assert [rung.at for rung in projected.rungs] == [MONDAY]
    assert due_instant(OPENED_AT, MONTH, CHRISTMAS_OFF) == MONDAY


def test_a_pack_may_let_terms_end_on_days_off() -> None:
    on_the_day = replace(MONTH, on_day_off=DayOffEnd.LAST_DAY)
    assert due_instant(OPENED_AT, on_the_day, CHRISTMAS_OFF) == end_of_local_day(date(2026, 12, 25))


@pytest.mark.parametrize(
    ("worked", "due"), [(frozenset(), date(2026, 12, 28)), ({date(2026, 12, 26)}, date(2026, 12, 26))]
)
def test_a_saturday_that_is_worked_is_the_next_working_day(worked: frozenset[date], due: date) -> None:
    calendar = replace(CHRISTMAS_OFF, make_up_days=frozenset(worked))
    assert due_instant(OPENED_AT, MONTH, calendar) == end_of_local_day(due)


def test_an_extension_counts_from_the_day_with_which_the_term_ended() -> None:
    days = Extension(
        budget=Budget(amount=2, unit=BudgetUnit.CALENDAR_DAYS), given_at=OPENED_AT, reason="x", rule="r"
    )
    longer = replace(CLOCK, extensions=(days,))
    assert project(longer, OPENED_AT).due_at == end_of_local_day(date(2026, 12, 30))


def test_the_sum_says_why_it_is_due_later() -> None:
    line = next(line for line in sum_up(CLOCK, "r", OPENED_AT).lines if line.kind is SumLineKind.DAY_OFF_END)
    assert line.vi == (
        "Ngày cuối 25/12/2026 là ngày nghỉ: hạn kết thúc vào ngày làm việc tiếp theo, 28/12/2026"
    )
    assert line.days == (date(2026, 12, 25), date(2026, 12, 28))


def _with(pack: PolicyPack, end: DayOffEnd) -> PolicyPack:
    return pack.model_copy(update={"day_off": pack.day_off.model_copy(update={"end": end})})


@pytest.mark.parametrize("end", list(DayOffEnd))
def test_every_term_of_a_plan_knows_what_the_pack_says(end: DayOffEnd) -> None:
    pack = _with(shipped_packs()[-1], end)
    units = {level.unit_level: uuid4() for level in pack.levels}
    plan = freeze(pack, Filing(unit_id=uuid4(), units_by_level=units, season_id=uuid4()))
    terms = [
        plan.formal_check.check,
        plan.formal_check.supplement,
        plan.payout.approval,
        plan.payout.payment,
        *(level.examination for level in plan.levels),
        *(level.extension.most for level in plan.levels if level.extension),
    ]
    assert {term.on_day_off for term in terms} == {end}
    assert plan.day_off is end


def test_it_is_on_where_a_pack_says_nothing_and_names_its_basis() -> None:
    pack = shipped_packs()[-1]
    assert pack.day_off.end is DayOffEnd.NEXT_WORKING_DAY
    said = next(rule for rule in explain(pack) if rule.rule == "day_off.end")
    assert "Điều 148 khoản 5" in said.sentence.vi
