"""Approved awards that wait for a list are somebody's work, with a clock and a ladder, until it is made."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.cases import CaseType
from language.messages.case import CaseClimbed, ClimbCase
from language.messages.clock import RungFinding
from language.posts.kinds import PostKind
from services.payout.app import SERVICE
from tests.conftest import ServiceOpener, TestService, held
from tests.payout_cases import Case, refusal
from tests.review_cases import holder


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as payout:
        yield payout


@pytest.fixture
async def case(service: TestService) -> Case:
    return await Case(service).approved()


async def _awaited(case: Case) -> list[Any]:
    return await case.service.database.pool.fetch(
        "select * from awaited_lists where unit_id = $1 order by opened_at, id", case.unit
    )


async def _tasks(case: Case, about_id: UUID) -> list[tuple[str, UUID, str]]:
    rows = await case.service.database.pool.fetch(
        "select kind, assignee_id, state from tasks where about_id = $1 order by id", about_id
    )
    return [tuple(row) for row in rows]


async def _outbox(case: Case, about_id: UUID) -> list[str]:
    rows = await case.service.database.pool.fetch(
        "select name from outbox where workflow_id = $1 order by id", f"case:list_making:{about_id}"
    )
    return [row["name"] for row in rows]


async def _climb(case: Case, about_id: UUID, rung_id: str) -> CaseClimbed:
    await case.let_come(about_id, rung_id)
    command = ClimbCase(case=CaseType.LIST_MAKING, about_id=about_id, rung_id=rung_id)
    climbed: CaseClimbed = await case.service.activities["climb"](command)
    return climbed


async def test_the_first_approval_gives_an_accountant_the_list_to_make(case: Case) -> None:
    [waits] = await _awaited(case)
    assert waits["closed_at"] is None
    assert await _tasks(case, waits["id"]) == [("MAKE_LIST", case.verifier, "OPEN")]
    assert await _outbox(case, waits["id"]) == ["CaseWorkflow"]
    clock = (await case.get(f"clocks/{waits['id']}", uuid4(), case.post(PostKind.AUDITOR))).json()
    assert (clock["kind"], len(clock["rungs"])) == ("LIST_MAKING", 3)
    stranger = held(PostKind.AUDITOR, uuid4())
    assert refusal(await case.get(f"clocks/{waits['id']}", uuid4(), stranger)) == (404, "NotFound")
    await case.beside().approved()
    assert len(await _awaited(case)) == 1


async def test_making_the_list_ends_it(case: Case) -> None:
    [waits] = await _awaited(case)
    assert (await case.draft()).status_code == 201
    assert await _tasks(case, waits["id"]) == [("MAKE_LIST", case.verifier, "DONE")]
    assert await _outbox(case, waits["id"]) == ["CaseWorkflow", "case_ended"]
    assert [row["closed_at"] is None for row in await _awaited(case)] == [False]


async def test_when_the_last_award_is_reversed_no_list_is_awaited(case: Case) -> None:
    [waits] = await _awaited(case)
    assert (await case.reverse()).status_code == 200
    assert await _tasks(case, waits["id"]) == [("MAKE_LIST", case.verifier, "CANCELLED")]
    assert await _outbox(case, waits["id"]) == ["CaseWorkflow", "case_ended"]


async def test_nobody_makes_it_and_the_ladder_hands_it_to_the_head_who_can(case: Case) -> None:
    [waits] = await _awaited(case)
    assert (await _climb(case, waits["id"], "remind")).finding is RungFinding.FIRED
    await _climb(case, waits["id"], "tell-superior")
    await _climb(case, waits["id"], "hand-up")
    head = case.superiors[0].person_id
    assert await _tasks(case, waits["id"]) == [
        ("MAKE_LIST", case.verifier, "CANCELLED"),
        ("MAKE_LIST", head, "OPEN"),
    ]
    assert (await case.draft(head, held(PostKind.STAFF, *case.path))).status_code == 201
    assert (await _tasks(case, waits["id"]))[-1] == ("MAKE_LIST", head, "DONE")


async def test_who_is_paid_from_everything_that_waits_does_not_get_it(service: TestService) -> None:
    case = Case(service)
    accountant = holder(PostKind.ACCOUNTANT)
    case.authors = (replace(case.authors[0], person_id=accountant.person_id), *case.authors[1:])
    case.holders = [holder(PostKind.ACCOUNTANT), case.holders[1], accountant]
    await case.approved()
    [waits] = await _awaited(case)
    assert await _tasks(case, waits["id"]) == [("MAKE_LIST", case.verifier, "OPEN")]


async def test_where_nobody_is_there_it_is_an_alarm(service: TestService) -> None:
    case = Case(service)
    await case.assess()
    await case.verify()
    case.holders, case.superiors = case.holders[1:], []
    await case.facts()
    assert (await case.approve(case.holders[0].person_id)).status_code == 200
    [waits] = await _awaited(case)
    alarms = await service.database.pool.fetch("select kind from alarms where about_id = $1", waits["id"])
    assert [row["kind"] for row in alarms] == ["NOBODY_THERE"]


async def test_no_approved_award_is_without_somebody_to_list_it(case: Case) -> None:
    list_id = (await case.draft()).json()["id"]
    await case.cancel(list_id)
    waiting = """
    select count(*) from awards a where a.state = 'APPROVED' and not exists (
      select 1 from awaited_lists w where w.unit_id = a.unit_id and w.closed_at is null)
    """
    assert await case.service.database.pool.fetchval(waiting) == 0
