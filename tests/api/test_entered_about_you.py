"""Whoever somebody else enters something about is told: of leave, posts, what the office knows of the person,
an account; of a list once; of another mail address also where mails went before."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from language.posts.kinds import PostKind
from services.organisation.app import SERVICE
from tests.conftest import ServiceOpener, TestService
from tests.provinces import Organised, bare_province

LEAVE = {"starts_on": "2026-07-01", "ends_on": "2026-07-02"}


@dataclass
class Office:
    """A province with a school."""

    service: TestService
    province: Organised
    school: UUID

    async def told(self, person: UUID, kind: str = "ENTERED_ABOUT_YOU") -> list[tuple[str, str | None]]:
        """What the person was told, oldest first."""
        query = "select detail, reference from notices where person_id = $1 and kind = $2 order by position"
        rows = await self.service.database.pool.fetch(query, person, kind)
        return [(row["detail"], row["reference"]) for row in rows]

    async def code(self, person: UUID) -> str:
        """The office's number of the person."""
        return str(await self.service.database.pool.fetchval("select code from people where id = $1", person))

    async def change(self, person: UUID, **facts: Any) -> None:
        """An administrator corrects what is known of the person."""
        etag = (await self.province.send("GET", f"/people/{person}")).headers["etag"]
        body = {"full_name": "Lò Văn Bình", "date_of_birth": None, "mail_address": None, **facts}
        headers = self.service.headers(self.province.admin, *_posts(self)) | {"If-Match": etag}
        changed = await self.service.http.patch(f"/v1/people/{person}", json=body, headers=headers)
        assert changed.status_code == 200, changed.text


def _posts(office: Office) -> tuple[Any, ...]:
    return [
        posts for person, posts in office.service.shared.callers.values() if person == office.province.admin
    ][-1]


@pytest.fixture(scope="module")
async def office(open_service: ServiceOpener) -> AsyncIterator[Office]:
    async with open_service(SERVICE) as service:
        province = Organised(service, (await bare_province(service)).root)
        yield Office(service, province, await province.unit("A"))


async def test_of_leave_that_another_enters_and_takes_back_and_not_of_the_own(office: Office) -> None:
    person = await office.province.appoint(office.school, PostKind.STAFF)
    before = await office.told(person)
    own = await office.service.http.post(
        f"/v1/people/{person}/leaves", json=LEAVE, headers=office.service.headers(person)
    )
    assert own.status_code == 201, own.text
    assert await office.told(person) == before
    tried = await office.province.send("POST", f"/people/{person}/leaves?dry_run=true", LEAVE)
    assert (tried.status_code, await office.told(person)) == (200, before)
    made = await office.province.send("POST", f"/people/{person}/leaves", LEAVE)
    path = f"/people/{person}/leaves/{made.json()['id']}"
    assert (await office.province.send("DELETE", path)).status_code == 200
    days = "01/07/2026 – 02/07/2026"
    assert (await office.told(person))[len(before) :] == [("LEAVE_ADDED", days), ("LEAVE_CANCELLED", days)]


async def test_of_a_post_given_and_ended(office: Office) -> None:
    person = await office.province.appoint(office.school, PostKind.COUNCIL_MEMBER)
    holding = await office.service.database.pool.fetchval(
        "select id from holdings where person_id = $1", person
    )
    await office.province.send("POST", f"/holdings/{holding}/end", {"held_to": "2026-03-31"})
    assert await office.told(person) == [
        ("POST_TAKEN=COUNCIL_MEMBER", "01/01/2020 – …"),
        ("POST_LEFT=COUNCIL_MEMBER", "… – 31/03/2026"),
    ]


async def test_of_the_end_of_acting_in_a_post_that_another_is_appointed_to(office: Office) -> None:
    acting = await office.province.appoint(office.school, PostKind.UNIT_HEAD)
    async with office.service.database.transaction() as tx:
        await tx.conn.execute("update holdings set acting = true where person_id = $1", acting)
    post = await office.service.database.pool.fetchval(
        "select post_id from holdings where person_id = $1", acting
    )
    person = await office.province.appoint(office.school, PostKind.STAFF)
    body = {"person_id": str(person), "held_from": "2026-04-01"}
    given = await office.province.send("POST", f"/posts/{post}/holdings", body)
    assert given.status_code == 201, given.text
    assert (await office.told(acting))[-1] == ("POST_LEFT=UNIT_HEAD", "… – 31/03/2026")
    assert (await office.told(person))[-1] == ("POST_TAKEN=UNIT_HEAD", "01/04/2026 – …")


