"""Running clocks get a calendar that changed: once each, with the reason in the history, and only those it
concerns."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from casework.clocks import editions as clock_calendars
from casework.clocks.kept import KeptClock, find_clock
from casework.clocks.moves import MoveKind, PastMove, moves_of
from language.deadline.arithmetic import local_day
from language.deadline.editions import Break, CalendarEdition
from language.ids import PersonId, UnitId
from language.messages.calendar import ClocksReprojected, ReprojectClocks
from language.plan.review_plan import Budget, BudgetUnit
from services.review.operations.opening import open_stage
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.intake_cases import Case as IntakeCase
from tests.payout_cases import Case as PayoutCase
from tests.review_cases import Case
from tests.service_cases import SERVICES

ADMIN = PersonId(uuid4())


async def kept(case: Case) -> KeptClock:
    """The stage's clock."""
    async with case.service.database.reading() as tx:
        clock = await find_clock(tx, case.stage)
    assert clock is not None
    return clock


async def with_break(case: Case, unit: UUID, version: int = 2) -> CalendarEdition:
    """An edition with a break of the unit that covers the day on which the stage is due."""
    due_on = local_day((await kept(case)).due_at)
    pause = Break(unit_id=UnitId(unit), first_day=due_on - timedelta(days=3), last_day=due_on, name="Nghỉ hè")
    return CalendarEdition(
        version=version,
        holidays=frozenset(),
        make_up_days=frozenset(),
        breaks=(pause,),
        reason="Nghỉ sớm vì bão",
        made_by=ADMIN,
    )


async def moves(case: Case) -> list[PastMove]:
    """What moved the stage's clock."""
    async with case.service.database.reading() as tx:
        return await moves_of(tx, case.stage)


async def versions(service: TestService) -> list[int]:
    """The calendars of all clocks."""
    return [
        row["version"]
        for row in await service.database.pool.fetch(
            "select (calendar->>'version')::int as version from clocks"
        )
    ]


async def reproject(
    service: TestService, edition: CalendarEdition, after: UUID | None = None
) -> ClocksReprojected:
    """What the workflow asks."""
    answer: Any = await service.activities["reproject_clocks"](ReprojectClocks(edition=edition, after=after))
    assert isinstance(answer, ClocksReprojected)
    return answer


def late(service: TestService) -> Case:
    """A stage that is to be opened by the first version of the calendar, with a clock that a break moves."""
    return Case(service, rules={"examination": Budget(amount=9, unit=BudgetUnit.WORKING_DAYS)})


def early_break(unit: UUID | None, version: int = 2) -> CalendarEdition:
    """An edition with a break of the unit in the days that come."""
    today = local_day(datetime.now(UTC))
    pauses = (
        (Break(unit_id=UnitId(unit), first_day=today, last_day=today + timedelta(days=9), name="Nghỉ lũ"),)
        if unit
        else ()
    )
    return CalendarEdition(
        version=version,
        holidays=frozenset(),
        make_up_days=frozenset(),
        breaks=pauses,
        reason=f"Bản {version}",
        made_by=ADMIN,
        unit_id=UnitId(unit) if unit else None,
    )


async def in_working_days(case: Case) -> None:
    """Let the stage's clock count working days, for a break moves no other."""
    await case.service.database.pool.execute(
        """update clocks set budget = '{"amount": 9, "unit": "WORKING_DAYS"}' where about_id = $1""",
        case.stage,
    )
    async with case.service.database.transaction() as tx:
        clock = await find_clock(tx, case.stage)
        assert clock is not None
        plain = CalendarEdition(
            version=clock.calendar.version + 1,
            holidays=frozenset(),
            make_up_days=frozenset(),
            breaks=(),
            reason="x",
        )
    await reproject(case.service, plain)


async def test_a_break_moves_the_clocks_of_its_unit_once_and_says_why(open_service: ServiceOpener) -> None:
    async with open_service(SERVICES["review"]) as service:
        case, elsewhere = Case(service), Case(service)
        for one in (case, elsewhere):
            await one.open()
            await in_working_days(one)
        before, other = await kept(case), await kept(elsewhere)
        edition = replace(await with_break(case, case.unit, version=9), unit_id=UnitId(case.unit))
        assert (await reproject(service, edition)).moved == 1
        assert (await reproject(service, edition)).moved == 0
        after = await kept(case)
        assert (after.calendar.version, after.due_at > before.due_at) == (9, True)
        assert await kept(elsewhere) == other
        move = (await moves(case))[-1]
        assert (move.kind, move.reason, move.calendar_version, move.actor_id) == (
            MoveKind.CALENDAR_CHANGED,
            "Nghỉ sớm vì bão",
            9,
            ADMIN,
        )
        event = (await case.events())[-1]
        assert (event["kind"], event["detail"]["reason"], event["actor_id"]) == (
            "ClockCalendarChanged",
            "Nghỉ sớm vì bão",
            ADMIN,
        )
        assert (await case.signals())[-1]["payload"]["revision"] == after.revision


async def test_a_change_that_moves_no_instant_is_kept_without_a_word(open_service: ServiceOpener) -> None:
    async with open_service(SERVICES["review"]) as service:
        case = Case(service)
        await case.open()
        events, before = await case.events(), await kept(case)
        edition = await with_break(case, uuid4())
        assert (await reproject(service, edition)).moved == 0
        after = await kept(case)
        assert (after.calendar.version, after.due_at, await case.events()) == (2, before.due_at, events)


