"""PostgreSQL through asyncpg: pools that do not starve each other, one transaction an operation."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

import asyncpg
import structlog
from asyncpg.pool import PoolConnectionProxy

from kit.clock import Clock
from kit.connecting import (
    Connection,
    OwnConnection,
    SharedConnection,
    connected,
    open_pool,
    prepare,
    require_schema,
    to_json,
)
from kit.metrics import Meters
from kit.outages import OUTAGES, NoConnectionFree
from kit.pooler import require_own_sessions
from kit.waking import Waker

__all__ = ["CLASHES", "OUTAGES", "Connection", "Database", "Row", "Tx", "attempting", "prepare", "to_json"]

log = structlog.get_logger()

Row = asyncpg.Record

CLASHES = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
"""What the same operation may simply be run again for."""

_ROLL_BACK_SECONDS = 2.0
_KEPT_FOR_READING = 4
"""One connection in so many is never given to a transaction: writers that wait for one lock leave it to
readers."""


# The role plans each statement for its values, as lists with many filters need it. An operation finds its
# rows by their keys, and planning was half of what it cost the server.
BEGIN = "begin; set local plan_cache_mode = force_generic_plan"
TAKE_TURN = "select pg_advisory_xact_lock({:d})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tx:
    """An open transaction and the domain instant it happens at: every row an operation writes bears the same
    time. `wakes` names the channels whose listeners are told once it is committed, `acts` are lines for the
    log from then on: what and about what, and nothing of its content."""

    conn: Connection
    now: datetime
    wakes: set[str] = field(default_factory=set)
    acts: list[Mapping[str, object]] = field(default_factory=list)


class Database:
    """A pool of one service. Its role works in one schema, and reads of others only what they publish.

    Where it looks for tables, how long it waits and how it plans is set at the role (by the job that
    migrates), for a pooler between us and the server refuses such settings from a connection."""

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        clock: Clock,
        beside: tuple[OwnConnection, Waker, SharedConnection],
        wait_seconds: float | None = None,
        meters: Meters | None = None,
        name: str = "requests",
    ) -> None:
        self.pool = pool
        self.meters = meters or Meters()
        self._name = name
        self.meters.watch_pool(name, pool)
        self.clock = clock
        self._own, self._waker, self.leases = beside
        self._wait_seconds = wait_seconds
        size = pool.get_max_size()
        self._writers = asyncio.Semaphore(max(1, size - max(1, size // _KEPT_FOR_READING)))

    @classmethod
    async def open(
        cls,
        dsn: str,
        *,
        schema: str,
        clock: Clock,
        size: int = 16,
        wait_seconds: float | None = None,
        meters: Meters | None = None,
    ) -> Self:
        """Connect. Whoever finds no connection free for `wait_seconds` gets `NoConnectionFree`; without it,
        waits. How long it took is told by `meters`."""
        await require_own_sessions(dsn)
        pool = await open_pool(dsn, size)
        try:
            async with pool.acquire() as conn:
                await require_schema(conn, schema)
        except BaseException:
            pool.terminate()
            raise
        beside = OwnConnection(dsn), Waker(dsn), SharedConnection(dsn)
        return cls(pool, clock, beside, wait_seconds, meters)

    async def beside(self, dsn: str, *, size: int, name: str) -> Self:
        """Another pool of the same service, so that neither waits for what the other does."""
        shared = self._own, self._waker, self.leases
        return type(self)(await open_pool(dsn, size), self.clock, shared, meters=self.meters, name=name)

    async def close(self) -> None:
        """Give every connection back, without waiting for a server that is gone."""
        self._waker.close()
        self._own.drop()
        self.leases.drop()
        self.pool.terminate()

    async def answers(self) -> None:
        """Ask the database for an answer, however busy the pool is; raises what keeps it from answering."""
        await self._own.ask("select 1")

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection of the pool."""
        async with self._waiting():
            conn = await self._acquire()
        async with self._given_back(conn):
            yield conn

    async def _acquire(self) -> "PoolConnectionProxy[asyncpg.Record]":
        return await self.pool.acquire(timeout=self._wait_seconds)

    @asynccontextmanager
    async def _waiting(self) -> AsyncIterator[None]:
        """Whoever waits too long is told so, and how long it took is measured."""
        began = time.perf_counter()
        try:
            yield
        except TimeoutError as error:
            self.meters.pool_exhausted.labels(self._name).inc()
            raise NoConnectionFree from error
        self.meters.pool_waits.labels(self._name).observe(time.perf_counter() - began)

    @asynccontextmanager
    async def _given_back(self, conn: "PoolConnectionProxy[asyncpg.Record]") -> AsyncIterator[Connection]:
        try:
            yield conn
        except asyncpg.ReadOnlySQLTransactionError:
            # The other connections lead to the same server, which takes no writes any more.
            await self.pool.expire_connections()
            self._own.drop()
            raise
        finally:
            await self.pool.release(conn)

    @asynccontextmanager
    async def apart(self) -> AsyncIterator[Connection]:
        """A connection beside the pool, for who keeps it as long as it lives, as the relay does."""
        async with connected(self._own.dsn) as conn:
            yield conn

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[Connection]:
        """A connection for who writes: both waits, for the turn and for the connection, are one."""
        async with AsyncExitStack() as stack:
            async with self._waiting():
                async with asyncio.timeout(self._wait_seconds):
                    await self._writers.acquire()
                stack.callback(self._writers.release)
                conn = await self._acquire()
            yield await stack.enter_async_context(self._given_back(conn))

    @asynccontextmanager
    async def transaction(self, *, turn: int | None = None) -> AsyncIterator[Tx]:
        """One transaction: committed when the block ends, rolled back when it raises. Those of the same
        `turn` (any bigint) come one after the other, from the first statement to the commit."""
        async with self._writing() as conn:
            tx = Tx(conn=conn, now=self.clock.now())
            try:
                await conn.execute(BEGIN if turn is None else f"{BEGIN}; {TAKE_TURN.format(turn)}")
                yield tx
            except BaseException:
                await _roll_back(conn)
                raise
            await conn.execute("commit")
            self._waker.wake(tx.wakes)
            for act in tx.acts:
                log.info("act", **act)

    @asynccontextmanager
    async def trial(self) -> AsyncIterator[Tx]:
        """A transaction that is never kept: what would happen, without its happening."""
        async with self._writing() as conn:
            try:
                await conn.execute(BEGIN)
                yield Tx(conn=conn, now=self.clock.now())
            finally:
                await _roll_back(conn)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Tx]:
        """A connection for reads; several statements may see different states."""
        async with self.connection() as conn:
            yield Tx(conn=conn, now=self.clock.now())


async def _roll_back(conn: Connection) -> None:
    # A connection that broke has lost its transaction, and what broke it is what the caller is to hear of; so
    # it is of one over which no answer comes.
    if not conn.is_closed():
        try:
            async with asyncio.timeout(_ROLL_BACK_SECONDS):
                await conn.execute("rollback")
        except OUTAGES:
            conn.terminate()


@asynccontextmanager
async def attempting(tx: Tx) -> AsyncIterator[None]:
    """A part of the transaction that may fail: when it raises, it alone has not happened."""
    await tx.conn.execute("savepoint attempt")
    try:
        yield
    except BaseException:
        if not tx.conn.is_closed():
            await tx.conn.execute("rollback to savepoint attempt; release savepoint attempt")
        raise
    await tx.conn.execute("release savepoint attempt")
