"""Money of a unit that has ended: what it owes its successor pays, and a list keeps its number and unit."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from casework.succession_watch import Inheritance
from language.posts.kinds import PostKind
from services.payout.app import SERVICE
from services.payout.operations.cases import CASES, UNIT_ROWS
from services.payout.operations.inheriting import SettleOwed
from tests.conftest import HeldPost, ServiceOpener, TestService, held
from tests.payout_cases import Case
from tests.succession_cases import follow, foreseen, merge

INHERITANCE = Inheritance(rows=UNIT_ROWS, settle=SettleOwed(None))


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as payout:
        yield payout


async def _merged(case: Case, into: UUID | None = None) -> UUID:
    """The unit has ended; the one that succeeded it."""
    into = into or uuid4()
    facts = await case.facts()
    async with facts.database.transaction() as tx:
        await merge(tx, case.root, case.unit, into)
    await follow(case.service.database, CASES, INHERITANCE)
    return into


def _passed(case: Case, into: UUID, person: UUID, kind: PostKind) -> HeldPost:
    return held(kind, case.root, into, post_id=case.own(person, kind).post_id)


async def test_an_award_that_is_owed_is_the_successors_to_pay(service: TestService) -> None:
    case = await Case(service).approved()
    into = await _merged(case)
    owed = await service.database.pool.fetchval("select unit_id from awards where id = $1", case.award)
    assert owed == into
    post = _passed(case, into, case.verifier, PostKind.ACCOUNTANT)
    made = await case.post_as("payment-lists", case.verifier, post, unit_id=str(into))
    assert made.status_code == 201, made.text
    assert made.json()["unit_id"] == str(into)


async def test_a_list_keeps_its_unit_and_is_sent_by_whoever_acts_in_the_successor(
    service: TestService,
) -> None:
    case = Case(service)
    list_id = await case.listed()
    into = await _merged(case)
    kept = await service.database.pool.fetchrow("select * from payment_lists where id = $1", UUID(list_id))
    assert (kept["unit_id"], kept["unit_path"]) == (case.unit, [case.root, into, case.unit])
    [task] = await service.database.pool.fetch(
        "select unit_id from tasks where about_id = $1 and state = 'OPEN'", UUID(list_id)
    )
    assert task["unit_id"] == into
    post = _passed(case, into, case.approver, PostKind.CHIEF_ACCOUNTANT)
    sent = await case.send(list_id, case.approver, post)
    assert sent.status_code == 200, sent.text


async def test_what_is_assessed_after_the_unit_ended_goes_to_the_successor(service: TestService) -> None:
    case = Case(service)
    await case.publish()
    into = await _merged(case)
    assessed = await case.ask()
    assert assessed.award is not None
    owed = await service.database.pool.fetchval(
        "select unit_id from awards where id = $1", assessed.award.award_id
    )
    assert owed == into


async def _awaited(case: Case, *units: UUID) -> list[UUID]:
    """In which of these units a list is somebody's to make."""
    rows = await case.service.database.pool.fetch(
        "select w.unit_id from awaited_lists w join tasks t on t.about_id = w.id and t.state = 'OPEN' "
        "and t.unit_id = w.unit_id where w.unit_id = any($1) and w.closed_at is null",
        list(units),
    )
    return [row["unit_id"] for row in rows]


async def test_what_waits_for_a_list_waits_in_the_successor(service: TestService) -> None:
    case = await Case(service).approved()
    assert await _awaited(case, case.unit) == [case.unit]
    into = await _merged(case)
    assert await _awaited(case, case.unit, into) == [into]
    await follow(service.database, CASES, INHERITANCE)
    assert await _awaited(case, case.unit, into) == [into]


async def test_a_successor_that_waits_itself_goes_on_with_one_list_for_both(service: TestService) -> None:
    case = await Case(service).approved()
    own = await Case(service, root=case.root).approved()
    into = await _merged(case, own.unit)
    assert await _awaited(case, case.unit, into) == [into]
    made = await own.draft()
    assert made.status_code == 201, made.text
    assert made.json()["total_dong"] == case.amount_dong + own.amount_dong
    assert await _awaited(case, case.unit, into) == []


async def test_what_the_treasury_has_not_paid_waits_in_the_successor(service: TestService) -> None:
    case = await Case(service).approved()
    beside = case.beside()
    list_id = await beside.listed()
    into = await _merged(case)
    chief = _passed(case, into, case.approver, PostKind.CHIEF_ACCOUNTANT)
    sent = await case.send(list_id, case.approver, chief)
    assert sent.status_code == 200, sent.text
    accountant = _passed(case, into, case.verifier, PostKind.ACCOUNTANT)
    paid = await case.confirm(list_id, case.verifier, accountant, unpaid=[beside.award])
    assert paid.status_code == 200, paid.text
    assert (await case.state(), await beside.state()) == ("PAID", "APPROVED")
    assert await _awaited(case, case.unit, into) == [into]


async def test_an_award_that_is_taken_up_again_is_the_successors(service: TestService) -> None:
    case = Case(service)
    await case.assess()
    rejected = await case.reject(case.verifier, case.own(case.verifier, PostKind.ACCOUNTANT))
    assert rejected.status_code == 200, rejected.text
    into = await _merged(case)
    head = case.superiors[1]
    taken = await case.take_up(head.person_id, held(PostKind.UNIT_HEAD, case.root, post_id=head.post_id))
    assert taken.status_code == 200, taken.text
    assert taken.json()["unit_id"] == str(into)


async def test_a_unit_that_has_ended_numbers_nothing_while_its_work_goes_over(service: TestService) -> None:
    case = await Case(service).approved()
    into = uuid4()
    facts = await case.facts()
    async with facts.database.transaction() as tx:
        await merge(tx, case.root, case.unit, into)
    post = _passed(case, into, case.verifier, PostKind.ACCOUNTANT)
    early = await case.draft(case.verifier, post)
    assert (early.status_code, early.json()["code"]) == (503, "SuccessionUnderWay")
    await follow(service.database, CASES, INHERITANCE)
    made = await case.post_as("payment-lists", case.verifier, post, unit_id=str(into))
    assert (made.json()["unit_id"], made.json()["number"]) == (str(into), 1)


async def test_the_preview_has_a_verdict_for_every_open_award_and_payment_list(service: TestService) -> None:
    case = Case(service)
    await case.listed()
    beside = case.beside()
    await beside.assess()
    paid = Case(service, root=case.root, unit=case.unit, holders=case.holders, superiors=case.superiors)
    await paid.assess()
    await paid.reject(case.verifier, case.own(case.verifier, PostKind.ACCOUNTANT))
    found = [one for one in await foreseen(service, case.root, case.unit) if one["kind"] != "POST"]
    money = [(one["kind"], one["fate"]) for one in found if one["kind"] in {"AWARD", "PAYMENT_LIST"}]
    assert sorted(money) == [("AWARD", "PASSES_ON")] * 2 + [("PAYMENT_LIST", "PASSES_ON")]
