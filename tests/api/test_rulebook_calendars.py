"""The calendar with the breaks of units: versions, rights, the merged days of a unit, and what is published
for the clocks that run."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from casework.calendars import start_clock
from language.names import TaskQueue
from language.plan.review_plan import Budget, BudgetUnit
from language.posts.kinds import PostKind
from language.views import View
from services.rulebook.app import SERVICE
from services.rulebook.store import breaks
from tests.conftest import ServiceOpener, TestService, held
from tests.provinces import organised

MONDAY = datetime(2027, 6, 7, 3, tzinfo=UTC)
CALENDAR = {"holidays": ["2027-06-08"], "make_up_days": [], "reason": "Hoán đổi"}
A_WEEK = {
    "first_day": "2027-06-14",
    "last_day": "2027-06-18",
    "name": "Nghỉ hè",
    "reason": "Kế hoạch năm học",
}


@dataclass
class Office:
    """The province and two schools under it, each with an administrator."""

    service: TestService
    root: UUID
    schools: tuple[UUID, UUID]

    async def send(
        self, method: str, path: str, unit: UUID, json: Any = None, **headers: str
    ) -> httpx.Response:
        """A request of the administrator of this unit."""
        path_of_post = (self.root,) if unit == self.root else (self.root, unit)
        known = self.service.headers(uuid4(), held(PostKind.ADMIN, *path_of_post))
        return await self.service.http.request(method, f"/v1{path}", json=json, headers={**known, **headers})

    async def add_break(self, unit: UUID, by: UUID) -> httpx.Response:
        """A week off."""
        return await self.send("POST", "/calendar/breaks", by, {"unit_id": str(unit), **A_WEEK})

    async def count_rows(self) -> list[int]:
        """How much is written down, of all that an edit writes."""
        tables = ("calendars", "calendar_changes", "breaks", "events", "outbox", "idempotency_keys")
        return [
            await self.service.database.pool.fetchval(f"select count(*) from {table}") for table in tables
        ]

    async def due_on(self, unit: UUID) -> tuple[date, int]:
        """When ten working days that start on a Monday are over in the unit, and by which calendar."""
        intake = await self.service.shared.database(TaskQueue.INTAKE)
        async with intake.transaction() as tx:
            budget = Budget(amount=10, unit=BudgetUnit.WORKING_DAYS)
            clock = await start_clock(tx, (self.root, unit), budget, (), MONDAY)
        return clock.due_at.date(), clock.calendar.version

    async def published(self) -> list[tuple[int, UUID | None, str]]:
        """What those who keep clocks read: which version changed anything where, and why."""
        intake = await self.service.shared.database(TaskQueue.INTAKE)
        rows = await intake.pool.fetch(
            f"select version, unit_id, reason from {View.CALENDAR_EDITIONS} order by position"
        )
        return [(row["version"], row["unit_id"], row["reason"]) for row in rows]


@pytest.fixture
async def office(open_service: ServiceOpener) -> AsyncIterator[Office]:
    async with open_service(SERVICE) as service:
        beside = await organised(service)
        schools = (await beside.unit("S1"), await beside.unit("S2"))
        yield Office(service, beside.root, schools)


async def test_a_break_makes_a_version_that_clocks_of_the_unit_start_with(office: Office) -> None:
    school, other = office.schools
    assert await office.due_on(school) == (date(2027, 6, 21), 1)
    added = await office.add_break(school, school)
    assert (added.status_code, added.json()["since_version"]) == (201, 2), added.text
    assert await office.due_on(school) == (date(2027, 6, 28), 2)
    assert await office.due_on(other) == (date(2027, 6, 21), 2)
    assert await office.published() == [(2, school, "Kế hoạch năm học")]


async def test_the_calendar_of_a_unit_says_where_each_day_comes_from(office: Office) -> None:
    school, other = office.schools
    await office.add_break(office.root, office.root)
    await office.add_break(school, school)
    merged = (await office.send("GET", f"/calendar?unit_id={school}", school)).json()
    days = {day["day"]: (day["source"], day["unit_id"], day["is_worked"]) for day in merged["days"]}
    assert days["2027-06-14"] == ("Nghỉ hè", str(school), False) or days["2027-06-14"] == (
        "Nghỉ hè",
        str(office.root),
        False,
    )
    assert days["2027-09-02"] == ("HOLIDAY", None, False)
    elsewhere = (await office.send("GET", f"/calendar?unit_id={other}", other)).json()
    assert {day["unit_id"] for day in elsewhere["days"]} == {None, str(office.root)}
    assert (await office.send("GET", "/calendar", school)).json()["days"] is None
    assert (await office.send("GET", f"/calendar?unit_id={uuid4()}", school)).status_code == 404


async def test_a_break_that_ended_gives_its_days_back_and_stays_in_its_versions(office: Office) -> None:
    school, _ = office.schools
    break_id = (await office.add_break(school, school)).json()["id"]
    ended = await office.send("POST", f"/calendar/breaks/{break_id}/end", school, {"reason": "Học bù"})
    assert (ended.status_code, ended.json()["since_version"], ended.json()["ended_version"]) == (200, 2, 3)
    assert await office.due_on(school) == (date(2027, 6, 21), 3)
    again = await office.send("POST", f"/calendar/breaks/{break_id}/end", school, {"reason": "x"})
    assert (again.status_code, again.json()["code"]) == (409, "BreakIsOver")
    assert await office.published() == [(2, school, "Kế hoạch năm học"), (3, school, "Học bù")]


async def test_only_an_administrator_over_the_unit_adds_and_ends_its_breaks(office: Office) -> None:
    school, other = office.schools
    assert (await office.add_break(school, other)).status_code == 403
    assert (await office.add_break(office.root, school)).status_code == 403
    break_id = (await office.add_break(school, office.root)).json()["id"]
    assert (
        await office.send("POST", f"/calendar/breaks/{break_id}/end", other, {"reason": "x"})
    ).status_code == 403


async def test_a_break_that_ends_before_it_begins_or_lasts_for_ever_is_refused(office: Office) -> None:
    for first, last in (("2027-06-02", "2027-06-01"), ("2027-06-01", "2028-06-01")):
        body = {"unit_id": str(office.root), **A_WEEK, "first_day": first, "last_day": last}
        assert (await office.send("POST", "/calendar/breaks", office.root, body)).status_code == 422


async def test_an_edit_of_the_calendar_is_published_for_the_clocks_everywhere(office: Office) -> None:
    await office.add_break(office.schools[0], office.root)
    edited = await office.send("PUT", "/calendar", office.root, CALENDAR, **{"If-Match": '"v2"'})
    assert edited.status_code == 200, edited.text
    assert (await office.published())[-1] == (3, None, "Hoán đổi")


async def test_changes_of_the_calendar_are_published_in_the_order_of_their_positions(office: Office) -> None:
    school, other = office.schools
    async with office.service.database.transaction() as tx:
        await breaks.lock_calendar(tx)
        waiting = [
            asyncio.create_task(office.add_break(unit, office.root)) for unit in (school, other, office.root)
        ]
        await asyncio.sleep(0.2)
        assert await office.published() == []
    assert {answer.status_code for answer in await asyncio.gather(*waiting)} == {201}
    assert [version for version, _, _ in await office.published()] == [2, 3, 4]


async def test_a_day_that_is_both_a_holiday_and_a_make_up_day_is_refused(office: Office) -> None:
    body = {"holidays": ["2026-09-02"], "make_up_days": ["2026-09-02", "2026-09-05"], "reason": "x"}
    refused = await office.send("PUT", "/calendar", office.root, body, **{"If-Match": '"v1"'})
    assert (refused.status_code, refused.json()["code"]) == (422, "RequestInvalid")
    assert "02/09/2026" in refused.json()["detail"]


async def test_no_version_of_the_calendar_is_ever_changed_or_deleted(office: Office) -> None:
    for path in ("/calendar", "/calendar/breaks"):
        assert (await office.send("DELETE", path, office.root)).status_code == 405
    await office.add_break(office.root, office.root)
    for statement in (
        "delete from calendars",
        "update calendars set reason = 'x'",
        "delete from calendar_changes",
        "update calendar_changes set version = 1",
    ):
        with pytest.raises(asyncpg.PostgresError):
            await office.service.database.pool.execute(statement)


async def test_a_dry_run_says_which_days_an_edit_would_change_and_writes_nothing(office: Office) -> None:
    before = await office.count_rows()
    known = (await office.send("GET", "/calendar", office.root)).json()
    body = {
        "holidays": [*known["holidays"], "2027-06-08", "2027-06-12"],
        "make_up_days": [*known["make_up_days"], "2027-06-19"],
        "reason": "x",
    }
    tried = await office.send("PUT", "/calendar?dry_run=true", office.root, body, **{"If-Match": '"v1"'})
    assert (tried.status_code, "etag" in tried.headers) == (200, False), tried.text
    assert tried.json() == {
        "version": 2,
        "unit_id": None,
        "units": 3,
        "dry_run": True,
        "clocks": 0,
        "questioned": {"count": 0, "rungs": []},
        "days": [{"day": "2027-06-08", "is_worked": False}, {"day": "2027-06-19", "is_worked": True}],
    }
    assert await office.count_rows() == before


async def test_a_dry_run_of_a_break_tells_only_days_that_were_worked_so_far(office: Office) -> None:
    school, _ = office.schools
    await office.send(
        "POST",
        "/calendar/breaks",
        office.root,
        {"unit_id": str(office.root), **A_WEEK, "last_day": "2027-06-15"},
    )
    before = await office.count_rows()
    new = {"unit_id": str(school), **A_WEEK, "last_day": "2027-06-20"}
    tried = await office.send("POST", "/calendar/breaks?dry_run=true", school, new)
    assert (tried.status_code, tried.json()["version"], tried.json()["unit_id"], tried.json()["units"]) == (
        200,
        3,
        str(school),
        1,
    )
    assert [(day["day"], day["is_worked"]) for day in tried.json()["days"]] == [
        (f"2027-06-{day}", False) for day in (16, 17, 18)
    ]
    assert await office.count_rows() == before
    assert await office.due_on(school) == (date(2027, 6, 23), 2)
    added = (await office.send("POST", "/calendar/breaks", school, new)).json()
    assert added["since_version"] == tried.json()["version"]
    tried = await office.send(
        "POST", f"/calendar/breaks/{added['id']}/end?dry_run=true", school, {"reason": "Học bù"}
    )
    assert [(day["day"], day["is_worked"]) for day in tried.json()["days"]] == [
        (f"2027-06-{day}", True) for day in (16, 17, 18)
    ]
    assert await office.due_on(school) == (date(2027, 6, 28), 3)


async def test_a_dry_run_is_refused_like_the_edit_itself_and_uses_up_no_key(office: Office) -> None:
    school, other = office.schools
    new = {"unit_id": str(school), **A_WEEK}
    key = {"Idempotency-Key": str(uuid4())}
    assert (await office.send("POST", "/calendar/breaks?dry_run=true", other, new)).status_code == 403
    assert (
        await office.send("POST", "/calendar/breaks?dry_run=true", school, {**new, "unit_id": str(uuid4())})
    ).status_code == 404
    stale = await office.send("PUT", "/calendar?dry_run=true", office.root, CALENDAR, **{"If-Match": '"v7"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "EditConflict")
    assert (
        await office.send("PUT", "/calendar?dry_run=true", school, CALENDAR, **{"If-Match": '"v1"'})
    ).status_code == 403
    for _ in range(2):
        assert (await office.send("POST", "/calendar/breaks?dry_run=true", school, new, **key)).json()[
            "version"
        ] == 2
    added = await office.send("POST", "/calendar/breaks", school, new, **key)
    assert (added.status_code, "idempotency-replayed" in added.headers) == (201, False)
    ending = f"/calendar/breaks/{added.json()['id']}/end"
    await office.send("POST", ending, school, {"reason": "x"})
    refused = await office.send("POST", f"{ending}?dry_run=true", school, {"reason": "x"})
    assert (refused.status_code, refused.json()["code"]) == (409, "BreakIsOver")


async def test_breaks_that_hold_are_listed_of_a_unit_and_all_under_it(office: Office) -> None:
    school, other = office.schools
    own = (await office.add_break(school, school)).json()["id"]
    over = (await office.add_break(office.root, office.root)).json()["id"]
    (await office.add_break(other, other)).json()
    listed = (await office.send("GET", f"/calendar/breaks?unit_id={school}", other)).json()
    assert [(one["id"], one["unit_id"]) for one in listed["items"]] == [(own, str(school))]
    assert listed["items"][0]["unit_name"]
    first = (await office.send("GET", "/calendar/breaks?limit=2&sort=since", office.root)).json()
    rest = (
        await office.send("GET", f"/calendar/breaks?sort=since&after={first['next']}", office.root)
    ).json()
    found = [one["id"] for one in first["items"] + rest["items"]]
    assert [one for one in found if one in (own, over)] == [own, over]
    await office.send("POST", f"/calendar/breaks/{own}/end", office.root, {"reason": "Học bù"})
    listed = (await office.send("GET", f"/calendar/breaks?unit_id={school}", school)).json()
    assert listed["items"] == []
