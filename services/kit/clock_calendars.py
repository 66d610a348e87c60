"""Running clocks get a calendar that changed: in batches, each clock in a transaction of its own under the lock of its thing."""

from uuid import UUID

from temporalio import activity

from services.kit.clock_moves import ClockOwner, MoveKind, NewMove, give_calendar
from services.kit.clocks import find_clock
from services.kit.db import Database, Tx
from services.kit.journal import Actor
from workflows.contracts.calendar import CalendarEdition, ClockActivities, ClocksReprojected, ReprojectClocks
from workflows.rules.calendars import unit_calendar
from workflows.rules.stage_clock import local_day

RUNNING = """
select about_id from clocks
where closed_at is null and (calendar->>'version')::int < $1 and ($2::uuid is null or unit_path @> array[$2])
  and ($3::uuid is null or about_id > $3)
order by about_id limit $4
"""
BATCH = 100


class ClockCalendars(ClockActivities):
    """The activity of every service with clocks."""

    def __init__(self, database: Database, owner: ClockOwner) -> None:
        self._database = database
        self._owner = owner

    @activity.defn(name="clocks.reproject")
    async def reproject_clocks(self, command: ReprojectClocks) -> ClocksReprojected:
        """See the port."""
        edition = command.edition
        async with self._database.reading() as tx:
            rows = await tx.conn.fetch(RUNNING, edition.version, edition.unit_id, command.after, BATCH)
        moved = 0
        for row in rows:
            async with self._database.transaction() as tx:
                moved += await reproject_clock(tx, self._owner, row["about_id"], edition)
        return ClocksReprojected(moved=moved, last=rows[-1]["about_id"] if len(rows) == BATCH else None)


async def reproject_clock(tx: Tx, owner: ClockOwner, about_id: UUID, edition: CalendarEdition) -> bool:
    """Give one clock the calendar of its unit in this edition; True when that moved it. A clock that is over, or has a newer one, is left."""
    await owner.lock(tx, about_id)
    clock = await find_clock(tx, about_id)
    if clock is None or clock.closed_at or clock.calendar.version >= edition.version:
        return False
    move = NewMove(
        kind=MoveKind.CALENDAR_CHANGED, reason=edition.reason, actor=Actor(person_id=edition.made_by, post_id=edition.post_id),
        calendar=unit_calendar(edition, clock.unit_path, local_day(clock.opened_at)),
    )  # fmt: skip
    return await give_calendar(tx, owner, clock, move)
