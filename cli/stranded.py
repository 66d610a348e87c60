"""Open cases without a next step and without an alarm, in every service with cases: there must be none."""

from typing import Final

import asyncpg

from casework.alarms import STRANDED

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
