"""A payment list is a case: sending and confirming it are tasks of the accountants, with a clock and a
ladder."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from casework.hand_over import look_at
from casework.ladder import give_out
from language.cases import CaseType
from language.messages.case import CaseClimbed, ClimbCase
from language.messages.clock import RungFinding
from language.posts.kinds import PostKind
from services.payout.app import SERVICE
from services.payout.operations.cases import CASES
from services.payout.operations.list_payment import PAYMENT_LIST
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


async def _give_out(case: Case, list_id: UUID) -> RungFinding:
    """A look between rungs."""
    async with case.service.database.transaction() as tx:
        return (await give_out(tx, PAYMENT_LIST, list_id)).finding


async def _climb(case: Case, list_id: UUID, rung_id: str) -> CaseClimbed:
    await case.let_come(list_id, rung_id)
    command = ClimbCase(case=CaseType.PAYMENT_LIST, about_id=list_id, rung_id=rung_id)
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
    clock = (await case.get(f"clocks/{list_id}", uuid4(), case.post(PostKind.AUDITOR))).json()
    assert [rung["id"] for rung in clock["rungs"]] == ["remind", "tell-superior", "hand-up"]
    assert start["payload"]["clock"]["about_id"] == str(list_id)
    assert [rung["id"] for rung in start["payload"]["clock"]["rungs"]] == [
        rung["id"] for rung in clock["rungs"]
    ]
    assert clock["rule_version"] == "three-tier@1"
    shown = (await case.get(f"payment-lists/{list_id}", uuid4(), case.post(PostKind.AUDITOR))).json()
    assert shown["due_at"] == clock["due_at"]
    stranger = held(PostKind.AUDITOR, uuid4())
    assert refusal(await case.get(f"clocks/{list_id}", uuid4(), stranger)) == (404, "NotFound")


async def test_the_list_is_given_to_a_chief_accountant_and_then_to_an_accountant(case: Case) -> None:
    list_id = await _made(case)
    assert await _give_out(case, list_id) is RungFinding.NOTHING_TO_DO
    assert await _tasks(case, list_id) == [("SEND_LIST", case.approver, "OPEN")]
    assert (await case.send(str(list_id))).status_code == 200
    [sent, confirm] = await _tasks(case, list_id)
    assert (sent[2], confirm[0], confirm[2]) == ("DONE", "CONFIRM_LIST", "OPEN")
    assert confirm[1] == case.verifier
    assert (await case.confirm(str(list_id))).status_code == 200
    assert [state for _, _, state in await _tasks(case, list_id)] == ["DONE", "DONE"]
    assert [row["name"] for row in await _outbox(case, list_id)] == ["CaseWorkflow", "case_ended"]
    assert await _give_out(case, list_id) is RungFinding.TOO_LATE
    assert await _history(case, list_id) == [
        "PaymentListMade",
        "WorkGivenOut",
        "PaymentListSent",
        "WorkGivenOut",
        "PaymentListConfirmed",
    ]


async def test_the_maker_is_not_given_the_sending_and_payees_are_given_nothing(service: TestService) -> None:
    case = await Case(service).approved()
    maker = holder(PostKind.CHIEF_ACCOUNTANT, case.verifier)
    payee = holder(PostKind.CHIEF_ACCOUNTANT, case.authors[0].person_id)
    case.holders = [case.holders[0], maker, payee]
    await case.facts()
    list_id = await _made(case)
    head = case.superiors[0]
    assert await _tasks(case, list_id) == [("SEND_LIST", head.person_id, "OPEN")]
    case.superiors = [holder(PostKind.UNIT_HEAD, case.authors[1].person_id), *case.superiors[1:]]
    published = await case.facts()
    await published.hold(case.verifier, head.post_id)
    async with service.database.transaction() as tx:
        await look_at(tx, CASES, [list_id])
    left = "select assignee_id, unreachable_since is not null as is_alarm from tasks where about_id = $1"
    [task] = await service.database.pool.fetch(left, list_id)
    assert (task["assignee_id"], task["is_alarm"]) == (head.person_id, True)


async def test_whoever_has_the_task_may_send_without_a_post_of_their_own(service: TestService) -> None:
    case = await Case(service).approved()
    case.holders = case.holders[:1]
    await case.facts()
    list_id = await _made(case)
    head = case.superiors[0].person_id
    assert await _tasks(case, list_id) == [("SEND_LIST", head, "OPEN")]
    response = await case.send(str(list_id), head, held(PostKind.STAFF, uuid4()))
    assert response.status_code == 200, response.text
    read = await case.get(f"payment-lists/{list_id}", head, held(PostKind.STAFF, uuid4()))
    assert read.status_code in {200, 404}


async def test_the_delegate_who_approved_sends_the_list_too(service: TestService) -> None:
    case = Case(service)
    await case.assess()
    await case.verify()
    deputy, staff = uuid4(), held(PostKind.STAFF, uuid4())
    await (await case.facts()).delegate(case.approver, deputy, case.unit)
    async with service.database.transaction() as tx:
        await look_at(tx, CASES, [case.award])
    assert (await case.approve(deputy, staff)).status_code == 200
    list_id = await _made(case)
    assert await _tasks(case, list_id) == [("SEND_LIST", deputy, "OPEN")]
    assert (await case.send(str(list_id), deputy, staff)).status_code == 200


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
    early = await case.service.activities["climb"](
        ClimbCase(case=CaseType.PAYMENT_LIST, about_id=list_id, rung_id="remind")
    )
    assert (early.finding, early.is_over) == (RungFinding.NOT_YET, False)
    assert (await _climb(case, list_id, "remind")).finding is RungFinding.FIRED
    await _climb(case, list_id, "tell-superior")
    handed = await _climb(case, list_id, "hand-up")
    assert handed.clock is not None
    assert handed.clock.rungs[-1].id == "onward-1"
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
    await case.reverse()
    assert await _tasks(case, list_id) == [("SEND_LIST", case.approver, "CANCELLED")]
    clock = (await case.get(f"clocks/{list_id}", uuid4(), case.post(PostKind.AUDITOR))).json()
    assert clock["closed_at"] is not None
    assert [row["name"] for row in await _outbox(case, list_id)] == ["CaseWorkflow", "case_ended"]
    assert (await _history(case, list_id))[-1] == "PaymentListCancelled"


async def test_the_forecast_says_what_becomes_of_a_list(case: Case) -> None:
    list_id = await _made(case)
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


async def test_who_sent_a_list_neither_confirms_nor_cancels_it(case: Case) -> None:
    list_id = str(await _made(case))
    assert (await case.send(list_id)).json()["sent_by"] == str(case.approver)
    chief = case.own(case.approver, PostKind.CHIEF_ACCOUNTANT)
    for refused in (
        await case.confirm(list_id, case.approver, chief),
        await case.cancel(list_id, case.approver, chief),
    ):
        assert refusal(refused) == (403, "SenderConfirms")
    assert await case.state() == "SENT"
    assert (await case.confirm(list_id, case.other_chief, case.post(PostKind.CHIEF_ACCOUNTANT))).is_success


async def test_the_confirmation_is_never_given_to_who_sent_the_list(service: TestService) -> None:
    case = await Case(service).approved()
    list_id = await _made(case)
    case.holders = case.holders[1:]
    await case.facts()
    assert (await case.send(str(list_id), case.holders[0].person_id)).status_code == 200
    sent, confirm = await _tasks(case, list_id)
    assert sent[1] == case.holders[0].person_id
    assert confirm == ("CONFIRM_LIST", case.superiors[0].person_id, "OPEN")
    published = await case.facts()
    await published.delegate(case.superiors[0].person_id, sent[1], case.unit)
    async with service.database.transaction() as tx:
        await look_at(tx, CASES, [list_id])
    assert (await _tasks(case, list_id))[1] == confirm


async def test_a_draft_is_given_up_by_whoever_is_to_send_it(case: Case) -> None:
    list_id = str(await _made(case))
    chief = case.own(case.approver, PostKind.CHIEF_ACCOUNTANT)
    assert (await case.cancel(list_id, case.approver, chief)).status_code == 200


async def test_rules_may_let_one_person_send_and_confirm(service: TestService) -> None:
    case = await Case(service, payment_people=1).approved()
    list_id = str(await _made(case))
    await case.send(list_id)
    chief = case.own(case.approver, PostKind.CHIEF_ACCOUNTANT)
    assert (await case.confirm(list_id, case.approver, chief)).status_code == 200


async def test_a_list_with_one_award_for_two_people_takes_two(service: TestService) -> None:
    strict = await Case(service).approved()
    loose = strict.beside()
    loose.payment_people = 1
    await loose.approved()
    list_id = str(await _made(loose))
    await loose.send(list_id)
    chief = loose.own(loose.approver, PostKind.CHIEF_ACCOUNTANT)
    assert refusal(await loose.confirm(list_id, loose.approver, chief)) == (403, "SenderConfirms")
