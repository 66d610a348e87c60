"""Accounts, signing keys and authorization codes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read
from services.organisation.sign_in.domain.account import Account, GrantedCode

FIND = (
    "select username, person_id, password_hash, failed_attempts, last_failed_at from accounts where "
    "username = $1"
)


async def find_account(tx: Tx, username: str) -> Account | None:
    """The account of this name."""
    row = await tx.conn.fetchrow(FIND, username)
    return read(Account, row) if row else None


LOCK = (
    "select username, person_id, password_hash, failed_attempts, last_failed_at from accounts where "
    "person_id = $1 for update"
)


async def lock_account_of(tx: Tx, person_id: UUID) -> Account | None:
    """The person's account, locked until the transaction ends."""
    row = await tx.conn.fetchrow(LOCK, person_id)
    return read(Account, row) if row else None


UPSERT = """
insert into accounts (username, person_id, password_hash) values ($1, $2, $3)
on conflict (person_id) do update set password_hash = coalesce(excluded.password_hash,
  accounts.password_hash), failed_attempts = 0
where accounts.username = excluded.username returning true
"""
TAKEN = "select person_id from accounts where username = $1"


async def save_account(tx: Tx, username: str, person_id: UUID, password_hash: str | None) -> bool:
    """Make or change the person's account; False when the name belongs to somebody else, or the person has
    another name."""
    owner = await tx.conn.fetchval(TAKEN, username)
    if owner not in (None, person_id):
        return False
    return bool(await tx.conn.fetchval(UPSERT, username, person_id, password_hash))


HAS_ACCOUNT = "select exists (select 1 from accounts where person_id = $1)"


async def has_account(tx: Tx, person_id: UUID) -> bool:
    """The person is known and can sign in."""
    return bool(await tx.conn.fetchval(HAS_ACCOUNT, person_id))


COUNT_TRY = """
update accounts set failed_attempts = case when last_failed_at > $3 then failed_attempts else 0 end + 1,
  last_failed_at = $2
where username = $1 and (failed_attempts < $4 or last_failed_at <= $3) returning true
"""


async def count_try(tx: Tx, username: str, at: datetime, most: int, forgotten_after: timedelta) -> bool:
    """Count one more try; False, and nothing counted, when there were too many in too short a time."""
    return bool(await tx.conn.fetchval(COUNT_TRY, username, at, at - forgotten_after, most))


FORGET_TRIES = "update accounts set failed_attempts = 0 where username = $1"


async def forget_tries(tx: Tx, username: str) -> None:
    """The password was right."""
    await tx.conn.execute(FORGET_TRIES, username)


KEYS = "select id, private_jwk from signing_keys order by created_at desc"


async def signing_keys(tx: Tx) -> list[dict[str, Any]]:
    """Private keys, newest first."""
    return [row["private_jwk"] for row in await tx.conn.fetch(KEYS)]


LOCK_KEYS = "select pg_advisory_xact_lock(hashtextextended('signing keys', 0))"


async def lock_signing_keys(tx: Tx) -> None:
    """Only one process makes the first key."""
    await tx.conn.execute(LOCK_KEYS)


INSERT_KEY = "insert into signing_keys (id, private_jwk, created_at) values ($1, $2, $3)"


async def insert_signing_key(tx: Tx, key_id: str, private_jwk: dict[str, Any]) -> None:
    """Keep a new key."""
    await tx.conn.execute(INSERT_KEY, key_id, private_jwk, tx.now)


INSERT_CODE = Insert(
    "authorization_codes",
    "code_hash, client_id, redirect_uri, code_challenge, nonce, person_id, expires_at",
)
FORGET_CODES = "delete from authorization_codes where expires_at < $1"


async def insert_code(tx: Tx, code: GrantedCode, now: datetime) -> None:
    """Keep a code until it is used; forget those past their time."""
    await tx.conn.execute(FORGET_CODES, now)
    await tx.conn.execute(INSERT_CODE.statement, *INSERT_CODE.row(code))


TAKE_CODE = "delete from authorization_codes where code_hash = $1 returning *"


async def take_code(tx: Tx, code_hash: str) -> GrantedCode | None:
    """The code, which cannot be taken again."""
    row = await tx.conn.fetchrow(TAKE_CODE, code_hash)
    return read(GrantedCode, row) if row else None
