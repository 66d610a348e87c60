"""Content that no row names: since when it was seen so, look after look."""

from collections.abc import Sequence
from datetime import timedelta

from kit.db import Tx

# In the order of hashes, as everybody locks them.
SEE = """
insert into orphans (sha256) select one from unnest($1::text[]) one order by one
on conflict (sha256) do update set last_seen_at = now()
"""
WAITED = "select sha256 from orphans where sha256 = any($1) and first_seen_at < now() - $2::interval"


async def see_orphans(tx: Tx, hashes: Sequence[str], kept: timedelta) -> set[str]:
    """Note that no row names these; those that have waited for so long."""
    await tx.conn.execute(SEE, list(hashes))
    return {row["sha256"] for row in await tx.conn.fetch(WAITED, list(hashes), kept)}


FORGET_UNSEEN = """
delete from orphans where sha256 = any(array(
  select sha256 from orphans where last_seen_at < now() - $1::interval for update skip locked
))
"""


async def forget_unseen(tx: Tx, gap: timedelta) -> None:
    """What was not seen for so long is no orphan, or begins to wait anew: it was taken again, it is gone, or
    this database is a restored one, and knows nothing of what came between."""
    await tx.conn.execute(FORGET_UNSEEN, gap)


REMOVED = "delete from orphans where sha256 = any($1)"


async def forget_removed(tx: Tx, hashes: Sequence[str]) -> None:
    """The store has them no more."""
    await tx.conn.execute(REMOVED, list(hashes))
