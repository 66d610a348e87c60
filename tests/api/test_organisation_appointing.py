"""Who appoints whom: judged by what the administrator holds at that moment, never for oneself, and for people
of other units only by an administrator over both."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from language.deadline.arithmetic import local_day
from language.posts.kinds import PostKind
from processes.bootstrap import ROOT_CODE
from services.organisation.app import SERVICE
from services.organisation.domain.levels import FROM_ABOVE
from tests.conftest import ServiceOpener, TestService, held
from tests.payout_cases import refusal
from tests.provinces import Organised, bare_province

DAY = "2026-01-01"


@dataclass
class Schools:
    """Two schools, each with an administrator of its own who really holds the post, and the province's."""

    service: TestService
    root: UUID
    a: UUID
    b: UUID
    admin_of_a: UUID
    admin_of_b: UUID
    province: Organised

    async def send(self, person: UUID, method: str, path: str, body: Any = None) -> httpx.Response:
        """As this person, with a token and nothing else."""
        headers = self.service.headers(person)
        return await self.service.http.request(method, f"/v1{path}", json=body, headers=headers)

    async def post(self, unit: UUID, kind: PostKind = PostKind.STAFF) -> str:
        """A new post."""
        body = {"unit_id": str(unit), "kind": kind, "title": uuid4().hex}
        return str((await self.province.send("POST", "/posts", body)).json()["id"])

    async def nobody(self) -> UUID:
        """A person who holds no post."""
        body = {"code": uuid4().hex, "full_name": "Hà Thị Ngần"}
        return UUID((await self.province.send("POST", "/people", body)).json()["id"])


@pytest.fixture
async def schools(open_service: ServiceOpener) -> AsyncIterator[Schools]:
    async with open_service(SERVICE) as service:
        root = (await bare_province(service)).root
        province = Organised(service, root)
        a, b = await province.unit("A"), await province.unit("B")
        admins = [await province.appoint(unit, PostKind.ADMIN) for unit in (a, b)]
        yield Schools(service, root, a, b, *admins, province)


def _given_to(person: UUID) -> dict[str, str]:
    return {"person_id": str(person), "held_from": DAY}


async def test_an_administrator_appoints_in_the_own_unit_and_no_longer_when_dismissed(
    schools: Schools,
) -> None:
    post, other, person = await schools.post(schools.a), await schools.post(schools.a), await schools.nobody()
    path = f"/posts/{post}/holdings"
    assert (await schools.send(schools.admin_of_a, "POST", path, _given_to(person))).status_code == 201
    listed = (await schools.province.send("GET", f"/units/{schools.a}/posts")).json()["items"]
    holding = next(row["holding_id"] for row in listed if row["person_id"] == str(schools.admin_of_a))
    yesterday = local_day(schools.service.database.clock.now()) - timedelta(days=1)
    ended = await schools.province.send("POST", f"/holdings/{holding}/end", {"held_to": str(yesterday)})
    assert ended.status_code == 200
    headers = schools.service.headers(schools.admin_of_a)
    assert (await schools.service.http.get("/v1/me", headers=headers)).json()["posts"] == []
    for whom in (schools.admin_of_a, person):
        refused = await schools.send(schools.admin_of_a, "POST", f"/posts/{other}/holdings", _given_to(whom))
        assert refused.status_code == 403


async def test_nobody_gives_a_post_to_themselves(schools: Schools) -> None:
    post = await schools.post(schools.a, PostKind.CHIEF_ACCOUNTANT)
    body = _given_to(schools.admin_of_a)
    for given in (body, {**body, "acting": True}):
        refused = await schools.send(schools.admin_of_a, "POST", f"/posts/{post}/holdings", given)
        assert refusal(refused) == (403, "OwnAppointment")
    code = await schools.service.database.pool.fetchval(
        "select code from people where id = $1", schools.admin_of_a
    )
    row = {
        "unit_code": "A",
        "kind": "UNIT_HEAD",
        "title": "x",
        "person_code": code,
        "held_from": DAY,
    }
    refused = await schools.send(schools.admin_of_a, "POST", "/imports", {"valid_from": DAY, "posts": [row]})
    assert refusal(refused) == (403, "OwnAppointment")


async def test_people_of_another_unit_get_posts_only_from_an_administrator_over_both(
    schools: Schools,
) -> None:
    head_of_b = await schools.province.appoint(schools.b, PostKind.UNIT_HEAD)
    path = f"/posts/{await schools.post(schools.a)}/holdings"
    refused = await schools.send(schools.admin_of_a, "POST", path, _given_to(head_of_b))
    assert refusal(refused) == (403, "Forbidden")
    code = await schools.service.database.pool.fetchval("select code from people where id = $1", head_of_b)
    row = {"unit_code": "A", "kind": "STAFF", "title": "x", "person_code": code, "held_from": DAY}
    listed = await schools.send(schools.admin_of_a, "POST", "/imports", {"valid_from": DAY, "posts": [row]})
    assert refusal(listed) == (403, "Forbidden")
    assert (await schools.province.send("POST", path, _given_to(head_of_b))).status_code == 201


