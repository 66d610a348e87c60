"""Running clocks get a calendar that changed: in batches, each clock in a transaction of its own under the
lock of its thing.

A clock that is opened by an older calendar while the change goes round, or after, takes it in the transaction
that opens it: the edition is kept before running clocks are looked for, and an opening looks for editions
after its clock is written. A lock orders the two, so that one of them sees the other."""

from typing import Final
from uuid import UUID

from pydantic import TypeAdapter
from temporalio import activity

from casework.case import AnyCase, Cases
from casework.clocks.kept import find_clock
from casework.clocks.moves import MoveKind, NewMove, give_calendar
from kit.db import Database, Tx
from language.cases import CaseType
from language.deadline.arithmetic import local_day
from language.deadline.calendars import unit_calendar
from language.deadline.editions import CalendarEdition
from language.events.actor import Actor
from language.messages.calendar import ClockActivities, ClocksReprojected, ReprojectClocks

BATCH = 100
_EDITION: Final = TypeAdapter(CalendarEdition)


RUNNING = """
select about_id, kind from clocks
where closed_at is null and (calendar->>'version')::int < $1 and ($2::uuid is null or unit_path @> array[$2])
  and ($3::uuid is null or about_id > $3)
order by about_id limit $4
"""


class ClockCalendars(ClockActivities):
    """The activity of every service with clocks."""

    def __init__(self, database: Database, cases: Cases) -> None:
        self._database = database
        self._cases = cases

    @activity.defn(name="clocks.reproject")
    async def reproject_clocks(self, command: ReprojectClocks) -> ClocksReprojected:
        """See the port."""
        edition = command.edition
        async with self._database.transaction() as tx:
            await keep_edition(tx, edition)
        async with self._database.reading() as tx:
            rows = await tx.conn.fetch(RUNNING, edition.version, edition.unit_id, command.after, BATCH)
        moved = 0
        for row in rows:
            async with self._database.transaction() as tx:
                kind = self._cases.of(CaseType(row["kind"]))
                moved += await reproject_clock(tx, kind, row["about_id"], edition)
        return ClocksReprojected(moved=moved, last=rows[-1]["about_id"] if len(rows) == BATCH else None)


LOCK_EDITIONS = "select pg_advisory_xact_lock(hashtextextended('calendar editions:' || current_schema(), 0))"
KEEP_EDITION = (
    "insert into calendar_editions (version, unit_id, edition) values ($1, $2, $3) on conflict do nothing"
)


async def keep_edition(tx: Tx, edition: CalendarEdition) -> None:
    """From the commit on, no opening misses it: those that have not seen it are waited for, and theirs are
    among the clocks that run."""
    await tx.conn.execute(LOCK_EDITIONS)
    await tx.conn.execute(KEEP_EDITION, edition.version, edition.unit_id, edition)


SHARE_EDITIONS = (
    "select pg_advisory_xact_lock_shared(hashtextextended('calendar editions:' || current_schema(), 0))"
)
NEWER_EDITION = """
select e.edition from clocks c join calendar_editions e
  on e.version > (c.calendar->>'version')::int and (e.unit_id is null or e.unit_id = any(c.unit_path))
where c.about_id = $1 order by e.version desc limit 1
"""


async def catch_up(tx: Tx, kind: AnyCase, about_id: UUID) -> None:
    """Give a clock that was just opened the newest calendar that its owner was told of, if the rulebook
    computed it by an older one.

    The newest edition for its unit is enough, for an edition holds the whole calendar of the units it
    concerns. Call it when all that is due with the clock is written, last in the transaction: the lock is
    then held as short as can be."""
    await tx.conn.execute(SHARE_EDITIONS)
    edition = await tx.conn.fetchval(NEWER_EDITION, about_id)
    if edition is not None:
        await reproject_clock(tx, kind, about_id, _EDITION.validate_python(edition))


async def reproject_clock(tx: Tx, kind: AnyCase, about_id: UUID, edition: CalendarEdition) -> bool:
    """Give one clock the calendar of its unit in this edition; True when that moved it. A clock that is over,
    or has a newer one, is left."""
    await kind.lock(tx, about_id)
    clock = await find_clock(tx, about_id)
    if clock is None or clock.closed_at or clock.calendar.version >= edition.version:
        return False
    move = NewMove(
        kind=MoveKind.CALENDAR_CHANGED,
        reason=edition.reason,
        actor=Actor(person_id=edition.made_by, post_id=edition.post_id),
        calendar=unit_calendar(edition, clock.unit_path, local_day(clock.opened_at)),
    )
    return await give_calendar(tx, kind, clock, move)
