"""PostgreSQL through asyncpg: one pool a process, one transaction an operation."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import asyncpg
import orjson
from pydantic_core import to_jsonable_python

from kit.clock import Clock

Connection: TypeAlias = (
    "asyncpg.pool.PoolConnectionProxy[asyncpg.Record] | asyncpg.Connection[asyncpg.Record]"
)
Row = asyncpg.Record

OUTAGES = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection lost in the middle of a statement
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    ConnectionError,
    TimeoutError,
)
"""What a caller may try again later: the database is away, starting, or too busy."""

CLASHES = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
"""What the same operation may simply be run again for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tx:
    """An open transaction and the domain instant it happens at: every row an operation writes bears the same
    time."""

    conn: Connection
    now: datetime


def to_json(value: Any) -> bytes:
    """JSON as the API and the outbox write it: dataclasses, ids, decimals (as text), instants and enums."""
    return orjson.dumps(to_jsonable_python(value))


def _encode(value: Any) -> str:
    return to_json(value).decode()


async def prepare(conn: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Let jsonb columns take and give Python values."""
    await conn.set_type_codec("jsonb", schema="pg_catalog", encoder=_encode, decoder=orjson.loads)


async def _keep_session(_: object) -> None:
    """In place of asyncpg's RESET ALL, a round trip a request: no operation changes its session, and what
    locks beyond a transaction (the relay) ends its connection."""


class Database:
    """The pool of one service. Its role works in one schema, and reads of others only what they publish.

    Where it looks for tables, how long it waits and how it plans is set at the role (by the job that
    migrates), for a pooler between us and the server refuses such settings from a connection."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", clock: Clock) -> None:
        self.pool = pool
        self.clock = clock

    @classmethod
    async def open(cls, dsn: str, *, clock: Clock, size: int = 16) -> "Database":
        """Connect; the pool opens further connections when they are needed."""
        pool = await asyncpg.create_pool(
            dsn,
            min_size=1,
            max_size=size,
            init=prepare,
            reset=_keep_session,
            command_timeout=20,
        )
        return cls(pool, clock)

    async def close(self) -> None:
        """Give every connection back, without waiting for a server that is gone."""
        self.pool.terminate()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        async with self.pool.acquire() as conn, conn.transaction():
            yield Tx(conn=conn, now=self.clock.now())

    @asynccontextmanager
    async def trial(self) -> AsyncIterator[Tx]:
        """A transaction that is never kept: what would happen, without its happening."""
        async with self.pool.acquire() as conn:
            transaction = conn.transaction()
            await transaction.start()
            try:
                yield Tx(conn=conn, now=self.clock.now())
            finally:
                await transaction.rollback()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Tx]:
        """A connection for reads; several statements may see different states."""
        async with self.pool.acquire() as conn:
            yield Tx(conn=conn, now=self.clock.now())
