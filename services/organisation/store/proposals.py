"""Proposals of administrators of the province."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from language.refusals import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Who shall hold which post of the root unit from when to when, and who says so; with `ends_id` that this
    holding shall end on `held_to`. Closed with a holding it was approved, closed without one it was
    dropped."""

    id: UUID
    post_id: UUID
    person_id: UUID
    held_from: date
    held_to: date | None
    acting: bool
    proposed_by: UUID
    proposed_at: datetime
    closed_at: datetime | None
    holding_id: UUID | None
    ends_id: UUID | None


_COLUMNS = (
    "id, post_id, person_id, held_from, held_to, acting, proposed_by, proposed_at, closed_at, holding_id, "
    "ends_id"
)
INSERT = Insert("administrator_proposals", _COLUMNS)


async def insert_proposal(tx: Tx, new: Proposal) -> None:
    """Write it down."""
    await tx.conn.execute(INSERT.statement, *INSERT.row(new))


LOCK = f"select {_COLUMNS} from administrator_proposals where id = $1 for update"


async def lock_proposal(tx: Tx, proposal_id: UUID) -> Proposal:
    """The proposal, locked until the transaction ends; `NotFound` without one."""
    row = await tx.conn.fetchrow(LOCK, proposal_id)
    if row is None:
        raise NotFound
    return read(Proposal, row)


LIST = f"""
select {_COLUMNS} from administrator_proposals where closed_at is null order by proposed_at, id limit 200
"""


async def list_open(tx: Tx) -> list[Proposal]:
    """Those that wait, oldest first."""
    return read_all(Proposal, await tx.conn.fetch(LIST))


CLOSE = "update administrator_proposals set closed_at = $2, holding_id = $3 where id = $1"


async def close_proposal(tx: Tx, proposal_id: UUID, holding_id: UUID | None) -> None:
    """It was approved, with this holding, or dropped."""
    await tx.conn.execute(CLOSE, proposal_id, tx.now, holding_id)
