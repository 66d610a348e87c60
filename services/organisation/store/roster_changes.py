"""The changes of posts, in the order in which they were committed."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from kit.db import Tx

LOCK = "select pg_advisory_xact_lock(hashtextextended('roster changes', 0))"


async def lock_changes(tx: Tx) -> None:
    """One transaction at a time from here to its commit."""
    await tx.conn.execute(LOCK)


APPEND = "insert into roster_changes (from_day, until_day, post_ids, changed_at) values ($1, $2, $3, $4)"


async def append_change(tx: Tx, first_day: date, last_day: date | None, post_ids: Collection[UUID]) -> None:
    """On these days somebody else may act in these posts."""
    await tx.conn.execute(APPEND, first_day, last_day, sorted(post_ids), tx.now)
