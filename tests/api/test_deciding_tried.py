"""A decision is tried as it would be made, but not while the answer would tell how a member has marked."""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.review.app import SERVICE
from tests.conftest import ServiceOpener, TestService
from tests.review_cases import Case


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as review:
        yield review


_QUORUM = 4
"""Of five members, by the rules of these tests."""


async def _try(case: Case) -> httpx.Response:
    return await case.service.http.post(
        f"/v1/stages/{case.stage}/decision?dry_run=true",
        json={"outcome": "RECOGNISED"},
        headers=case.service.headers(case.chair),
    )


async def test_a_decision_is_tried_once_every_sheet_is_in(service: TestService) -> None:
    case = Case(service)
    await case.open()
    for marked, member in enumerate(case.members):
        refused = await _try(case)
        owed = "SheetsOwed" if marked >= _QUORUM else "QuorumNotReached"
        assert (refused.status_code, refused.json()["code"]) == (409, owed)
        assert (await case.mark(member)).status_code == 200
    tried = await _try(case)
    assert (tried.status_code, tried.json()["outcome"]) == (200, "RECOGNISED")
    assert (await case.read(case.chair)).json()["state"] == "OPEN"
    decided = await case.decide()
    assert decided.json()["decision_number"] == tried.json()["decision_number"]


async def test_stages_are_listed_under_the_callers_units(service: TestService) -> None:
    case, elsewhere = Case(service), Case(service)
    await case.open()
    await elsewhere.open()
    headers = service.headers(case.chair)

    async def listed(query: str) -> list[str]:
        answer = await service.http.get(f"/v1/stages?{query}", headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.json()["count"] == len(answer.json()["items"])
        return [stage["id"] for stage in answer.json()["items"]]

    for query in ("", "state=OPEN", "level=UNIT", f"unit_id={case.unit}", "overdue=false"):
        assert await listed(query) == [str(case.stage)], query
    for query in ("state=DECIDED", "level=PROVINCE", "overdue=true", "opened_until=2001-01-01"):
        assert await listed(query) == [], query
    [stage] = (await service.http.get("/v1/stages", headers=headers)).json()["items"]
    assert stage["unit_name"]
    refused = await service.http.get(f"/v1/stages?unit_id={elsewhere.unit}", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "Forbidden")
