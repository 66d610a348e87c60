"""A mistaken rejection or reversal is taken up again: by a second person, as another award that is signed
anew, while the first stays as it is."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.posts.kinds import PostKind
from services.payout.app import SERVICE
from tests.conftest import ServiceOpener, TestService, held
from tests.payout_cases import Case, refusal


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as payout:
        yield payout


@pytest.fixture
async def rejected(service: TestService) -> Case:
    case = Case(service)
    await case.assess()
    assert (await case.reject(case.verifier, case.post(PostKind.ACCOUNTANT))).status_code == 200
    return case


async def _told(case: Case, kind: str) -> set[UUID]:
    query = "select person_id from notices where subject_id = $1 and kind = $2"
    rows = await case.service.database.pool.fetch(query, case.dossier, kind)
    return {row["person_id"] for row in rows}


async def _run(case: Case) -> list[Any]:
    return await case.service.database.pool.fetch(
        "select name, payload from outbox where workflow_id = $1 order by id",
        f"case:award_approval:{case.award}",
    )


def _concerned(case: Case) -> set[UUID]:
    return {*(author.person_id for author in case.authors), case.superiors[0].person_id}


async def test_a_rejected_award_is_taken_up_by_the_head_and_paid(rejected: Case) -> None:
    case, first = rejected, rejected.award
    assert await _told(case, "AWARD_REJECTED") == _concerned(case)
    taken = await case.take_up()
    assert taken.status_code == 200, taken.text
    assert (taken.json()["state"], taken.json()["replaces"]) == ("ASSESSED", str(first))
    assert taken.headers["location"] == f"/v1/awards/{case.award}"
    assert await _told(case, "AWARD_TAKEN_UP") == _concerned(case)
    assert await case.tasks() == [
        ("VERIFY_AWARD", case.verifier, "OPEN"),
        ("APPROVE_AWARD", case.approver, "WAITING"),
    ]
    old = "select state from awards where id = $1"
    assert await case.service.database.pool.fetchval(old, first) == "REJECTED"
    await case.verify()
    await case.approve()
    assert [row["name"] for row in await _run(case)] == ["CaseWorkflow", "case_ended"]
    list_id = (await case.draft()).json()["id"]
    await case.send(list_id)
    await case.confirm(list_id)
    assert await case.state() == "PAID"
    assert await case.balances() == {"AWARD_EXPENSE": case.amount_dong, "TREASURY": -case.amount_dong}


async def test_its_run_begins_with_its_clock(rejected: Case) -> None:
    await rejected.take_up()
    [start] = await _run(rejected)
    assert start["payload"]["case"] == "AWARD_APPROVAL"
    assert start["payload"]["clock"]["about_id"] == str(rejected.award)


async def test_a_reversed_award_is_taken_up_after_it_was_paid(service: TestService) -> None:
    case = Case(service)
    await case.paid()
    first = case.award
    await case.reverse(case.other_chief, held(PostKind.CHIEF_ACCOUNTANT, case.root))
    assert await _told(case, "AWARD_REVERSED") == _concerned(case)
    assert (await case.take_up()).status_code == 200
    await case.verify()
    await case.approve()
    assert await case.state() == "APPROVED"
    case.award = first
    assert await case.balances() == {}
    assert refusal(await case.take_up()) == (409, "AlreadyTakenUp")


async def test_who_ended_it_does_not_take_it_up(service: TestService) -> None:
    case = Case(service)
    await case.approved()
    assert (await case.reverse()).status_code == 200
    chief = case.own(case.other_chief, PostKind.CHIEF_ACCOUNTANT)
    assert refusal(await case.take_up(case.other_chief, chief)) == (403, "SamePersonTwice")


async def test_a_payee_takes_nothing_up(rejected: Case) -> None:
    payee, post = rejected.authors[0].person_id, rejected.post(PostKind.UNIT_HEAD)
    assert refusal(await rejected.take_up(payee, post)) == (403, "OwnAward")


@pytest.mark.parametrize("kind", [PostKind.ACCOUNTANT, PostKind.AUDITOR, PostKind.ADMIN])
async def test_others_who_see_money_take_nothing_up(rejected: Case, kind: PostKind) -> None:
    assert refusal(await rejected.take_up(uuid4(), rejected.post(kind))) == (403, "Forbidden")


async def test_a_head_elsewhere_is_not_told_that_there_is_anything(rejected: Case) -> None:
    elsewhere = held(PostKind.UNIT_HEAD, rejected.root, uuid4())
    assert refusal(await rejected.take_up(uuid4(), elsewhere)) == (404, "NotFound")


async def test_what_is_not_over_is_not_taken_up(service: TestService) -> None:
    case = Case(service)
    await case.assess()
    assert refusal(await case.take_up()) == (409, "AwardNotThere")


async def test_the_journey_that_asks_again_finds_the_first_award(rejected: Case) -> None:
    first = rejected.award
    await rejected.take_up()
    assessed = await rejected.ask()
    assert assessed.award
    assert assessed.award.award_id == first
