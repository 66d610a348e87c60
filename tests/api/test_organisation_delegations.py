"""Delegations over HTTP: who may make them, what is refused, who acts then, and that the hand-over is told of
every change."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from casework.roster import GivenWork, acting_for, resolve
from kit.db import Row
from language.ids import PersonId, PostId
from language.names import TaskQueue
from language.posts.holders import PostHolder
from language.posts.kinds import ActsAs, PostKind, PostTask
from language.posts.substitution import Case, Substitution
from processes.bootstrap import ROOT_CODE
from services.organisation.app import SERVICE
from tests.conftest import ServiceOpener, TestService, held
from tests.provinces import bare_province

DAY = date(2026, 3, 2)
PEOPLE = ("officer", "delegate", "onward", "head", "no.account")


@dataclass
class School:
    """A school with an officer and a head, two colleagues who can sign in and one who cannot."""

    service: TestService
    root: UUID
    unit: UUID
    people: dict[str, PersonId]
    posts: dict[str, PostId]

    async def send(
        self, method: str, path: str, body: Any = None, *, as_: UUID | None = None
    ) -> httpx.Response:
        """As a person, else as the province's administrator."""
        headers = (
            self.service.headers(as_)
            if as_
            else self.service.headers(uuid4(), held(PostKind.ADMIN, self.root))
        )
        return await self.service.http.request(method, f"/v1{path}", json=body, headers=headers)

    async def delegate(
        self, grantor: str, delegate: str, *, as_: UUID | None = None, **changed: Any
    ) -> httpx.Response:
        """The grantor's work of some days goes to the delegate."""
        body = {
            "delegate_id": str(self.people[delegate]),
            "starts_on": str(DAY),
            "ends_on": str(DAY + timedelta(days=4)),
            "unit_id": str(self.unit),
            "reason": "Đi công tác",
            **changed,
        }
        return await self.send(
            "POST", f"/people/{self.people[grantor]}/delegations", body, as_=as_ or self.people[grantor]
        )

    async def acting(
        self, day: date = DAY, kind: PostKind = PostKind.INTAKE_OFFICER, *excluded: PersonId
    ) -> list[PostHolder]:
        """Who acts in the posts of this kind."""
        at = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
        intake = await self.service.shared.database(TaskQueue.INTAKE)
        async with intake.transaction() as tx:
            return list((await resolve(tx, self.unit, (kind,), at, excluded=excluded)).holders)

    async def task_of(self, holder: str, day: date = DAY) -> Substitution | None:
        """Who acts for a check that was given to this person as the officer."""
        person = self.people[holder]
        case = Case(task=PostTask.FORMAL_CHECK, is_office=True, assignee_id=person)
        work = GivenWork(id=uuid4(), post_id=self.posts["officer"], holder_id=person, case=case)
        intake = await self.service.shared.database(TaskQueue.INTAKE)
        async with intake.reading() as tx:
            acting = await acting_for(tx, [work], datetime(day.year, day.month, day.day, 5, tzinfo=UTC))
        return acting[work.id]

    async def who(self, holder: str, day: date = DAY) -> PersonId | None:
        """The person alone."""
        found = await self.task_of(holder, day)
        return found.person_id if found else None

    async def changes(self) -> list[Row]:
        """What was written down of changes that reach the officer's post."""
        query = "select * from roster_changes where $1 = any(post_ids) order by position"
        return await self.service.database.pool.fetch(query, self.posts["officer"])


