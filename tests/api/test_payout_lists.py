"""Payment lists and the ledger over HTTP: drafted, sent, confirmed; every step once, by the right post."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.names import TaskQueue
from language.posts.kinds import PostKind
from services.payout.app import SERVICE
from tests.conftest import ServiceOpener, TestService, held
from tests.payout_cases import Case, refusal

PERSON = """
insert into people (id, code, full_name, folded_name) values ($1, $2, $3, 'x')
on conflict (id) do update set full_name = excluded.full_name
"""


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as payout:
        yield payout


@pytest.fixture
async def case(service: TestService) -> Case:
    return await Case(service).approved()


async def _together(service: TestService, count: int) -> list[Case]:
    first = Case(service)
    cases = [first, *(first.beside() for _ in range(count - 1))]
    for case in cases:
        await case.approved()
    return cases


async def test_a_list_takes_every_approved_award_of_the_unit_and_no_other(service: TestService) -> None:
    cases = await _together(service, 3)
    waiting = Case(service, root=cases[0].root, unit=cases[0].unit)
    await waiting.assess()
    await Case(service).approved()
    response = await cases[0].draft()
    assert response.json()["total_dong"] == sum(case.amount_dong for case in cases)
    assert response.headers["etag"] == '"v1"'
    assert {await case.state() for case in cases} == {"LISTED"}
    assert await waiting.state() == "ASSESSED"
    detail = (
        await cases[0].get(
            f"payment-lists/{response.json()['id']}", cases[0].verifier, cases[0].post(PostKind.ACCOUNTANT)
        )
    ).json()
    assert sum(item["amount_dong"] for item in detail["items"]) == detail["total_dong"]
    assert {item["award_id"] for item in detail["items"]} == {str(case.award) for case in cases}


async def test_a_dry_run_tells_the_total_and_writes_nothing(case: Case) -> None:
    response = await case.draft(dry_run=True)
    assert response.status_code == 200
    assert response.json()["total_dong"] == case.amount_dong
    assert await case.state() == "APPROVED"
    lists = (await case.get("payment-lists", case.verifier, case.post(PostKind.ACCOUNTANT))).json()["items"]
    assert lists == []


async def test_a_list_is_given_at_once_to_who_may_send_it_and_its_run_begins_with_its_clock(
    case: Case,
) -> None:
    made = (await case.draft()).json()
    tasks = "select kind, assignee_id, state, due_at from tasks where about_id = $1 order by opened_at"
    pool = case.service.database.pool
    [task] = await pool.fetch(tasks, UUID(made["id"]))
    assert tuple(task)[:3] == ("SEND_LIST", case.approver, "OPEN")
    start = await pool.fetchval(
        "select payload from outbox where workflow_id = $1", f"case:payment_list:{made['id']}"
    )
    assert (start["owner"], start["case"], start["clock"]["about_id"]) == (
        "payout",
        "PAYMENT_LIST",
        made["id"],
    )
    assert {rung["id"] for rung in start["clock"]["rungs"]} == {"remind", "tell-superior", "hand-up"}
    assert not {"posts", "excluded", "unit_id"} & start.keys()
    await case.send(made["id"])
    given = [tuple(row)[:3] for row in await pool.fetch(tasks, UUID(made["id"]))]
    assert given[0] == ("SEND_LIST", case.approver, "DONE")
    assert [(kind, state) for kind, _, state in given[1:]] == [("CONFIRM_LIST", "OPEN")]


async def test_a_list_that_nobody_may_send_is_an_alarm_and_is_looked_at_each_day(
    service: TestService,
) -> None:
    case = await Case(service).approved()
    case.holders, case.superiors = case.holders[:1], []
    await case.facts()
    made = (await case.draft()).json()
    pool = service.database.pool
    assert await pool.fetchval("select count(*) from tasks where about_id = $1", UUID(made["id"])) == 0
    alarms = await pool.fetch("select kind from alarms where about_id = $1", UUID(made["id"]))
    assert [row["kind"] for row in alarms] == ["NOBODY_THERE"]
    start = await pool.fetchval(
        "select payload from outbox where workflow_id = $1", f"case:payment_list:{made['id']}"
    )
    assert len(start["clock"]["rungs"]) == 4


async def test_the_journey_of_the_money_ends_in_the_treasury(case: Case) -> None:
    list_id = (await case.draft()).json()["id"]
    assert (await case.send(list_id)).json()["state"] == "SENT"
    assert await case.state() == "SENT"
    confirmed = (await case.confirm(list_id)).json()
    assert (confirmed["state"], confirmed["statement_reference"]) == ("CONFIRMED", "KB-77")
    assert await case.state() == "PAID"
    assert await case.balances() == {"AWARD_EXPENSE": case.amount_dong, "TREASURY": -case.amount_dong}
    assert await case.signals() == ["APPROVED"]
    assert [event["kind"] for event in await case.events()][-3:] == ["AwardListed", "AwardSent", "AwardPaid"]


async def test_a_second_list_has_nothing_to_pay_and_a_later_one_the_next_number(case: Case) -> None:
    first = (await case.draft()).json()
    assert refusal(await case.draft()) == (409, "NothingToPay")
    later = await case.beside().approved()
    second = (await later.draft()).json()
    assert (first["number"], second["number"]) == (1, 2)


@pytest.mark.parametrize(
    ("reach", "act"), [("listed", "confirm"), ("sent", "send"), ("paid", "send"), ("paid", "confirm")]
)
async def test_a_list_takes_its_steps_in_order_and_once(service: TestService, reach: str, act: str) -> None:
    case = Case(service)
    list_id = await getattr(case, reach)()
    before = await case.balances()
    assert refusal(await getattr(case, act)(list_id)) == (409, "ListNotThere")
    assert await case.balances() == before


async def test_only_a_chief_accountant_who_did_not_make_the_list_sends_it(case: Case) -> None:
    list_id = (await case.draft()).json()["id"]
    assert refusal(await case.send(list_id, uuid4(), case.post(PostKind.ACCOUNTANT))) == (403, "Forbidden")
    both = (case.post(PostKind.ACCOUNTANT), case.post(PostKind.CHIEF_ACCOUNTANT))
    assert refusal(await case.send(list_id, case.verifier, *both)) == (403, "SamePersonTwice")
    assert await case.state() == "LISTED"


@pytest.mark.parametrize("kind", [PostKind.UNIT_HEAD, PostKind.AUDITOR, PostKind.ADMIN, PostKind.STAFF])
async def test_only_accountants_make_and_confirm_lists(service: TestService, kind: PostKind) -> None:
    case = await Case(service).approved()
    assert refusal(await case.draft(uuid4(), case.post(kind))) == (403, "Forbidden")
    list_id = await case.beside().sent()
    refused = refusal(await case.confirm(list_id, uuid4(), case.post(kind)))
    assert refused == ((404, "NotFound") if kind is PostKind.STAFF else (403, "Forbidden"))


async def test_lines_of_money_say_whose_they_are_and_for_what(case: Case) -> None:
    organisation = await case.service.shared.database(TaskQueue.ORGANISATION)
    async with organisation.transaction() as tx:
        for number, author in enumerate(case.authors):
            await tx.conn.execute(PERSON, author.person_id, f"tg-{uuid4()}", f"Tác Giả {number}")
    list_id = (await case.draft()).json()["id"]
    post = case.post(PostKind.ACCOUNTANT)
    of_list = f"payment-lists/{list_id}"
    asked: dict[str, dict[str, str]] = {
        of_list: {},
        f"{of_list}/items": {},
        "ledger/entries": {"unit_id": str(case.unit)},
    }
    for path, query in asked.items():
        found = (await case.get(path, case.verifier, post, **query)).json()["items"]
        lines = [line for line in found if line["person_id"]]
        assert {one["full_name"] for one in lines} == {f"Tác Giả {n}" for n in range(len(case.authors))}, path
        assert all(one["dossier_code"] for one in lines), path
    own = {"unit_id": str(case.unit)}
    for query, count in (
        ({"account": "AUTHORS_PAYABLE"}, len(case.authors)),
        ({"account": "TREASURY"}, 0),
        ({"person_id": str(case.authors[0].person_id)}, 1),
        ({"booked_until": "2001-01-01"}, 0),
        ({"booked_from": "2001-01-01"}, len(case.authors) + 1),
    ):
        booked = await case.get("ledger/entries", case.verifier, post, **own, **query)
        assert len(booked.json()["items"]) == count, query
    shares = (await case.get(f"awards/{case.award}", case.verifier, post)).json()["shares"]
    assert [share["full_name"] for share in shares] == [f"Tác Giả {n}" for n in range(len(case.authors))]
    headers = {**case.service.headers(case.verifier, post), "Accept": "text/csv"}
    table = await case.service.http.get(f"/v1/payment-lists/{list_id}/items", headers=headers)
    assert "Tác Giả 0" in table.text
    elsewhere = held(PostKind.CHIEF_ACCOUNTANT, case.root, uuid4())
    refused = await case.get(f"payment-lists/{list_id}/items", uuid4(), elsewhere)
    assert refusal(refused) == (404, "NotFound")


async def test_an_accountant_of_another_unit_gets_no_hold_of_the_list(case: Case) -> None:
    elsewhere = held(PostKind.CHIEF_ACCOUNTANT, case.root, uuid4())
    assert refusal(await case.draft(uuid4(), elsewhere)) == (403, "Forbidden")
    list_id = (await case.draft()).json()["id"]
    assert refusal(await case.get(f"payment-lists/{list_id}", uuid4(), elsewhere)) == (404, "NotFound")
    assert (await case.send(list_id, uuid4(), elsewhere)).status_code in {403, 404}
    assert await case.state() == "LISTED"


async def test_an_accountant_above_may_handle_the_unit(case: Case) -> None:
    above = held(PostKind.CHIEF_ACCOUNTANT, case.root)
    list_id = (await case.draft(uuid4(), above)).json()["id"]
    assert (await case.send(list_id, uuid4(), above)).status_code == 200


async def test_an_unknown_list_is_not_found(case: Case) -> None:
    for response in (await case.send(str(uuid4())), await case.confirm(str(uuid4()))):
        assert refusal(response) == (404, "NotFound")


@pytest.mark.parametrize(
    "body",
    [{}, {"statement_reference": ""}, {"statement_reference": "x" * 501}, {"statement_reference": "a\x00b"}],
)
async def test_a_confirmation_names_the_statement(case: Case, body: dict[str, Any]) -> None:
    list_id = (await case.draft()).json()["id"]
    await case.send(list_id)
    headers = case.service.headers(case.verifier, case.post(PostKind.ACCOUNTANT))
    response = await case.service.http.post(
        f"/v1/payment-lists/{list_id}/confirmation", json=body, headers=headers
    )
    assert refusal(response) == (422, "RequestInvalid")
    assert await case.state() == "SENT"


async def test_a_reversed_award_leaves_the_list_before_it_is_sent(service: TestService) -> None:
    kept, taken = await _together(service, 2)
    list_id = (await kept.draft()).json()["id"]
    assert (await taken.reverse()).json()["state"] == "REVERSED"
    detail = (
        await kept.get(f"payment-lists/{list_id}", kept.verifier, kept.post(PostKind.ACCOUNTANT))
    ).json()
    assert detail["total_dong"] == kept.amount_dong == sum(item["amount_dong"] for item in detail["items"])
    await kept.send(list_id)
    await kept.confirm(list_id)
    assert (await kept.state(), await taken.state()) == ("PAID", "REVERSED")
    assert await taken.balances() == {}


async def test_a_list_that_loses_its_last_award_is_cancelled_and_keeps_its_lines(case: Case) -> None:
    list_id = (await case.draft()).json()["id"]
    await case.reverse()
    detail = (
        await case.get(f"payment-lists/{list_id}", case.verifier, case.post(PostKind.ACCOUNTANT))
    ).json()
    assert (detail["state"], detail["total_dong"], detail["items"]) == ("CANCELLED", 0, [])
    assert refusal(await case.send(list_id)) == (409, "ListNotThere")
    query = "select count(*) from payment_list_items where award_id = $1 and removed_at is not null"
    assert await case.service.database.pool.fetchval(query, case.award) == len(case.authors)


async def test_who_is_no_accountant_is_not_told_whether_anything_waits(service: TestService) -> None:
    case = Case(service)
    for post in (case.post(PostKind.STAFF), case.post(PostKind.AUDITOR)):
        assert refusal(await case.draft(uuid4(), post)) == (403, "Forbidden")


async def test_a_paid_award_can_be_reversed(service: TestService) -> None:
    case = Case(service)
    await case.paid()
    assert (await case.reverse()).json()["state"] == "REVERSED"
    assert await case.balances() == {}
    assert await case.signals() == ["APPROVED"]


async def test_the_trial_balance_of_a_unit_balances_and_counts_its_own_awards(case: Case) -> None:
    await Case(case.service).paid()
    post = case.post(PostKind.AUDITOR)
    rows = (await case.get("ledger/trial-balance", uuid4(), post, unit_id=str(case.unit))).json()["items"]
    assert {
        row["account"]: (row["debit_dong"], row["credit_dong"])
        for row in rows
        if row["debit_dong"] or row["credit_dong"]
    } == {
        "AWARD_EXPENSE": (case.amount_dong, 0),
        "AUTHORS_PAYABLE": (0, case.amount_dong),
    }


async def test_the_ledger_is_read_page_by_page_in_the_order_of_booking(service: TestService) -> None:
    case = Case(service)
    await case.paid()
    post = held(PostKind.AUDITOR, case.root)
    seen: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = (
            await case.get("ledger/entries", uuid4(), post, unit_id=str(case.unit), limit=3, **after)
        ).json()
        seen += page["items"]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert len(seen) == 2 * (1 + len(case.authors))
    assert (
        sum(entry["debit_dong"] for entry in seen)
        == sum(entry["credit_dong"] for entry in seen)
        == 2 * case.amount_dong
    )
    assert [entry["seq"] for entry in seen] == sorted(entry["seq"] for entry in seen)


async def test_the_ledger_of_a_unit_elsewhere_is_refused(case: Case) -> None:
    elsewhere = held(PostKind.AUDITOR, case.root, uuid4())
    for path in ("ledger/entries", "ledger/trial-balance"):
        assert refusal(await case.get(path, uuid4(), elsewhere, unit_id=str(case.unit))) == (403, "Forbidden")


async def test_a_dong_shared_by_three_is_paid_to_one(service: TestService) -> None:
    case = Case(service, amount_dong=1, percents=(Decimal("33.33"), Decimal("33.33"), Decimal("33.34")))
    await case.paid()
    assert await case.shares() == [0, 0, 1]
    assert await case.balances() == {"AWARD_EXPENSE": 1, "TREASURY": -1}


async def test_awards_are_narrowed_to_who_signs_and_to_a_list_and_lines_name_their_decision(
    case: Case,
) -> None:
    unsigned = Case(case.service, root=case.root, unit=case.unit, holders=case.holders)
    await unsigned.assess()
    chief = (case.approver, case.post(PostKind.CHIEF_ACCOUNTANT))
    of_verifier = (await case.get("awards", *chief, signer_id=str(case.verifier))).json()["items"]
    assert [row["id"] for row in of_verifier] == [str(unsigned.award)]
    assert (await case.get("awards", *chief, signer_id=str(case.approver))).json()["items"] == []
    made = (await case.draft()).json()
    listed = (await case.get("awards", *chief, list_id=made["id"])).json()["items"]
    assert [row["id"] for row in listed] == [str(case.award)]
    lines = (await case.get(f"payment-lists/{made['id']}/items", *chief)).json()["items"]
    assert {line["decision_number"] for line in lines} == {listed[0]["decision_number"]}
