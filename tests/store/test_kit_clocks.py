"""The clocks that owners keep: opened once with everything they were computed from, closed when what they
were for is over."""

from datetime import UTC, datetime
from uuid import uuid4

from casework.clocks import kept as clocks
from casework.clocks.kept import NewClock
from language.deadline.arithmetic import build_clock
from language.plan.review_plan import Basis, Budget, BudgetUnit, RungAction, RungRule
from language.plan.rule_kinds import RungAnchor
from tests.calendars import NO_HOLIDAYS
from tests.conftest import ServiceOpener
from tests.service_cases import SERVICES

LADDER = (
    RungRule(
        id="remind",
        action=RungAction.REMIND,
        anchor=RungAnchor.DUE,
        offset=-1,
        unit=BudgetUnit.WORKING_DAYS,
        basis=Basis(rule="r", document="d"),
    ),
)


def _new() -> NewClock:
    budget = Budget(amount=5, unit=BudgetUnit.WORKING_DAYS)
    started = build_clock(datetime(2026, 3, 2, 2, tzinfo=UTC), budget, LADDER, NO_HOLIDAYS)
    unit = uuid4()
    return NewClock(
        about_id=uuid4(),
        subject_id=uuid4(),
        subject_code="SK-2026-00001",
        kind="EXAMINATION",
        level="UNIT",
        unit_id=unit,
        unit_path=[unit],
        workflow_id="initiative:x",
        rule_version="pack@1",
        rule="UNIT.examination",
        budget=budget,
        ladder=LADDER,
        extension=None,
        spread_minutes=0,
        started=started,
    )


async def test_a_clock_comes_back_as_it_was_kept_and_a_repeat_changes_nothing(
    open_service: ServiceOpener,
) -> None:
    new = _new()
    async with open_service(SERVICES["review"]) as service, service.database.transaction() as tx:
        await clocks.open_clock(tx, new)
        await clocks.open_clock(tx, new)
        kept = await clocks.find_clock(tx, new.about_id)
        assert [kept] == await clocks.clocks_of(tx, new.subject_id)
    assert kept is not None
    assert (kept.budget, kept.ladder, kept.calendar) == (new.budget, LADDER, NO_HOLIDAYS)
    assert (kept.opened_at, kept.due_at, kept.rungs) == (
        new.started.opened_at,
        new.started.due_at,
        new.started.rungs,
    )
    assert kept.closed_at is None


async def test_a_closed_clock_keeps_the_instant_it_was_closed(open_service: ServiceOpener) -> None:
    new = _new()
    async with open_service(SERVICES["review"]) as service:
        async with service.database.transaction() as tx:
            await clocks.open_clock(tx, new)
            await clocks.close_clock(tx, new.about_id)
            first = await clocks.find_clock(tx, new.about_id)
        async with service.database.transaction() as tx:
            await clocks.close_clock(tx, new.about_id)
            assert await clocks.find_clock(tx, new.about_id) == first
    assert first is not None
    assert first.closed_at is not None