@pytest.fixture(scope="module")
async def opened(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as service:
        await bare_province(service)
        yield service


@pytest.fixture
async def school(opened: TestService) -> School:
    code = f"S{uuid4().hex[:8]}"
    async with opened.database.reading() as tx:
        root = UUID(str(await tx.conn.fetchval("select id from units where code = $1", ROOT_CODE)))
    people = [
        {"code": f"{code}-{name}", "full_name": name, "username": f"{code.lower()}.{name}"} for name in PEOPLE
    ]
    del people[-1]["username"]
    body = {
        "valid_from": "2012-04-25",
        "units": [{"code": code, "parent_code": ROOT_CODE, "name": "Trường Mẫu", "level": "SCHOOL"}],
        "people": people,
        "posts": [
            {
                "unit_code": code,
                "kind": kind,
                "title": title,
                "person_code": f"{code}-{title}",
                "held_from": "2020-01-01",
            }
            for kind, title in (("INTAKE_OFFICER", "officer"), ("UNIT_HEAD", "head"), ("STAFF", "delegate"))
        ],
    }
    headers = opened.headers(uuid4(), held(PostKind.ADMIN, root))
    made = (await opened.http.post("/v1/imports", json=body, headers=headers)).json()
    unit = UUID(made["unit_ids"][code])
    listed = (await opened.http.get(f"/v1/units/{unit}/posts", headers=headers)).json()["items"]
    return School(
        service=opened,
        root=root,
        unit=unit,
        people={name: PersonId(UUID(made["person_ids"][f"{code}-{name}"])) for name in PEOPLE},
        posts={post["title"]: PostId(UUID(post["id"])) for post in listed},
    )


async def test_a_delegate_acts_on_the_days_given_and_the_work_comes_back(school: School) -> None:
    made = await school.delegate("officer", "delegate")
    assert made.status_code == 201, made.text
    officer, delegate = school.people["officer"], school.people["delegate"]
    [found] = await school.acting()
    assert found
    assert (found.person_id, found.on_behalf_of, found.chain) == (delegate, officer, (officer, delegate))
    assert [holder.person_id for holder in await school.acting(DAY - timedelta(days=1))] == [officer]
    assert [holder.person_id for holder in await school.acting(DAY + timedelta(days=5))] == [officer]
    assert await school.acting(DAY, PostKind.INTAKE_OFFICER, officer) == []
    ended = await school.send("DELETE", f"/people/{officer}/delegations/{made.json()['id']}", as_=officer)
    assert ended.status_code == 200, ended.text
    assert [holder.person_id for holder in await school.acting()] == [officer]
    again = await school.send("DELETE", f"/people/{officer}/delegations/{made.json()['id']}", as_=officer)
    assert (again.status_code, again.json()["code"]) == (404, "NotFound")


async def test_open_work_follows_chains_and_is_nobodys_when_nobody_is_there(school: School) -> None:
    officer, delegate, onward = (school.people[name] for name in ("officer", "delegate", "onward"))
    assert await school.who("officer") == officer
    await school.delegate("officer", "delegate")
    await school.delegate("delegate", "onward")
    found = await school.task_of("officer")
    assert found
    assert (found.person_id, found.on_behalf_of, found.chain, found.acts_as) == (
        onward,
        officer,
        (officer, delegate, onward),
        ActsAs.DELEGATE,
    )
    for name in ("officer", "delegate", "onward"):
        leave = {"starts_on": str(DAY), "ends_on": str(DAY)}
        await school.send("POST", f"/people/{school.people[name]}/leaves", leave, as_=school.people[name])
    assert await school.who("officer") is None
    assert await school.who("officer", DAY + timedelta(days=1)) == onward


async def test_work_of_an_officer_on_leave_without_a_delegate_goes_to_a_colleague_and_comes_back(
    school: School,
) -> None:
    officer, colleague = school.people["officer"], school.people["onward"]
    leave = {"starts_on": str(DAY), "ends_on": str(DAY)}
    await school.send("POST", f"/people/{officer}/leaves", leave, as_=officer)
    assert await school.who("officer") is None
    made = await school.send(
        "POST", "/posts", {"unit_id": str(school.unit), "kind": "INTAKE_OFFICER", "title": "Văn thư 2"}
    )
    assert made.status_code == 201, made.text
    await school.send(
        "POST",
        f"/posts/{made.json()['id']}/holdings",
        {"person_id": str(colleague), "held_from": "2020-01-01"},
    )
    found = await school.task_of("officer")
    assert found
    assert (found.person_id, found.on_behalf_of, found.chain, found.acts_as) == (
        colleague,
        officer,
        (officer, colleague),
        ActsAs.COLLEAGUE,
    )
    assert [holder.person_id for holder in await school.acting()] == [colleague], (
        "new work is the colleague's own"
    )
    assert await school.who("officer", DAY + timedelta(days=1)) == officer


async def test_an_acting_holder_works_in_a_vacant_post_until_it_is_filled(school: School) -> None:
    post = school.posts["officer"]
    listed = (await school.send("GET", f"/units/{school.unit}/posts")).json()["items"]
    holding = next(row["holding_id"] for row in listed if row["title"] == "officer")
    await school.send("POST", f"/holdings/{holding}/end", {"held_to": str(DAY - timedelta(days=1))})
    assert await school.who("officer") is None
    acting = {"person_id": str(school.people["onward"]), "held_from": str(DAY), "acting": True}
    too_early = await school.send("POST", f"/posts/{post}/holdings", {**acting, "held_from": "2026-01-01"})
    assert (too_early.status_code, too_early.json()["code"]) == (409, "PostNotVacant")
    assert (await school.send("POST", f"/posts/{post}/holdings", acting)).status_code == 201
    found = await school.task_of("officer")
    assert found
    assert (found.person_id, found.on_behalf_of, found.acts_as) == (
        school.people["onward"],
        None,
        ActsAs.ACTING_HOLDER,
    )
    appointed = {"person_id": str(school.people["delegate"]), "held_from": str(DAY + timedelta(days=3))}
    await school.send("POST", f"/posts/{post}/holdings", appointed)
    assert await school.who("officer", DAY + timedelta(days=2)) == school.people["onward"]
    assert await school.who("officer", DAY + timedelta(days=3)) == school.people["delegate"]
    listed = (await school.send("GET", f"/units/{school.unit}/posts")).json()["items"]
    assert [row["held_to"] for row in listed if row["acting"]] == [str(DAY + timedelta(days=2))], (
        "appointment ends acting"
    )


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"delegate_id": "officer"}, "DelegatedToOneself"),
        ({"delegate_id": "no.account"}, "DelegateCannotSignIn"),
        ({"delegate_id": str(UUID(int=7))}, "DelegateCannotSignIn"),
        ({"unit_id": str(UUID(int=7))}, "UnitUnknown"),
        ({"post_kinds": ["ACCOUNTANT"]}, "NothingToDelegate"),
        ({"unit_id": "root"}, "NothingToDelegate"),
        ({"starts_on": "2019-01-01", "ends_on": "2019-12-31"}, "NothingToDelegate"),
        ({"ends_on": "2026-03-01"}, "RequestInvalid"),
        ({"tasks": ["SUPPLEMENT"]}, "RequestInvalid"),
        ({"levels": ["unit"]}, "RequestInvalid"),
        ({"reason": " "}, "RequestInvalid"),
    ],
)
async def test_a_delegation_that_means_nothing_is_refused(
    school: School, changed: dict[str, Any], code: str
) -> None:
    named = {**{name: str(person) for name, person in school.people.items()}, "root": str(school.root)}
    changed = {
        key: named.get(value, value) if isinstance(value, str) else value for key, value in changed.items()
    }
    before = await school.changes()
    response = await school.delegate("officer", "delegate", **changed)
    assert (response.status_code, response.json()["code"]) == (422, code)
    assert await school.changes() == before


