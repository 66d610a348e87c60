"""The versions of the office's calendar."""

from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read_all
from language.events.actor import Actor
from services.rulebook.domain.calendars import CalendarVersion

NEWEST_CALENDARS = (
    "select version, holidays, make_up_days, reason, made_by, made_at from calendars order by version "
    "desc limit $1"
)


async def newest_calendars(tx: Tx, count: int) -> list[CalendarVersion]:
    """The newest versions, newest first."""
    return read_all(CalendarVersion, await tx.conn.fetch(NEWEST_CALENDARS, count))


async def current_calendar(tx: Tx) -> CalendarVersion | None:
    """The newest version."""
    return next(iter(await newest_calendars(tx, 1)), None)


INSERT_CALENDAR = Insert(
    "calendars",
    "version, holidays, make_up_days, reason, made_by, made_at",
    "on conflict do nothing returning true",
)


async def insert_calendar(tx: Tx, calendar: CalendarVersion) -> bool:
    """Add a version; False when somebody else added it first."""
    return bool(await tx.conn.fetchval(INSERT_CALENDAR.statement, *INSERT_CALENDAR.row(calendar)))


PUBLISH = "insert into calendar_changes (version, unit_id, post_id, holding_id) values ($1, $2, $3, $4)"


async def publish_change(tx: Tx, version: int, unit_id: UUID | None, actor: Actor) -> None:
    """This version, made by the actor, changes something under the unit, or everywhere. Only under
    `lock_calendar`: readers go on from the highest position they have seen."""
    holding_id = actor.through.holding_id if actor.through else None
    await tx.conn.execute(PUBLISH, version, unit_id, actor.post_id, holding_id)
