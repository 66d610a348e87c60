"""Awaited payment lists: what tells that approved awards of a unit wait."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from language.refusals import NotFound
from services.payout.domain.payment_list import AwaitedList

_COLUMNS = "id, unit_id, unit_path, opened_at, due_at, rule_version, closed_at"
INSERT = Insert("awaited_lists", _COLUMNS)


async def insert_awaited(tx: Tx, new: AwaitedList) -> None:
    """A list is awaited from now on."""
    await tx.conn.execute(INSERT.statement, *INSERT.row(new))


LOCK = f"select {_COLUMNS} from awaited_lists where id = $1 for update"


async def lock_awaited(tx: Tx, awaited_id: UUID) -> AwaitedList:
    """The awaited list, locked; `NotFound` without one."""
    row = await tx.conn.fetchrow(LOCK, awaited_id)
    if row is None:
        raise NotFound
    return read(AwaitedList, row)


SOME = f"select {_COLUMNS} from awaited_lists where id = any($1)"


async def some_awaited(tx: Tx, awaited_ids: Sequence[UUID]) -> list[AwaitedList]:
    """These, in any order."""
    return read_all(AwaitedList, await tx.conn.fetch(SOME, list(awaited_ids)))


OPEN = f"select {_COLUMNS} from awaited_lists where unit_id = $1 and closed_at is null"


async def open_of(tx: Tx, unit_id: UUID) -> AwaitedList | None:
    """What stands in this unit."""
    row = await tx.conn.fetchrow(OPEN, unit_id)
    return read(AwaitedList, row) if row else None


LOCK_UNIT = "select pg_advisory_xact_lock(hashtextextended('payment lists:' || $1, 0))"
LOCK_OPEN = f"{OPEN} for update"


async def take_turn(tx: Tx, unit_id: UUID) -> None:
    """Whatever makes an award of the unit wait for a list, or wait no more, comes one after the other: this
    is taken before any award or list is locked, and with it what stands in the unit."""
    await tx.conn.execute(LOCK_UNIT, str(unit_id))
    await tx.conn.execute(LOCK_OPEN, unit_id)


CLOSE = "update awaited_lists set closed_at = $2 where id = $1"


async def close_awaited(tx: Tx, awaited_id: UUID) -> None:
    """Nothing waits for it any more."""
    await tx.conn.execute(CLOSE, awaited_id, tx.now)


MOVE_DUE = "update awaited_lists set due_at = $2 where id = $1"


async def move_due(tx: Tx, awaited_id: UUID, due_at: datetime) -> None:
    """Its clock moved."""
    await tx.conn.execute(MOVE_DUE, awaited_id, due_at)


PAID_FROM_ALL = """
select w.id as awaited_id, coalesce(s.paid_to, s.person_id) as person_id from awaited_lists w
join awards a on a.unit_id = w.unit_id and a.state = 'APPROVED'
join award_shares s on s.award_id = a.id
where w.id = any($1)
group by 1, w.unit_id, 2
having count(distinct a.id) = (
  select count(*) from awards b where b.unit_id = w.unit_id and b.state = 'APPROVED')
"""


async def paid_from_all(tx: Tx, awaited_ids: Sequence[UUID]) -> Mapping[UUID, Collection[UUID]]:
    """Who is paid from every award that waits, and so can put none of them on a list."""
    found: dict[UUID, list[UUID]] = {}
    for row in await tx.conn.fetch(PAID_FROM_ALL, list(awaited_ids)):
        found.setdefault(row["awaited_id"], []).append(row["person_id"])
    return found
