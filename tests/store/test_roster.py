"""The questions to the roster over the published views: they answer as the rules do over everything there is,
each in one statement that reads no more than it must."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework import roster, roster_watch
from casework.roster import (
    GivenWork,
    acting_for,
    held_posts,
    hold_roster,
    resolve,
    wait_for_openings,
)
from casework.roster_reach import reached, turned
from kit.clock import Clock
from kit.db import Database, Tx, prepare
from language.deadline.arithmetic import LOCAL_ZONE
from language.ids import PersonId
from language.posts.holders import Matter, PostsResolved, holders_in, superiors_of
from language.posts.kinds import PostKind
from language.posts.reach import AbsenceChanged, PostChanged, UnitChanged, reached_posts
from language.posts.substitution import Case, who_acts_for
from language.refusals import UnitUnknown
from services.review.app import SERVICE
from tests.conftest import Cluster
from tests.organisation_cases import Admin, write_facts
from tests.roster_facts import (
    CASES,
    DAYS,
    KINDS,
    LEVELS,
    PATHS,
    PEOPLE,
    SOME_PEOPLE,
    Facts,
    all_facts,
)


@pytest.fixture(scope="module")
async def admin_url(postgres: Cluster) -> str:
    """A database with everybody's tables."""
    return await postgres.fresh()


@pytest.fixture(scope="module")
async def admin(admin_url: str) -> AsyncIterator[Admin]:
    """Who may write facts, and ask as review does."""
    conn = await asyncpg.connect(admin_url, server_settings={"search_path": "review, public"})
    await prepare(conn)
    yield conn
    await conn.close()


@pytest.fixture
async def database(admin_url: str, postgres: Cluster) -> AsyncIterator[Database]:
    """As review itself connects."""
    dsn = postgres.url(admin_url, SERVICE.name)
    opened = await Database.open(dsn, schema=SERVICE.name, clock=Clock())
    yield opened
    await opened.close()


def _at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), LOCAL_ZONE)


@asynccontextmanager
async def _with(admin: Admin, facts: Facts) -> AsyncIterator[Tx]:
    """These facts and no others, for the length of the block."""
    transaction = admin.transaction()
    await transaction.start()
    try:
        await write_facts(admin, facts, PEOPLE)
        yield Tx(conn=admin, now=_at(DAYS[0]))
    finally:
        await transaction.rollback()


@given(
    facts=all_facts(),
    day=st.sampled_from(DAYS),
    path=st.sampled_from(PATHS),
    kinds=st.lists(st.sampled_from(KINDS), max_size=3, unique=True),
    level=st.sampled_from([None, *LEVELS]),
    excluded=SOME_PEOPLE,
)
@settings(max_examples=60, deadline=None)
async def test_who_holds_the_posts_of_a_unit_is_answered_as_the_rules_do_over_everything(
    admin: Admin,
    facts: Facts,
    day: date,
    path: tuple[Any, ...],
    kinds: list[PostKind],
    level: str | None,
    excluded: list[PersonId],
) -> None:
    whole, matter = facts.roster(day), Matter(level=level, excluded=excluded)
    async with _with(admin, facts) as tx:
        found = await resolve(tx, path[-1], kinds, _at(day), excluded=excluded, level=level)
    assert found == PostsResolved(
        unit_id=path[-1],
        unit_path=path,
        holders=holders_in(path[-1], kinds, whole, matter),
        superiors=superiors_of(path, whole, matter),
    )


@given(
    facts=all_facts(),
    day=st.sampled_from(DAYS),
    cases=st.lists(CASES, min_size=1, max_size=4),
    holders=st.lists(st.sampled_from([None, *PEOPLE]), min_size=4, max_size=4),
)
@settings(max_examples=80, deadline=None)
async def test_who_acts_for_work_is_answered_as_the_rules_do_over_everything(
    admin: Admin, facts: Facts, day: date, cases: list[Case], holders: Sequence[PersonId | None]
) -> None:
    whole = facts.roster(day)
    works = [
        GivenWork(id=uuid4(), post_id=place.post_id, holder_id=holder, case=case)
        for place in facts.places
        for case, holder in zip(cases, holders, strict=False)
    ]
    async with _with(admin, facts) as tx:
        found = await acting_for(tx, works, _at(day))
    assert found == {
        work.id: who_acts_for(whole, whole.places[work.post_id], work.holder_id, work.case) for work in works
    }


