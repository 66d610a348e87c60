"""Accounts of other providers that were tied to people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedIdentity:
    """Whom another provider calls `subject`."""

    id: UUID
    issuer: str
    subject: str
    person_id: UUID
    linked_by: UUID
    linked_at: datetime


_COLUMNS = "id, issuer, subject, person_id, linked_by, linked_at"
FIND = f"select {_COLUMNS} from identities where issuer = $1 and subject = $2"


async def find_identity(tx: Tx, issuer: str, subject: str) -> LinkedIdentity | None:
    """Who is behind this account."""
    row = await tx.conn.fetchrow(FIND, issuer, subject)
    return read(LinkedIdentity, row) if row else None


LIST = f"select {_COLUMNS} from identities where person_id = $1 order by linked_at, id limit 200"


async def list_identities(tx: Tx, person_id: UUID) -> list[LinkedIdentity]:
    """The person's accounts elsewhere."""
    return read_all(LinkedIdentity, await tx.conn.fetch(LIST, person_id))


INSERT = Insert(
    "identities",
    "id, issuer, subject, person_id, linked_by, linked_at",
    "on conflict do nothing returning true",
)


async def insert_identity(tx: Tx, new: LinkedIdentity) -> bool:
    """False when somebody linked this account at the same moment."""
    return bool(await tx.conn.fetchval(INSERT.statement, *INSERT.row(new)))


DELETE = f"delete from identities where id = $1 and person_id = $2 returning {_COLUMNS}"


async def delete_identity(tx: Tx, identity_id: UUID, person_id: UUID) -> LinkedIdentity | None:
    """The link that is gone; None when there is none."""
    row = await tx.conn.fetchrow(DELETE, identity_id, person_id)
    return read(LinkedIdentity, row) if row else None


IS_LINKED_BY = "select exists (select 1 from identities where person_id = any($1) and linked_by = $2)"


async def is_any_linked_by(tx: Tx, person_ids: Collection[UUID], linker_id: UUID) -> bool:
    """One of these people signs in by an account that this person has tied."""
    return bool(await tx.conn.fetchval(IS_LINKED_BY, list(person_ids), linker_id))
