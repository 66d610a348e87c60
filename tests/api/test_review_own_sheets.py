"""A member's own sheets, owed and handed in; stages by whose decision they are; who reminds a council."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.posts.kinds import PostKind
from services.review.app import SERVICE
from tests.conftest import ServiceOpener, TestService, held
from tests.review_cases import GOOD, POOR, Case


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as review:
        yield review


@pytest.fixture
async def case(service: TestService) -> Case:
    opened = Case(service)
    await opened.open()
    return opened


async def _own(case: Case, person: UUID, state: str = "DRAFT") -> list[dict[str, Any]]:
    answer = await case.service.http.get(
        f"/v1/score-sheets?state={state}", headers=case.service.headers(person)
    )
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_an_owed_sheet_says_what_it_holds_and_what_marking_it_takes(case: Case) -> None:
    person = case.members[1]
    sheet = await case.own_sheet(person)
    saved = await case.put(sheet, person, scores={"novelty": "31"}, remark="Còn xem lại")
    assert saved.status_code == 200, saved.text
    (owed,) = await _own(case, person)
    assert (owed["scores"], owed["remark"], owed["version"]) == ({"novelty": "31"}, "Còn xem lại", 2)
    assert [line["id"] for line in owed["lines"]] == ["novelty", "applicability", "benefit"]
    assert owed["criteria"] == {line["id"]: line["max_score"] for line in owed["lines"]}
    assert (owed["state"], owed["voting_method"]) == ("DRAFT", "OPEN_VOTE")
    assert await _own(case, person, "SUBMITTED") == []


async def test_a_sheet_that_is_in_is_listed_once_though_it_was_taken_back(case: Case) -> None:
    person = case.members[2]
    await case.mark(person)
    sheet = await case.own_sheet(person)
    taken = await case.service.http.post(
        f"/v1/score-sheets/{sheet['id']}/retraction",
        json={"reason": "Chấm nhầm"},
        headers=case.service.headers(person),
    )
    assert taken.status_code == 200, taken.text
    assert [one["state"] for one in await _own(case, person)] == ["DRAFT"]
    await case.mark(person)
    assert await _own(case, person) == []
    (done,) = await _own(case, person, "SUBMITTED")
    assert (done["scores"], done["total"]) == (GOOD, "85.5")


async def test_stages_whose_decision_is_mine(case: Case) -> None:
    async def listed(person: UUID, query: str) -> set[str]:
        headers = case.service.headers(person, held(PostKind.COUNCIL_CHAIR, uuid4(), case.unit))
        answer = await case.service.http.get(f"/v1/stages?{query}", headers=headers)
        assert answer.status_code == 200, answer.text
        return {row["id"] for row in answer.json()["items"]}

    somebody = uuid4()
    assert str(case.stage) in await listed(case.chair, f"actor_id={case.chair}")
    assert str(case.stage) in await listed(somebody, "")
    assert await listed(somebody, f"actor_id={somebody}") == set()


@pytest.mark.parametrize(
    ("kind", "is_there", "status"),
    [
        (PostKind.COUNCIL_CHAIR, True, 200),
        (PostKind.COUNCIL_SECRETARY, True, 200),
        (PostKind.COUNCIL_SECRETARY, False, 404),
        (PostKind.COUNCIL_MEMBER, True, 404),
    ],
)
async def test_who_runs_a_council_reminds_its_members(
    case: Case, kind: PostKind, is_there: bool, status: int
) -> None:
    query = "select id from tasks where about_id = $1 and kind = $2 and assignee_id = $3"
    pool = case.service.database.pool
    task = await pool.fetchval(query, case.stage, "MARK", case.members[1])
    post = held(kind, uuid4(), case.unit if is_there else uuid4())
    headers = case.service.headers(uuid4(), post)
    answer = await case.service.http.post(f"/v1/tasks/{task}/reminder", headers=headers)
    assert answer.status_code == status, answer.text
    decision = await pool.fetchval(
        "select id from tasks where about_id = $1 and kind = $2", case.stage, "DECIDE"
    )
    other = await case.service.http.post(
        f"/v1/tasks/{decision}/reminder", headers=case.service.headers(uuid4(), post)
    )
    assert (other.status_code, other.json()["code"]) == (404, "NotFound")


async def test_a_stage_says_what_it_is_about(case: Case) -> None:
    stage = (await case.read(case.chair)).json()
    assert {"title", "first_author", "unit_name"} <= stage.keys()


async def _allowed(case: Case, person: UUID) -> dict[str, bool | None]:
    answer = await case.service.http.get(
        f"/v1/stages/{case.stage}?actions=true", headers=case.service.headers(person)
    )
    return {one["command"]: one["allowed"] for one in answer.json()["actions"]}


async def test_a_decision_that_could_be_a_refusal_is_not_said_to_be_barred(case: Case) -> None:
    """Marks that carry no recognition leave the refusal, and what that needs is not known yet."""
    await case.mark_all(scores=POOR)
    assert (await _allowed(case, case.chair))["decision"] is None
    assert (await _allowed(case, case.members[2]))["decision"] is False


async def test_a_correction_depends_on_what_is_sent(case: Case) -> None:
    await case.mark_all()
    assert (await case.decide()).status_code == 200
    answer = await case.service.http.get(
        f"/v1/stages/{case.stage}?actions=true",
        headers=case.service.headers(uuid4(), held(PostKind.UNIT_HEAD, uuid4(), case.unit)),
    )
    found = {one["command"]: one["allowed"] for one in answer.json()["actions"]}
    assert (found["correction"], found["cancellation"], found["reopening"]) == (None, True, False)
    assert found["decision"] is False