async def test_who_holds_no_post_is_not_everybodys(schools: Schools) -> None:
    person, delegate = await schools.nobody(), await schools.nobody()
    day = {"starts_on": "2026-03-02", "ends_on": "2026-03-02"}
    acts = (
        ("PUT", f"/people/{person}/account", {"username": uuid4().hex, "password": "Rừng xanh 2026"}),
        ("POST", f"/people/{person}/leaves", day),
        (
            "POST",
            f"/people/{person}/delegations",
            {**day, "delegate_id": str(delegate), "unit_id": str(schools.a), "reason": "x"},
        ),
    )
    for method, path, body in acts:
        refused = await schools.send(schools.admin_of_a, method, path, body)
        assert refusal(refused) == (403, "Forbidden"), path
    method, path, body = acts[0]
    assert (await schools.province.send(method, path, body)).status_code == 200


async def test_four_hundred_and_fifty_posts_make_no_longer_token_and_lock_nobody_out(
    schools: Schools,
) -> None:
    person = await schools.province.appoint(schools.a, PostKind.STAFF)
    code = await schools.service.database.pool.fetchval("select code from people where id = $1", person)
    posts = [
        {
            "unit_code": "A",
            "kind": "STAFF",
            "title": str(number),
            "person_code": code,
            "held_from": DAY,
        }
        for number in range(450)
    ]
    made = await schools.province.send("POST", "/imports", {"valid_from": DAY, "posts": posts})
    assert made.status_code == 200, made.text
    me = await schools.send(person, "GET", "/me")
    assert (me.status_code, len(me.json()["posts"])) == (200, 451)


async def test_an_administrator_of_the_province_is_made_by_two(schools: Schools) -> None:
    post, person = await schools.post(schools.root, PostKind.ADMIN), await schools.nobody()
    second = Organised(schools.service, schools.root)
    alone = await schools.province.send("POST", f"/posts/{post}/holdings", _given_to(person))
    assert refusal(alone) == (409, "NeedsSecondAdministrator")
    code = await schools.service.database.pool.fetchval("select code from people where id = $1", person)
    row = {"unit_code": ROOT_CODE, "kind": "ADMIN", "title": "Một mình", "person_code": code}
    body = {"valid_from": DAY, "posts": [{**row, "held_from": DAY}]}
    assert refusal(await schools.province.send("POST", "/imports", body)) == (409, "NeedsSecondAdministrator")
    path = f"/posts/{post}/proposals"
    assert refusal(await schools.send(schools.admin_of_a, "POST", path, _given_to(person))) == (
        403,
        "Forbidden",
    )
    assert refusal(await schools.province.send("POST", path, _given_to(schools.province.admin))) == (
        403,
        "OwnAppointment",
    )
    proposed = (await schools.province.send("POST", path, _given_to(person))).json()
    approval = f"/administrator-proposals/{proposed['id']}/approval"
    assert refusal(await schools.province.send("POST", approval)) == (403, "OwnProposal")
    assert refusal(await schools.send(person, "POST", approval)) == (403, "Forbidden")
    assert refusal(await schools.send(schools.admin_of_a, "POST", approval)) == (403, "Forbidden")
    waiting = (await second.send("GET", "/administrator-proposals")).json()["items"]
    assert [one["id"] for one in waiting] == [proposed["id"]]
    assert (await second.send("POST", f"{approval}?dry_run=true")).status_code == 200
    given = await second.send("POST", approval)
    assert (given.status_code, bool(given.json()["holding_id"])) == (200, True)
    assert refusal(await second.send("POST", approval)) == (409, "ProposalClosed")
    holders = (await schools.province.send("GET", f"/units/{schools.root}/posts")).json()["items"]
    assert str(person) in {row["person_id"] for row in holders}


async def test_a_proposal_is_dropped_and_other_posts_need_none(schools: Schools) -> None:
    post, person = await schools.post(schools.root, PostKind.ADMIN), await schools.nobody()
    proposed = (await schools.province.send("POST", f"/posts/{post}/proposals", _given_to(person))).json()
    path = f"/administrator-proposals/{proposed['id']}"
    assert (await schools.province.send("DELETE", path)).status_code == 200
    second = Organised(schools.service, schools.root)
    assert refusal(await second.send("POST", f"{path}/approval")) == (409, "ProposalClosed")
    for unit, kind in ((schools.a, PostKind.ADMIN), (schools.root, PostKind.STAFF)):
        other = f"/posts/{await schools.post(unit, kind)}/proposals"
        refused = await schools.province.send("POST", other, _given_to(person))
        assert refusal(refused) == (409, "NotProvinceAdministrator")


