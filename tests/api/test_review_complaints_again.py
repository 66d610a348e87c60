"""A second complaint, about the first answer: to the unit above the one that gave it, and never to whoever
decided, answered, or was stood in for."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from language.plan.act_rules import SAMPLE_AGAIN, SAMPLE_COMPLAINT
from language.posts.kinds import PostKind, PostTask
from services.review.app import SERVICE
from tests.complaint_cases import REFUSED, WHY, complain, complained, refused
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.review_cases import Case, holder

DISMISSED = {"outcome": "DISMISSED", "reason": "Hai giải pháp là một"}
UPHELD = {"outcome": "UPHELD", "reason": "Hội đồng đã so sánh nhầm"}
PAPER = {"number": "1/QĐ", "issued_on": "2026-01-31", "signer": "x"}


@pytest.fixture
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, clock=MovableClock()) as review:
        yield review


async def settle(case: Case, complaint: UUID, person: UUID, body: dict[str, Any]) -> httpx.Response:
    return await case.service.http.post(
        f"/v1/complaints/{complaint}/settlement", json=body, headers=case.service.headers(person)
    )


async def has_it(case: Case, complaint: UUID) -> list[UUID]:
    query = "select assignee_id from tasks where about_id = $1 and state = 'OPEN'"
    return [row["assignee_id"] for row in await case.service.database.pool.fetch(query, complaint)]


async def dismissed(case: Case, person: UUID) -> UUID:
    """The first complaint is settled by this person, in vain."""
    complaint = await complained(case)
    assert await has_it(case, complaint) == [person]
    answer = await settle(case, complaint, person, DISMISSED)
    assert answer.status_code == 200, answer.text
    return complaint


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_after_the_first_answer_an_author_complains_to_the_unit_above(service: TestService) -> None:
    case = await refused(service)
    head, above = (one.person_id for one in case.superiors)
    first = await dismissed(case, head)
    tried = await complain(case, query="?dry_run=true")
    assert (tried.status_code, tried.json()["instance"]) == (200, 2)
    made = await complain(case)
    assert made.status_code == 201, made.text
    said = made.json()
    assert (said["instance"], said["unit_id"], said["stage_id"]) == (2, str(case.root), str(case.stage))
    again = UUID(said["id"])
    assert await has_it(case, again) == [above]
    rungs = await service.database.pool.fetchval("select ladder from clocks where about_id = $1", again)
    assert next(rung["basis"]["rule"] for rung in rungs) == "complaint_again.ladder.remind"
    told = "select person_id from notices where kind = 'COMPLAINT_FILED' order by happened_at desc limit 2"
    assert {row["person_id"] for row in await service.database.pool.fetch(told)} == {case.chair, head}
    assert code(await complain(case)) == (409, "ComplaintThere")
    assert code(await settle(case, again, head, UPHELD)) == (403, "NotYourTask")
    upheld = await settle(case, again, above, UPHELD)
    assert (upheld.status_code, upheld.json()["ended"]) == (200, "UPHELD"), upheld.text
    annulled = await service.database.pool.fetchval(
        "select annulled_by from stages where id = $1", case.stage
    )
    assert annulled == "REOPENING"
    filed = [event["detail"] for event in await case.events() if event["kind"] == "ComplaintFiled"]
    assert [detail["instance"] for detail in filed] == [1, 2]
    listed = await service.http.get(
        f"/v1/dossiers/{case.dossier}/complaints", headers=service.headers(case.author)
    )
    assert [one["id"] for one in listed.json()["items"]] == [str(first), str(again)]


async def test_the_second_answer_is_the_last(service: TestService) -> None:
    case = await refused(service)
    head, above = (one.person_id for one in case.superiors)
    await dismissed(case, head)
    again = await complained(case)
    await settle(case, again, above, DISMISSED)
    assert code(await complain(case)) == (409, "ComplainedTwice")


async def test_what_was_taken_back_leaves_the_second_complaint_open(service: TestService) -> None:
    case = await refused(service)
    await dismissed(case, case.superiors[0].person_id)
    again = await complained(case)
    taken_back = await service.http.post(
        f"/v1/complaints/{again}/withdrawal", json=WHY, headers=service.headers(case.author)
    )
    assert taken_back.status_code == 200
    assert (await complain(case)).json()["instance"] == 2


async def test_the_time_for_a_second_complaint_begins_with_the_answer(service: TestService) -> None:
    short = replace(SAMPLE_AGAIN, within=replace(SAMPLE_AGAIN.within, amount=10))
    usual, late = await refused(service), await refused(service, complaint_again=short)
    complaints = [await complained(usual), await complained(late)]
    service.shared.clock.offset += timedelta(days=100)
    for case, complaint in zip((usual, late), complaints, strict=True):
        [person] = await has_it(case, complaint)
        assert (await settle(case, complaint, person, DISMISSED)).status_code == 200
    service.shared.clock.offset += timedelta(days=20)
    assert (await complain(usual)).status_code == 201
    assert code(await complain(late)) == (409, "ActTooLate")


async def test_above_the_highest_unit_there_is_nobody_here(service: TestService) -> None:
    case = Case(service)
    case.superiors = [holder(PostKind.UNIT_HEAD, case.chair), case.superiors[1]]
    await case.open()
    await case.mark_all()
    await case.decide(**REFUSED)
    await dismissed(case, case.superiors[1].person_id)
    assert code(await complain(case)) == (409, "NoUnitAbove")


async def test_who_decided_settles_no_second_complaint_whatever_the_rules_let_them_do_first(
    service: TestService,
) -> None:
    case = Case(service, rules={"complaint": replace(SAMPLE_COMPLAINT, by_decider=True)})
    case.superiors = [holder(PostKind.UNIT_HEAD, case.chair), case.superiors[1]]
    await case.open()
    await case.mark_all()
    await case.decide(**REFUSED)
    await dismissed(case, case.chair)
    again = await complained(case)
    assert await has_it(case, again) == [case.superiors[1].person_id]


async def test_in_whose_place_it_was_decided_does_not_settle_the_complaint_either(
    service: TestService,
) -> None:
    case = Case(service)
    boss, deputy = case.chair, case.holders[1].person_id
    case.superiors = [holder(PostKind.UNIT_HEAD, boss), case.superiors[1]]
    await (await case.facts()).delegate(boss, deputy, case.unit, PostTask.DECIDE)
    await case.open()
    await case.mark_all()
    decided = await case.decide(deputy, **REFUSED)
    assert decided.status_code == 200, decided.text
    complaint = await complained(case)
    assert await has_it(case, complaint) == [case.superiors[1].person_id]


async def test_a_paper_is_taken_only_where_there_is_a_second_decision(service: TestService) -> None:
    case = await refused(service)
    complaint, head = await complained(case), case.superiors[0].person_id
    refusal = await settle(case, complaint, head, DISMISSED | {"paper": PAPER})
    assert code(refusal) == (422, "PaperNotTaken")


async def test_who_decided_does_not_hold_up_the_complaint(service: TestService) -> None:
    case = Case(service)
    case.superiors = [case.superiors[0], holder(PostKind.UNIT_HEAD, case.chair)]
    await case.open()
    await case.mark_all()
    await case.decide(**REFUSED)
    complaint = await complained(case)
    assert await has_it(case, complaint) == [case.superiors[0].person_id]
    standing_still = {"kind": "FORCE_MAJEURE", "reason": "Bão"}
    for act, body in (("suspension", standing_still), ("extension", {"amount": 5, "reason": "Bão"})):
        moved = await service.http.post(
            f"/v1/clocks/{complaint}/{act}", json=body, headers=service.headers(case.chair)
        )
        assert code(moved) == (403, "ClockOfOwnDoing")


async def test_a_second_complaint_that_nobody_may_settle_is_an_alarm_and_looked_at_again(
    service: TestService,
) -> None:
    case = Case(service)
    case.superiors = [case.superiors[0], holder(PostKind.UNIT_HEAD, case.chair)]
    await case.open()
    await case.mark_all()
    await case.decide(**REFUSED)
    await dismissed(case, case.superiors[0].person_id)
    again = await complained(case)
    assert await has_it(case, again) == []
    pool = service.database.pool
    alarm = "select kind from alarms where about_id = $1 and cleared_at is null"
    assert await pool.fetchval(alarm, again) == "NOBODY_THERE"
    ahead = "select rung_id from rungs_ahead where about_id = $1 order by at limit 1"
    assert await pool.fetchval(ahead, again) == "look-again-1"
