"""A payment list is a case: sending and confirming it are tasks of the accountants, with a clock and a
ladder."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from casework import tasks
from casework.hand_over import works_of
from language.cases import CaseType
from language.deadline.clock import Rung
from language.messages.case import CaseClimbed, ClimbCase, GiveOutCase
from language.messages.rung import RungClimb, RungFinding
from language.plan.review_plan import RungAction
from language.posts.kinds import PostKind
from services.payout.app import SERVICE
from services.payout.operations.cases import CASES
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


async def _made(case: Case) -> UUID:
    response = await case.draft()
    assert response.status_code == 201, response.text
    return UUID(response.json()["id"])


async def _give_out(case: Case, list_id: UUID) -> CaseClimbed:
    command = GiveOutCase(case=CaseType.PAYMENT_LIST, about_id=list_id, posts=case.posts())
    given: CaseClimbed = await case.service.activities["give_out"](command)
    return given


async def _climb(case: Case, list_id: UUID, rung_id: str, action: RungAction) -> CaseClimbed:
    planned = await case.service.database.pool.fetchval(
        "select at from rungs_ahead where about_id = $1 and rung_id = $2", list_id, rung_id
    )
    rung = Rung(id=rung_id, action=action, at=planned, rule="payout.list_ladder")
    climb = RungClimb(rung=rung, posts=case.posts())
    command = ClimbCase(case=CaseType.PAYMENT_LIST, about_id=list_id, climb=climb)
    climbed: CaseClimbed = await case.service.activities["climb"](command)
    return climbed


async def _tasks(case: Case, list_id: UUID) -> list[tuple[str, UUID, str]]:
    rows = await case.service.database.pool.fetch(
        "select kind, assignee_id, state from tasks where about_id = $1 order by id", list_id
    )
    return [(row["kind"], row["assignee_id"], row["state"]) for row in rows]


async def _history(case: Case, list_id: UUID) -> list[str]:
    path = f"payment-lists/{list_id}/history"
    answer = await case.get(path, uuid4(), case.post(PostKind.AUDITOR))
    return [event["kind"] for event in answer.json()["items"]]


async def _outbox(case: Case, list_id: UUID) -> list[Any]:
    return await case.service.database.pool.fetch(
        "select name, payload from outbox where workflow_id = $1 order by id", f"case:payment_list:{list_id}"
    )


async def test_making_a_list_starts_its_clock_and_its_run(case: Case) -> None:
    list_id = await _made(case)
    [start] = await _outbox(case, list_id)
    assert (start["name"], start["payload"]["case"], start["payload"]["owner"]) == (
        "CaseWorkflow",
        "PAYMENT_LIST",
        "payout",
    )
    assert set(start["payload"]["excluded"]) == {str(author.person_id) for author in case.authors}
    clock = (await case.get(f"clocks/{list_id}", uuid4(), case.post(PostKind.AUDITOR))).json()
    assert [rung["id"] for rung in clock["rungs"]] == ["remind", "tell-superior", "hand-up"]
    assert clock["rule_version"] == "three-tier@1"
    shown = (await case.get(f"payment-lists/{list_id}", uuid4(), case.post(PostKind.AUDITOR))).json()
    assert shown["due_at"] == clock["due_at"]
    stranger = held(PostKind.AUDITOR, uuid4())
    assert refusal(await case.get(f"clocks/{list_id}", uuid4(), stranger)) == (404, "NotFound")


async def test_the_list_is_given_to_a_chief_accountant_and_then_to_an_accountant(case: Case) -> None:
    list_id = await _made(case)
    given = await _give_out(case, list_id)
    assert (given.finding, given.is_over) == (RungFinding.FIRED, False)
    assert (await _give_out(case, list_id)).finding is RungFinding.NOTHING_TO_DO
    assert await _tasks(case, list_id) == [("SEND_LIST", case.approver, "OPEN")]
    assert (await case.send(str(list_id))).status_code == 200
    [sent, confirm] = await _tasks(case, list_id)
    assert (sent[2], confirm[0], confirm[2]) == ("DONE", "CONFIRM_LIST", "OPEN")
    assert confirm[1] in {case.verifier, case.approver}
    assert (await case.confirm(str(list_id))).status_code == 200
    assert [state for _, _, state in await _tasks(case, list_id)] == ["DONE", "DONE"]
    assert [row["name"] for row in await _outbox(case, list_id)] == ["CaseWorkflow", "case_ended"]
    assert (await _give_out(case, list_id)).is_over
    assert await _history(case, list_id) == [
        "PaymentListMade",
        "WorkGivenOut",
        "PaymentListSent",
        "WorkGivenOut",
        "PaymentListConfirmed",
    ]


async def test_the_maker_is_not_given_the_sending_and_payees_are_given_nothing(service: TestService) -> None:
    case = Case(service)
    maker = holder(PostKind.CHIEF_ACCOUNTANT, case.verifier)
    payee = holder(PostKind.CHIEF_ACCOUNTANT, case.authors[0].person_id)
    await case.approved()
    list_id = await _made(case)
    case.holders = [maker, payee]
    await _give_out(case, list_id)
    head = case.superiors[0].person_id
    assert await _tasks(case, list_id) == [("SEND_LIST", head, "OPEN")]
    async with service.database.reading() as tx:
        [work] = await works_of(tx, CASES, await tasks.given_about(tx, [list_id]))
    assert work.holder_id == head
    assert case.verifier in work.case.barred
    assert case.authors[0].person_id in work.case.excluded


async def test_whoever_has_the_task_may_send_without_a_post_of_their_own(case: Case) -> None:
    list_id = await _made(case)
    case.holders = []
    await _give_out(case, list_id)
    head = case.superiors[0].person_id
    response = await case.send(str(list_id), head, held(PostKind.STAFF, uuid4()))
    assert response.status_code == 200, response.text
    read = await case.get(f"payment-lists/{list_id}", head, held(PostKind.STAFF, uuid4()))
    assert read.status_code == 200, read.text


@pytest.mark.parametrize("step", ["draft", "send", "confirm"])
async def test_a_payee_neither_makes_nor_sends_nor_confirms(service: TestService, step: str) -> None:
    case = await Case(service).approved()
    payee = case.authors[0].person_id
    posts = (case.post(PostKind.ACCOUNTANT), case.post(PostKind.CHIEF_ACCOUNTANT))
    if step == "draft":
        assert refusal(await case.draft(payee, *posts)) == (403, "OwnAward")
        return
    list_id = str(await _made(case))
    if step == "confirm":
        await case.send(list_id)
    assert refusal(await getattr(case, step)(list_id, payee, *posts)) == (403, "OwnAward")


async def test_while_nobody_sends_it_the_ladder_reminds_and_hands_up(case: Case) -> None:
    list_id = await _made(case)
    await _give_out(case, list_id)
    assert (await _climb(case, list_id, "remind", RungAction.REMIND)).finding is RungFinding.FIRED
    await _climb(case, list_id, "tell-superior", RungAction.TELL_SUPERIOR)
    handed = await _climb(case, list_id, "hand-up", RungAction.HAND_UP)
    assert handed.clock is not None
    assert handed.clock.clock.rungs[-1].id == "onward-1"
    assert await _tasks(case, list_id) == [
        ("SEND_LIST", case.approver, "CANCELLED"),
        ("SEND_LIST", case.superiors[0].person_id, "OPEN"),
    ]
    notices = await case.service.database.pool.fetch(
        "select kind, person_id from notices where subject_id = $1 order by id", list_id
    )
    assert {(row["kind"], row["person_id"]) for row in notices} >= {
        ("REMINDED", case.approver),
        ("SUPERIOR_TOLD", case.superiors[0].person_id),
        ("DECISION_HANDED_UP", case.approver),
    }


async def test_a_list_that_is_cancelled_leaves_no_task_no_clock_and_ends_its_run(case: Case) -> None:
    list_id = await _made(case)
    await _give_out(case, list_id)
    await case.reverse()
    assert await _tasks(case, list_id) == [("SEND_LIST", case.approver, "CANCELLED")]
    clock = (await case.get(f"clocks/{list_id}", uuid4(), case.post(PostKind.AUDITOR))).json()
    assert clock["closed_at"] is not None
    assert [row["name"] for row in await _outbox(case, list_id)] == ["CaseWorkflow", "case_ended"]
    assert (await _history(case, list_id))[-1] == "PaymentListCancelled"


async def test_the_forecast_says_what_becomes_of_a_list(case: Case) -> None:
    list_id = await _made(case)
    await _give_out(case, list_id)
    ahead = (await case.get("forecast", uuid4(), case.post(PostKind.AUDITOR), days=60)).json()["items"]
    own = {item["rung"]["id"]: item for item in ahead if item["about_id"] == str(list_id)}
    assert own["remind"]["kind"] == "PAYMENT_LIST"
    assert own["remind"]["told"] == [str(case.approver)]
    assert own["hand-up"]["did"][0]["to_id"] == str(case.superiors[0].person_id)


async def test_a_head_extends_the_clock_of_a_list_within_no_rule(case: Case) -> None:
    list_id = await _made(case)
    head = held(PostKind.UNIT_HEAD, case.root)
    refused = await case.post_as(f"clocks/{list_id}/extension", uuid4(), head, amount=1, reason="Chờ Kho bạc")
    assert refusal(refused) == (409, "NoExtensionInRules")
    stands = await case.post_as(
        f"clocks/{list_id}/suspension", uuid4(), head, kind="FORCE_MAJEURE", reason="Bão, Kho bạc nghỉ"
    )
    assert (stands.status_code, stands.json()["is_suspended"]) == (200, True)
