"""A service's history from outside, over a connection of one's own: looking at one state, adding to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from kit.clock import Clock
from kit.db import Tx, prepare
from kit.hosts import connect


@asynccontextmanager
async def looking_at(url: str, service: str) -> AsyncIterator[Tx]:
    """The schema of a service as who may read all of it sees it, to the end in the state of the beginning."""
    conn = await connect(url, server_settings={"search_path": service, "jit": "off"})
    try:
        await prepare(conn)
        async with conn.transaction(isolation="repeatable_read", readonly=True):
            yield Tx(conn=conn, now=Clock().now())
    finally:
        await conn.close()


@asynccontextmanager
async def adding_to(url: str, service: str) -> AsyncIterator[Tx]:
    """A transaction in the schema of a service, as who may write all of it; kept when the block ends."""
    conn = await connect(url, server_settings={"search_path": service, "jit": "off"})
    try:
        await prepare(conn)
        async with conn.transaction():
            yield Tx(conn=conn, now=Clock().now())
    finally:
        await conn.close()
