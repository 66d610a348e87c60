"""The organisation's hot queries use their indexes, and its tables keep what the rules need."""

import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from casework import callers
from kit.clock import Clock
from kit.db import Database, Tx
from kit.ids import new_id
from kit.sorting import ListPlace
from language.ids import PersonId, UnitId
from language.posts.kinds import PostKind, PostTask
from language.posts.substitution import Delegation
from language.refusals import NotFound
from language.text import containing, fold
from services.organisation.app import SERVICE
from services.organisation.domain.person import Leave, Person
from services.organisation.domain.post import Post
from services.organisation.domain.refusals import HoldingOverlaps
from services.organisation.domain.unit import Unit
from services.organisation.store import delegations, leaves, people, units
from tests.conftest import Cluster, vacuum

DAY = date(2026, 3, 2)
ROWS = """
insert into people (id, code, full_name, folded_name)
  select gen_random_uuid(), 'gv' || n, 'Nguyễn Văn ' || n, 'nguyen van ' || n from generate_series(1,
  20000) n;
insert into units (id, path, code, name, level, valid_from)
  select id, array[id], 'u' || n, 'Trường ' || n, 'SCHOOL', '2012-04-25'
  from (select gen_random_uuid() as id, n from generate_series(1, 3000) n) made;
insert into posts (id, unit_id, kind, title) select gen_random_uuid(), id, 'STAFF', 'Giáo viên ' || n
  from units, generate_series(1, 5) n;
insert into holdings (id, post_id, person_id, held_from)
  select gen_random_uuid(), post.id, person.id, '2020-01-01'
  from (select id, row_number() over () as n from posts) post join (select id, row_number() over () as n
  from people) person using (n);
"""
GIVEN = """
insert into leaves (id, person_id, starts_on, ends_on) select gen_random_uuid(), id, '2025-01-01',
  '2025-01-31' from people;
insert into delegations (id, grantor_id, delegate_id, starts_on, ends_on, post_kinds, levels, tasks, unit_id,
  units_below, reason, made_at)
  select gen_random_uuid(), h.person_id, (select id from people where id <> h.person_id limit 1),
  '2025-01-01', '2025-01-31', '{}', '{}', '{}',
    p.unit_id, false, 'x', now()
  from holdings h join posts p on p.id = h.post_id;
"""
ACCOUNTS = "insert into accounts (username, person_id) select code, id from people"
TABLES = ("people", "units", "posts", "holdings", "leaves", "delegations", "accounts")


@pytest.fixture(scope="module")
async def database(postgres: Cluster) -> AsyncIterator[Database]:
    admin_url = await postgres.fresh()
    opened = await Database.open(postgres.url(admin_url, SERVICE.name), schema=SERVICE.name, clock=Clock())
    async with opened.transaction() as tx:
        await tx.conn.execute(ROWS + GIVEN)
        await tx.conn.execute(ACCOUNTS)
    await vacuum(admin_url, *(f"organisation.{table}" for table in TABLES))
    yield opened
    await opened.close()


async def _unit(tx: Tx, parent: Unit | None, level: str) -> Unit:
    unit_id = new_id()
    path = [*(parent.path if parent else []), unit_id]
    unit = Unit(
        id=unit_id,
        parent_id=parent.id if parent else None,
        path=path,
        code=f"{level}-{unit_id}",
        name=level,
        level=level,
        valid_from=date(2012, 4, 25),
        valid_to=None,
        version=1,
    )
    assert await units.insert_unit(tx, unit)
    return unit


async def _person(tx: Tx, name: str = "Đặng Thị Hoà") -> UUID:
    person = Person(id=new_id(), code=f"gv-{uuid4()}", full_name=name, date_of_birth=None, version=1)
    assert await people.insert_person(tx, person, fold(name))
    return person.id


async def _post(tx: Tx, unit: Unit, kind: PostKind = PostKind.UNIT_HEAD) -> UUID:
    post = Post(id=new_id(), unit_id=unit.id, kind=kind, title=f"{kind} {uuid4()}")
    assert await people.insert_post(tx, post)
    return post.id


def _scanned_whole(node: dict[str, Any]) -> set[str]:
    below = set().union(*(_scanned_whole(child) for child in node.get("Plans", [])))
    return below | ({node["Relation Name"]} if node["Node Type"] == "Seq Scan" else set())


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        (people.SEARCH["code"], [containing("van 19999"), None, None, 51, False, [UUID(int=7)], DAY]),
        (people.SEARCH["-name"], [None, None, None, 51, False, [UUID(int=7)], DAY]),
        (delegations.LIST, [UUID(int=7)]),
        (people.UNITS_OF_PEOPLE, [[UUID(int=7)], DAY]),
        (units.LIST["code"], [UUID(int=7), None, None, None, 51, None, None]),
    ],
    ids=[
        "search by name",
        "people in the order of their names",
        "own delegations",
        "units of people",
        "units under one",
    ],
)
async def test_a_hot_query_scans_no_table_from_end_to_end(
    database: Database, query: str, arguments: list[object]
) -> None:
    async with database.reading() as tx:
        (explained,) = await tx.conn.fetchrow(f"explain (format json) {query}", *arguments)
    assert not _scanned_whole(json.loads(explained)[0]["Plan"])


