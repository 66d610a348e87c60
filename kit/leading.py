"""One process at a time does a thing: it leads by an advisory lock, which ends with its connection."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from kit.db import OUTAGES, Connection, Database

log = structlog.get_logger()


_NOT_LEADING_SECONDS = 2.0
_OUTAGE_SECONDS = 0.5


async def lead(database: Database, what: str, work: Callable[[Connection], Awaitable[None]]) -> None:
    """Run until cancelled: do the work on the connection that holds the lock, stand by while another leads,
    begin again after any outage of the database. The work looks at its connection in every turn, so that a
    leader who has lost it stops."""
    while True:
        try:
            await _lead_until_lost(database, what, work)
        except OUTAGES as outage:
            # Giving a broken connection back raises in place of the cancellation that ended the work.
            if (task := asyncio.current_task()) and task.cancelling():
                raise asyncio.CancelledError from outage
            log.warning(f"{what}.database_away", reason=type(outage).__name__)
            await asyncio.sleep(_OUTAGE_SECONDS)


LEAD = "select pg_try_advisory_lock(hashtextextended($1 || ':' || current_schema(), 0))"


async def _lead_until_lost(
    database: Database, what: str, work: Callable[[Connection], Awaitable[None]]
) -> None:
    async with database.pool.acquire() as conn:
        if not await conn.fetchval(LEAD, what):
            await asyncio.sleep(_NOT_LEADING_SECONDS)
            return
        try:
            await work(conn)
        finally:
            # Closing the connection gives up leadership; a pooled one would keep the advisory lock.
            conn.terminate()
