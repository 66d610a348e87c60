"""What an administrator may not do directly is not done by a way round either: by an end that lies later, an
import, an account elsewhere, a proposal, a delegate, a unit that is over."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.deadline.arithmetic import local_day
from language.posts.kinds import PostKind
from services.organisation.app import SERVICE
from tests.api.test_organisation_appointing import DAY, Schools
from tests.conftest import ServiceOpener, held
from tests.payout_cases import refusal
from tests.provinces import Organised, bare_province

PROVIDER = "https://accounts.example.vn"
PASSWORD = "Rừng xanh 2026"


@pytest.fixture
async def schools(open_service: ServiceOpener) -> AsyncIterator[Schools]:
    async with open_service(SERVICE, oidc_other_issuers=PROVIDER) as service:
        root = (await bare_province(service)).root
        province = Organised(service, root)
        a, b = await province.unit("A"), await province.unit("B")
        admins = [await province.appoint(unit, PostKind.ADMIN) for unit in (a, b)]
        yield Schools(service, root, a, b, *admins, province)


def _given_to(person: UUID, **days: str) -> dict[str, str]:
    return {"person_id": str(person), "held_from": DAY, **days}


def _account() -> dict[str, str]:
    return {"username": uuid4().hex, "password": PASSWORD}


async def _code(schools: Schools, person: UUID) -> str:
    code = "select code from people where id = $1"
    return str(await schools.service.database.pool.fetchval(code, person))


async def _holding(schools: Schools, unit: UUID, person: UUID) -> str:
    listed = (await schools.province.send("GET", f"/units/{unit}/posts")).json()["items"]
    return str(next(row["holding_id"] for row in listed if row["person_id"] == str(person)))


async def test_the_end_of_a_holding_is_no_way_to_hold_a_post_longer(schools: Schools) -> None:
    today = local_day(schools.service.database.clock.now())
    yesterday, tomorrow, far = (str(today + timedelta(days=days)) for days in (-1, 1, 900))
    own = f"/holdings/{await _holding(schools, schools.a, schools.admin_of_a)}/end"
    assert (await schools.province.send("POST", own, {"held_to": tomorrow})).status_code == 200
    for sender in (schools.province.send, lambda *what: schools.send(schools.admin_of_a, *what)):
        longer = await sender("POST", own, {"held_to": far})
        assert refusal(longer)[1] in {"HoldingEndsEarlier", "Forbidden"}
    post, person = await schools.post(schools.a), await schools.nobody()
    held = await schools.province.send("POST", f"/posts/{post}/holdings", _given_to(person))
    ending = f"/holdings/{held.json()['id']}/end"
    for day in (tomorrow, tomorrow, yesterday):
        ended = await schools.send(schools.admin_of_a, "POST", ending, {"held_to": day})
        assert ended.status_code == 200, ended.text
    again = await schools.send(schools.admin_of_a, "POST", ending, {"held_to": far})
    assert refusal(again) == (409, "HoldingEndsEarlier")
    me = await schools.send(person, "GET", "/me")
    assert me.json()["posts"] == []


async def test_an_import_sets_no_password_for_whom_its_sender_has_appointed(schools: Schools) -> None:
    person = await schools.nobody()
    path = f"/posts/{await schools.post(schools.a, PostKind.UNIT_HEAD)}/holdings"
    assert (await schools.province.send("POST", path, _given_to(person))).status_code == 201
    row = {"code": await _code(schools, person), "full_name": "Hà Thị Ngần", **_account()}
    listed = await schools.province.send("POST", "/imports", {"valid_from": DAY, "people": [row]})
    assert refusal(listed) == (409, "AppointedByYou")
    second = Organised(schools.service, schools.root)
    listed = await second.send("POST", "/imports", {"valid_from": DAY, "people": [row]})
    assert listed.status_code == 200, listed.text


async def test_who_ties_an_account_to_somebody_does_not_also_appoint_them(schools: Schools) -> None:
    person = await schools.province.appoint(schools.a, PostKind.STAFF)
    second, elsewhere = Organised(schools.service, schools.root), {"issuer": PROVIDER, "subject": "gv.1"}
    account = {"username": uuid4().hex}
    assert (await schools.province.send("PUT", f"/people/{person}/account", account)).status_code == 200
    tied = await schools.province.send("POST", f"/people/{person}/identities", elsewhere)
    assert tied.status_code == 201, tied.text
    path = f"/posts/{await schools.post(schools.a, PostKind.CHIEF_ACCOUNTANT)}/holdings"
    given = await schools.province.send("POST", path, _given_to(person))
    assert refusal(given) == (409, "AccountLinkedByYou")
    assert (await second.send("POST", path, _given_to(person))).status_code == 201
    another = {**elsewhere, "subject": "gv.2"}
    tied = await second.send("POST", f"/people/{person}/identities", another)
    assert refusal(tied) == (409, "AppointedByYou")


async def test_neither_of_two_who_make_an_administrator_knows_the_password(schools: Schools) -> None:
    post, person = await schools.post(schools.root, PostKind.ADMIN), await schools.nobody()
    second, third = (Organised(schools.service, schools.root) for _ in range(2))
    path = f"/posts/{post}/proposals"
    proposed = (await schools.province.send("POST", path, _given_to(person))).json()
    approval = f"/administrator-proposals/{proposed['id']}/approval"
    for knows in (schools.province, second):
        made = await knows.send("PUT", f"/people/{person}/account", _account() | {"username": "q.tri.3"})
        assert made.status_code == 200, made.text
        assert refusal(await second.send("POST", approval)) == (409, "AccountNotTakenOver")
        proposal = await knows.send("POST", path, _given_to(person))
        assert refusal(proposal) == (409, "AccountNotTakenOver")
    made = await third.send("PUT", f"/people/{person}/account", _account() | {"username": "q.tri.3"})
    assert made.status_code == 200, made.text
    assert (await second.send("POST", approval)).status_code == 200


async def test_a_unit_has_no_administrators_by_grace_of_its_own(schools: Schools) -> None:
    body = {"unit_id": str(schools.a), "kind": "ADMIN", "title": "Quản trị viên thứ hai"}
    made = await schools.send(schools.admin_of_a, "POST", "/posts", body)
    assert refusal(made) == (403, "Forbidden")


async def test_who_acts_for_somebody_elsewhere_is_no_longer_the_own_units_alone(schools: Schools) -> None:
    delegate = await schools.province.appoint(schools.a, PostKind.INTAKE_OFFICER)
    account = {"username": uuid4().hex}
    made = await schools.send(schools.admin_of_a, "PUT", f"/people/{delegate}/account", account)
    assert made.status_code == 200, made.text
    officer = await schools.province.appoint(schools.b, PostKind.INTAKE_OFFICER)
    day = str(local_day(schools.service.database.clock.now()))
    body: dict[str, Any] = {
        "delegate_id": str(delegate),
        "unit_id": str(schools.b),
        "starts_on": day,
        "ends_on": day,
        "tasks": ["FORMAL_CHECK"],
        "reason": "Đi công tác",
    }
    given = await schools.send(officer, "POST", f"/people/{officer}/delegations", body)
    assert given.status_code == 201, given.text
    password = {**account, "password": PASSWORD}
    reset = await schools.send(schools.admin_of_a, "PUT", f"/people/{delegate}/account", password)
    assert refusal(reset) == (403, "Forbidden")
    leave = {"starts_on": "2099-03-02", "ends_on": "2099-03-02"}
    away = await schools.send(schools.admin_of_a, "POST", f"/people/{delegate}/leaves", leave)
    assert away.status_code == 201, away.text
    assert (await schools.province.send("PUT", f"/people/{delegate}/account", password)).status_code == 200
    back = await schools.send(officer, "DELETE", f"/people/{officer}/delegations/{given.json()['id']}")
    assert back.status_code == 200, back.text
    reset = await schools.send(schools.admin_of_a, "PUT", f"/people/{delegate}/account", password)
    assert reset.status_code == 200, reset.text


async def test_in_a_unit_that_has_ended_no_post_is_made_or_given(schools: Schools) -> None:
    person = await schools.nobody()
    post = await schools.post(schools.a)
    pool = schools.service.database.pool
    await pool.execute("update units set valid_to = '2026-01-31' where id = $1", schools.a)
    send = schools.province.send
    body = {"unit_id": str(schools.a), "kind": "STAFF", "title": "x"}
    assert refusal(await send("POST", "/posts", body)) == (409, "PostOfEndedUnit")
    path = f"/posts/{post}/holdings"
    assert refusal(await send("POST", path, _given_to(person))) == (409, "PostOfEndedUnit")
    past = await send("POST", path, _given_to(person, held_to="2026-01-31"))
    assert past.status_code == 201, past.text
    row = {"unit_code": "A", "kind": "STAFF", "title": "y", "held_from": DAY}
    listed = await send("POST", "/imports", {"valid_from": DAY, "posts": [row]})
    assert refusal(listed) == (409, "PostOfEndedUnit")
    branch = {"code": "A1", "parent_code": "A", "name": "x", "level": "BRANCH"}
    listed = await send("POST", "/imports", {"valid_from": DAY, "units": [branch]})
    assert refusal(listed) == (409, "ParentEnded")


async def test_what_ended_by_an_act_does_not_go_on_by_an_edit(schools: Schools) -> None:
    pool = schools.service.database.pool
    ended = "update units set valid_to = '2026-01-31', successor_id = $2 where id = $1"
    await pool.execute(ended, schools.a, schools.b)
    path = f"/v1/units/{schools.a}"
    http, admin = schools.service.http, schools.province.admin
    post = held(PostKind.ADMIN, schools.root, post_id=admin)
    etag = (await http.get(path, headers=schools.service.headers(admin, post))).headers["etag"]
    for valid_to in (None, "2030-01-01"):
        body = {"name": "A", "valid_to": valid_to}
        again = await http.patch(
            path, json=body, headers={**schools.service.headers(admin, post), "If-Match": etag}
        )
        assert refusal(again) == (409, "UnitSucceeded"), again.text
    elsewhere = await http.post(
        f"{path}/move",
        json={"parent_id": str(schools.root)},
        headers={**schools.service.headers(admin, post), "If-Match": etag},
    )
    assert refusal(elsewhere) == (409, "UnitSucceeded"), elsewhere.text


async def test_a_unit_is_moved_from_above_on_both_sides(schools: Schools) -> None:
    commune = await schools.province.unit("X", "COMMUNE")
    other = await schools.province.appoint(commune, PostKind.ADMIN)
    post = await schools.post(schools.a, PostKind.ADMIN)
    # Over the school and over the commune, but not over the province, which school A would leave.
    given = await schools.province.send("POST", f"/posts/{post}/holdings", _given_to(other))
    assert given.status_code == 201, given.text
    http, path = schools.service.http, f"/v1/units/{schools.a}"
    etag = (await http.get(path, headers=schools.service.headers(other))).headers["etag"]
    headers = {**schools.service.headers(other), "If-Match": etag}
    moved = await http.post(f"{path}/move", json={"parent_id": str(commune)}, headers=headers)
    assert refusal(moved) == (403, "Forbidden")
