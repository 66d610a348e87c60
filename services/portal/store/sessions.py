"""Sessions, and forms that were sent when one had ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """A browser that somebody is signed in with."""

    id: UUID
    secret_hash: bytes
    person_id: UUID
    program: str
    sealed: str
    opened_at: datetime
    seen_at: datetime
    ends_at: datetime


_COLUMNS: Final = "id, secret_hash, person_id, program, sealed, opened_at, seen_at, ends_at"
FIND = f"select {_COLUMNS} from sessions where secret_hash = $1"


async def find_session(tx: Tx, secret_hash: bytes) -> SessionRow | None:
    """The session whose secret has this digest."""
    row = await tx.conn.fetchrow(FIND, secret_hash)
    return read(SessionRow, row) if row else None


LOCK = f"select {_COLUMNS} from sessions where id = $1 for update"


async def lock_session(tx: Tx, session_id: UUID) -> SessionRow | None:
    """The session, locked until the transaction ends."""
    row = await tx.conn.fetchrow(LOCK, session_id)
    return read(SessionRow, row) if row else None


LIST = f"""
select {_COLUMNS} from sessions where person_id = $1 and ends_at > $2 and seen_at > $3
order by seen_at desc, id
"""


async def list_sessions(tx: Tx, person_id: UUID, now: datetime, idle_since: datetime) -> list[SessionRow]:
    """Where the person is signed in, the last used first."""
    return read_all(SessionRow, await tx.conn.fetch(LIST, person_id, now, idle_since))


INSERT = Insert("sessions", _COLUMNS)


async def insert_session(tx: Tx, new: SessionRow) -> None:
    """Keep it."""
    await tx.conn.execute(INSERT.statement, *INSERT.row(new))


SEEN = "update sessions set seen_at = $2 where id = $1 and seen_at < $2"


async def set_seen(tx: Tx, session_id: UUID, now: datetime) -> None:
    """It was used."""
    await tx.conn.execute(SEEN, session_id, now)


RENEWED = "update sessions set sealed = $2 where id = $1"


async def set_tokens(tx: Tx, session_id: UUID, sealed: str) -> None:
    """It asks with these tokens from now on."""
    await tx.conn.execute(RENEWED, session_id, sealed)


END = f"delete from sessions where id = $1 and person_id = $2 returning {_COLUMNS}"


async def end_session(tx: Tx, session_id: UUID, person_id: UUID) -> SessionRow | None:
    """The session that is over now; None when the person has none such."""
    row = await tx.conn.fetchrow(END, session_id, person_id)
    return read(SessionRow, row) if row else None


KEEP = "insert into kept_forms (id, sealed, kept_until) values ($1, $2, $3)"


async def keep_form(tx: Tx, form_id: UUID, sealed: str, until: datetime) -> None:
    """What was typed."""
    await tx.conn.execute(KEEP, form_id, sealed, until)


KEPT = "select sealed from kept_forms where id = $1 and kept_until > $2"


async def kept_form(tx: Tx, form_id: UUID, now: datetime) -> str | None:
    """What was typed."""
    sealed: str | None = await tx.conn.fetchval(KEPT, form_id, now)
    return sealed


KEPT_LOCKED = f"{KEPT} for update"


async def lock_form(tx: Tx, form_id: UUID, now: datetime) -> str | None:
    """What was typed, locked until the transaction ends."""
    sealed: str | None = await tx.conn.fetchval(KEPT_LOCKED, form_id, now)
    return sealed


CHANGE = "update kept_forms set sealed = $2, kept_until = $3 where id = $1"


async def change_form(tx: Tx, form_id: UUID, sealed: str, until: datetime) -> None:
    """It says this from now on, and is kept until then."""
    await tx.conn.execute(CHANGE, form_id, sealed, until)


DROP = "delete from kept_forms where id = $1"


async def drop_form(tx: Tx, form_id: UUID) -> None:
    """It is not wanted any more."""
    await tx.conn.execute(DROP, form_id)
