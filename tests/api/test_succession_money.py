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
from tests.succession_cases import follow, merge


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as payout:
        yield payout


async def _merged(case: Case) -> UUID:
    """The unit has ended; the one that succeeded it."""
    into = uuid4()
    facts = await case.facts()
    async with facts.database.transaction() as tx:
        await merge(tx, case.root, case.unit, into)
    inheritance = Inheritance(rows=UNIT_ROWS, settle=SettleOwed(None))
    await follow(case.service.database, CASES, inheritance)
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
