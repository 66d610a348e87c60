"""How often somebody tried to sign in."""

from collections.abc import Sequence
from datetime import datetime

from kit.db import Tx
from kit.rows import read
from services.organisation.sign_in.domain.limits import Tries

BEGIN = "insert into sign_in_tries (key, last_at) select unnest($1::text[]), $2 on conflict do nothing"
LOCK = "select key, tries, last_at, proven_at from sign_in_tries where key = any($1) order by key for update"


async def lock_tries(tx: Tx, keys: Sequence[str], now: datetime) -> dict[str, Tries]:
    """What is known of each key, locked until the transaction ends; in the order of keys, as everybody locks
    them."""
    await tx.conn.execute(BEGIN, sorted(keys), now)
    rows = await tx.conn.fetch(LOCK, sorted(keys))
    return {row["key"]: read(Tries, row) for row in rows}


COUNT = "update sign_in_tries set tries = $2, last_at = $3 where key = $1"


async def save_tries(tx: Tx, counted: Sequence[tuple[str, int]], now: datetime) -> None:
    """So many for each key, the last of them now."""
    await tx.conn.executemany(COUNT, [(key, tries, now) for key, tries in sorted(counted)])


PROVE = "update sign_in_tries set tries = 0, proven_at = $2 where key = any($1)"
TAKE_BACK = "update sign_in_tries set tries = greatest(tries - 1, 0) where key = any($1)"


async def prove(tx: Tx, forgiven: Sequence[str], address: str, now: datetime) -> None:
    """The password was right: these keys begin anew, and the address has one try less."""
    await tx.conn.execute(LOCK, sorted([*forgiven, address]))
    await tx.conn.execute(PROVE, list(forgiven), now)
    await tx.conn.execute(TAKE_BACK, [address])


async def take_back(tx: Tx, keys: Sequence[str]) -> None:
    """One try less for each: nothing was guessed."""
    await tx.conn.execute(LOCK, sorted(keys))
    await tx.conn.execute(TAKE_BACK, list(keys))
