"""The row lock decides every race of an award; a rung fires once and never after the signature."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.messages.clock import RungFinding
from language.messages.payout import AwardState
from language.plan.review_plan import RungAction
from language.posts.kinds import PostKind
from services.payout.app import SERVICE
from tests.conftest import ServiceOpener, TestService
from tests.payout_cases import Case
from tests.review_cases import holder


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as payout:
        yield payout


@pytest.fixture
async def case(service: TestService) -> Case:
    assessed = Case(service)
    await assessed.assess()
    return assessed


def _codes(*responses: Any) -> list[str]:
    return sorted("" if response.is_success else response.json()["code"] for response in responses)


def _owed(case: Case) -> dict[str, int]:
    return {"AWARD_EXPENSE": case.amount_dong, "AUTHORS_PAYABLE": -case.amount_dong}


async def test_an_award_assessed_by_three_repeats_at_once_is_assessed_once(service: TestService) -> None:
    case = Case(service)
    moved = await asyncio.gather(*(case.assess() for _ in range(3)))
    assert len({move.award_id for move in moved}) == 1
    assert len(await case.tasks()) == 2
    assert len(await case.events()) == 1


async def test_of_two_approvals_at_once_one_books(case: Case) -> None:
    await case.verify()
    assert _codes(*await asyncio.gather(case.approve(), case.approve())) == ["", "AwardNotThere"]
    assert await case.balances() == _owed(case)
    assert await case.signals() == ["APPROVED"]


async def test_the_same_approval_sent_twice_at_once_is_done_once(case: Case) -> None:
    await case.verify()
    one, two = await asyncio.gather(case.approve(key=f"k{case.award}"), case.approve(key=f"k{case.award}"))
    assert (one.status_code, two.status_code) == (200, 200)
    assert one.json() == two.json()
    assert await case.balances() == _owed(case)


async def test_approval_and_rejection_at_once_leave_one_of_them(case: Case) -> None:
    await case.verify()
    post = case.post(PostKind.CHIEF_ACCOUNTANT)
    assert _codes(*await asyncio.gather(case.approve(), case.reject(case.approver, post))) == [
        "",
        "AwardNotThere",
    ]
    state = await case.state()
    assert await case.signals() == [state]
    assert await case.balances() == (_owed(case) if state == "APPROVED" else {})


async def test_two_lists_made_at_once_hold_each_award_once(case: Case) -> None:
    await case.verify()
    await case.approve()
    assert _codes(*await asyncio.gather(case.draft(), case.draft())) == ["", "NothingToPay"]
    query = "select count(*) from payment_list_items where award_id = $1"
    assert await case.service.database.pool.fetchval(query, case.award) == len(case.authors)


@pytest.mark.parametrize("attempt", range(4))
async def test_sending_a_list_and_reversing_an_award_on_it_at_once_agree(
    service: TestService, attempt: int
) -> None:
    case = Case(service)
    list_id = await case.listed()
    calls = [case.send(list_id), case.reverse()]
    await asyncio.gather(*(calls if attempt % 2 else calls[::-1]))
    items, total = await _list_sums(service, list_id)
    if await case.state() == "SENT":
        assert (items, total) == (case.amount_dong, case.amount_dong)
        assert await case.balances() == _owed(case)
    else:
        assert await case.state() == "REVERSED"
        assert (items, total) == (0, 0)
        assert await case.balances() == {}


async def _list_sums(service: TestService, list_id: str) -> tuple[int, int]:
    query = """
    select coalesce((select sum(amount_dong) from payment_list_items where list_id = $1
    and removed_at is null), 0)::bigint as items, total_dong
    from payment_lists where id = $1
    """
    row = await service.database.pool.fetchrow(query, UUID(list_id))
    return row["items"], row["total_dong"]


async def test_two_confirmations_at_once_pay_once(service: TestService) -> None:
    case = Case(service)
    list_id = await case.sent()
    assert _codes(*await asyncio.gather(case.confirm(list_id), case.confirm(list_id))) == ["", "ListNotThere"]
    assert await case.balances() == {"AWARD_EXPENSE": case.amount_dong, "TREASURY": -case.amount_dong}
    assert await case.signals() == ["APPROVED"]


@pytest.mark.parametrize("action", [RungAction.REMIND, RungAction.TELL_SUPERIOR, RungAction.HAND_UP])
async def test_a_rung_fires_once_however_often_it_is_climbed(case: Case, action: RungAction) -> None:
    first, second = await case.climb(action), await case.climb(action)
    assert (first.finding, second.finding) == (RungFinding.FIRED, RungFinding.ALREADY_FIRED)
    fired = [event for event in await case.events() if event["kind"] == "RungFired"]
    assert [(event["rule"], event["actor_id"]) for event in fired] == [(f"payout.{action.lower()}", None)]


async def test_a_reminder_names_whoever_has_the_open_task(case: Case) -> None:
    await case.climb(RungAction.REMIND)
    [did] = (await case.events())[-1]["detail"]["did"]
    assert did["person_ids"] == [str(case.verifier)]


@pytest.mark.parametrize("verified", [False, True])
async def test_handing_up_gives_the_open_task_to_the_nearest_superior(case: Case, verified: bool) -> None:
    if verified:
        await case.verify()
    kind, silent = ("APPROVE_AWARD", case.approver) if verified else ("VERIFY_AWARD", case.verifier)
    await case.climb(RungAction.HAND_UP)
    tasks = await case.tasks()
    assert (kind, silent, "CANCELLED") in tasks
    assert (kind, case.superiors[0].person_id, "OPEN") in tasks


async def test_handing_up_passes_over_the_person_who_gives_the_other_signature(service: TestService) -> None:
    head = uuid4()
    case = Case(service, superiors=[holder(PostKind.UNIT_HEAD, head), holder(PostKind.UNIT_HEAD)])
    case.holders[1] = holder(PostKind.CHIEF_ACCOUNTANT, head)
    await case.assess()
    await case.climb(RungAction.HAND_UP)
    assert ("VERIFY_AWARD", case.superiors[1].person_id, "OPEN") in await case.tasks()


async def test_handing_up_with_nobody_above_leaves_the_task_where_it_is(case: Case) -> None:
    case.superiors = []
    climbed = await case.climb(RungAction.HAND_UP)
    assert climbed.finding is RungFinding.NOTHING_TO_DO
    assert ("VERIFY_AWARD", case.verifier, "OPEN") in await case.tasks()


@pytest.mark.parametrize("action", [RungAction.REMIND, RungAction.TELL_SUPERIOR, RungAction.HAND_UP])
async def test_a_rung_gives_an_award_that_nobody_has_to_whoever_is_in_the_posts_by_then(
    service: TestService, action: RungAction
) -> None:
    case = Case(service)
    came, case.holders, heads, case.superiors = case.holders, [], case.superiors, []
    await case.assess()
    assert await case.tasks() == []
    case.holders, case.superiors = came, heads
    assert (await case.climb(action)).finding is RungFinding.FIRED
    assert await case.tasks() == [
        ("VERIFY_AWARD", case.verifier, "OPEN"),
        ("APPROVE_AWARD", case.approver, "WAITING"),
    ]
    assert (await case.verify()).status_code == (await case.approve()).status_code == 200


async def test_a_missing_approver_is_found_at_a_rung_and_is_never_another_accountant(
    service: TestService,
) -> None:
    case = Case(service)
    chief, heads = case.holders[1], case.superiors
    case.holders, case.superiors = [case.holders[0], holder(PostKind.ACCOUNTANT)], []
    await case.assess()
    await case.verify((await case.tasks())[0][1])
    assert (await case.climb(RungAction.REMIND)).finding is RungFinding.NOTHING_TO_DO
    case.holders, case.superiors = [*case.holders, chief], heads
    assert (await case.climb(RungAction.TELL_SUPERIOR)).finding is RungFinding.FIRED
    assert (await case.tasks())[-1] == ("APPROVE_AWARD", chief.person_id, "OPEN")


@pytest.mark.parametrize("action", [RungAction.REMIND, RungAction.TELL_SUPERIOR, RungAction.HAND_UP])
async def test_with_nobody_anywhere_a_rung_finds_nothing_to_do(
    service: TestService, action: RungAction
) -> None:
    case = Case(service)
    case.holders, case.superiors = [], []
    await case.assess()
    assert (await case.climb(action)).finding is RungFinding.NOTHING_TO_DO
    assert await case.tasks() == []


@pytest.mark.parametrize("action", [RungAction.TELL_SUPERIOR, RungAction.HAND_UP])
async def test_a_payee_never_gets_the_own_award_to_sign(service: TestService, action: RungAction) -> None:
    case = Case(service)
    payee = case.authors[0].person_id
    case.holders.insert(0, holder(PostKind.ACCOUNTANT, payee))
    case.superiors.insert(0, holder(PostKind.UNIT_HEAD, payee))
    await case.assess()
    await case.climb(action)
    assert payee not in {person for _, person, _ in await case.tasks()}
    assert str(payee) not in str([event["detail"] for event in await case.events()])


@pytest.mark.parametrize("judged", ["approve", "reject"])
async def test_a_rung_after_the_signature_comes_too_late(case: Case, judged: str) -> None:
    await case.verify()
    if judged == "approve":
        await case.approve()
    else:
        await case.reject(case.approver, case.post(PostKind.CHIEF_ACCOUNTANT))
    before = await case.tasks()
    climbed = await case.climb(RungAction.HAND_UP)
    assert climbed.finding is RungFinding.TOO_LATE
    assert climbed.award.state is (AwardState.APPROVED if judged == "approve" else AwardState.REJECTED)
    assert "RungFired" not in {event["kind"] for event in await case.events()}
    assert await case.tasks() == before


@pytest.mark.parametrize("attempt", range(4))
async def test_a_signature_and_handing_up_at_once_agree_on_what_came_first(case: Case, attempt: int) -> None:
    await case.verify()
    calls = [case.approve(), case.climb(RungAction.HAND_UP)]
    results = await asyncio.gather(*(calls if attempt % 2 else calls[::-1]))
    response, climbed = results if attempt % 2 else results[::-1]
    if response.is_success:
        assert climbed.finding is RungFinding.TOO_LATE
        assert await case.balances() == _owed(case)
    else:
        assert response.status_code in {403, 404}
        assert climbed.finding is RungFinding.FIRED
        assert await case.balances() == {}
