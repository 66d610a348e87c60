"""A delegation ends with the post that it rests on, the grantor's or the delegate's, in whichever way the
post ends: by hand, by an appointment, by a list, as units move or merge; and everybody concerned is told."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from kit.db import Row
from language.deadline.arithmetic import local_day
from language.posts.kinds import PostKind
from services.organisation.app import SERVICE
from services.organisation.operations.succeeding import carry_out_due
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.provinces import Organised, bare_province

CHAIR, DEPUTY, OFFICER = PostKind.COUNCIL_CHAIR, PostKind.COUNCIL_DEPUTY_CHAIR, PostKind.INTAKE_OFFICER
DAY = timedelta(days=1)


@dataclass
class Office:
    """A commune with two schools; who passes on what."""

    service: TestService
    clock: MovableClock
    province: Organised
    commune: UUID
    school: UUID
    other: UUID

    @property
    def today(self) -> date:
        """As the organisation has it."""
        return local_day(self.clock.now())

    async def person(self, kind: PostKind, unit: UUID | None = None) -> UUID:
        """Somebody in a new post, who can sign in."""
        person = await self.province.appoint(unit or self.school, kind)
        async with self.service.database.transaction() as tx:
            await tx.conn.execute(
                "insert into accounts (username, person_id) values ($1, $2)", person.hex, person
            )
        return person

    async def post_of(self, person: UUID) -> Row:
        """The newest holding of the person, with its post."""
        query = """
        select h.id, h.post_id, p.title, p.kind, p.unit_id from holdings h join posts p on p.id = h.post_id
        where h.person_id = $1 order by h.held_from desc limit 1
        """
        [row] = await self.service.database.pool.fetch(query, person)
        return row

    async def delegate(self, grantor: UUID, delegate: UUID, **changed: Any) -> UUID:
        """From today for a month."""
        body = {
            "delegate_id": str(delegate),
            "unit_id": str(self.school),
            "starts_on": str(self.today),
            "ends_on": str(self.today + 30 * DAY),
            "reason": "Đi học",
            **changed,
        }
        headers = self.service.headers(grantor)
        made = await self.service.http.post(f"/v1/people/{grantor}/delegations", json=body, headers=headers)
        assert made.status_code == 201, made.text
        return UUID(made.json()["id"])

    async def last_day(self, delegation: UUID) -> date | None:
        """Until when it holds; None where it was taken back."""
        query = "select case when cancelled_at is null then ends_on end from delegations where id = $1"
        found: date | None = await self.service.database.pool.fetchval(query, delegation)
        return found

    async def told(self, delegation: UUID) -> set[UUID]:
        """Who learned of its end, by the event that says so."""
        query = """
        select n.person_id from notices n join events e on e.event_id = n.event_id
        where e.kind in ('DelegationEnded', 'DelegationTakenBack') and e.detail ->> 'delegation_id' = $1
        """
        rows = await self.service.database.pool.fetch(query, str(delegation))
        return {row["person_id"] for row in rows}

    async def reached(self) -> set[UUID]:
        """The posts that the newest change reached."""
        query = "select post_ids from roster_changes order by position desc limit 1"
        return set(await self.service.database.pool.fetchval(query))

    async def end(self, person: UUID, last_day: date) -> httpx.Response:
        """The person holds the post until this day."""
        holding = (await self.post_of(person))["id"]
        ended = await self.province.send("POST", f"/holdings/{holding}/end", {"held_to": str(last_day)})
        assert ended.status_code == 200, ended.text
        return ended

    async def succeed(self, **step: str) -> None:
        """An act about the school is drafted, approved and carried out tomorrow."""
        second = Organised(self.service, self.province.root)
        from_day = self.today + DAY
        body = {
            "document": "12/QĐ-UBND",
            "from_day": str(from_day),
            "steps": [{"unit_id": str(self.school), **step}],
        }
        drafted = await self.province.send("POST", "/successions", body)
        assert drafted.status_code == 201, drafted.text
        approved = await second.send("POST", f"/successions/{drafted.json()['id']}/approval")
        assert approved.status_code == 200, approved.text
        self.clock.offset += DAY
        async with self.service.database.transaction() as tx:
            await carry_out_due(tx)


@pytest.fixture
async def office(open_service: ServiceOpener) -> AsyncIterator[Office]:
    clock = MovableClock()
    async with open_service(SERVICE, clock=clock) as service:
        province = Organised(service, (await bare_province(service)).root)
        commune = await province.unit("X", "COMMUNE")
        schools = [await province.unit(code, parent=commune) for code in ("A", "B")]
        yield Office(service, clock, province, commune, *schools)


async def test_with_the_grantors_post(office: Office) -> None:
    officer, clerk = await office.person(OFFICER), await office.person(PostKind.STAFF)
    given = await office.delegate(officer, clerk)
    tried = (await office.post_of(officer))["id"]
    body = {"held_to": str(office.today + DAY)}
    await office.province.send("POST", f"/holdings/{tried}/end?dry_run=true", body)
    assert await office.last_day(given) == office.today + 30 * DAY
    await office.end(officer, office.today + DAY)
    assert await office.last_day(given) == office.today + DAY
    assert {officer, clerk} <= await office.told(given)
    assert (await office.post_of(officer))["post_id"] in await office.reached()


async def test_not_with_a_post_that_it_does_not_rest_on(office: Office) -> None:
    officer, clerk = await office.person(OFFICER), await office.person(PostKind.STAFF)
    given = await office.delegate(officer, clerk)
    await office.end(clerk, office.today)
    assert await office.last_day(given) == office.today + 30 * DAY
    title, person = (
        uuid4().hex,
        await office.service.database.pool.fetchval("select code from people where id = $1", officer),
    )
    row = {"unit_code": "A", "kind": OFFICER, "title": title, "person_code": person}
    body = {"valid_from": "2012-04-25", "posts": [{**row, "held_from": str(office.today)}]}
    old = (await office.post_of(officer))["id"]
    assert (await office.province.send("POST", "/imports", body)).status_code == 200
    ended = await office.province.send("POST", f"/holdings/{old}/end", {"held_to": str(office.today)})
    assert ended.status_code == 200, ended.text
    assert await office.last_day(given) == office.today + 30 * DAY, "another such post was taken before"


@pytest.mark.parametrize("way", ["appointment", "list"])
@pytest.mark.parametrize("whose", ["grantor", "delegate"])
async def test_with_a_post_that_was_only_acted_in(office: Office, way: str, whose: str) -> None:
    kind = CHAIR if whose == "grantor" else DEPUTY
    acting, other = await office.person(kind), await office.person(DEPUTY if kind is CHAIR else CHAIR)
    async with office.service.database.transaction() as tx:
        await tx.conn.execute("update holdings set acting = true where person_id = $1", acting)
    sides = (acting, other) if whose == "grantor" else (other, acting)
    given = await office.delegate(*sides)
    post, appointed = await office.post_of(acting), await office.person(PostKind.STAFF)
    first_day = office.today + DAY
    if way == "appointment":
        body = {"person_id": str(appointed), "held_from": str(first_day)}
        done = await office.province.send("POST", f"/posts/{post['post_id']}/holdings", body)
        assert done.status_code == 201, done.text
    else:
        code = await office.service.database.pool.fetchval("select code from people where id = $1", appointed)
        row = {"unit_code": "A", "kind": post["kind"], "title": post["title"], "person_code": code}
        body = {"valid_from": "2012-04-25", "posts": [{**row, "held_from": str(first_day)}]}
        done = await office.province.send("POST", "/imports", body)
        assert done.status_code == 200, done.text
    assert await office.last_day(given) == office.today
    assert set(sides) <= await office.told(given)


async def test_as_the_unit_moves_away_from_the_delegate(office: Office) -> None:
    chair, above = await office.person(CHAIR), await office.person(CHAIR, office.commune)
    given, below = await office.delegate(chair, above), await office.person(DEPUTY)
    stays = await office.delegate(chair, below, tasks=["MARK"])
    another = await office.province.unit("Y", "COMMUNE")
    etag = (await office.province.send("GET", f"/units/{office.school}")).headers["etag"]
    headers = office.service.headers(office.province.admin, *_root(office)) | {"If-Match": etag}
    moved = await office.service.http.post(
        f"/v1/units/{office.school}/move", json={"parent_id": str(another)}, headers=headers
    )
    assert moved.status_code == 200, moved.text
    assert await office.last_day(given) is None
    assert {chair, above} <= await office.told(given)
    assert await office.last_day(stays) == office.today + 30 * DAY


def _root(office: Office) -> tuple[Any, ...]:
    [posts] = [
        posts for person, posts in office.service.shared.callers.values() if person == office.province.admin
    ][-1:]
    return posts


async def test_as_units_merge_and_another_has_the_work(office: Office) -> None:
    chair, deputy = await office.person(CHAIR), await office.person(DEPUTY)
    await office.person(CHAIR, office.other)
    await office.person(DEPUTY, office.other)
    officer, clerk = await office.person(OFFICER), await office.person(PostKind.STAFF)
    ends, stays = await office.delegate(chair, deputy), await office.delegate(officer, clerk)
    before = office.today
    await office.succeed(kind="MERGES", into_id=str(office.other))
    kept = await office.service.database.pool.fetchval(
        "select count(*) from holdings where person_id = any($1) and (held_to is null or held_to > $2)",
        [officer],
        before,
    )
    assert await office.last_day(ends) == before
    assert {chair, deputy} <= await office.told(ends)
    assert await office.last_day(stays) == (before + 30 * DAY if kept else before)
