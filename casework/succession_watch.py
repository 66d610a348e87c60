"""Open work follows its unit: each owner reads which acts about units have come into force on from where it
was. What is open in a unit that has ended goes on in its successor, through the posts that took over; and
whoever is over the successor is over everything that the unit had.

What is over keeps the unit of its day. A look is repeat-safe, and the place is kept after it."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from casework import tasks
from casework.case import Cases
from casework.following import Following
from casework.hand_over import look_at
from casework.history.record import record_all
from casework.roster import wait_for_openings
from kit.db import Database, Tx
from kit.leading import Lease, leading
from kit.rows import read, read_all
from language.cases import CaseType
from language.deadline.arithmetic import local_day
from language.events.casework import CasePassedOn
from language.posts.kinds import PostTask
from language.views import View

_LOT: Final = 10
"""More cases in one transaction would hold up whoever works on them."""
_ROWS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRows:
    """A table of the owner with `unit_id` and `unit_path`. `passed_on` is the condition for rows that are the
    successor's from then on; None where all keep the unit of their day."""

    table: str
    passed_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostColumn:
    """A column of the owner that names a post; `about` is that of the case that it belongs to."""

    table: str
    column: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOn:
    """Cases of a unit that has ended, locked: they are its successor's now, by the act of this id."""

    succession_id: UUID
    into_id: UUID
    about_ids: Sequence[UUID]


async def _all_go_on(tx: Tx, passed: PassedOn) -> Collection[UUID]:
    return ()


async def _nothing_more(tx: Tx, unit_id: UUID, into_id: UUID) -> None:
    return


@dataclass(frozen=True, slots=True, kw_only=True)
class Inheritance:
    """What an owner has in units. `anew` ends those of the cases that do not go on as they are, has them
    begun again in the successor, and says which; `settle` comes last, for what is open without a clock."""

    rows: Sequence[UnitRows]
    posts: Sequence[PostColumn] = ()
    anew: Callable[[Tx, PassedOn], Awaitable[Collection[UUID]]] = field(default=_all_go_on)
    settle: Callable[[Tx, UUID, UUID], Awaitable[None]] = field(default=_nothing_more)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    position: int
    id: UUID
    unit_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    about_id: UUID
    subject_id: UUID
    kind: CaseType
    level: str | None


_TASKS: Final = PostColumn(table="tasks", column="post_id", about="about_id")
_OF_CASES: Final = (
    UnitRows(table="clocks", passed_on="closed_at is null"),
    UnitRows(table="tasks", passed_on="state in ('WAITING', 'OPEN')"),
    UnitRows(table="alarms", passed_on="cleared_at is null"),
)
_RUNS: Final = UnitRows(table="run_alarms", passed_on="cleared_at is null")


