"""Running clocks follow the calendar: each owner of clocks reads what changes about it on from where it was,
and gives each version to the clocks of the units that it concerns.

A clock is projected anew in a transaction of its own under the lock of its thing, and keeps the version that
it has, so a look is repeat-safe; the place is kept after it, and a leader that dies leaves the next one to
look again. Before it looks it waits for whoever is opening a clock by an older version
(`casework.calendars`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from casework.calendars import edition_for, wait_for_openings
from casework.case import AnyCase, Cases
from casework.clocks.kept import find_clock
from casework.clocks.moves import MoveKind, NewMove, give_calendar
from casework.following import Following
from casework.late.questions import keep
from casework.late.rungs import OWN_CLOCKS, LateEdition, early_rungs, late_edition, next_clocks, of_rung
from kit.db import Database, Tx
from kit.leading import Lease, leading
from kit.rows import read, read_all
from language.cases import CaseType
from language.deadline.arithmetic import local_day
from language.deadline.calendars import unit_calendar
from language.events.actor import Actor
from language.posts.through import Through
from language.views import View

BATCH: Final = 100
_EDITIONS: Final = uuid5(NAMESPACE_URL, "urn:sangkien:calendar:editions")
"""What the ids of changes of the calendar are made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A version of the calendar that was made: why, by whom in which post held by which holding, and under
    which unit it changes anything; None for everywhere."""

    position: int
    version: int
    unit_id: UUID | None
    reason: str
    made_by: UUID | None
    post_id: UUID | None
    holding_id: UUID | None
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A clock that runs, and by which kind of case."""

    about_id: UUID
    kind: CaseType


class CalendarWatch(Following[Edition]):
    """The calendar in the clocks of one owner."""

    leads_in = "calendars"

    def __init__(self, database: Database, cases: Cases, fired: Sequence[str] = (OWN_CLOCKS,)) -> None:
        super().__init__(database)
        self._cases = cases
        self._fired = fired

    async def _next(self, tx: Tx) -> Edition | None:
        return await next_edition(tx)

    async def _wait(self, tx: Tx) -> None:
        await wait_for_openings(tx)

    async def _carry_out(self, lease: Lease, found: Edition) -> None:
        await self._question(lease, found)
        after: UUID | None = None
        while True:
            async with self._database.reading() as tx:
                running = await clocks_behind(tx, found, after)
            if not running:
                return
            for clock in running:
                async with leading(self._database, lease) as tx:
                    await reproject(tx, self._cases.of(clock.kind), clock.about_id, found)
            after = running[-1].about_id

    async def _finish(self, tx: Tx, found: Edition) -> None:
        await keep_place(tx, found.position)

    async def _question(self, lease: Lease, edition: Edition) -> None:
        """Mark the rungs that fired before their time by this version, where it is about days that were over
        when it was made."""
        async with self._database.reading() as tx:
            path = await _path_of(tx, edition.unit_id) if edition.unit_id else ()
            late = await late_edition(tx, edition.version, path, edition.changed_at)
        if late:
            for view in self._fired:
                await self._question_in(lease, view, edition, late)

    async def _question_in(self, lease: Lease, view: str, edition: Edition, late: LateEdition) -> None:
        change_id = uuid5(_EDITIONS, str(edition.position))
        after: UUID | None = None
        while True:
            async with leading(self._database, lease) as tx:
                clocks = await next_clocks(tx, view, late, after)
                early = await early_rungs(tx, late, clocks)
                await keep(tx, [of_rung(one, change_id, late) for one in early])
            if not clocks:
                return
            after = clocks[-1].about_id


PATH = f"select path from {View.UNITS} where id = $1"


async def _path_of(tx: Tx, unit_id: UUID) -> Sequence[UUID]:
    return await tx.conn.fetchval(PATH, unit_id) or (unit_id,)


NEXT_EDITION = f"""
select position, version, unit_id, reason, made_by, post_id, holding_id, changed_at
from {View.CALENDAR_EDITIONS}
where position > coalesce((select position from cursors where name = 'calendar'), 0)
order by position limit 1
"""


async def next_edition(tx: Tx) -> Edition | None:
    """The first that was not carried out."""
    row = await tx.conn.fetchrow(NEXT_EDITION)
    return read(Edition, row) if row else None


BEHIND = """
select about_id, kind from clocks
where closed_at is null and (calendar->>'version')::int < $1 and ($2::uuid is null or unit_path @> array[$2])
  and ($3::uuid is null or about_id > $3)
order by about_id limit $4
"""


async def clocks_behind(tx: Tx, edition: Edition, after: UUID | None) -> Sequence[Running]:
    """The next running clocks that it concerns and that have an older one, by id."""
    rows = await tx.conn.fetch(BEHIND, edition.version, edition.unit_id, after, BATCH)
    return read_all(Running, rows)


async def reproject(tx: Tx, kind: AnyCase, about_id: UUID, edition: Edition) -> bool:
    """Give one clock the calendar of its unit in this edition; True when that moved it. A clock that is over,
    or has a newer one, is left."""
    await kind.lock(tx, about_id)
    clock = await find_clock(tx, about_id)
    if clock is None or clock.closed_at or clock.calendar.version >= edition.version:
        return False
    whole = await edition_for(tx, clock.unit_path, edition.version)
    through = Through(holding_id=edition.holding_id) if edition.holding_id else None
    move = NewMove(
        kind=MoveKind.CALENDAR_CHANGED,
        reason=edition.reason,
        actor=Actor(person_id=edition.made_by, post_id=edition.post_id, through=through),
        calendar=unit_calendar(whole, clock.unit_path, local_day(clock.opened_at)),
    )
    return await give_calendar(tx, kind, clock, move)


KEEP_PLACE = """
insert into cursors (name, position) values ('calendar', $1)
on conflict (name) do update set position = excluded.position
"""


async def keep_place(tx: Tx, position: int) -> None:
    """Everything up to this position is carried out."""
    await tx.conn.execute(KEEP_PLACE, position)
