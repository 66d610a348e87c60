"""Many acts in one request: one result an item, each with the refusal it would have had alone."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from language.posts.kinds import PostKind
from services.payout.app import SERVICE as PAYOUT
from services.review.app import SERVICE as REVIEW
from tests.conftest import ServiceOpener, TestService
from tests.payout_cases import Case
from tests.review_cases import Case as ReviewCase

SHEETS = 12


@pytest.fixture
async def payout(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(PAYOUT) as service:
        yield service


@pytest.fixture
async def cases(payout: TestService) -> list[Case]:
    first = Case(payout)
    found = [first, first.beside(), first.beside()]
    for case in found:
        await case.assess()
    return found


async def _batch(
    case: Case, act: str, ids: list[UUID], key: str | None = None, suffix: str = ""
) -> httpx.Response:
    person = case.verifier if act == "verification" else case.approver
    kind = PostKind.ACCOUNTANT if act == "verification" else PostKind.CHIEF_ACCOUNTANT
    items: list[dict[str, Any]] = [{"id": str(one)} for one in ids]
    return await case.post_as(
        f"batch/awards/{act}{suffix}", person, case.own(person, kind), key=key, items=items
    )


async def test_each_item_has_its_own_result_and_a_refusal_stops_nothing(cases: list[Case]) -> None:
    first, second, third = cases
    await second.verify()
    unknown = uuid4()
    answer = (await _batch(first, "verification", [first.award, second.award, unknown, third.award])).json()
    assert (answer["done"], answer["refused"], answer["dry_run"]) == (2, 2, False)
    found = [(item["status"], (item["problem"] or {}).get("code")) for item in answer["items"]]
    assert found == [(200, None), (409, "AwardNotThere"), (404, "NotFound"), (200, None)]
    assert [item["id"] for item in answer["items"]][2] == str(unknown)
    assert answer["items"][0]["result"]["state"] == "VERIFIED"
    assert {await case.state() for case in cases} == {"VERIFIED"}


async def test_the_same_request_again_does_nothing_twice(cases: list[Case]) -> None:
    key, ids = uuid4().hex, [case.award for case in cases]
    one, two = [await _batch(cases[0], "verification", ids, key) for _ in range(2)]
    assert one.json() == two.json()
    assert (await cases[0].events())[-1]["kind"] == "AwardVerified"
    assert len(await cases[0].events()) == 2
    other = (await _batch(cases[0], "verification", list(reversed(ids)), key)).json()
    assert {item["problem"]["code"] for item in other["items"] if item["problem"]} == {"IdempotencyKeyReused"}


async def test_what_was_refused_is_done_by_the_same_request_later(cases: list[Case]) -> None:
    key, ids = uuid4().hex, [case.award for case in cases]
    await cases[0].verify()
    assert (await _batch(cases[0], "approval", ids, key)).json()["done"] == 1
    await _batch(cases[0], "verification", ids[1:])
    assert (await _batch(cases[0], "approval", ids, key)).json()["done"] == 3


async def test_a_dry_run_says_what_would_be_and_writes_nothing(cases: list[Case]) -> None:
    ids = [cases[0].award, cases[0].award, cases[1].award]
    before = await cases[0].service.database.pool.fetchval("select count(*) from events")
    answer = (await _batch(cases[0], "verification", ids, suffix="?dry_run=true")).json()
    assert (answer["dry_run"], answer["done"], answer["refused"]) == (True, 2, 1)
    assert answer["items"][1]["problem"]["code"] == "AwardNotThere"
    assert await cases[0].service.database.pool.fetchval("select count(*) from events") == before
    assert {await case.state() for case in cases} == {"ASSESSED"}


@pytest.mark.parametrize("count", [0, 201])
async def test_a_batch_has_one_to_two_hundred_items(cases: list[Case], count: int) -> None:
    answer = await _batch(cases[0], "verification", [uuid4()] * count)
    assert answer.status_code == 422


async def test_many_tasks_are_reminded_of_once_a_day(cases: list[Case]) -> None:
    tasks = [
        await case.service.database.pool.fetchval(
            "select id from tasks where about_id = $1 and kind = 'VERIFY_AWARD'", case.award
        )
        for case in cases
    ]
    head = cases[0].superiors[0].person_id
    post, items = cases[0].own(head, PostKind.UNIT_HEAD), [{"id": str(task)} for task in tasks]
    first = (await cases[0].post_as("batch/tasks/reminder", head, post, items=items)).json()
    assert first["done"] == 3
    told = "select count(*) from notices where person_id = $1 and kind = 'REMINDED'"
    assert await cases[0].service.database.pool.fetchval(told, cases[0].verifier) == 3
    again = await cases[0].post_as(f"tasks/{tasks[0]}/reminder", head, post)
    assert (again.status_code, again.json()["code"]) == (409, "RemindedAlready")
    stranger = await cases[0].post_as(f"tasks/{tasks[1]}/reminder", uuid4(), cases[0].post(PostKind.STAFF))
    assert (stranger.status_code, stranger.json()["code"]) == (404, "NotFound")


async def test_a_member_marks_all_sheets_in_two_calls(open_service: ServiceOpener) -> None:
    async with open_service(REVIEW) as service:
        first = ReviewCase(service)
        opened = [first]
        await first.open()
        while len(opened) < SHEETS:
            other = first.another()
            await other.open()
            opened.append(other)
        member = first.members[1]
        owed = (await service.http.get("/v1/score-sheets", headers=service.headers(member))).json()
        assert len(owed["items"]) == SHEETS
        items = [
            {
                "id": sheet["id"],
                "version": sheet["version"],
                "scores": sheet["criteria"],
                "vote": "APPROVE",
                "submit": True,
            }
            for sheet in owed["items"]
        ]
        answer = await service.http.post(
            "/v1/batch/score-sheets", json={"items": items}, headers=service.headers(member)
        )
        done = answer.json()
        assert (done["done"], done["refused"]) == (SHEETS, 0), done
        owed = (await service.http.get("/v1/score-sheets", headers=service.headers(member))).json()
        assert owed == {"items": [], "next": None, "count": 0, "more": False}
