"""Running clocks get a calendar that changed: once each, with the reason in the history, and only those it concerns."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.kit import clock_calendars
from services.kit.clock_moves import MoveKind, moves_of
from services.kit.clocks import KeptClock, find_clock
from tests.conftest import ServiceOpener, TestService
from tests.review_cases import Case
from tests.service_cases import SERVICES
from workflows.contracts.calendar import Break, CalendarEdition, ClocksReprojected, ReprojectClocks
from workflows.contracts.ids import PersonId, UnitId
from workflows.rules.stage_clock import local_day

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
    return CalendarEdition(version=version, holidays=frozenset(), make_up_days=frozenset(), breaks=(pause,), reason="Nghỉ sớm vì bão", made_by=ADMIN)


async def reproject(service: TestService, edition: CalendarEdition, after: UUID | None = None) -> ClocksReprojected:
    """What the workflow asks."""
    answer: Any = await service.activities["reproject_clocks"](ReprojectClocks(edition=edition, after=after))
    assert isinstance(answer, ClocksReprojected)
    return answer


async def in_working_days(case: Case) -> None:
    """Let the stage's clock count working days, for a break moves no other."""
    await case.service.database.pool.execute("""update clocks set budget = '{"amount": 9, "unit": "WORKING_DAYS"}' where about_id = $1""", case.stage)
    async with case.service.database.transaction() as tx:
        clock = await find_clock(tx, case.stage)
        assert clock is not None
        plain = CalendarEdition(version=clock.calendar.version + 1, holidays=frozenset(), make_up_days=frozenset(), breaks=(), reason="x")
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
        async with service.database.reading() as tx:
            move = (await moves_of(tx, case.stage))[-1]
        assert (move.kind, move.reason, move.calendar_version, move.actor_id) == (MoveKind.CALENDAR_CHANGED, "Nghỉ sớm vì bão", 9, ADMIN)
        event = (await case.events())[-1]
        assert (event["kind"], event["detail"]["reason"], event["actor_id"]) == ("ClockCalendarChanged", "Nghỉ sớm vì bão", ADMIN)
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


async def test_a_closed_clock_and_one_with_a_newer_calendar_stay_as_they_are(open_service: ServiceOpener) -> None:
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


async def test_clocks_are_taken_in_batches(open_service: ServiceOpener, monkeypatch: pytest.MonkeyPatch) -> None:
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
