"""Proposals of what shall be done to accounts."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from language.refusals import NotFound
from services.organisation.domain.account_proposal import AccountProposal

_COLUMNS = (
    "id, person_id, act, reason, password_hash, issuer, subject, proposed_by, proposed_at, closed_at, "
    "approved_by"
)
INSERT = Insert("account_proposals", _COLUMNS)


async def insert_proposal(tx: Tx, new: AccountProposal) -> None:
    """Write it down."""
    await tx.conn.execute(INSERT.statement, *INSERT.row(new))


GET = f"select {_COLUMNS} from account_proposals where id = $1"
LOCK = f"{GET} for update"


async def get_proposal(tx: Tx, proposal_id: UUID, *, lock: bool = False) -> AccountProposal:
    """The proposal, if wished locked; `NotFound` without one."""
    row = await tx.conn.fetchrow(LOCK if lock else GET, proposal_id)
    if row is None:
        raise NotFound
    return read(AccountProposal, row)


LIST = f"""
select {_COLUMNS} from account_proposals a
where closed_at is null and ($1 or coalesce((
  select bool_and(u.path && $2::uuid[])
  from holdings h join posts p on p.id = h.post_id join units u on u.id = p.unit_id
  where h.person_id = a.person_id and (h.held_to is null or h.held_to >= $3)), false))
order by proposed_at, id limit 200
"""


async def list_open(tx: Tx, units: Sequence[UUID], day: date, *, is_province: bool) -> list[AccountProposal]:
    """Those that wait, oldest first, about people all of whose posts lie in or below these units."""
    return read_all(AccountProposal, await tx.conn.fetch(LIST, is_province, list(units), day))


CLOSE = """
update account_proposals set closed_at = $2, approved_by = $3, password_hash = null where id = $1
"""


async def close_proposal(tx: Tx, proposal_id: UUID, approved_by: UUID | None) -> None:
    """It was approved, or dropped."""
    await tx.conn.execute(CLOSE, proposal_id, tx.now, approved_by)
