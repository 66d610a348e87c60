"""The organisation's tables and views in the database of a test, filled by statements: for tests of what
reads them in other services."""

from collections.abc import Sequence
from typing import TypeAlias
from uuid import UUID

import asyncpg

from language.posts.substitution import Delegation, Place
from tests.roster_facts import EVER, PATHS, AwayDays, Facts, HeldDays

Admin: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


INSERT_UNIT = """
insert into organisation.units (id, parent_id, path, code, name, level, valid_from)
values ($1, $2, $3, $1::uuid::text, 'x', 'UNIT', '2000-01-01')
on conflict (id) do update set path = excluded.path
"""
INSERT_PERSON = """
insert into organisation.people (id, code, full_name, folded_name) values ($1, $1::uuid::text, 'x', 'x')
on conflict do nothing
"""
INSERT_POST = """
insert into organisation.posts (id, unit_id, kind, title) values ($1, $2, $3, $1::uuid::text)
on conflict do nothing
"""
INSERT_HOLDING = """
insert into organisation.holdings (id, post_id, person_id, held_from, held_to, acting)
values ($1, $2, $3, $4, $5, $6)
"""
INSERT_LEAVE = "insert into organisation.leaves (id, person_id, starts_on, ends_on) values ($1, $2, $3, $4)"
INSERT_DELEGATION = """
insert into organisation.delegations
  (id, grantor_id, delegate_id, starts_on, ends_on, post_kinds, levels, tasks, unit_id, units_below, reason,
  made_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, clock_timestamp())
"""


async def write_unit(admin: Admin, path: Sequence[UUID]) -> None:
    """The unit to which this path leads, and those above; a known unit moves there."""
    for number, unit in enumerate(path):
        await admin.execute(INSERT_UNIT, unit, path[number - 1] if number else None, list(path[: number + 1]))


async def write_places(admin: Admin, places: Sequence[Place]) -> None:
    """The posts with their units and those above."""
    for place in places:
        await write_unit(admin, place.unit_path)
        await admin.execute(INSERT_POST, place.post_id, place.unit_id, place.kind)


async def write_people(admin: Admin, people: Sequence[UUID]) -> None:
    """People without names."""
    await admin.executemany(INSERT_PERSON, [(person,) for person in people])


async def write_held(admin: Admin, held: HeldDays) -> None:
    """A holding."""
    last = None if held.last == EVER else held.last
    await admin.execute(INSERT_HOLDING, held.id, held.post_id, held.person_id, held.first, last, held.acting)


async def write_away(admin: Admin, away: AwayDays) -> None:
    """A leave."""
    await admin.execute(INSERT_LEAVE, away.id, away.person_id, away.first, away.last)


async def write_delegation(admin: Admin, given: Delegation) -> None:
    """A delegation; the one written last goes before."""
    await admin.execute(
        INSERT_DELEGATION,
        given.id,
        given.grantor_id,
        given.delegate_id,
        given.starts_on,
        given.ends_on,
        sorted(given.post_kinds),
        sorted(given.levels),
        sorted(given.tasks),
        given.unit_id,
        given.units_below,
        given.reason,
    )


async def write_facts(admin: Admin, facts: Facts, people: Sequence[UUID]) -> None:
    """All of it."""
    await write_people(admin, people)
    for path in PATHS:
        await write_unit(admin, path)
    await write_places(admin, facts.places)
    for held in facts.held:
        await write_held(admin, held)
    for away in facts.away:
        await write_away(admin, away)
    for given in facts.delegations:
        await write_delegation(admin, given)
