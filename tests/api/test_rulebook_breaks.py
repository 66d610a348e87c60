"""Breaks are limited, and those that move deadlines that run are entered from above."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from language.names import TaskQueue
from language.posts.kinds import PostKind
from services.rulebook.app import SERVICE
from tests.conftest import ServiceOpener, TestService, held
from tests.provinces import organised

OPEN_CLOCK = """
insert into clocks (about_id, subject_id, subject_code, kind, unit_id, unit_path, workflow_id, rule_version,
  rule, budget, ladder, calendar, opened_at, due_at, rungs)
values ($1, $1, 'SK', 'FORMAL_CHECK', $2, $3, 'w', 'p@1', 'r', '{}', '[]', '{}', $4, $5, '[]')
"""


@dataclass
class Office:
    """The province, a commune and a school in it, each with an administrator."""

    service: TestService
    root: UUID
    commune: UUID
    school: UUID

    @property
    def path(self) -> list[UUID]:
        """The way to the school."""
        return [self.root, self.commune, self.school]

    async def send(self, path: str, by: UUID, body: Any) -> httpx.Response:
        """A command of the administrator of this unit."""
        way = self.path[: self.path.index(by) + 1]
        headers = self.service.headers(uuid4(), held(PostKind.ADMIN, *way))
        return await self.service.http.post(f"/v1/calendar/breaks{path}", json=body, headers=headers)

    async def add(self, by: UUID, first: str, last: str, query: str = "") -> httpx.Response:
        """Enter a break of the school."""
        days = {"first_day": first, "last_day": last, "name": "Nghỉ", "reason": "Kế hoạch"}
        return await self.send(query, by, {"unit_id": str(self.school), **days})

    async def open_clock(self, opened_on: date, due_on: date, owner: TaskQueue = TaskQueue.INTAKE) -> UUID:
        """A deadline that runs in the school."""
        about_id = uuid4()
        database = await self.service.shared.database(owner)
        at = [datetime(day.year, day.month, day.day, 3, tzinfo=UTC) for day in (opened_on, due_on)]
        await database.pool.execute(OPEN_CLOCK, about_id, self.school, self.path, *at)
        return about_id


@pytest.fixture
async def office(open_service: ServiceOpener) -> AsyncIterator[Office]:
    async with open_service(SERVICE) as service:
        beside = await organised(service)
        commune = await beside.unit("X1", "COMMUNE")
        yield Office(service, beside.root, commune, await beside.unit("S1", parent=commune))


async def test_breaks_of_a_year_are_limited_in_sum(office: Office) -> None:
    assert (await office.add(office.school, "2027-06-01", "2027-07-30")).status_code == 201
    assert (await office.add(office.school, "2027-07-15", "2027-08-13")).status_code == 201  # each day once
    more = await office.add(office.school, "2027-09-01", "2027-10-17")
    assert (more.status_code, more.json()["code"]) == (422, "BreaksTooLong")
    assert (more.json()["facts"]["days"], more.json()["facts"]["most"]) == ("121", "120")
    assert (await office.add(office.school, "2027-09-01", "2027-10-16")).status_code == 201
    assert (await office.add(office.school, "2028-01-03", "2028-03-31")).status_code == 201


async def test_six_breaks_in_a_row_do_not_freeze_a_school(office: Office) -> None:
    answers = [
        (await office.add(office.school, f"{year}-{first}", f"{year}-{last}")).status_code
        for year in (2027, 2028)
        for first, last in (("01-01", "04-30"), ("05-01", "08-31"), ("09-01", "12-31"))
    ]
    assert answers == [201, 422, 422, 422, 422, 422]


@pytest.mark.parametrize("owner", [TaskQueue.INTAKE, TaskQueue.REVIEW, TaskQueue.PAYOUT])
async def test_a_break_on_days_of_a_running_clock_is_entered_by_the_unit_above(
    office: Office, owner: TaskQueue
) -> None:
    await office.open_clock(date(2027, 6, 1), date(2027, 6, 16), owner)
    refused = await office.add(office.school, "2027-06-16", "2027-06-18")
    assert (refused.status_code, refused.json()["code"]) == (403, "BreakTouchesClocks")
    assert refused.json()["facts"]["clocks"] == "1"
    tried = await office.add(office.school, "2027-06-16", "2027-06-18", "?dry_run=true")
    assert tried.json()["code"] == "BreakTouchesClocks"
    assert (await office.add(office.school, "2027-06-17", "2027-06-18")).status_code == 201  # after its end
    from_above = await office.add(office.commune, "2027-06-16", "2027-06-16", "?dry_run=true")
    assert (from_above.status_code, from_above.json()["clocks"]) == (200, 1)
    assert (await office.add(office.commune, "2027-06-16", "2027-06-16")).status_code == 201


async def test_a_break_of_a_running_clock_is_ended_by_the_unit_above(office: Office) -> None:
    kept = (await office.add(office.school, "2027-06-16", "2027-06-18")).json()["id"]
    about_id = await office.open_clock(date(2027, 6, 1), date(2027, 6, 21))
    refused = await office.send(f"/{kept}/end", office.school, {"reason": "Học bù"})
    assert (refused.status_code, refused.json()["code"]) == (403, "BreakTouchesClocks")
    intake = await office.service.shared.database(TaskQueue.INTAKE)
    await intake.pool.execute("update clocks set closed_at = now() where about_id = $1", about_id)
    assert (await office.send(f"/{kept}/end", office.school, {"reason": "Học bù"})).status_code == 200
