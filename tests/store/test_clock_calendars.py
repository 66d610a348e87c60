"""Running clocks get a calendar that changed: once each, with the reason in the history, and only those it
concerns."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from casework.case import AnyCase
from casework.clocks import editions
from casework.clocks.editions import CalendarWatch, Edition
from casework.clocks.kept import KeptClock, find_clock
from casework.clocks.moves import MoveKind, PastMove, moves_of
from kit.db import Tx
from kit.leading import take_lead
from language.deadline.arithmetic import local_day
from language.ids import DossierId
from language.messages.payout import AssessAward
from language.names import TaskQueue
from services.payout.app import SERVICE
from services.payout.operations.cases import CASES
from services.payout.operations.journey import assess_award
from tests.conftest import ServiceOpener, TestService
from tests.payout_cases import Case
from tests.recognition_cases import publish_calendar

ADMIN, POST, HOLDING, LEADER = uuid4(), uuid4(), uuid4(), uuid4()
NEXT_VERSION = "select coalesce(max(version), 0) + 1 from calendars"
INSERT_VERSION = """
insert into calendars (version, holidays, make_up_days, reason, made_by, made_at)
values ($1, $2, '{}', $3, $4, now())
"""
INSERT_CHANGE = "insert into calendar_changes (version, unit_id, post_id, holding_id) values ($1, $2, $3, $4)"
INSERT_BREAK = """
insert into breaks (id, unit_id, first_day, last_day, name, since_version)
values (gen_random_uuid(), $1, $2, $3, 'Nghỉ lũ', $4)
"""


@dataclass
class Calendars:
    """The rulebook's calendar, and the watch of payout over it."""

    service: TestService

    async def change(self, unit: UUID | None, around: datetime | None = None) -> int:
        """A new version; with a day, nobody in the unit (without one: nobody at all) works on it and the ten
        days before it."""
        rulebook = await self.service.shared.database(TaskQueue.RULEBOOK)
        await publish_calendar(self.service.shared)
        last = local_day(around) if around else None
        days = [last - timedelta(days=number) for number in range(10, -1, -1)] if last else []
        async with rulebook.transaction() as tx:
            version = int(await tx.conn.fetchval(NEXT_VERSION))
            holidays = [] if unit else days
            await tx.conn.execute(INSERT_VERSION, version, holidays, f"Bản {version}", ADMIN)
            if unit and days:
                await tx.conn.execute(INSERT_BREAK, unit, days[0], days[-1], version)
            await tx.conn.execute(INSERT_CHANGE, version, unit, POST, HOLDING)
        return version

    async def look(self) -> int:
        """Everything that has changed is brought to the clocks; how many versions that were."""
        async with self.service.database.connection() as conn:
            lease = await take_lead(conn, "calendars", LEADER)
            assert lease
            watch, count = CalendarWatch(self.service.database, CASES), 0
            while await watch.look(lease):
                count += 1
        return count


async def kept(case: Case) -> KeptClock:
    """The clock of the approval."""
    async with case.service.database.reading() as tx:
        clock = await find_clock(tx, case.award)
    assert clock is not None
    return clock


async def moves(case: Case) -> list[PastMove]:
    """What moved it."""
    async with case.service.database.reading() as tx:
        return await moves_of(tx, case.award)


async def due_of_task(case: Case) -> datetime:
    """When the open task is due."""
    due = "select due_at from tasks where about_id = $1 and state = 'OPEN'"
    found = await case.service.database.pool.fetchval(due, case.award)
    assert isinstance(found, datetime)
    return found


async def test_a_break_moves_the_clocks_of_its_unit_once_and_says_why(open_service: ServiceOpener) -> None:
    async with open_service(SERVICE) as service:
        calendars, case, elsewhere = Calendars(service), Case(service), Case(service)
        for one in (case, elsewhere):
            await one.assess()
        before, other = await kept(case), await kept(elsewhere)
        version = await calendars.change(case.unit, before.due_at)
        assert (await calendars.look(), await calendars.look()) == (1, 0)
        after = await kept(case)
        assert (after.calendar.version, after.due_at > before.due_at) == (version, True)
        assert await kept(elsewhere) == other
        [move] = await moves(case)
        assert (move.kind, move.reason, move.calendar_version, move.actor_id, move.post_id) == (
            MoveKind.CALENDAR_CHANGED,
            f"Bản {version}",
            version,
            ADMIN,
            POST,
        )
        event = (await case.events())[-1]
        assert (event["kind"], event["detail"]["reason"], event["actor_id"], event["post_id"]) == (
            "ClockCalendarChanged",
            f"Bản {version}",
            ADMIN,
            POST,
        )
        assert event["through"] == {"holding_id": str(HOLDING)}
        told = "select payload -> 'clock' as clock from outbox where name = 'clock_moved'"
        [word] = await service.database.pool.fetch(told)
        assert word["clock"]["revision"] == {"epoch": 0, "number": after.revision}
        assert (await due_of_task(case), after.due_at) == (after.due_at, after.due_at)
        due = await service.database.pool.fetchval("select due_at from awards where id = $1", case.award)
        assert due == after.due_at


