"""Imports: a whole province at once, all or nothing, the same again without harm."""

import time
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from language.posts.kinds import PostKind
from processes.bootstrap import ROOT_CODE
from services.organisation.app import SERVICE
from tests.conftest import ServiceOpener, TestService, held
from tests.provinces import bare_province

COUNTS = (
    "select (select count(*) from units), (select count(*) from people), (select count(*) from posts), "
    "(select count(*) from holdings)"
)


@pytest.fixture(scope="module")
async def organisation(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as service:
        await bare_province(service)
        await _import(service, {"valid_from": "2012-04-25"})  # whoever imports is there before
        yield service


IMPORTER = uuid4()
POST_OF: dict[str, UUID] = defaultdict(uuid4)


async def _import(
    organisation: TestService, body: dict[str, Any], query: str = "", unit_code: str = ROOT_CODE
) -> httpx.Response:
    async with organisation.database.reading() as tx:
        path: list[UUID] = await tx.conn.fetchval("select path from units where code = $1", unit_code)
    headers = organisation.headers(IMPORTER, held(PostKind.ADMIN, *path, post_id=POST_OF[unit_code]))
    return await organisation.http.post(f"/v1/imports{query}", json=body, headers=headers)


async def _counts(organisation: TestService) -> tuple[int, ...]:
    async with organisation.database.reading() as tx:
        return tuple(await tx.conn.fetchrow(COUNTS))


def _school(code: str, teachers: int) -> dict[str, Any]:
    """A school with its teachers; the first is its head."""
    people = [f"{code}-{number}" for number in range(teachers)]
    return {
        "valid_from": "2012-04-25",
        "units": [{"code": code, "parent_code": ROOT_CODE, "name": f"Trường {code}", "level": "SCHOOL"}],
        "people": [
            {"code": person, "full_name": f"Nguyễn Thị {person}", "username": person.lower()}
            for person in people
        ],
        "posts": [
            {
                "unit_code": code,
                "kind": "UNIT_HEAD",
                "title": "Hiệu trưởng",
                "person_code": people[0],
                "held_from": "2020-01-01",
            }
        ],
    }


async def test_a_few_thousand_rows_take_seconds_and_none_is_written_twice(organisation: TestService) -> None:
    schools = [_school(f"P{number}", 20) for number in range(100)]
    body = {
        "valid_from": "2012-04-25",
        **{
            part: [row for school in schools for row in school[part]] for part in ("units", "people", "posts")
        },
    }
    body["posts"] += [
        {
            "unit_code": code.split("-")[0],
            "kind": "STAFF",
            "title": code,
            "person_code": code,
            "held_from": "2020-01-01",
        }
        for code in (person["code"] for person in body["people"])
    ]
    for made in (
        {"units": 100, "people": 2_000, "posts": 2_100, "holdings": 2_100, "accounts": 2_000},
        None,
    ):
        began = time.perf_counter()
        answer = await _import(organisation, body)
        assert answer.status_code == 200, answer.text
        assert time.perf_counter() - began < 20  # a few seconds when the machine has nothing else to do
        assert answer.json()["created"] == (made or dict.fromkeys(answer.json()["created"], 0))
    assert len(answer.json()["person_ids"]) == 2_000


async def test_a_mail_address_of_the_list_is_where_the_person_is_reached(organisation: TestService) -> None:
    person = {"code": "mailed", "full_name": "Lô Văn Páo", "mail_address": "pao@sk.test"}
    made = await _import(organisation, {"valid_from": "2026-01-01", "people": [person]})
    view = "select mail_address from organisation.persons_v1 where id = $1"
    conn = await asyncpg.connect(organisation.admin_url)
    assert await conn.fetchval(view, UUID(made.json()["person_ids"]["mailed"])) == "pao@sk.test"
    await conn.close()


async def test_a_dry_run_writes_nothing_and_says_what_the_real_one_does(organisation: TestService) -> None:
    before = await _counts(organisation)
    dry = (await _import(organisation, _school("D", 3), "?dry_run=true")).json()
    assert dry["dry_run"] is True
    assert await _counts(organisation) == before
    assert (await _import(organisation, _school("D", 3))).json()["created"] == dry["created"]


@pytest.mark.parametrize(
    ("part", "row"),
    [
        ("units", {"code": "X", "parent_code": "NOWHERE", "name": "x", "level": "SCHOOL"}),
        ("posts", {"unit_code": "NOWHERE", "kind": "STAFF", "title": "x", "held_from": "2020-01-01"}),
        (
            "posts",
            {
                "unit_code": ROOT_CODE,
                "kind": "STAFF",
                "title": "x",
                "person_code": "nobody",
                "held_from": "2020-01-01",
            },
        ),
        ("people", {"code": "other-person", "full_name": "x", "username": "admin"}),
    ],
    ids=["unknown parent", "unknown unit", "unknown person", "somebody else's account"],
)
async def test_one_wrong_row_and_nothing_is_written(
    organisation: TestService, part: str, row: dict[str, Any]
) -> None:
    before = await _counts(organisation)
    body = _school(f"W{uuid4().hex}", 2)
    body[part] = [*body[part], row]
    refused = await _import(organisation, body)
    assert (refused.status_code, refused.json()["code"]) == (422, "ImportRefused")
    assert await _counts(organisation) == before


async def test_a_unit_may_come_under_one_of_the_same_list(organisation: TestService) -> None:
    body = _school("N1", 1)
    body["units"].append({"code": "N2", "parent_code": "N1", "name": "Phân hiệu", "level": "BRANCH"})
    made = (await _import(organisation, body)).json()["unit_ids"]
    headers = organisation.headers(uuid4())
    assert (await organisation.http.get(f"/v1/units/{made['N2']}", headers=headers)).json()["path"][1:] == [
        made["N1"],
        made["N2"],
    ]


async def test_a_school_imports_into_itself_but_not_into_another(organisation: TestService) -> None:
    for code in ("S1", "S2"):
        assert (await _import(organisation, _school(code, 1))).status_code == 200
    more = _school("S1", 3) | {"units": []}
    assert (await _import(organisation, more, unit_code="S1")).json()["created"]["people"] == 2
    assert (await _import(organisation, more, unit_code="S2")).status_code == 403


async def test_an_import_is_not_for_those_who_administer_nothing(organisation: TestService) -> None:
    headers = organisation.headers(uuid4())
    refused = await organisation.http.post("/v1/imports", json=_school("Z", 1), headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "Forbidden")


@pytest.mark.parametrize("query", ["?dry_run=true", ""])
async def test_a_dry_run_knows_that_whoever_sets_a_password_gives_no_post_that_signs(
    organisation: TestService, query: str
) -> None:
    listed = _school(f"TU{len(query)}", 1)
    listed["people"][0]["password"] = "Doi-Ngay-Lan-Dau-1"
    before = await _counts(organisation)
    answer = await _import(organisation, listed, query)
    assert (answer.status_code, answer.json()["code"]) == (409, "AccountNotTakenOver")
    assert await _counts(organisation) == before
