"""What must not be, read over all services: open cases without a next step and without an alarm, and
histories that do not fit."""

from typing import Final

import asyncpg

from casework.alarms import STRANDED
from casework.history.alarming import COUNT_ALARMS
from language.names import SERVICES

SCHEMAS: Final = ("intake", "review", "payout")


async def find_stranded(admin_url: str) -> list[str]:
    """What each is, by its code; read as the database's administrator."""
    conn = await asyncpg.connect(admin_url, timeout=5)
    found = []
    try:
        for schema in SCHEMAS:
            await conn.execute(f"set search_path to {schema}, public")
            found += [f"{row['subject_code']} {row['kind']}" for row in await conn.fetch(STRANDED)]
    finally:
        await conn.close()
    return found


async def count_history_alarms(admin_url: str) -> dict[str, int]:
    """How many alarms of its history each service has that has any; read as the database's administrator."""
    conn = await asyncpg.connect(admin_url, timeout=5)
    found = {}
    try:
        for service in SERVICES:
            await conn.execute(f"set search_path to {service}, public")
            found[service.value] = int(await conn.fetchval(COUNT_ALARMS))
    finally:
        await conn.close()
    return {service: count for service, count in found.items() if count}
