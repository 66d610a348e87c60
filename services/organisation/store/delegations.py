"""Delegations: whose work goes to whom, from when to when."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from language.posts.substitution import Delegation

_COLUMNS = (
    "d.id, d.grantor_id, d.delegate_id, d.starts_on, d.ends_on, d.post_kinds, d.levels, d.tasks, "
    "d.unit_id, d.units_below, d.reason"
)


INSERT = Insert(
    "delegations",
    "id, grantor_id, delegate_id, starts_on, ends_on, post_kinds, levels, tasks, unit_id, units_below, "
    "reason, made_at",
)


async def insert_delegation(tx: Tx, new: Delegation) -> None:
    """Write a delegation down."""
    row = INSERT.row(
        new,
        post_kinds=sorted(new.post_kinds),
        levels=sorted(new.levels),
        tasks=sorted(new.tasks),
        made_at=tx.now,
    )
    await tx.conn.execute(INSERT.statement, *row)


LIST = (
    f"select {_COLUMNS} from delegations d where grantor_id = $1 and cancelled_at is null order by "
    "starts_on, id limit 200"
)


async def list_delegations(tx: Tx, grantor_id: UUID) -> list[Delegation]:
    """What the person has delegated and not taken back."""
    return read_all(Delegation, await tx.conn.fetch(LIST, grantor_id))


CANCEL = (
    "update delegations d set cancelled_at = $3 where id = $1 and grantor_id = $2 and cancelled_at is null "
    f"returning {_COLUMNS}"
)


async def cancel_delegation(tx: Tx, delegation_id: UUID, grantor_id: UUID) -> Delegation | None:
    """The delegation that was taken back; None when there is none."""
    row = await tx.conn.fetchrow(CANCEL, delegation_id, grantor_id, tx.now)
    return read(Delegation, row) if row else None


UNITS_OF_DELEGATE = """
select distinct u.path
from delegations d join holdings h on h.person_id = d.grantor_id and (h.held_to is null or h.held_to >= $2)
join posts p on p.id = h.post_id and (d.post_kinds = '{}' or p.kind = any(d.post_kinds))
join units u on u.id = p.unit_id and (u.id = d.unit_id or (d.units_below and u.path @> array[d.unit_id]))
where d.delegate_id = $1 and d.ends_on >= $2 and d.cancelled_at is null
"""


async def units_of_delegate(tx: Tx, person_id: UUID, day: date) -> list[Sequence[UUID]]:
    """The paths to the units whose work was delegated to the person, on the day or later."""
    return [row["path"] for row in await tx.conn.fetch(UNITS_OF_DELEGATE, person_id, day)]
