"""A calendar is changed for days that are over: the rungs that fired too early by it are listed before,
marked after, and decided about by the unit above."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from casework.clocks.editions import CalendarWatch
from casework.late.rungs import OWN_CLOCKS, OWN_LAPSES
from kit.leading import take_lead
from language.deadline.arithmetic import local_day
from language.plan.review_plan import BudgetUnit, RungAction, RungAnchor, RungRule
from language.posts.kinds import PostKind
from services.intake.app import SERVICE as INTAKE
from services.intake.operations.formal_check import CASES as CHECKS
from services.review.app import SERVICE as REVIEW
from services.review.operations.cases import CASES
from services.rulebook.app import SERVICE as RULEBOOK
from tests.conftest import MovableClock, ServiceOpener, TestService, held
from tests.intake_cases import Case as IntakeCase
from tests.review_cases import Case, basis

ADMIN, LEADER = uuid4(), uuid4()


def rung(action: RungAction) -> RungRule:
    """Three calendar days after the opening, but not on a day off."""
    return RungRule(
        id=action.lower(),
        action=action,
        anchor=RungAnchor.START,
        offset=2,
        unit=BudgetUnit.WORKING_DAYS,
        basis=basis(f"ladder.{action.lower()}"),
    )


@dataclass
class Office:
    """A stage of which a rung has fired, and the rulebook beside it."""

    review: TestService
    rulebook: TestService
    case: Case
    clock: MovableClock
    opened_on: date

    def after(self, days: int) -> str:
        """The day so many days after the opening."""
        return (self.opened_on + timedelta(days=days)).isoformat()

    async def change(self, *holidays: str, **query: str) -> dict[str, Any]:
        """The province declares these days off."""
        body = {"holidays": list(holidays), "make_up_days": [], "reason": "Nghỉ lũ"}
        headers = self.rulebook.headers(ADMIN, held(PostKind.ADMIN, self.case.root, post_id=ADMIN))
        version = await self.rulebook.database.pool.fetchval("select max(version) from calendars")
        answer = await self.rulebook.http.put(
            "/v1/calendar", json=body, params=query, headers={**headers, "If-Match": f'"v{version}"'}
        )
        assert answer.status_code == 200, answer.text
        await self.look()
        return dict(answer.json())

    async def look(self) -> None:
        """Review brings the calendar to its clocks."""
        async with self.review.database.connection() as conn:
            lease = await take_lead(conn, "calendars", LEADER)
            assert lease
            while await CalendarWatch(self.review.database, CASES).look(lease):
                pass

    async def marks(self) -> list[dict[str, Any]]:
        """What the dossier's history says of acts in question."""
        return [one["detail"] for one in await self.case.events() if one["kind"] == "ActQuestioned"]

    async def questions(self) -> httpx.Response:
        """As the head of the unit above sees them."""
        headers = self.review.headers(self.case.superiors[1].person_id)
        return await self.review.http.get("/v1/questioned-acts", headers=headers)


@pytest.fixture(params=[RungAction.HAND_UP])
async def office(open_service: ServiceOpener, request: pytest.FixtureRequest) -> AsyncIterator[Office]:
    clock = MovableClock()
    async with open_service(REVIEW, clock=clock) as review:
        # The week begins, so that no weekend lies between.
        clock.offset += timedelta(days=7 - clock.now().weekday())
        case = Case(review)
        case.ladder = (rung(request.param),)
        await case.open()
        opened_on = local_day(clock.now())
        climbed = await case.climb(request.param)
        assert climbed.finding == "FIRED"
        clock.offset += timedelta(days=3)
        yield Office(review, await review.shared.open(RULEBOOK), case, clock, opened_on)


