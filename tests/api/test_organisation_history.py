"""What the organisation records: old and new values, in words, and what is personal kept apart."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from language.events import organisation as facts
from language.events.base import Change, Fact
from language.posts.kinds import PostKind, PostTask
from services.organisation.app import SERVICE
from tests.conftest import ServiceOpener, TestService, held
from tests.history_cases import told_of
from tests.provinces import bare_province

DAY = date(2020, 1, 1)


@dataclass
class Office:
    """The province's administrator."""

    service: TestService
    root: UUID
    admin: UUID

    async def send(self, method: str, path: str, body: Any = None, etag: str = "") -> httpx.Response:
        """Anything that the organisation's API takes, done."""
        headers = self.service.headers(self.admin, held(PostKind.ADMIN, self.root))
        if etag:
            headers["If-Match"] = etag
        answer = await self.service.http.request(method, f"/v1{path}", json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer

    async def unit(self, name: str = "Trường cũ", level: str = "SCHOOL") -> str:
        """A new unit."""
        body = {"parent_id": str(self.root), "code": uuid4().hex, "name": name, "level": level}
        return str((await self.send("POST", "/units", {**body, "valid_from": str(DAY)})).json()["id"])

    async def person(self) -> str:
        """A new person."""
        body = {"code": uuid4().hex, "full_name": "Lò Văn Bình", "mail_address": "binh@sk.test"}
        return str((await self.send("POST", "/people", body)).json()["id"])

    async def post(self, unit: str) -> str:
        """A new post."""
        body = {"unit_id": unit, "kind": "UNIT_HEAD", "title": uuid4().hex}
        return str((await self.send("POST", "/posts", body)).json()["id"])

    async def hold(self, post: str, person: str, **body: Any) -> UUID:
        """The person takes the post."""
        made = await self.send("POST", f"/posts/{post}/holdings", {"person_id": person, **body})
        return UUID(made.json()["id"])

    async def facts(self, about: str | UUID) -> list[Fact]:
        """What is told of anything."""
        return [event.fact for event in await told_of(self.service.database, about)]


@pytest.fixture(scope="module")
async def office(open_service: ServiceOpener) -> AsyncIterator[Office]:
    async with open_service(SERVICE) as service:
        yield Office(service, (await bare_province(service)).root, uuid4())


async def test_a_unit_tells_its_names_and_where_it_lay(office: Office) -> None:
    unit, other = await office.unit(), await office.unit("Xã", "COMMUNE")
    body = {"name": "Trường mới", "valid_to": None}
    await office.send("PATCH", f"/units/{unit}", body, '"v1"')
    await office.send("PATCH", f"/units/{unit}", {"name": "Trường mới", "valid_to": "2030-01-01"}, '"v2"')
    await office.send("POST", f"/units/{unit}/move", {"parent_id": other}, '"v3"')
    [created, *changes] = await office.facts(unit)
    assert isinstance(created, facts.UnitCreated)
    assert (created.name, created.parent_id, created.valid_from) == ("Trường cũ", office.root, DAY)
    assert changes == [
        facts.UnitChanged(name=Change(old="Trường cũ", new="Trường mới"), valid_to=None),
        facts.UnitChanged(name=None, valid_to=Change(old=None, new=date(2030, 1, 1))),
        facts.UnitMoved(parent_id=Change(old=office.root, new=UUID(other))),
    ]


async def test_a_person_tells_what_was_corrected_and_the_event_itself_bears_no_name(office: Office) -> None:
    person = await office.person()
    body = {"full_name": "Lò Văn Binh", "date_of_birth": "1985-04-02", "mail_address": "binh@sk.test"}
    await office.send("PATCH", f"/people/{person}", body, '"v1"')
    [created, corrected] = await office.facts(person)
    assert isinstance(created, facts.PersonCreated)
    assert (created.full_name, created.date_of_birth) == ("Lò Văn Bình", None)
    assert corrected == facts.PersonChanged(
        full_name=Change(old="Lò Văn Bình", new="Lò Văn Binh"),
        date_of_birth=Change(old=None, new=date(1985, 4, 2)),
        mail_address=None,
    )
    rows = await office.service.database.pool.fetch(
        "select detail from events where subject_id = $1", UUID(person)
    )
    told = str([row["detail"] for row in rows])
    assert not any(secret in told for secret in ("Lò Văn", "1985", "binh@"))


async def test_holdings_tell_their_days_also_of_who_only_acted(office: Office) -> None:
    unit = await office.unit()
    post, acting, head = await office.post(unit), await office.person(), await office.person()
    [made] = await office.facts(post)
    assert isinstance(made, facts.PostCreated)
    assert (made.unit_id, made.post_kind) == (UUID(unit), PostKind.UNIT_HEAD)
    first = await office.hold(post, acting, held_from="2020-01-01", acting=True)
    second = await office.hold(post, head, held_from="2021-01-01")
    await office.send("POST", f"/holdings/{second}/end", {"held_to": "2020-06-01"})
    common = {"post_id": UUID(post)}
    assert (await office.facts(acting))[1:] == [
        facts.PostTaken(holding_id=first, held_from=DAY, held_to=None, acting=True, **common),
        facts.PostLeft(holding_id=first, held_to=Change(old=None, new=date(2020, 12, 31)), **common),
    ]
    began = date(2021, 1, 1)
    assert (await office.facts(head))[1:] == [
        facts.PostTaken(holding_id=second, held_from=began, held_to=None, acting=False, **common),
        facts.PostLeft(holding_id=second, held_to=Change(old=None, new=began), **common),
    ]


async def test_leave_and_delegations_tell_what_is_taken_back(office: Office) -> None:
    unit, grantor, delegate = await office.unit(), await office.person(), await office.person()
    await office.hold(await office.post(unit), grantor, held_from="2020-01-01")
    username = uuid4().hex
    await office.send("PUT", f"/people/{delegate}/account", {"username": username})
    days = {"starts_on": "2030-01-01", "ends_on": "2030-01-05"}
    leave = (await office.send("POST", f"/people/{grantor}/leaves", days)).json()["id"]
    await office.send("DELETE", f"/people/{grantor}/leaves/{leave}")
    body = {**days, "delegate_id": delegate, "unit_id": unit, "tasks": ["FORMAL_CHECK"], "reason": "Đi học"}
    given = (await office.send("POST", f"/people/{grantor}/delegations", body)).json()["id"]
    await office.send("DELETE", f"/people/{grantor}/delegations/{given}")
    span = {"starts_on": date(2030, 1, 1), "ends_on": date(2030, 1, 5)}
    work = facts.DelegatedWork(
        delegate_id=UUID(delegate),
        post_kinds=(),
        levels=(),
        tasks=(PostTask.FORMAL_CHECK,),
        in_unit_id=UUID(unit),
        units_below=False,
        **span,
    )
    assert (await office.facts(grantor))[2:] == [
        facts.LeaveAdded(leave_id=UUID(leave), **span),
        facts.LeaveCancelled(leave_id=UUID(leave), **span),
        facts.WorkDelegated(delegation_id=UUID(given), work=work, reason="Đi học"),
        facts.DelegationTakenBack(delegation_id=UUID(given), work=work),
    ]


async def test_accounts_tell_that_a_password_was_set_and_never_which(office: Office) -> None:
    person, username = await office.person(), uuid4().hex
    account = {"username": username}
    secrets = ("mat khau dau tien", "mat khau thu hai")
    for body in (account, {**account, "password": secrets[0]}, {**account, "password": secrets[1]}, account):
        await office.send("PUT", f"/people/{person}/account", body)
    assert (await office.facts(person))[1:] == [
        facts.AccountMade(username=username, has_password=False),
        facts.AccountChanged(has_password=Change(old=False, new=True), password_set=True),
        facts.AccountChanged(has_password=Change(old=True, new=True), password_set=True),
        facts.AccountChanged(has_password=Change(old=True, new=True), password_set=False),
    ]
    query = "select events::text as row from events where subject_id = $1"
    told = str(await office.service.database.pool.fetch(query, UUID(person)))
    assert not any(secret in told for secret in (*secrets, "argon2", username))


async def test_every_row_of_an_import_has_its_own_event(office: Office) -> None:
    code = uuid4().hex[:12]
    acting, post = await office.person(), uuid4().hex
    root_code = await office.service.database.pool.fetchval(
        "select code from units where id = $1", office.root
    )
    row = {"unit_code": code, "kind": "STAFF", "title": post, "held_from": "2020-01-01"}
    body = {
        "valid_from": str(DAY),
        "units": [{"code": code, "parent_code": root_code, "name": "Trường", "level": "SCHOOL"}],
        "posts": [row],
    }
    unit = (await office.send("POST", "/imports", body)).json()["unit_ids"][code]
    post_id = await office.service.database.pool.fetchval("select id from posts where title = $1", post)
    await office.hold(str(post_id), acting, held_from="2020-01-01", acting=True)
    person = {"code": f"{code}-1", "full_name": "Nông Thị Mẫu", "username": code}
    body |= {"people": [person], "posts": [{**row, "person_code": person["code"], "held_from": "2022-01-01"}]}
    made = (await office.send("POST", "/imports", body)).json()["person_ids"][person["code"]]
    assert [type(fact) for fact in await office.facts(unit)] == [facts.UnitCreated]
    assert [type(fact) for fact in await office.facts(post_id)] == [facts.PostCreated]
    told = [type(fact) for fact in await office.facts(made)]
    assert told == [facts.PersonCreated, facts.AccountMade, facts.PostTaken]
    left = (await office.facts(acting))[-1]
    assert isinstance(left, facts.PostLeft)
    assert left.held_to == Change(old=None, new=date(2021, 12, 31))
    imports = [fact for fact in await office.facts(office.admin) if isinstance(fact, facts.ListImported)]
    assert imports[-1] == facts.ListImported(units=0, people=1, posts=0, holdings=1, accounts=1)


async def test_a_province_begins_with_events(office: Office) -> None:
    assert isinstance((await office.facts(office.root))[0], facts.UnitCreated)
    person = await office.service.database.pool.fetchval(
        "select person_id from accounts where username = 'admin'"
    )
    told = [type(fact) for fact in await office.facts(person)]
    assert told == [facts.PersonCreated, facts.AccountMade, facts.PostTaken]
