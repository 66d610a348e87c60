"""Decisions over HTTP: who, when, under which rules, and how often."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from language.names import Signal
from language.plan.review_plan import RungAction
from language.posts.kinds import PostKind
from services.review.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener, TestService, held
from tests.review_cases import AWARD_DONG, POOR, Case


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, clock=MovableClock()) as review:
        yield review


@pytest.fixture
async def case(service: TestService) -> Case:
    opened = Case(service)
    await opened.open()
    return opened


async def test_a_recognition_is_numbered_written_down_and_signalled(case: Case) -> None:
    await case.mark_all(case.members[:4])
    response = await case.decide(propose=True, reasons="Có tính mới")
    assert response.status_code == 200, response.text
    assert response.headers["location"] == f"/v1/stages/{case.stage}"
    decision = response.json()
    assert decision["decision_number"].startswith("1/QĐ-")
    assert (decision["outcome"], decision["average_score"], decision["proposed"]) == (
        "RECOGNISED",
        "85.50",
        True,
    )
    stage = (await case.read(case.chair)).json()
    assert (stage["state"], stage["sheets_in"], stage["sheets_owed"]) == ("DECIDED", 4, 0)
    assert {sheet["state"] for sheet in stage["sheets"]} == {"SUBMITTED", "VOID"}
    assert {state for _, _, state in await case.tasks()} == {"DONE", "CANCELLED"}
    [signal] = await case.signals()
    payload = signal["payload"]
    last = (await case.events())[-1]
    assert (signal["name"], payload["stage_id"], payload["proposed"]) == (
        Signal.STAGE_DECIDED,
        str(case.stage),
        True,
    )
    assert payload["event_id"] == str(last["event_id"]) == str(signal["event_id"])
    assert (last["kind"], last["actor_id"], last["rule"]) == ("StageDecided", case.chair, "pass")


async def test_numbers_run_without_gaps_in_a_unit_also_past_refused_commands(service: TestService) -> None:
    first, numbers = Case(service), []
    for case in (first, first.another(), first.another()):
        await case.open()
        assert (await case.decide()).json()["code"] == "QuorumNotReached"
        await case.mark_all()
        numbers.append((await case.decide()).json()["decision_number"].split("/")[0])
    assert numbers == ["1", "2", "3"]


async def test_without_quorum_there_is_no_decision_unless_it_was_handed_up(case: Case) -> None:
    await case.mark_all(case.members[:3])
    refused = await case.decide()
    assert (refused.status_code, refused.json()["code"]) == (409, "QuorumNotReached")
    assert refused.json()["facts"] == {"needed": "4", "present": "3", "members": "5"}
    await case.climb(RungAction.HAND_UP)
    superior = case.superiors[0].person_id
    assert (await case.decide()).json()["code"] == "NotYourTask"
    assert (await case.decide(superior)).status_code == 200
    detail = (await case.events())[-1]["detail"]
    assert detail["quorum"] == {
        "needed": 4,
        "sheets": 3,
        "members": 5,
        "seats": 5,
        "waived": True,
        "lowered_to": None,
        "lowered_by": None,
    }


async def test_poor_marks_and_missing_approvals_carry_no_recognition(case: Case) -> None:
    await case.mark_all(scores=POOR)
    refused = await case.decide()
    assert (refused.status_code, refused.json()["code"]) == (409, "PassRuleNotMet")
    assert refused.json()["facts"]["below_floor"] == "novelty"
    written = await case.decide(outcome="REFUSED", ground="BELOW_THRESHOLD", reasons="Tính mới dưới điểm sàn")
    assert (written.status_code, written.json()["ground"]) == (200, "BELOW_THRESHOLD")


async def test_approvals_are_counted_over_all_members(case: Case) -> None:
    await case.mark_all(case.members[:3])
    for person in case.members[3:]:
        assert (await case.mark(person, vote="REJECT", remark="Đã có giải pháp tương tự")).status_code == 200
    assert (await case.decide()).json()["facts"]["approvals_needed"] == "4"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"outcome": "REFUSED"}, 422, "ReasonsRequired"),
        ({"outcome": "REFUSED", "reasons": "Vì trùng"}, 422, "ReasonsRequired"),
        ({"outcome": "REFUSED", "ground": "NOT_EXAMINED", "reasons": "?"}, 422, "GroundDoesNotFit"),
        (
            {"outcome": "REFUSED", "ground": "NOT_NOVEL", "reasons": "?", "propose": True},
            409,
            "PromotionNotAllowed",
        ),
        ({"outcome": "WITHDRAWN"}, 422, "RequestInvalid"),
        ({"outcome": "RECOGNISED", "number": 5}, 400, "FieldUnknown"),
    ],
)
async def test_a_verdict_that_cannot_be_is_refused(
    case: Case, body: dict[str, Any], status: int, code: str
) -> None:
    await case.mark_all()
    response = await case.decide(**body)
    assert (response.status_code, response.json()["code"]) == (status, code)


async def test_nothing_goes_up_from_the_last_level(service: TestService) -> None:
    case = Case(service, last_level=True)
    await case.open()
    await case.mark_all()
    assert (await case.decide(propose=True)).json()["code"] == "PromotionNotAllowed"


async def test_only_the_decider_decides_and_never_an_author(case: Case) -> None:
    await case.mark_all()
    for person, status, code in (
        (case.members[1], 403, "NotYourTask"),
        (uuid4(), 404, "NotFound"),
        (case.author, 403, "OwnDossier"),
    ):
        response = await case.decide(person)
        assert (response.status_code, response.json()["code"]) == (status, code)


async def test_a_second_decision_is_refused_but_a_repeat_gets_the_first_answer(case: Case) -> None:
    await case.mark_all()
    first = await case.decide(key="once-and-for-all")
    repeat = await case.decide(key="once-and-for-all")
    assert (repeat.status_code, repeat.json(), repeat.headers["idempotency-replayed"]) == (
        200,
        first.json(),
        "true",
    )
    assert repeat.headers["location"] == first.headers["location"]
    other = await case.decide(key="once-and-for-all", reasons="khác")
    assert (other.status_code, other.json()["code"]) == (422, "IdempotencyKeyReused")
    second = await case.decide()
    assert (second.status_code, second.json()["code"]) == (409, "AlreadyDecided")
    assert len(await case.signals()) == 1


async def test_after_the_decision_no_sheet_is_written(case: Case) -> None:
    await case.mark_all(case.members[:4])
    await case.decide()
    late = await case.mark(case.members[4])
    assert (late.status_code, late.json()["code"]) == (409, "AlreadyDecided")


async def test_decisions_are_listed_newest_first_under_the_callers_units(service: TestService) -> None:
    first, made = Case(service), []
    for case in (first, first.another(), first.another()):
        await case.open()
        await case.mark_all()
        made.append((await case.decide()).json()["stage_id"])
    headers = service.headers(uuid4(), held(PostKind.UNIT_HEAD, case.root, case.unit))
    first = (await service.http.get("/v1/decisions?limit=2", headers=headers)).json()
    rest = (await service.http.get(f"/v1/decisions?limit=2&after={first['next']}", headers=headers)).json()
    assert [decision["stage_id"] for decision in first["items"] + rest["items"]] == made[::-1]
    assert rest["next"] is None
    assert {decision["award_dong"] for decision in first["items"]} == {AWARD_DONG}
    for query, count in (
        (f"unit_id={case.unit}", 3),
        (f"unit_id={uuid4()}", 0),
        ("outcome=REFUSED", 0),
        ("level=UNIT", 3),
    ):
        assert (
            len((await service.http.get(f"/v1/decisions?{query}", headers=headers)).json()["items"]) == count
        )
    stranger = service.headers(uuid4(), held(PostKind.STAFF, case.root, case.unit))
    assert (await service.http.get("/v1/decisions", headers=stranger)).status_code == 403


async def test_without_a_token_that_holds_nothing_is_shown(case: Case) -> None:
    assert (await case.service.http.get(f"/v1/stages/{case.stage}")).status_code == 401
    forged = {"Authorization": f"Bearer {case.service.issuer.token(case.chair, forged=True)}"}
    assert (await case.service.http.get(f"/v1/stages/{case.stage}", headers=forged)).status_code == 401