class SuccessionWatch(Following[_Act]):
    """Units that succeed others, in the work of one owner."""

    leads_in = "successions"

    def __init__(self, database: Database, cases: Cases, inheritance: Inheritance) -> None:
        super().__init__(database)
        self._cases = cases
        self._inheritance = inheritance
        self._own = (*inheritance.rows, _RUNS)
        self._posts = (_TASKS, *inheritance.posts)

    async def _next(self, tx: Tx) -> _Act | None:
        return await _next_act(tx)

    async def _wait(self, tx: Tx) -> None:
        await wait_for_openings(tx)

    async def _carry_out(self, lease: Lease, found: _Act) -> None:
        for unit_id in found.unit_ids:
            while await self._pass_on(lease, found, unit_id):
                pass
        await self._place(lease, found.unit_ids)
        await self._give_out(lease, found.unit_ids)

    async def _finish(self, tx: Tx, found: _Act) -> None:
        await _keep_place(tx, found.position)

    async def _pass_on(self, lease: Lease, act: _Act, unit_id: UUID) -> bool:
        """The next cases that are open in the unit are its successor's, if it has ended; False when there
        were none left."""
        async with leading(self._database, lease) as tx:
            heir_id = await tx.conn.fetchval(HEIR, unit_id, local_day(tx.now))
            if heir_id is None:
                return False
            found = read_all(_Open, await tx.conn.fetch(OPEN_CASES, unit_id, _LOT))
            for one in found:
                await self._cases.of(one.kind).lock(tx, one.about_id)
            about_ids = [one.about_id for one in found]
            passed = PassedOn(succession_id=act.id, into_id=heir_id, about_ids=about_ids)
            anew = await self._inheritance.anew(tx, passed)
            as_they_are = [one for one in found if one.about_id not in anew]
            await self._pass_cases(tx, unit_id, heir_id, as_they_are)
            if not found:
                await self._inheritance.settle(tx, unit_id, heir_id)
        return bool(found)

    async def _pass_cases(self, tx: Tx, unit_id: UUID, heir_id: UUID, found: Sequence[_Open]) -> None:
        ids = [one.about_id for one in found]
        for column in self._posts:
            await tx.conn.execute(_pass_work(column), ids)
        for rows in _OF_CASES:
            await tx.conn.execute(_pass_rows(rows, "t.about_id = any($3::uuid[])"), unit_id, heir_id, ids)
        for rows in (one for one in self._own if one.passed_on):
            await tx.conn.execute(_pass_rows(rows, "t.id = any($3::uuid[])"), unit_id, heir_id, ids)
        facts = [
            (
                one.subject_id,
                CasePassedOn(case=one.kind, about_id=one.about_id, level=one.level, into_id=heir_id),
            )
            for one in found
        ]
        await record_all(tx, facts)

    async def _place(self, lease: Lease, unit_ids: Sequence[UUID]) -> None:
        """Every row lies where its unit lies now, also those that are over. What others are copied from comes
        first, and is locked by whoever copies: a task that is opened meanwhile has its stage's path."""
        for rows in (*self._own, *_OF_CASES):
            placed = True
            while placed:
                async with leading(self._database, lease) as tx:
                    placed = bool(await tx.conn.fetch(_place_rows(rows), list(unit_ids), _ROWS_AT_ONCE))

    async def _give_out(self, lease: Lease, unit_ids: Sequence[UUID]) -> None:
        """Open work below these units is with whoever acts now."""
        async with self._database.reading() as tx:
            found = [row["about_id"] for row in await tx.conn.fetch(GIVEN_UNDER, list(unit_ids))]
        for start in range(0, len(found), _LOT):
            lot = found[start : start + _LOT]
            async with leading(self._database, lease) as tx:
                # Work that had been handed up to a head whose post has ended is of no unit that has.
                for task in await tasks.given_about(tx, lot):
                    await self._cases.of_task(PostTask(task.kind)).lock(tx, task.about_id)
                for column in self._posts:
                    await tx.conn.execute(_pass_work(column), lot)
                await look_at(tx, self._cases, lot)


NEXT_ACT = f"""
select position, id, unit_ids from {View.SUCCESSIONS}
where in_force and position > coalesce((select position from cursors where name = 'successions'), 0)
order by position limit 1
"""


async def _next_act(tx: Tx) -> _Act | None:
    row = await tx.conn.fetchrow(NEXT_ACT)
    return read(_Act, row) if row else None


HEIR = f"""
select a.id from {View.UNITS} u join {View.UNITS} a on a.id = any(u.path)
where u.id = $1 and u.valid_to < $2 and u.successor_id is not null
  and a.valid_from <= $2 and (a.valid_to is null or a.valid_to >= $2)
order by cardinality(a.path) desc limit 1
"""
# A payment list is locked before its awards; several of a kind by their ids.
OPEN_CASES = """
select about_id, subject_id, kind, level from clocks where unit_id = $1 and closed_at is null
order by kind <> 'PAYMENT_LIST', about_id limit $2
"""


def _along(rows: UnitRows) -> str:
    """Rungs are set to what they are, so that what is projected from them moves along."""
    return ", rungs = t.rungs" if rows.table == "clocks" else ""


def _pass_rows(rows: UnitRows, which: str) -> str:
    return f"""
    update {rows.table} t set unit_id = heir.id, unit_path = heir.path {_along(rows)}
    from {View.UNITS} heir
    where t.unit_id = $1 and heir.id = $2 and {rows.passed_on} and {which}
    """


def _pass_work(column: PostColumn) -> str:
    """Through posts that have ended with their unit."""
    return f"""
    update {column.table} t set {column.column} = p.passed_to from {View.POSTS} p
    where t.{column.about} = any($1::uuid[]) and t.{column.column} = p.id and p.passed_to is not null
    """


def _place_rows(rows: UnitRows) -> str:
    return f"""
    update {rows.table} t set unit_path = u.path {_along(rows)} from {View.UNITS} u
    where u.id = t.unit_id and t.ctid = any(array(
      select behind.ctid from {rows.table} behind join {View.UNITS} now_at on now_at.id = behind.unit_id
      where behind.unit_path && $1 and behind.unit_path <> now_at.path limit $2
    ))
    returning true
    """


GIVEN_UNDER = """
select distinct about_id from tasks
where state in ('WAITING', 'OPEN') and post_id is not null and unit_path && $1 order by about_id
"""
KEEP_PLACE = """
insert into cursors (name, position) values ('successions', $1)
on conflict (name) do update set position = excluded.position
"""


async def _keep_place(tx: Tx, position: int) -> None:
    await tx.conn.execute(KEEP_PLACE, position)
