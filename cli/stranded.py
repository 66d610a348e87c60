"""What must not be, read over all services as the database's administrator: open cases without a next step
and without an alarm, histories that do not fit, messages that do not arrive."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Final

from casework.alarms import STRANDED
from casework.history.alarming import COUNT_ALARMS
from kit.db import Connection
from kit.hosts import connect
from language.names import SERVICES

SCHEMAS: Final = ("intake", "review", "payout")
_ANSWER_WITHIN = 5.0
COUNT_STUCK = "select count(*) from outbox where trouble is not null and delivered_at is null"


async def find_stranded(admin_url: str) -> list[str]:
    """What each is, by its code."""
    found = []
    async for _, conn in _each(admin_url, SCHEMAS):
        found += [f"{row['subject_code']} {row['kind']}" for row in await conn.fetch(STRANDED)]
    return found


async def count_history_alarms(admin_url: str) -> dict[str, int]:
    """How many alarms of its history each service has that has any."""
    return await _counted(admin_url, COUNT_ALARMS)


async def count_stuck_messages(admin_url: str) -> dict[str, int]:
    """How many messages to workflows do not arrive, of each service that has any."""
    return await _counted(admin_url, COUNT_STUCK)


async def _counted(admin_url: str, statement: str) -> dict[str, int]:
    found = {
        service: int(await conn.fetchval(statement)) async for service, conn in _each(admin_url, SERVICES)
    }
    return {service: count for service, count in found.items() if count}


async def _each(admin_url: str, schemas: Iterable[str]) -> AsyncIterator[tuple[str, Connection]]:
    async with _connected(admin_url) as conn:
        for schema in schemas:
            await conn.execute(f"set search_path to {schema}, public")
            yield str(schema), conn


@asynccontextmanager
async def _connected(admin_url: str) -> AsyncIterator[Connection]:
    conn = await connect(admin_url, timeout=_ANSWER_WITHIN)
    try:
        yield conn
    finally:
        conn.terminate()
