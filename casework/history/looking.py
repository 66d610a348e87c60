"""Looking at a service's history from outside: over a connection of its own, in one state."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from kit.clock import Clock
from kit.db import Tx, prepare


@asynccontextmanager
async def looking_at(url: str, service: str) -> AsyncIterator[Tx]:
    """The schema of a service as who may read all of it sees it, to the end in the state of the beginning."""
    conn = await asyncpg.connect(url, server_settings={"search_path": service, "jit": "off"})
    try:
        await prepare(conn)
        async with conn.transaction(isolation="repeatable_read", readonly=True):
            yield Tx(conn=conn, now=Clock().now())
    finally:
        await conn.close()