async def test_a_holiday_that_is_declared_afterwards(office: Office) -> None:
    tried = await office.change(office.after(1), dry_run="true")
    [early] = tried["questioned"]["rungs"]
    assert (early["rung_id"], early["subject_id"]) == ("hand_up", str(office.case.dossier))
    assert tried["questioned"]["count"] == 1
    assert await office.marks() == []
    await office.change(office.after(1))
    [mark] = await office.marks()
    assert (mark["act_id"], mark["act"], mark["acted_by"]) == (early["event_id"], "RungFired", None)
    assert (mark["doubt"], mark["first_day"]) == ("CALENDAR_CHANGED", office.after(1))
    [question] = (await office.questions()).json()["items"]
    assert (question["actor_id"], question["state"]) == (None, "OPEN")
    await office.look()
    assert len(await office.marks()) == 1
    # The next version finds it too early already, and says nothing of it.
    await office.change(office.after(1), office.after(2))
    assert len(await office.marks()) == 1


async def test_a_break_of_the_unit_alone(office: Office) -> None:
    headers = office.rulebook.headers(ADMIN, held(PostKind.ADMIN, office.case.root, post_id=ADMIN))
    body = {
        "unit_id": str(office.case.unit),
        "first_day": office.after(1),
        "last_day": office.after(2),
        "name": "Nghỉ lũ",
        "reason": "x",
    }
    for query, status in (({"dry_run": "true"}, 200), ({}, 201)):
        answer = await office.rulebook.http.post(
            "/v1/calendar/breaks",
            json=body,
            params=query,
            headers={**headers, "Idempotency-Key": uuid4().hex},
        )
        assert answer.status_code == status, answer.text
        if query:
            assert answer.json()["questioned"]["count"] == 1
    await office.look()
    assert [mark["doubt"] for mark in await office.marks()] == ["CALENDAR_CHANGED"]


async def test_days_that_are_still_to_come_put_nothing_into_question(office: Office) -> None:
    tried = await office.change(office.after(9), dry_run="true")
    assert tried["questioned"] == {"count": 0, "rungs": []}
    await office.change(office.after(9))
    assert await office.marks() == []


@pytest.mark.parametrize("office", [RungAction.REMIND], indirect=True)
async def test_a_reminder_has_taken_nothing_from_anybody(office: Office) -> None:
    tried = await office.change(office.after(1), dry_run="true")
    assert tried["questioned"]["count"] == 0
    await office.change(office.after(1))
    assert await office.marks() == []


async def test_a_supplement_that_was_taken_not_to_have_come(
    open_service: ServiceOpener, tmp_path: Path
) -> None:
    clock = MovableClock()
    async with open_service(INTAKE, clock=clock, blob_dir=tmp_path) as intake:
        case = IntakeCase(intake, clock)
        await case.awaiting_supplement()
        asked_on = local_day(clock.now())
        clock.offset += timedelta(days=40)
        assert (await case.lapse()).state == "REJECTED"
        clock.offset += timedelta(days=1)
        rulebook = await intake.shared.open(RULEBOOK)
        headers = rulebook.headers(ADMIN, held(PostKind.ADMIN, case.province, post_id=ADMIN))
        days = [(asked_on + timedelta(days=number)).isoformat() for number in range(1, 41)]
        body = {"holidays": days, "make_up_days": [], "reason": "Nghỉ lũ"}
        for query in ({"dry_run": "true"}, {}):
            headers |= {"If-Match": '"v1"', "Idempotency-Key": uuid4().hex}
            answer = await rulebook.http.put("/v1/calendar", json=body, params=query, headers=headers)
            assert answer.status_code == 200, answer.text
            if query:
                rungs = {one["rung_id"] for one in answer.json()["questioned"]["rungs"]}
                assert "supplement" in rungs
        watch = CalendarWatch(intake.database, CHECKS, (OWN_CLOCKS, OWN_LAPSES))
        async with intake.database.connection() as conn:
            lease = await take_lead(conn, "calendars", LEADER)
            assert lease
            while await watch.look(lease):
                pass
        marks = [one["detail"] for one in await case.events() if one["kind"] == "ActQuestioned"]
        assert "RequestRejected" in {mark["act"] for mark in marks}
        assert await case.state() == "REQUEST_REJECTED"
