"""What every service has to tell people, as it publishes it, and how far it has been read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kit.db import Tx
from kit.rows import read, read_all
from language.messages.notices import Notice
from language.names import TaskQueue
from language.views import NOTICES


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is there at a moment: the newest position of each service, with which transactions it was seen.

    Every transaction that had taken a position of these by then has a number below `xmax`; so once the oldest
    that runs, `xmin`, is not below it, nothing comes at or before these positions any more."""

    newest: Mapping[TaskQueue, int]
    xmin: int
    xmax: int

    def is_settled(self, later: "Seen") -> bool:
        """By how things are later, or were at the same moment."""
        return self.xmax <= later.xmin


_NEWEST: Final = ", ".join(
    f"'{service}', (select coalesce(max(position), 0) from {view})" for service, view in NOTICES.items()
)
LOOK = f"""
select jsonb_build_object({_NEWEST}) as newest,
  pg_snapshot_xmin(pg_current_snapshot())::text as xmin, pg_snapshot_xmax(pg_current_snapshot())::text as xmax
"""


async def look(tx: Tx) -> Seen:
    """How things are now, seen in one statement."""
    row = await tx.conn.fetchrow(LOOK)
    if row is None:
        raise AssertionError("a statement without a table gives one row")
    return read(Seen, row, xmin=int(row["xmin"]), xmax=int(row["xmax"]))


def _cursor(service: TaskQueue) -> str:
    return f"notices of {service}"


PLACES = "select name, position from cursors where name = any($1)"


async def places(tx: Tx) -> dict[TaskQueue, int]:
    """How far each service has been read."""
    rows = await tx.conn.fetch(PLACES, [_cursor(service) for service in NOTICES])
    found = {row["name"]: row["position"] for row in rows}
    return {service: found.get(_cursor(service), 0) for service in NOTICES}


NEXT: Final = {
    service: f"""
select position, id, event_id, person_id, kind, subject_id, subject_code, level, due_at, detail, reference,
  happened_at, reason, amount_dong
from {view} where position > $1 and position <= $2 order by position limit $3
"""
    for service, view in NOTICES.items()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Notices in the order in which they were written, and the position of the last."""

    notices: list[Notice]
    last: int


async def next_notices(tx: Tx, service: TaskQueue, after: int, up_to: int, limit: int) -> Page:
    """The next of this service, none beyond `up_to`."""
    rows = await tx.conn.fetch(NEXT[service], after, up_to, limit)
    return Page(notices=read_all(Notice, rows), last=rows[-1]["position"] if rows else up_to)


KEEP_PLACE = """
insert into cursors (name, position) values ($1, $2)
on conflict (name) do update set position = excluded.position
"""


async def keep_place(tx: Tx, service: TaskQueue, position: int) -> None:
    """Everything of this service up to here is accepted."""
    await tx.conn.execute(KEEP_PLACE, _cursor(service), position)