async def test_a_closed_clock_and_one_with_a_newer_calendar_stay_as_they_are(
    open_service: ServiceOpener,
) -> None:
    async with open_service(SERVICES["review"]) as service:
        case = Case(service)
        await case.open()
        await in_working_days(case)
        edition = await with_break(case, case.unit, version=5)
        assert (await reproject(service, edition)).moved == 1
        stands = await kept(case)
        assert (await reproject(service, replace(edition, version=4, breaks=()))).moved == 0
        await case.withdraw()
        assert (await reproject(service, replace(edition, version=6, breaks=()))).moved == 0
        assert replace(await kept(case), closed_at=None) == stands


async def test_clocks_are_taken_in_batches(
    open_service: ServiceOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock_calendars, "BATCH", 2)
    async with open_service(SERVICES["review"]) as service:
        cases = [Case(service) for _ in range(3)]
        for case in cases:
            await case.open()
        edition = await with_break(cases[0], uuid4())
        first = await reproject(service, edition)
        assert first.last == sorted(case.stage for case in cases)[1]
        assert (await reproject(service, edition, first.last)).last is None
        assert {(await kept(case)).calendar.version for case in cases} == {2}


async def test_a_clock_opened_late_takes_the_calendar_in_the_transaction_that_opens_it(
    open_service: ServiceOpener,
) -> None:
    async with open_service(SERVICES["review"]) as service:
        case = late(service)
        assert (await reproject(service, early_break(case.unit))).moved == 0
        planned = case.opening().posts.clock
        assert planned is not None
        await case.open()
        clock = await kept(case)
        assert (clock.calendar.version, clock.revision, clock.due_at > planned.due_at) == (2, 2, True)
        assert [event["kind"] for event in await case.events()] == ["StageOpened", "ClockCalendarChanged"]
        assert (await case.events())[-1]["detail"]["reason"] == "Bản 2"
        assert [(word["name"], word["payload"]["revision"]) for word in await case.signals()] == [
            ("clock_moved", 2)
        ]
        due = await service.database.pool.fetch("select due_at from tasks where about_id = $1", case.stage)
        assert {row["due_at"] for row in due} == {clock.due_at}
        await case.open()
        assert (await kept(case), len(await case.events())) == (clock, 2)
        assert (await reproject(service, early_break(case.unit))).moved == 0


async def test_a_late_clock_takes_the_newest_calendar_of_its_own_unit(open_service: ServiceOpener) -> None:
    async with open_service(SERVICES["review"]) as service:
        case = late(service)
        for edition in (early_break(case.unit, 4), early_break(None, 3), early_break(uuid4(), 5)):
            await reproject(service, edition)
        await case.open()
        assert (await kept(case)).calendar.version == 4
        assert [move.calendar_version for move in await moves(case)] == [4]


@pytest.mark.parametrize("first", ["opening", "edition"])
async def test_an_opening_and_a_change_at_once_wait_for_each_other(
    open_service: ServiceOpener, first: str
) -> None:
    async with open_service(SERVICES["review"]) as service:
        case = late(service)
        edition = early_break(case.unit)
        async with service.database.transaction() as tx:
            if first == "opening":
                await open_stage(tx, case.opening())
                other = asyncio.ensure_future(reproject(service, edition))
            else:
                await clock_calendars.keep_edition(tx, edition)
                other = asyncio.ensure_future(case.open())
            done, _ = await asyncio.wait([other], timeout=0.3)
            assert not done
        await other
        assert (await kept(case)).calendar.version == 2
        assert [move.calendar_version for move in await moves(case)] == [2]


async def test_of_many_openings_during_a_change_none_keeps_the_old_calendar(
    open_service: ServiceOpener,
) -> None:
    async with open_service(SERVICES["review"]) as service:
        root = uuid4()
        cases = [
            Case(service, root=root, rules={"examination": Budget(amount=9, unit=BudgetUnit.WORKING_DAYS)})
            for _ in range(40)
        ]
        edition = early_break(root)
        opened = [case.open() for case in cases]
        await asyncio.gather(*opened[:20], reproject(service, edition), *opened[20:])
        found = [await kept(case) for case in cases]
        assert {clock.calendar.version for clock in found} == {2}
        assert {len(await moves(case)) for case in cases} == {1}


async def test_a_formal_check_and_an_approval_opened_late_take_it_too(
    open_service: ServiceOpener, tmp_path: Path
) -> None:
    clock = MovableClock()
    async with open_service(SERVICES["intake"], clock=clock, blob_dir=tmp_path) as service:
        check = IntakeCase(service, clock)
        await reproject(service, early_break(None))
        await check.in_check()
        assert await versions(service) == [2]
    async with open_service(SERVICES["payout"]) as service:
        award = PayoutCase(service)
        await reproject(service, early_break(award.unit))
        moved = await award.assess()
        assert await versions(service) == [2]
        due = await service.database.pool.fetchval("select due_at from awards where id = $1", award.award)
        assert (due, moved.award_id) == (
            await service.database.pool.fetchval("select due_at from clocks"),
            award.award,
        )