async def test_of_what_the_office_knows_and_where_mails_went_before(office: Office) -> None:
    person = await office.province.appoint(office.school, PostKind.STAFF)
    before = len(await office.told(person))
    await office.change(person, full_name="Lò Văn Bính", mail_address="old@sk.test")
    await office.change(person, full_name="Lò Văn Bính", mail_address="new@sk.test")
    told = (await office.told(person))[before:]
    assert told == [("NAME_CHANGED,MAIL_CHANGED", None), ("MAIL_CHANGED", None)]
    conn = await asyncpg.connect(office.service.admin_url)
    former = await conn.fetch(
        "select f.mail_address, n.detail from organisation.former_addresses_v1 f "
        "join organisation.notices_v1 n on n.event_id = f.event_id where f.person_id = $1",
        person,
    )
    await conn.close()
    assert [tuple(row) for row in former] == [("old@sk.test", "MAIL_CHANGED")]


async def test_of_a_list_once_with_all_that_it_says(office: Office) -> None:
    person = await office.province.appoint(office.school, PostKind.STAFF)
    code, before = await office.code(person), len(await office.told(person))
    new = f"P{uuid4().hex[:8]}"
    body = {
        "valid_from": "2012-04-25",
        "known": "CHANGE",
        "people": [
            {"code": code, "full_name": "Lò Thị Bính", "username": f"u{uuid4().hex[:12]}"},
            {"code": new, "full_name": "Hà Thị Mẫu", "username": f"u{uuid4().hex[:12]}"},
        ],
        "posts": [
            {"unit_code": "A", "kind": kind, "title": f"{kind} {new}", "person_code": one, "held_from": day}
            for kind, one, day in (
                ("COUNCIL_MEMBER", code, "2026-01-01"),
                ("ACCOUNTANT", code, "2026-02-01"),
                ("STAFF", new, "2026-01-01"),
            )
        ],
    }
    made = await office.province.send("POST", "/imports", body)
    assert made.status_code == 200, made.text
    [(detail, reference)] = (await office.told(person))[before:]
    assert set(detail.split(",")) == {
        "ACCOUNT_MADE",
        "NAME_CHANGED",
        "POST_TAKEN=COUNCIL_MEMBER",
        "POST_TAKEN=ACCOUNTANT",
    }
    assert reference is None
    other = UUID(made.json()["person_ids"][new])
    assert [told for told, _ in await office.told(other)] == ["ACCOUNT_MADE,POST_TAKEN=STAFF"]
    again = await office.province.send("POST", "/imports", body)
    assert again.status_code == 200, again.text
    assert len(await office.told(person)) == before + 1, "nothing was new"


async def test_of_an_account_that_is_made(office: Office) -> None:
    person = await office.province.appoint(office.school, PostKind.STAFF)
    account = {"username": f"u{uuid4().hex[:12]}"}
    assert (await office.province.send("PUT", f"/people/{person}/account", account)).status_code == 200
    assert await office.told(person, "ACCOUNT_CHANGED") == [("MADE", None)]


async def test_of_being_proposed_as_an_administrator_of_the_province(office: Office) -> None:
    person = await office.province.appoint(office.school, PostKind.STAFF)
    post = {"unit_id": str(office.province.root), "kind": "ADMIN", "title": uuid4().hex}
    made = (await office.province.send("POST", "/posts", post)).json()
    shall = {"person_id": str(person), "held_from": "2026-01-01"}
    proposed = (await office.province.send("POST", f"/posts/{made['id']}/proposals", shall)).json()
    await office.province.send("DELETE", f"/administrator-proposals/{proposed['id']}")
    assert [detail for detail, _ in await office.told(person)][-2:] == [
        "POST_PROPOSED=ADMIN",
        "PROPOSAL_DROPPED=ADMIN",
    ]
