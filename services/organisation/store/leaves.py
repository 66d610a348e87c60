"""Leaves: when a person is away."""

from uuid import UUID

from kit.db import Tx
from kit.rows import read, read_all
from services.organisation.domain.person import Leave

INSERT_LEAVE = "insert into leaves (id, person_id, starts_on, ends_on) values ($1, $2, $3, $4)"


async def insert_leave(tx: Tx, leave: Leave) -> None:
    """Write down a leave."""
    await tx.conn.execute(INSERT_LEAVE, leave.id, leave.person_id, leave.starts_on, leave.ends_on)


LIST_LEAVES = (
    "select id, person_id, starts_on, ends_on from leaves where person_id = $1 and cancelled_at is null "
    "order by starts_on limit 200"
)


async def list_leaves(tx: Tx, person_id: UUID) -> list[Leave]:
    """The person's leaves that stand."""
    return read_all(Leave, await tx.conn.fetch(LIST_LEAVES, person_id))


CANCEL_LEAVE = (
    "update leaves set cancelled_at = $3 where id = $1 and person_id = $2 and cancelled_at is null "
    "returning id, person_id, starts_on, ends_on"
)


async def cancel_leave(tx: Tx, leave_id: UUID, person_id: UUID) -> Leave | None:
    """The leave that was taken back; None when there is none."""
    row = await tx.conn.fetchrow(CANCEL_LEAVE, leave_id, person_id, tx.now)
    return read(Leave, row) if row else None