async def test_a_change_that_moves_no_instant_is_kept_without_a_word(open_service: ServiceOpener) -> None:
    async with open_service(SERVICE) as service:
        calendars, case = Calendars(service), Case(service)
        await case.assess()
        events, before = await case.events(), await kept(case)
        version = await calendars.change(None)
        assert await calendars.look() == 1
        after = await kept(case)
        assert (after.calendar.version, after.due_at) == (version, before.due_at)
        assert (await case.events(), await moves(case)) == (events, [])


async def test_a_closed_clock_and_one_with_a_newer_calendar_stay_as_they_are(
    open_service: ServiceOpener,
) -> None:
    async with open_service(SERVICE) as service:
        calendars, closed, newer = Calendars(service), Case(service), Case(service)
        await closed.approved()
        stands = await kept(closed)
        await calendars.change(None, stands.due_at)
        await newer.assess()
        opened = await kept(newer)
        assert opened.calendar.version == 2
        assert await calendars.look() == 1
        assert (await kept(closed), await kept(newer)) == (stands, opened)


async def test_changes_are_brought_one_after_the_other_each_with_its_own_reason(
    open_service: ServiceOpener,
) -> None:
    async with open_service(SERVICE) as service:
        calendars, case = Calendars(service), Case(service)
        await case.assess()
        for unit in (case.root, uuid4(), case.unit):
            await calendars.change(unit, (await kept(case)).due_at + timedelta(days=14))
            await calendars.change(unit, (await kept(case)).due_at)
        assert await calendars.look() == 6
        assert [move.reason for move in await moves(case)] == ["Bản 3"]
        assert (await kept(case)).calendar.version == 7


async def test_clocks_are_taken_in_batches(
    open_service: ServiceOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "BATCH", 2)
    async with open_service(SERVICE) as service:
        calendars, cases = Calendars(service), [Case(service) for _ in range(5)]
        for case in cases:
            await case.assess()
        await calendars.change(None, (await kept(cases[0])).due_at)
        await calendars.look()
        assert {(await kept(case)).calendar.version for case in cases} == {2}
        assert {len(await moves(case)) for case in cases} == {1}


async def test_a_leader_cut_off_midway_leaves_the_rest_to_the_next(
    open_service: ServiceOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[UUID] = []

    async with open_service(SERVICE) as service:
        calendars, cases = Calendars(service), [Case(service) for _ in range(4)]
        for case in cases:
            await case.assess()
        await calendars.change(None, (await kept(cases[0])).due_at)
        whole = editions.reproject

        async def cut_off(tx: Tx, kind: AnyCase, about_id: UUID, edition: Edition) -> bool:
            if len(done) == 2:
                raise ConnectionResetError
            done.append(about_id)
            return await whole(tx, kind, about_id, edition)

        with monkeypatch.context() as cut:
            cut.setattr(editions, "reproject", cut_off)
            with pytest.raises(ConnectionResetError):
                await calendars.look()
        assert sorted([(await kept(case)).calendar.version for case in cases]) == [1, 1, 2, 2]
        assert await calendars.look() == 1
        assert {len(await moves(case)) for case in cases} == {1}


async def test_a_look_waits_for_what_is_being_opened_by_the_calendar_as_it_was(
    open_service: ServiceOpener,
) -> None:
    async with open_service(SERVICE) as service:
        calendars, case = Calendars(service), Case(service)
        await case.publish()
        async with service.database.transaction() as tx:
            command = AssessAward(dossier_id=DossierId(case.dossier), level=case.level)
            assessed = await assess_award(tx, command)
            assert assessed.award
            assert assessed.clock
            case.award = assessed.award.award_id
            await calendars.change(case.unit, assessed.clock.due_at)
            looking = asyncio.ensure_future(calendars.look())
            finished, _ = await asyncio.wait([looking], timeout=0.3)
            assert not finished
        assert await looking == 1
        clock = await kept(case)
        assert (clock.calendar.version, clock.due_at > assessed.clock.due_at) == (2, True)
        assert [move.calendar_version for move in await moves(case)] == [2]


async def test_of_many_openings_during_a_change_none_keeps_the_old_calendar(
    open_service: ServiceOpener,
) -> None:
    async with open_service(SERVICE) as service:
        calendars, root = Calendars(service), uuid4()
        cases = [Case(service, root=root) for _ in range(24)]
        for case in cases:
            await case.publish()

        async def change() -> None:
            await calendars.change(root, service.database.clock.now() + timedelta(days=14))
            await calendars.look()

        async def open_one(case: Case) -> None:
            assessed = await case.ask()
            assert assessed.award
            case.award = assessed.award.award_id

        opened = [open_one(case) for case in cases]
        await asyncio.gather(*opened[:12], change(), *opened[12:])
        assert {(await kept(case)).calendar.version for case in cases} == {2}
        assert {len(await moves(case)) <= 1 for case in cases} == {True}
        assert len({(await kept(case)).due_at for case in cases}) == 1
