"""Breaks of units, by the versions of the calendar in which they hold."""

from operator import attrgetter
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from kit.sorting import Key, ListPlace, Order, Sort, Sorts
from language.refusals import NotFound
from language.views import View
from services.rulebook.domain.calendars import KeptBreak, ListedBreak

_COLUMNS = "b.id, b.unit_id, b.first_day, b.last_day, b.name, b.since_version, b.ended_version, u.path"
_FROM = f"from breaks b join {View.UNITS} u on u.id = b.unit_id"


LOCK_CALENDAR = "select pg_advisory_xact_lock(hashtextextended('calendar', 0))"


async def lock_calendar(tx: Tx) -> None:
    """One change of the calendar at a time: each makes the next version."""
    await tx.conn.execute(LOCK_CALENDAR)


INSERT = Insert("breaks", "id, unit_id, first_day, last_day, name, since_version")


async def insert_break(tx: Tx, new: KeptBreak) -> None:
    """A break from this version on."""
    await tx.conn.execute(INSERT.statement, *INSERT.row(new))


END = "update breaks set ended_version = $2 where id = $1"


async def end_break(tx: Tx, break_id: UUID, version: int) -> None:
    """It holds no longer from this version on."""
    await tx.conn.execute(END, break_id, version)


GET = f"select {_COLUMNS} {_FROM} where b.id = $1"


async def get_break(tx: Tx, break_id: UUID) -> KeptBreak:
    """The break; `NotFound` without one."""
    row = await tx.conn.fetchrow(GET, break_id)
    if row is None:
        raise NotFound
    return read(KeptBreak, row)


HOLDING = f"""
select {_COLUMNS} {_FROM}
where b.since_version <= $2 and (b.ended_version is null or b.ended_version > $2) and b.unit_id = any($1)
order by b.first_day, b.id
"""


async def breaks_above(tx: Tx, version: int, path: list[UUID]) -> list[KeptBreak]:
    """Those that hold in this version, of the unit this path leads to and of those above it."""
    return read_all(KeptBreak, await tx.conn.fetch(HOLDING, path, version))


SORTS: Final = Sorts(
    "-since",
    Sort(name="since", column="since_version", shown=attrgetter("since_version"), key=Key.NUMBER),
)


def _list(order: Order) -> str:
    return f"""
select id, unit_id, first_day, last_day, name, since_version, ended_version, unit_name
from (
  select b.*, u.name as unit_name
  from breaks b join {View.UNITS} u on u.id = b.unit_id
  where b.ended_version is null and ($1::uuid is null or u.path @> array[$1])
) listed
where {order.behind(2)} {order.by()} limit $4
"""


LIST = SORTS.statements(_list)


async def list_breaks(tx: Tx, unit_id: UUID | None, place: ListPlace, limit: int) -> list[ListedBreak]:
    """Those that hold, of all units or of one and all under it, from the place on."""
    rows = await tx.conn.fetch(LIST[place.order], unit_id, *place.arguments, limit)
    return read_all(ListedBreak, rows)
