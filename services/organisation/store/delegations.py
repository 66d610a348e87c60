"""Delegations: whose work goes to whom, from when to when."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from language.posts.substitution import Delegation
from language.refusals import NotFound

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
    f"select {_COLUMNS} from delegations d where (grantor_id = $1 or delegate_id = $1) and cancelled_at is "
    "null order by starts_on, id limit 200"
)


async def list_delegations(tx: Tx, person_id: UUID) -> list[Delegation]:
    """What the person has delegated, or was delegated, and was not taken back."""
    return read_all(Delegation, await tx.conn.fetch(LIST, person_id))


OF_PEOPLE = (
    f"select {_COLUMNS} from delegations d where (delegate_id = any($1) or grantor_id = any($1)) "
    "and ends_on >= $2 and cancelled_at is null order by starts_on, id for update"
)


async def lock_of(tx: Tx, person_ids: Collection[UUID], day: date) -> list[Delegation]:
    """What these people have delegated or were delegated, and holds on the day or later, locked."""
    return read_all(Delegation, await tx.conn.fetch(OF_PEOPLE, list(person_ids), day))


IN_UNITS = f"""
select {_COLUMNS} from delegations d
where ends_on >= $2 and cancelled_at is null and exists (
  select from holdings h join posts p on p.id = h.post_id join units u on u.id = p.unit_id
  where h.person_id in (d.grantor_id, d.delegate_id) and h.merged_into is null
    and (h.held_to is null or h.held_to >= $2::date - 1) and u.path && $1::uuid[])
order by starts_on, id for update of d
"""


async def lock_in(tx: Tx, unit_ids: Collection[UUID], day: date) -> list[Delegation]:
    """What holds on the day or later, and was delegated by or to somebody in a post of these units or below,
    or in one until the day before; locked."""
    return read_all(Delegation, await tx.conn.fetch(IN_UNITS, list(unit_ids), day))


CANCEL = "update delegations set cancelled_at = $2 where id = $1"


async def cancel_delegation(tx: Tx, delegation_id: UUID) -> None:
    """It was taken back."""
    await tx.conn.execute(CANCEL, delegation_id, tx.now)


GET = f"select {_COLUMNS} from delegations d where id = $1"


async def get_delegation(tx: Tx, delegation_id: UUID) -> Delegation:
    """The delegation, also one that was taken back; `NotFound` without one."""
    row = await tx.conn.fetchrow(GET, delegation_id)
    if row is None:
        raise NotFound
    return read(Delegation, row)


LOCK = (
    f"select {_COLUMNS} from delegations d where id = $1 and grantor_id = $2 and cancelled_at is null "
    "for update"
)


async def lock_delegation(tx: Tx, delegation_id: UUID, grantor_id: UUID) -> Delegation:
    """What the person has delegated so and not taken back, locked; `NotFound` without it."""
    row = await tx.conn.fetchrow(LOCK, delegation_id, grantor_id)
    if row is None:
        raise NotFound
    return read(Delegation, row)


END = "update delegations set ends_on = $2 where id = $1"


async def end_delegation(tx: Tx, delegation_id: UUID, last_day: date) -> None:
    """The last day of the delegation."""
    await tx.conn.execute(END, delegation_id, last_day)


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