async def test_the_first_start_makes_two_administrators(schools: Schools) -> None:
    held = (await schools.province.send("GET", f"/units/{schools.root}/posts")).json()["items"]
    names = {row["title"] for row in held if row["kind"] == "ADMIN"}
    assert {"Quản trị hệ thống", "Quản trị viên thứ hai"} <= names


async def test_a_school_makes_no_province_of_its_own(schools: Schools) -> None:
    unit = {"parent_id": str(schools.a), "code": "P", "name": "x", "level": "PROVINCE", "valid_from": DAY}
    assert refusal(await schools.send(schools.admin_of_a, "POST", "/units", unit)) == (409, "LevelOutOfOrder")
    row = {"code": "P", "parent_code": "A", "name": "x", "level": "PROVINCE"}
    listed = await schools.send(schools.admin_of_a, "POST", "/imports", {"valid_from": DAY, "units": [row]})
    assert refusal(listed) == (422, "ImportRefused")
    assert [fault["type"] for fault in listed.json()["errors"]] == ["LEVEL_OUT_OF_ORDER"]
    commune = await schools.province.unit("X", "COMMUNE")
    etag = (await schools.province.send("GET", f"/units/{commune}")).headers["etag"]
    headers = {
        **schools.service.headers(schools.province.admin, held(PostKind.ADMIN, schools.root)),
        "If-Match": etag,
    }
    moved = await schools.service.http.post(
        f"/v1/units/{commune}/move", json={"parent_id": str(schools.a)}, headers=headers
    )
    assert refusal(moved) == (409, "LevelOutOfOrder")


@pytest.mark.parametrize("kind", sorted(FROM_ABOVE))
async def test_who_decides_or_signs_is_made_and_given_from_above(schools: Schools, kind: PostKind) -> None:
    person = await schools.province.appoint(schools.a, PostKind.STAFF)
    post = {"unit_id": str(schools.a), "kind": kind, "title": uuid4().hex}
    assert refusal(await schools.send(schools.admin_of_a, "POST", "/posts", post)) == (403, "Forbidden")
    path = f"/posts/{await schools.post(schools.a, kind)}/holdings"
    given = await schools.send(schools.admin_of_a, "POST", path, _given_to(person))
    assert refusal(given) == (403, "Forbidden")
    row = {"unit_code": "A", "kind": kind, "title": "x", "held_from": DAY}
    listed = await schools.send(schools.admin_of_a, "POST", "/imports", {"valid_from": DAY, "posts": [row]})
    assert refusal(listed) == (403, "Forbidden")
    held_now = await schools.province.send("POST", path, _given_to(person))
    assert held_now.status_code == 201
    ending = f"/holdings/{held_now.json()['id']}/end"
    ended = await schools.send(schools.admin_of_a, "POST", ending, {"held_to": DAY})
    assert refusal(ended) == (403, "Forbidden")
    assert (await schools.province.send("POST", ending, {"held_to": DAY})).status_code == 200


async def test_who_appoints_does_not_also_make_the_account_that_signs(schools: Schools) -> None:
    person = await schools.province.appoint(schools.a, PostKind.STAFF)
    account = {"username": uuid4().hex, "password": "Rừng xanh 2026"}
    made = await schools.province.send("PUT", f"/people/{person}/account", account)
    assert made.status_code == 200, made.text
    path = f"/posts/{await schools.post(schools.a, PostKind.CHIEF_ACCOUNTANT)}/holdings"
    early = await schools.province.send("POST", path, _given_to(person))
    assert refusal(early) == (409, "AccountNotTakenOver")
    code = await schools.service.database.pool.fetchval("select code from people where id = $1", person)
    row = {"unit_code": "A", "kind": "UNIT_HEAD", "title": "x", "person_code": code, "held_from": DAY}
    listed = await schools.province.send("POST", "/imports", {"valid_from": DAY, "posts": [row]})
    assert refusal(listed) == (409, "AccountNotTakenOver")
    second = Organised(schools.service, schools.root)
    assert (await second.send("POST", path, _given_to(person))).status_code == 201
    reset = await second.send("PUT", f"/people/{person}/account", account)
    assert refusal(reset) == (409, "AppointedByYou")
    assert (await schools.province.send("PUT", f"/people/{person}/account", account)).status_code == 200


async def test_an_administrator_takes_nobodys_work_by_delegation(schools: Schools) -> None:
    person = await schools.province.appoint(schools.a, PostKind.STAFF)
    day = {"starts_on": "2026-03-02", "ends_on": "2026-03-02", "unit_id": str(schools.a), "reason": "x"}
    body = {**day, "delegate_id": str(schools.admin_of_a)}
    path = f"/people/{person}/delegations"
    assert refusal(await schools.send(schools.admin_of_a, "POST", path, body)) == (403, "OthersWorkToOneself")
    assert (await schools.send(person, "POST", path, body)).status_code == 201
