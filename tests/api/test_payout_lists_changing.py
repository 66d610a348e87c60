"""A payment list leaves awards out, loses one, is paid in part, is cancelled: what it does not pay waits for
another, and somebody has to make that."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from language.posts.kinds import PostKind
from services.payout.app import SERVICE
from tests.conftest import ServiceOpener, TestService
from tests.payout_cases import Case, refusal


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as payout:
        yield payout


@pytest.fixture
async def pair(service: TestService) -> tuple[Case, Case]:
    first = await Case(service).approved()
    return first, await first.beside().approved()


async def _told(case: Case, kind: str) -> set[UUID]:
    rows = await case.service.database.pool.fetch(
        "select person_id from notices where subject_id = $1 and kind = $2", case.dossier, kind
    )
    return {row["person_id"] for row in rows}


def _concerned(case: Case) -> set[UUID]:
    return {*(author.person_id for author in case.authors), case.superiors[0].person_id}


async def _to_make(case: Case) -> list[tuple[UUID, str]]:
    rows = await case.service.database.pool.fetch(
        "select assignee_id, state from tasks where kind = 'MAKE_LIST' and unit_id = $1 order by id",
        case.unit,
    )
    return [(row["assignee_id"], row["state"]) for row in rows]


async def test_a_list_leaves_an_award_out_which_waits_for_the_next(pair: tuple[Case, Case]) -> None:
    listed, left = pair
    made = (await listed.draft(leave_out=[left.award])).json()
    assert made["total_dong"] == listed.amount_dong
    assert (await listed.state(), await left.state()) == ("LISTED", "APPROVED")
    assert await _to_make(listed) == [(listed.verifier, "DONE"), (listed.verifier, "OPEN")]
    assert (await listed.draft()).json()["total_dong"] == left.amount_dong


async def test_what_does_not_wait_cannot_be_left_out(pair: tuple[Case, Case]) -> None:
    assert refusal(await pair[0].draft(leave_out=[uuid4()])) == (409, "AwardNotWaiting")
    everything = [case.award for case in pair]
    assert refusal(await pair[0].draft(leave_out=everything)) == (409, "NothingToPay")


async def test_a_list_holds_only_what_is_named(pair: tuple[Case, Case]) -> None:
    listed, other = pair
    assert refusal(await listed.draft(only=[listed.award, uuid4()])) == (409, "AwardNotWaiting")
    made = await listed.draft(only=[listed.award])
    assert (made.status_code, made.json()["total_dong"]) == (201, listed.amount_dong)
    assert (await listed.state(), await other.state()) == ("LISTED", "APPROVED")
    assert refusal(await listed.draft(only=[listed.award])) == (409, "AwardNotWaiting")


async def test_an_accountant_who_is_paid_leaves_the_own_award_out(pair: tuple[Case, Case]) -> None:
    others, own = pair
    payee = own.authors[0].person_id
    post = others.post(PostKind.ACCOUNTANT)
    assert refusal(await others.draft(payee, post)) == (403, "OwnAward")
    assert (await others.draft(payee, post, leave_out=[own.award])).status_code == 201


async def test_an_award_is_taken_off_a_draft(pair: tuple[Case, Case]) -> None:
    kept, taken = pair
    list_id = (await kept.draft()).json()["id"]
    shortened = (await kept.shorten(list_id, taken.award)).json()
    assert (shortened["state"], shortened["total_dong"]) == ("DRAFT", kept.amount_dong)
    assert (await kept.state(), await taken.state()) == ("LISTED", "APPROVED")
    assert await _told(taken, "AWARD_UNPAID") == set()
    assert refusal(await kept.shorten(list_id, taken.award)) == (409, "AwardNotOnList")
    assert (await kept.shorten(list_id)).json()["state"] == "CANCELLED"
    assert await kept.state() == "APPROVED"
    assert (await _to_make(kept))[-1][1] == "OPEN"


async def test_what_the_treasury_has_not_paid_waits_for_another_list(pair: tuple[Case, Case]) -> None:
    paid, unpaid = pair
    list_id = (await paid.draft()).json()["id"]
    await paid.send(list_id)
    assert refusal(await paid.confirm(list_id, unpaid=[uuid4()])) == (409, "AwardNotOnList")
    everything = [paid.award, unpaid.award]
    assert refusal(await paid.confirm(list_id, unpaid=everything)) == (409, "NothingPaid")
    confirmed = (await paid.confirm(list_id, unpaid=[unpaid.award])).json()
    assert (confirmed["state"], confirmed["total_dong"]) == ("CONFIRMED", paid.amount_dong)
    assert (await paid.state(), await unpaid.state()) == ("PAID", "APPROVED")
    assert await unpaid.balances() == {
        "AWARD_EXPENSE": unpaid.amount_dong,
        "AUTHORS_PAYABLE": -unpaid.amount_dong,
    }
    assert await _told(unpaid, "AWARD_UNPAID") == _concerned(unpaid)
    again = (await unpaid.draft()).json()["id"]
    await unpaid.send(again)
    await unpaid.confirm(again)
    assert await unpaid.state() == "PAID"
    assert await unpaid.balances() == {"AWARD_EXPENSE": unpaid.amount_dong, "TREASURY": -unpaid.amount_dong}


@pytest.mark.parametrize("reach", ["listed", "sent"])
async def test_a_list_is_cancelled_and_its_awards_wait_again(service: TestService, reach: str) -> None:
    case = Case(service)
    list_id = await getattr(case, reach)()
    cancelled = (await case.cancel(list_id)).json()
    assert (cancelled["state"], cancelled["total_dong"]) == ("CANCELLED", 0)
    assert await case.state() == "APPROVED"
    assert await _told(case, "AWARD_UNPAID") == (_concerned(case) if reach == "sent" else set())
    open_ = "select count(*) from tasks where about_id = $1 and state in ('OPEN', 'WAITING')"
    assert await service.database.pool.fetchval(open_, UUID(list_id)) == 0
    assert (await _to_make(case))[-1][1] == "OPEN"
    assert refusal(await case.cancel(list_id)) == (409, "ListNotThere")
    assert (await case.draft()).status_code == 201


async def test_a_paid_list_is_not_cancelled_or_shortened(service: TestService) -> None:
    case = Case(service)
    list_id = await case.paid()
    for refused in (await case.cancel(list_id), await case.shorten(list_id)):
        assert refusal(refused) == (409, "ListNotThere")


@pytest.mark.parametrize("act", ["removal", "cancellation"])
async def test_a_payee_changes_no_list(service: TestService, act: str) -> None:
    case = Case(service)
    list_id = await case.listed()
    body = {"reason": "x", **({"award_id": str(case.award)} if act == "removal" else {})}
    payee, post = case.authors[0].person_id, case.post(PostKind.CHIEF_ACCOUNTANT)
    refused = await case.post_as(f"payment-lists/{list_id}/{act}", payee, post, **body)
    assert refusal(refused) == (403, "OwnAward")


@pytest.mark.parametrize("act", ["shorten", "cancel", "draft", "send"])
async def test_a_dry_run_changes_nothing(service: TestService, act: str) -> None:
    case = Case(service)
    list_id = await case.listed()
    before = await case.service.database.pool.fetchval("select count(*) from events")
    path, body = {
        "shorten": (f"payment-lists/{list_id}/removal", {"award_id": str(case.award), "reason": "x"}),
        "cancel": (f"payment-lists/{list_id}/cancellation", {"reason": "x"}),
        "draft": (f"awards/{case.award}/reversal", {"reason": "x"}),
        "send": (f"payment-lists/{list_id}/sending", {}),
    }[act]
    who = case.other_chief if act in {"draft", "send"} else case.verifier
    kind = PostKind.CHIEF_ACCOUNTANT if act in {"draft", "send"} else PostKind.ACCOUNTANT
    tried = await case.post_as(f"{path}?dry_run=true", who, case.own(who, kind), **body)
    assert tried.status_code == 200, tried.text
    assert await case.service.database.pool.fetchval("select count(*) from events") == before
    assert await case.state() == "LISTED"