async def test_delegations_are_made_and_seen_by_the_grantor_and_administrators_over_the_grantor(
    school: School,
) -> None:
    stranger = school.people["onward"]
    assert (await school.delegate("officer", "delegate", as_=stranger)).status_code == 403
    made = await school.send(
        "POST",
        f"/people/{school.people['officer']}/delegations",
        {
            "delegate_id": str(school.people["delegate"]),
            "starts_on": str(DAY),
            "ends_on": str(DAY),
            "unit_id": str(school.root),
            "units_below": True,
            "post_kinds": ["INTAKE_OFFICER"],
            "levels": ["UNIT"],
            "tasks": ["FORMAL_CHECK"],
            "reason": "Theo quyết định",
        },
    )
    assert made.status_code == 201, made.text
    shown = {
        name: value
        for name, value in made.json().items()
        if name not in {"work", "moves_nothing", "questioned"}
    }
    for person in ("officer", "delegate"):
        path = f"/people/{school.people[person]}/delegations"
        listed = (await school.send("GET", path, as_=school.people[person])).json()["items"]
        assert listed == [shown]
    path = f"/people/{school.people['officer']}/delegations"
    assert (await school.send("GET", path)).json()["items"] == [shown]
    assert (await school.send("GET", path, as_=stranger)).status_code == 403
    assert (await school.send("DELETE", f"{path}/{made.json()['id']}", as_=stranger)).status_code == 403
    query = "select count(*) from events where subject_id = $1 and kind = 'WorkDelegated'"
    assert await school.service.database.pool.fetchval(query, school.people["officer"]) == 1


async def test_every_change_is_written_down_with_its_days_and_whom_it_reaches(school: School) -> None:
    before = len(await school.changes())
    officer = school.people["officer"]
    leave = await school.send(
        "POST", f"/people/{officer}/leaves", {"starts_on": str(DAY), "ends_on": str(DAY)}, as_=officer
    )
    await school.send("DELETE", f"/people/{officer}/leaves/{leave.json()['id']}", as_=officer)
    made = await school.delegate("officer", "delegate")
    await school.send("DELETE", f"/people/{officer}/delegations/{made.json()['id']}", as_=officer)
    written = (await school.changes())[before:]
    days = [(DAY, DAY)] * 2 + [(DAY, DAY + timedelta(days=4))] * 2
    assert [(row["from_day"], row["until_day"]) for row in written] == days
    assert all(row["post_ids"] == [school.posts["officer"]] for row in written)
    head = school.people["head"]
    await school.send(
        "POST", f"/people/{head}/leaves", {"starts_on": str(DAY), "ends_on": str(DAY)}, as_=head
    )
    assert len(await school.changes()) == before + 4, "a head's leave is nothing to the officer"