async def test_who_a_token_speaks_of_is_found_without_reading_all_accounts(database: Database) -> None:
    async with database.reading() as tx:
        (explained,) = await tx.conn.fetchrow(f"explain (format json) {callers.FIND}", "", str(UUID(int=7)))
    assert "accounts" not in _scanned_whole(json.loads(explained)[0]["Plan"])


async def test_people_are_found_by_part_of_the_name_with_or_without_marks(database: Database) -> None:
    async with database.transaction() as tx:
        person_id = await _person(tx, "Lường Thị Đào")
        for typed in ("đào", "luong thi", "LUONG  THI DAO"):
            search = people.PersonSearch(pattern=containing(fold(typed)), units=[], is_province=True, day=DAY)
            found = await people.search_people(tx, search, people.SORTS.beginning, 10)
            assert person_id in [person.id for person in found]


async def test_units_under_one_come_in_pages_that_neither_repeat_nor_miss(database: Database) -> None:
    async with database.transaction() as tx:
        province = await _unit(tx, None, "PROVINCE")
        schools = [await _unit(tx, province, "SCHOOL") for _ in range(5)]
        seen: list[UUID] = []
        place = units.SORTS.beginning
        wanted = units.UnitFilter(under=province.id, level="SCHOOL")
        while page := await units.list_units(tx, wanted, place, 2):
            seen += [unit.id for unit in page]
            place = ListPlace(order="code", key=(page[-1].code, page[-1].id))
        assert sorted(seen) == sorted(unit.id for unit in schools)


async def test_a_post_is_not_held_twice_at_once_by_one_person_but_again_later(database: Database) -> None:
    async with database.transaction() as tx:
        post_id, person_id = await _post(tx, await _unit(tx, None, "SCHOOL")), await _person(tx)
        await people.insert_holding(tx, new_id(), post_id, person_id, (date(2020, 1, 1), date(2022, 12, 31)))
        with pytest.raises(HoldingOverlaps):
            await people.insert_holding(tx, new_id(), post_id, person_id, (date(2022, 12, 31), None))
        await people.insert_holding(tx, new_id(), post_id, person_id, (date(2023, 1, 1), None))


async def test_a_leave_is_taken_back_once(database: Database) -> None:
    async with database.transaction() as tx:
        person_id = await _person(tx)
        leave = Leave(id=new_id(), person_id=person_id, starts_on=DAY, ends_on=DAY + timedelta(days=4))
        await leaves.insert_leave(tx, leave)
        assert await leaves.list_leaves(tx, person_id) == [leave]
        assert await leaves.cancel_leave(tx, leave.id, person_id) == leave
        assert await leaves.cancel_leave(tx, leave.id, person_id) is None
        assert await leaves.list_leaves(tx, person_id) == []


async def test_a_delegation_is_kept_as_it_was_given_and_taken_back_once(database: Database) -> None:
    async with database.transaction() as tx:
        unit, grantor, delegate = await _unit(tx, None, "SCHOOL"), await _person(tx), await _person(tx)
        given = Delegation(
            id=new_id(),
            grantor_id=PersonId(grantor),
            delegate_id=PersonId(delegate),
            starts_on=DAY,
            ends_on=DAY + timedelta(days=5),
            post_kinds=frozenset({PostKind.UNIT_HEAD}),
            levels=frozenset({"UNIT"}),
            tasks=frozenset({PostTask.MARK}),
            unit_id=UnitId(unit.id),
            units_below=True,
            reason="nghỉ phép",
        )
        await delegations.insert_delegation(tx, given)
        assert await delegations.list_delegations(tx, grantor) == [given]
        with pytest.raises(NotFound):
            await delegations.lock_delegation(tx, given.id, delegate)
        assert await delegations.lock_delegation(tx, given.id, grantor) == given
        await delegations.cancel_delegation(tx, given.id)
        with pytest.raises(NotFound):
            await delegations.lock_delegation(tx, given.id, grantor)
        assert await delegations.list_delegations(tx, grantor) == []


async def test_somebodys_units_are_those_of_posts_held_now_or_later(database: Database) -> None:
    async with database.transaction() as tx:
        province = await _unit(tx, None, "PROVINCE")
        schools, person_id = [await _unit(tx, province, "SCHOOL") for _ in range(3)], await _person(tx)
        spans = [
            (DAY - timedelta(days=9), DAY - timedelta(days=1)),
            (DAY, DAY),
            (DAY + timedelta(days=1), None),
        ]
        for school, span in zip(schools, spans, strict=True):
            await people.insert_holding(tx, new_id(), await _post(tx, school), person_id, span)
        found = await people.units_of_people(tx, [person_id], DAY)
        assert sorted(found) == sorted([[province.id, school.id] for school in schools[1:]])
