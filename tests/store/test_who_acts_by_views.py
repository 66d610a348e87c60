"""The organisation's views hold all that is needed to say who acts for a post on a day: one statement over
them gives the same picture as the organisation has of itself."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from kit.clock import Clock
from kit.db import Database, Tx, prepare
from kit.ids import new_id
from kit.rows import read
from language.ids import PersonId, UnitId
from language.posts.kinds import PostKind, PostTask
from language.posts.substitution import Delegation, Holding, Place, Roster
from services.organisation.app import SERVICE
from services.organisation.store import delegations, people, units
from services.organisation.store.people import Leave, Person, Post
from services.organisation.store.units import Unit
from tests.conftest import Cluster

DAY = date(2026, 3, 2)
PICTURE = """
with recursive held as (
  select p.id as post_id, p.kind, p.unit_path, h.id, h.person_id, h.acting, h.held_from
  from organisation.posts_v1 p left join organisation.holdings_v1 h
    on h.post_id = p.id and h.held_from <= $2 and (h.held_to is null or h.held_to >= $2)
  where p.unit_id = any($1)
), reached (person_id) as (
  select person_id from held where person_id is not null
  union
  select d.delegate_id from organisation.delegations_v1 d join reached r on d.grantor_id = r.person_id
  where $2 between d.starts_on and d.ends_on
)
select
  (select jsonb_agg(h order by h.held_from, h.id, h.post_id) from held h) as held,
  (select coalesce(jsonb_agg(d order by d.made_at desc, d.id), '[]') from organisation.delegations_v1 d
    where d.grantor_id in (select person_id from reached) and $2 between d.starts_on and d.ends_on) as given,
  (select coalesce(jsonb_agg(distinct l.person_id), '[]') from organisation.leave_v1 l
    where l.person_id in (select person_id from reached) and $2 between l.starts_on and l.ends_on) as away
"""


@pytest.fixture
async def bed(postgres: Cluster) -> AsyncIterator[tuple[Database, str]]:
    url = await postgres.fresh()
    database = await Database.open(postgres.url(url, SERVICE.name), schema=SERVICE.name, clock=Clock())
    yield database, url
    await database.close()


async def _school(tx: Tx) -> Unit:
    unit_id = new_id()
    values: dict[str, Any] = {"code": f"{unit_id}", "name": "x", "level": "SCHOOL", "version": 1}
    unit = Unit(
        id=unit_id, parent_id=None, path=[unit_id], valid_from=date(2012, 4, 25), valid_to=None, **values
    )
    assert await units.insert_unit(tx, unit)
    return unit


async def _person(tx: Tx) -> UUID:
    person = Person(id=new_id(), code=f"{uuid4()}", full_name="x", date_of_birth=None, version=1)
    assert await people.insert_person(tx, person, "x")
    return person.id


async def _held(tx: Tx, unit: Unit, kind: PostKind, person: UUID | None, *, acting: bool = False) -> None:
    post = Post(id=new_id(), unit_id=unit.id, kind=kind, title=f"{uuid4()}")
    assert await people.insert_post(tx, post)
    if person:
        await people.insert_holding(tx, new_id(), post.id, person, (DAY, DAY), acting=acting)


async def _given(tx: Tx, grantor: UUID, delegate: UUID, unit: Unit, **changes: Any) -> UUID:
    values = {"starts_on": DAY, "ends_on": DAY, "levels": frozenset({"UNIT"}), **changes}
    given = Delegation(
        id=new_id(),
        grantor_id=PersonId(grantor),
        delegate_id=PersonId(delegate),
        post_kinds=frozenset({PostKind.UNIT_HEAD}),
        tasks=frozenset({PostTask.MARK}),
        unit_id=UnitId(unit.id),
        units_below=True,
        reason="x",
        **values,
    )
    await delegations.insert_delegation(tx, given)
    return given.id


async def _fill(tx: Tx) -> list[UUID]:
    """Two schools: chains that end in a circle, what was taken back, what is not of the day, who is away."""
    one, other = await _school(tx), await _school(tx)
    people_ids = [await _person(tx) for _ in range(6)]
    await _held(tx, one, PostKind.UNIT_HEAD, people_ids[0])
    await _held(tx, one, PostKind.DEPUTY_HEAD, people_ids[1])
    await _held(tx, one, PostKind.COUNCIL_CHAIR, None)
    await _held(tx, other, PostKind.UNIT_HEAD, people_ids[2], acting=True)
    await _given(tx, people_ids[0], people_ids[3], one)
    await _given(tx, people_ids[3], people_ids[4], one, levels=frozenset())
    await _given(tx, people_ids[4], people_ids[0], other)
    await _given(tx, people_ids[1], people_ids[5], one, starts_on=DAY + timedelta(days=1), ends_on=date.max)
    taken_back = await _given(tx, people_ids[2], people_ids[5], other)
    assert await delegations.cancel_delegation(tx, taken_back, people_ids[2])
    for person, first in ((0, DAY), (4, DAY - timedelta(days=3)), (2, DAY + timedelta(days=1))):
        last = max(first, DAY) if person != 2 else date.max
        await people.insert_leave(
            tx, Leave(id=new_id(), person_id=people_ids[person], starts_on=first, ends_on=last)
        )
    cancelled = Leave(id=new_id(), person_id=people_ids[1], starts_on=DAY, ends_on=DAY)
    await people.insert_leave(tx, cancelled)
    assert await people.cancel_leave(tx, cancelled.id, people_ids[1])
    return [one.id, other.id]


def _roster(held: list[dict[str, Any]], given: list[dict[str, Any]], away: list[str]) -> Roster:
    places: dict[Any, Place] = {}
    holdings: dict[Any, list[Holding]] = {}
    for row in held:
        place = read(Place, row)
        places.setdefault(place.post_id, place)
        if row["person_id"]:
            holdings.setdefault(place.post_id, []).append(read(Holding, row))
    by_grantor: dict[Any, list[Delegation]] = {}
    for row in given:
        one = read(Delegation, row)
        by_grantor.setdefault(one.grantor_id, []).append(one)
    there = {PersonId(UUID(person)) for person in away}
    return Roster(places=places, holdings=holdings, away=there, delegations=by_grantor)


async def test_one_statement_over_the_views_gives_the_picture_of_a_day(bed: tuple[Database, str]) -> None:
    database, url = bed
    async with database.transaction() as tx:
        unit_ids = await _fill(tx)
        own = await delegations.roster_on(tx, unit_ids, DAY)
    conn = await asyncpg.connect(url)
    await prepare(conn)
    row = await conn.fetchrow(PICTURE, unit_ids, DAY)
    await conn.close()
    assert row is not None
    found = _roster(row["held"], row["given"], row["away"])
    assert found == own
    assert len(own.delegations) == 3
    assert len(own.away) == 2
