"""What the organisation knows in the database of a test, written by statements: for tests of what reads it in
other services."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias
from uuid import UUID, uuid4

from casework.case import Cases
from casework.roster_watch import RosterWatch
from kit.db import Connection, Database, Tx
from kit.leading import take_lead
from language.deadline.arithmetic import local_day
from language.ids import PersonId, PostId, UnitId
from language.posts.holders import PostHolder
from language.posts.kinds import PostKind, PostTask
from language.posts.reach import AbsenceChanged, Change, DelegationChanged, PostChanged
from language.posts.substitution import Delegation, Place
from services.organisation.operations.roster_changes import write_change
from tests.roster_facts import EVER, PATHS, AwayDays, Facts, HeldDays

Admin: TypeAlias = Connection
LONG_AGO = date(2000, 1, 1)
_WEEK = timedelta(days=7)
LEADER = uuid4()
INSERT_ACCOUNT = """
insert into organisation.accounts (username, person_id) values ($1, $2) on conflict do nothing
"""
IS_HELD = "select exists (select 1 from organisation.holdings where post_id = $1 and person_id = $2)"
HELD_UNTIL = "select max(held_to) from holdings where person_id = $1 and post_id = $2"
END_HELD = "update organisation.holdings set held_to = $3 where person_id = $1 and post_id = $2"


INSERT_UNIT = """
insert into organisation.units (id, parent_id, path, code, name, level, valid_from)
values ($1, $2, $3, $1::uuid::text, 'x', 'UNIT', '2000-01-01')
on conflict do nothing
"""
MOVE_UNIT = "update organisation.units set path = $2 where id = $1 and path is distinct from $2"
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
        # An upsert by the id would fail at the code where two tasks of a test write the same unit at once.
        here = list(path[: number + 1])
        await admin.execute(INSERT_UNIT, unit, path[number - 1] if number else None, here)
        await admin.execute(MOVE_UNIT, unit, here)


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


@dataclass(frozen=True)
class Published:
    """What the organisation publishes beside the services under test. Each change is written down as its own
    commands do it; unless days are given it begins today and has no end."""

    database: Database

    @asynccontextmanager
    async def _changing(
        self, *changes: Change, first: date = LONG_AGO, last: date | None = None
    ) -> AsyncIterator[Tx]:
        async with self.database.transaction() as tx:
            yield tx
            await write_change(tx, changes, first, last)

    async def person(self, *people: UUID) -> None:
        """People with accounts."""
        async with self.database.transaction() as tx:
            await write_people(tx.conn, people)
            await tx.conn.executemany(INSERT_ACCOUNT, [(str(person), person) for person in people])

    async def post(self, post_id: UUID, kind: PostKind, *path: UUID) -> None:
        """A post in the unit this path leads to."""
        place = Place(post_id=PostId(post_id), kind=kind, unit_path=tuple(UnitId(unit) for unit in path))
        async with self._changing(PostChanged(post_id=place.post_id)) as tx:
            await write_places(tx.conn, [place])

    async def hold(
        self, person: UUID, post_id: UUID, first: date = LONG_AGO, last: date = EVER, *, acting: bool = False
    ) -> UUID:
        """The person holds the post."""
        await self.person(person)
        held = HeldDays(
            id=uuid4(),
            post_id=PostId(post_id),
            person_id=PersonId(person),
            first=first,
            last=last,
            acting=acting,
        )
        async with self._changing(PostChanged(post_id=held.post_id), first=first, last=last) as tx:
            await write_held(tx.conn, held)
        return held.id

    async def appoint(self, *seated: tuple[PostHolder, tuple[UUID, ...]]) -> None:
        """These posts in the units that the paths lead to, each held by whom it is said of or on whose
        behalf; who is named first has held the post for longest."""
        places = [
            Place(post_id=one.post_id, kind=one.kind, unit_path=tuple(UnitId(unit) for unit in path))
            for one, path in seated
        ]
        people = [one.on_behalf_of or one.person_id for one, _ in seated]
        await self.person(*people)
        async with self._changing(*(PostChanged(post_id=place.post_id) for place in places)) as tx:
            await write_places(tx.conn, places)
            for number, (place, person) in enumerate(zip(places, people, strict=True)):
                if not await tx.conn.fetchval(IS_HELD, place.post_id, person):
                    held = HeldDays(
                        id=uuid4(),
                        post_id=place.post_id,
                        person_id=person,
                        first=LONG_AGO + timedelta(days=number),
                        last=EVER,
                        acting=False,
                    )
                    await write_held(tx.conn, held)
        for one, path in seated:
            if one.on_behalf_of:
                await self.delegate(one.on_behalf_of, one.person_id, path[-1])

    async def leaves_post(self, person: UUID, post_id: UUID, last: date | None = None) -> None:
        """The person holds the post until this day, or held it until yesterday."""
        last = last or local_day(self.database.clock.now()) - timedelta(days=1)
        before = await self.database.pool.fetchval(HELD_UNTIL, person, post_id) or EVER
        async with self._changing(PostChanged(post_id=PostId(post_id)), first=min(last, before)) as tx:
            await tx.conn.execute(END_HELD, person, post_id, last)

    async def away(self, person: UUID, first: date | None = None, last: date | None = None) -> UUID:
        """The person is on leave."""
        first = first or local_day(self.database.clock.now())
        absence = AwayDays(id=uuid4(), person_id=PersonId(person), first=first, last=last or first + _WEEK)
        changed = AbsenceChanged(person_id=absence.person_id)
        async with self._changing(changed, first=absence.first, last=absence.last) as tx:
            await write_away(tx.conn, absence)
        return absence.id

    async def back(self, person: UUID) -> None:
        """All leave of the person is taken back."""
        async with self._changing(AbsenceChanged(person_id=PersonId(person))) as tx:
            await tx.conn.execute("update leaves set cancelled_at = now() where person_id = $1", person)

    async def closes_account(self, person: UUID) -> None:
        """Nobody signs in as the person any more."""
        now = self.database.clock.now()
        async with self._changing(AbsenceChanged(person_id=PersonId(person))) as tx:
            await tx.conn.execute("update accounts set disabled_at = $2 where person_id = $1", person, now)

    async def opens_account(self, person: UUID) -> None:
        """The person signs in again."""
        async with self._changing(AbsenceChanged(person_id=PersonId(person))) as tx:
            await tx.conn.execute("update accounts set disabled_at = null where person_id = $1", person)

    async def delegate(
        self,
        grantor: UUID,
        delegate: UUID,
        unit: UUID,
        *tasks: PostTask,
        first: date | None = None,
        last: date | None = None,
    ) -> Delegation:
        """The grantor's work in the unit and below, or these kinds of it, goes to the delegate for a week."""
        await self.person(delegate)
        first = first or local_day(self.database.clock.now())
        given = Delegation(
            id=uuid4(),
            grantor_id=PersonId(grantor),
            delegate_id=PersonId(delegate),
            starts_on=first,
            ends_on=last or first + _WEEK,
            post_kinds=frozenset(),
            levels=frozenset(),
            tasks=frozenset(tasks),
            unit_id=UnitId(unit),
            units_below=True,
            reason="x",
        )
        await self.give(given)
        return given

    async def give(self, given: Delegation) -> None:
        """The delegation is made."""
        changed = DelegationChanged(delegation=given)
        async with self._changing(changed, first=given.starts_on, last=given.ends_on) as tx:
            await write_delegation(tx.conn, given)

    async def take_back(self, given: Delegation) -> None:
        """The delegation ends."""
        changed = DelegationChanged(delegation=given)
        async with self._changing(changed, first=given.starts_on, last=given.ends_on) as tx:
            await tx.conn.execute("update delegations set cancelled_at = now() where id = $1", given.id)


async def hand_over(database: Database, cases: Cases) -> None:
    """Let the owner of work carry out everything that has changed about posts."""
    watch = RosterWatch(database, cases)
    async with database.connection() as conn:
        lease = None
        while lease is None:
            lease = await take_lead(conn, "hand_over", LEADER)
        while await watch.look(lease):
            pass
