"""Accounts, signing keys and authorization codes."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read
from services.organisation.sign_in.domain.account import Account, GrantedCode

_COLUMNS = "username, person_id, password_hash, must_change, password_set_by, disabled_at"
FIND = f"select {_COLUMNS} from accounts where username = $1"


async def find_account(tx: Tx, username: str) -> Account | None:
    """The account of this name."""
    row = await tx.conn.fetchrow(FIND, username)
    return read(Account, row) if row else None


FIND_OF = f"select {_COLUMNS} from accounts where person_id = $1"
LOCK_OF = f"{FIND_OF} for update"


async def find_account_of(tx: Tx, person_id: UUID) -> Account | None:
    """The person's account."""
    row = await tx.conn.fetchrow(FIND_OF, person_id)
    return read(Account, row) if row else None


async def lock_account_of(tx: Tx, person_id: UUID) -> Account | None:
    """The person's account, locked until the transaction ends."""
    row = await tx.conn.fetchrow(LOCK_OF, person_id)
    return read(Account, row) if row else None


UPSERT = """
insert into accounts (username, person_id, password_hash, must_change, password_set_by)
values ($1, $2, $3::text, $3::text is not null, $4)
on conflict (person_id) do update set
  password_hash = coalesce(excluded.password_hash, accounts.password_hash),
  must_change = accounts.must_change or excluded.must_change,
  password_set_by = coalesce(excluded.password_set_by, accounts.password_set_by)
where accounts.username = excluded.username returning true
"""
TAKEN = "select person_id from accounts where username = $1"


async def save_account(
    tx: Tx, username: str, person_id: UUID, password_hash: str | None, *, set_by: UUID | None = None
) -> bool:
    """Make or change the person's account; False when the name belongs to somebody else, or the person has
    another name. A password that is given so is one that others know."""
    owner = await tx.conn.fetchval(TAKEN, username)
    if owner not in (None, person_id):
        return False
    by = set_by if password_hash else None
    if password_hash:
        await end_links(tx, person_id)
    return bool(await tx.conn.fetchval(UPSERT, username, person_id, password_hash, by))


NAMES_AND_HOLDERS = "select username, person_id from accounts where username = any($1) or person_id = any($2)"


async def names_and_holders(
    tx: Tx, usernames: Collection[str], person_ids: Collection[UUID]
) -> dict[str, UUID]:
    """Whose the accounts of these names and of these people are."""
    found = await tx.conn.fetch(NAMES_AND_HOLDERS, list(usernames), list(person_ids))
    return {row["username"]: row["person_id"] for row in found}


END_LINKS = """
update account_links set ended_at = now() where person_id = $1 and used_at is null and ended_at is null
"""


async def end_links(tx: Tx, person_id: UUID) -> None:
    """No link that a mail has brought sets the password any more: another one stands in its place, or the
    account is another than it was."""
    await tx.conn.execute(END_LINKS, person_id)


DROP_CODES = """
with confirmed as (delete from device_grants where person_id = $1)
delete from authorization_codes where person_id = $1
"""
CHANGE_OWN = """
update accounts set password_hash = $2, must_change = false, password_set_by = null, tokens_not_before = $3
where person_id = $1
"""


async def change_password(tx: Tx, person_id: UUID, password_hash: str, now: datetime) -> None:
    """The holder chose a password; codes and tokens from before are no longer taken."""
    await tx.conn.execute(DROP_CODES, person_id)
    await end_links(tx, person_id)
    await tx.conn.execute(CHANGE_OWN, person_id, password_hash, now)


SIGN_OUT = "update accounts set tokens_not_before = $2 where person_id = $1"


async def sign_out(tx: Tx, person_id: UUID, now: datetime) -> None:
    """Codes and tokens from before are no longer taken."""
    await tx.conn.execute(DROP_CODES, person_id)
    await tx.conn.execute(SIGN_OUT, person_id, now)


CLOSE = "update accounts set disabled_at = $2 where person_id = $1"


async def set_closed(tx: Tx, person_id: UUID, since: datetime | None) -> None:
    """Nobody signs in with it from now on, or again."""
    await end_links(tx, person_id)
    await tx.conn.execute(CLOSE, person_id, since)


IS_KNOWN_TO = "select exists (select 1 from accounts where person_id = any($1) and password_set_by = $2)"


async def is_any_password_known_to(tx: Tx, person_ids: Collection[UUID], setter_id: UUID) -> bool:
    """One of these people signs in with a password that this person has set."""
    return bool(await tx.conn.fetchval(IS_KNOWN_TO, list(person_ids), setter_id))


HAS_ACCOUNT = "select exists (select 1 from accounts where person_id = $1)"
HAS_OPEN_ACCOUNT = "select exists (select 1 from accounts where person_id = $1 and disabled_at is null)"


async def has_account(tx: Tx, person_id: UUID) -> bool:
    """The person is known and has an account, which may be closed."""
    return bool(await tx.conn.fetchval(HAS_ACCOUNT, person_id))


async def can_sign_in(tx: Tx, person_id: UUID) -> bool:
    """The person has an account, and it is not closed."""
    return bool(await tx.conn.fetchval(HAS_OPEN_ACCOUNT, person_id))


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
    "code_hash, client_id, redirect_uri, code_challenge, nonce, person_id, expires_at, renewable",
)


async def insert_code(tx: Tx, code: GrantedCode) -> None:
    """Keep a code until it is used."""
    await tx.conn.execute(INSERT_CODE.statement, *INSERT_CODE.row(code))


TAKE_CODE = "delete from authorization_codes where code_hash = $1 returning *"


async def take_code(tx: Tx, code_hash: str) -> GrantedCode | None:
    """The code, which cannot be taken again."""
    row = await tx.conn.fetchrow(TAKE_CODE, code_hash)
    return read(GrantedCode, row) if row else None
