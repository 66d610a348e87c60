"""The organisation at its edges: races, clever addresses, dates the wrong way round."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from kit.clock import Clock
from language.deadline.arithmetic import LOCAL_ZONE, local_day
from language.posts.kinds import PostKind
from language.time_scale import TimeScale
from processes.bootstrap import ADMIN, ROOT_CODE
from services.organisation.app import SERVICE
from tests.api.test_organisation_signing_in import Flow, chosen, code_of
from tests.conftest import MovableClock, ServiceOpener, TestService, held
from tests.provinces import bare_province


@pytest.fixture(scope="module")
async def organisation(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as service:
        service.password = await chosen(service)  # type: ignore[attr-defined]
        yield service


async def _path(organisation: TestService, code: str = ROOT_CODE) -> list[UUID]:
    async with organisation.database.reading() as tx:
        path: list[UUID] = await tx.conn.fetchval("select path from units where code = $1", code)
    return path


async def _send(
    organisation: TestService, method: str, path: str, body: Any, *, unit: str = ROOT_CODE, etag: str = ""
) -> httpx.Response:
    headers = organisation.headers(uuid4(), held(PostKind.ADMIN, *await _path(organisation, unit)))
    if etag:
        headers["If-Match"] = etag
    return await organisation.http.request(method, path, json=body, headers=headers)


async def _school(organisation: TestService, *people: str) -> str:
    code = f"S{uuid4().hex}"
    body = {
        "valid_from": "2012-04-25",
        "units": [{"code": code, "parent_code": ROOT_CODE, "name": "Trường", "level": "SCHOOL"}],
        "people": [{"code": person, "full_name": "Triệu Thị Nga"} for person in people],
    }
    assert (await _send(organisation, "POST", "/v1/imports", body)).status_code == 200
    return code


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "http://127.0.0.1:80@evil.test/",
        "http://localhost:1@evil.test:80/x",
        "http://127.0.0.1:9/callback#token",
        "http://[::1",
        "http://",
    ],
)
async def test_an_address_that_only_looks_like_loopback_gets_no_code(
    organisation: TestService, redirect_uri: str
) -> None:
    refused = await Flow(organisation.http, redirect_uri=redirect_uri).form()
    assert (refused.status_code, refused.json()["code"]) == (400, "GrantInvalid")


@pytest.mark.parametrize("challenge", ["ế" * 43, "=" * 43, "a" * 42, "a" * 44])
async def test_a_challenge_that_is_no_sha256_is_refused_at_once(
    organisation: TestService, challenge: str
) -> None:
    assert (await Flow(organisation.http).form(code_challenge=challenge)).json()["code"] == "GrantInvalid"


async def test_a_refused_try_uses_the_code_up(organisation: TestService) -> None:
    flow = Flow(organisation.http)
    code = code_of(await flow.sign_in(ADMIN, organisation.password))  # type: ignore[attr-defined]
    assert (await flow.redeem(code, code_verifier="v" * 64)).status_code == 400
    assert (await flow.redeem(code)).status_code == 400


async def test_signing_in_works_while_domain_time_races(open_service: ServiceOpener) -> None:
    now = datetime.now(UTC)
    scale = TimeScale(real_origin=now, domain_origin=now, day_seconds=0.05)
    async with open_service(SERVICE, clock=Clock(scale)) as service:
        password = await chosen(service)
        flow = Flow(service.http)
        code = code_of(await flow.sign_in(ADMIN, password))
        await asyncio.sleep(0.1)
        assert (await flow.redeem(code)).status_code == 200


async def test_an_id_token_comes_also_without_a_nonce(organisation: TestService) -> None:
    flow = Flow(organisation.http)
    flow.asked["nonce"] = ""
    tokens = await flow.redeem(code_of(await flow.sign_in(ADMIN, organisation.password)))  # type: ignore[attr-defined]
    assert tokens.json()["id_token"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/people/{id}/leaves", {"starts_on": "2026-12-31", "ends_on": "2026-01-01"}),
        (
            "/v1/posts/{id}/holdings",
            {"person_id": str(uuid4()), "held_from": "2026-12-31", "held_to": "2026-01-01"},
        ),
        (
            "/v1/units",
            {
                "parent_id": str(uuid4()),
                "code": "X",
                "name": "x",
                "level": "SCHOOL",
                "valid_from": "2026-12-31",
                "valid_to": "2026-01-01",
            },
        ),
    ],
    ids=["leave", "holding", "unit"],
)
async def test_a_span_that_ends_before_it_begins_is_refused(
    organisation: TestService, path: str, body: Any
) -> None:
    refused = await _send(organisation, "POST", path.format(id=uuid4()), body)
    assert (refused.status_code, refused.json()["code"]) == (422, "RequestInvalid")
    assert "ngày cuối trước ngày đầu" in refused.json()["errors"][0]["message"]


async def test_two_imports_of_the_same_rows_at_once_both_succeed_and_write_once(
    organisation: TestService,
) -> None:
    code = f"S{uuid4().hex}"
    body = {
        "valid_from": "2012-04-25",
        "units": [{"code": code, "parent_code": ROOT_CODE, "name": "Trường", "level": "SCHOOL"}],
        "people": [{"code": f"{code}-{n}", "full_name": "Triệu Thị Nga"} for n in range(20)],
        "posts": [
            {
                "unit_code": code,
                "kind": "STAFF",
                "title": str(n),
                "person_code": f"{code}-{n}",
                "held_from": "2020-01-01",
            }
            for n in range(20)
        ],
    }
    answers = await asyncio.gather(*(_send(organisation, "POST", "/v1/imports", body) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert sorted(answer.json()["created"]["holdings"] for answer in answers) == [0, 0, 0, 20]


@pytest.mark.parametrize("held_from", ["2020-01-01", "2031-01-01"])
async def test_a_holding_that_begins_later_is_imported_twice_without_harm(
    organisation: TestService, held_from: str
) -> None:
    person = f"p{uuid4().hex}"
    code = await _school(organisation, person)
    post = {
        "unit_code": code,
        "kind": "STAFF",
        "title": "Giáo viên",
        "person_code": person,
        "held_from": held_from,
    }
    body = {"valid_from": "2012-04-25", "posts": [post, post]}
    assert (await _send(organisation, "POST", "/v1/imports", body)).json()["created"]["holdings"] == 1
    for again in ("2019-05-01", held_from, "2031-02-03"):
        body["posts"] = [{**post, "held_from": again}]
        assert (await _send(organisation, "POST", "/v1/imports", body)).json()["created"]["holdings"] == 0


async def test_a_school_cannot_give_an_account_to_somebody_of_another_unit_by_import(
    organisation: TestService,
) -> None:
    person = f"p{uuid4().hex}"
    code = await _school(organisation, person)
    chair = {
        "unit_code": ROOT_CODE,
        "kind": "COUNCIL_CHAIR",
        "title": person,
        "person_code": person,
        "held_from": "2020-01-01",
    }
    assert (
        await _send(organisation, "POST", "/v1/imports", {"valid_from": "2012-04-25", "posts": [chair]})
    ).status_code == 200
    taken = {"code": person, "full_name": "Triệu Thị Nga", "username": person, "password": "twelve letters"}
    body = {"valid_from": "2012-04-25", "people": [taken]}
    assert (await _send(organisation, "POST", "/v1/imports", body, unit=code)).status_code == 403
    assert (await _send(organisation, "POST", "/v1/imports", body)).status_code == 200


async def test_a_school_cannot_rename_somebody_of_the_province(organisation: TestService) -> None:
    code = await _school(organisation)
    async with organisation.database.reading() as tx:
        admin = await tx.conn.fetchval("select person_id from accounts where username = $1", ADMIN)
    body = {"full_name": "Ai đó", "date_of_birth": None, "mail_address": None}
    assert (
        await _send(organisation, "PATCH", f"/v1/people/{admin}", body, unit=code, etag='"v1"')
    ).status_code == 403


async def test_an_administrator_writes_down_leave_for_somebody_without_a_post(
    organisation: TestService,
) -> None:
    made = await _send(organisation, "POST", "/v1/people", {"code": uuid4().hex, "full_name": "Lô Văn Páo"})
    body = {"starts_on": "2026-03-02", "ends_on": "2026-03-03"}
    assert (
        await _send(organisation, "POST", f"/v1/people/{made.json()['id']}/leaves", body)
    ).status_code == 201
    assert (await _send(organisation, "POST", f"/v1/people/{uuid4()}/leaves", body)).status_code == 404


async def test_a_post_given_up_yesterday_in_vietnam_is_given_up_also_when_utc_has_the_same_date(
    open_service: ServiceOpener,
) -> None:
    clock = MovableClock()
    three_in_the_morning = datetime.combine(
        local_day(clock.real_now()) + timedelta(days=1), time(3), LOCAL_ZONE
    )
    clock.offset = three_in_the_morning - clock.real_now()
    async with open_service(SERVICE, clock=clock) as service:
        await bare_province(service)
        person = f"p{uuid4().hex}"
        code = await _school(service, person)
        post = {
            "unit_code": ROOT_CODE,
            "kind": "STAFF",
            "title": person,
            "person_code": person,
            "held_from": "2020-01-01",
        }
        here = {**post, "unit_code": code}
        await _send(service, "POST", "/v1/imports", {"valid_from": "2012-04-25", "posts": [post, here]})
        rows = (await _send(service, "GET", f"/v1/units/{(await _path(service))[-1]}/posts", None)).json()[
            "items"
        ]
        holding = next(row for row in rows if row["title"] == person)
        yesterday = {"held_to": str(three_in_the_morning.date() - timedelta(days=1))}
        assert (
            await _send(service, "POST", f"/v1/holdings/{holding['holding_id']}/end", yesterday)
        ).status_code == 200
        path = f"/v1/people/{holding['person_id']}/account"
        assert (await _send(service, "PUT", path, {"username": person}, unit=code)).status_code == 200