@given(facts=all_facts(), day=st.sampled_from(DAYS), person=st.sampled_from(PEOPLE))
@settings(max_examples=60, deadline=None)
async def test_the_posts_that_somebody_holds_are_those_of_the_day(
    admin: Admin, facts: Facts, day: date, person: PersonId
) -> None:
    async with _with(admin, facts) as tx:
        found = await held_posts(tx, person, day)
    held = [one for one in facts.held if one.person_id == person and one.first <= day <= one.last]
    places = {place.post_id: place for place in facts.places}
    assert [(one.holding_id, one.post_id) for one in found] == [
        (one.id, one.post_id) for one in sorted(held, key=lambda one: (one.first, one.id))
    ]
    assert all(
        (one.kind, one.unit_path) == (place.kind, place.unit_path)
        for one in found
        for place in [places[one.post_id]]
    )


async def test_an_unknown_unit_is_refused_and_the_role_reads_the_views_alone(database: Database) -> None:
    async with database.transaction() as tx:
        with pytest.raises(UnitUnknown):
            await resolve(tx, uuid4(), [PostKind.UNIT_HEAD], tx.now)
        assert await acting_for(tx, [], tx.now) == {}
        assert await held_posts(tx, uuid4(), DAYS[0]) == ()


async def test_after_a_look_for_a_new_day_nobody_is_told_of_the_day_before(admin: Admin) -> None:
    facts = Facts(places=())
    async with _with(admin, facts) as tx:
        day = await tx.conn.fetchval(f"with {roster.TODAY} select day from today", DAYS[0])
        assert day == DAYS[0]
        await tx.conn.execute(roster_watch.ANNOUNCE, DAYS[2])
        days = [await tx.conn.fetchval(f"with {roster.TODAY} select day from today", day) for day in DAYS[:4]]
        assert days == [DAYS[2], DAYS[2], DAYS[2], DAYS[3]]


async def test_a_look_waits_for_whoever_gives_work_out_by_the_roster(database: Database) -> None:
    """And whoever asks after the look is not kept waiting."""
    given_out, looked = asyncio.Event(), asyncio.Event()

    async def give_out() -> None:
        async with database.transaction() as tx:
            await hold_roster(tx)
            given_out.set()
            await asyncio.sleep(0.3)
            assert not looked.is_set()

    async def look() -> None:
        await given_out.wait()
        async with database.transaction() as tx:
            await wait_for_openings(tx)
        looked.set()

    await asyncio.gather(give_out(), look())
    async with asyncio.timeout(5), database.transaction() as tx:
        await hold_roster(tx)


@given(facts=all_facts(), day=st.sampled_from(DAYS[1:]), people=SOME_PEOPLE, unit=st.sampled_from(PATHS))
@settings(max_examples=60, deadline=None)
async def test_how_far_changes_reach_is_read_as_the_rule_finds_it_in_everything(
    admin: Admin, facts: Facts, day: date, people: list[PersonId], unit: tuple[Any, ...]
) -> None:
    eve = day - timedelta(days=1)
    changes = [
        *facts.turns_on(day),
        *(AbsenceChanged(person_id=person) for person in people),
        *(PostChanged(post_id=place.post_id) for place in facts.places[:1]),
        UnitChanged(unit_id=unit[-1]),
    ]
    async with _with(admin, facts) as tx:
        for some in (changes, changes[:-1], facts.turns_on(day)):
            found = await reached(tx, some, eve, day)
            assert found == reached_posts(facts.bonds(eve, day), some)
        assert set(await turned(tx, eve, day)) == set(facts.turns_on(day))
        assert set(await turned(tx, DAYS[0], day)) == {
            change for one in DAYS if DAYS[0] < one <= day for change in facts.turns_on(one)
        }
