"""Sign-ins that are renewed: the digest of the secret that renews each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """A sign-in at a client. `previous_hash` is what renewed it the time before."""

    id: UUID
    person_id: UUID
    client_id: str
    secret_hash: str
    previous_hash: str | None
    renewed_at: datetime
    signed_in_at: datetime
    ends_at: datetime


_COLUMNS: Final = "id, person_id, client_id, secret_hash, previous_hash, renewed_at, signed_in_at, ends_at"
INSERT = Insert("renewals", _COLUMNS)


async def insert_renewal(tx: Tx, new: Renewal) -> None:
    """Keep it."""
    await tx.conn.execute(INSERT.statement, *INSERT.row(new))


LOCK = f"select {_COLUMNS} from renewals where id = $1 for update"


async def lock_renewal(tx: Tx, renewal_id: UUID) -> Renewal | None:
    """The sign-in, locked until the transaction ends."""
    row = await tx.conn.fetchrow(LOCK, renewal_id)
    return read(Renewal, row) if row else None


UPDATE = "update renewals set previous_hash = secret_hash, secret_hash = $2, renewed_at = $3 where id = $1"


async def set_secret(tx: Tx, renewal_id: UUID, secret_hash: str, now: datetime) -> None:
    """The next secret renews it from now on."""
    await tx.conn.execute(UPDATE, renewal_id, secret_hash, now)


DELETE = "delete from renewals where id = $1"


async def delete_renewal(tx: Tx, renewal_id: UUID) -> None:
    """Nobody renews it any more."""
    await tx.conn.execute(DELETE, renewal_id)


NOT_BEFORE = "select tokens_not_before from accounts where person_id = $1"


async def tokens_not_before(tx: Tx, person_id: UUID) -> datetime | None:
    """Sign-ins from before are no longer taken."""
    found: datetime | None = await tx.conn.fetchval(NOT_BEFORE, person_id)
    return found
