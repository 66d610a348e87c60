"""The connections to PostgreSQL that a service has: pools, and those that wait for nobody's turn. How long a
session may take is set at the role, by the job that migrates: a pooler refuses it from a connection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import asyncpg
import orjson
from pydantic_core import to_jsonable_python

from kit.hosts import PlainConnection, connect
from kit.outages import OUTAGES

Connection: TypeAlias = (
    "asyncpg.pool.PoolConnectionProxy[asyncpg.Record] | asyncpg.Connection[asyncpg.Record]"
)


class WrongSchema(Exception):
    """The role's search path leads elsewhere: it was not provisioned, or not for this service."""


_COMMAND_SECONDS = 20
_OWN_SECONDS = 2.0
_ANSWER_SECONDS = 4.0


def to_json(value: Any) -> bytes:
    """JSON as the API and the outbox write it: dataclasses, ids, decimals (as text), instants and enums."""
    return orjson.dumps(to_jsonable_python(value))


def _encode(value: Any) -> str:
    return to_json(value).decode()


async def prepare(conn: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Let jsonb columns take and give Python values."""
    await conn.set_type_codec("jsonb", schema="pg_catalog", encoder=_encode, decoder=orjson.loads)


async def _keep_session(_: object) -> None:
    """In place of asyncpg's RESET ALL, a round trip a request: no operation changes its session, and who
    listens (the relay) ends its connection."""


async def _connect(dsn: str | None = None, **options: Any) -> PlainConnection:
    """As a pool calls it."""
    return await connect(dsn or "", **options)


async def open_pool(dsn: str, size: int) -> "asyncpg.Pool[asyncpg.Record]":
    """A pool; it opens further connections when they are needed."""
    return await asyncpg.create_pool(
        dsn,
        connect=_connect,
        min_size=1,
        max_size=size,
        init=prepare,
        reset=_keep_session,
        command_timeout=_COMMAND_SECONDS,
    )


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection like those of a pool, ended afterwards without waiting for a server that is gone."""
    conn = await connect(dsn, command_timeout=_COMMAND_SECONDS)
    try:
        await prepare(conn)
        yield conn
    finally:
        conn.terminate()


async def require_schema(conn: Connection, schema: str) -> None:
    """`WrongSchema` where the role leads elsewhere, as it does before the job has been: nothing may ever be
    written into another schema."""
    found = await conn.fetchval("select current_schema()")
    if found != schema:
        raise WrongSchema(
            f"the role's search path leads to {found}, not to {schema}: run `./sangkien migrate`"
        )


class OwnConnection:
    """A connection beside every pool, for what must not wait its turn. Opened when needed, and again once it
    has broken."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self._conn: asyncpg.Connection[asyncpg.Record] | None = None
        self._turn = asyncio.Lock()

    async def ask(self, query: str, *arguments: object) -> Any:
        """One value. A kept connection may have died with its server, so a failure on it is tried once more
        on a new one."""
        async with self._turn:
            if self._conn is not None:
                try:
                    return await self._ask(query, *arguments)
                except OUTAGES:
                    self.drop()
            return await self._ask(query, *arguments)

    async def _ask(self, query: str, *arguments: object) -> Any:
        try:
            async with asyncio.timeout(_OWN_SECONDS):
                if self._conn is None:
                    self._conn = await connect(self.dsn)
                return await self._conn.fetchval(query, *arguments)
        except BaseException:
            self.drop()
            raise

    def drop(self) -> None:
        """End it, without waiting for a server that is gone."""
        if self._conn is not None:
            self._conn.terminate()
            self._conn = None


class SharedConnection:
    """One connection that many keep as long as they live: for single statements that wait for no lock, one
    after the other. Opened for the first who keeps it, ended with the last. It is never replaced under who
    keeps it: what it stood for ended with it."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._kept: KeptConnection | None = None
        self._keepers = 0
        self._opening = asyncio.Lock()

    @asynccontextmanager
    async def kept(self) -> AsyncIterator["KeptConnection"]:
        """The connection, for one more; a new one where the last has broken."""
        self._keepers += 1
        try:
            async with self._opening:
                if self._kept is None or self._kept.is_closed():
                    self._kept = await self._open()
            yield self._kept
        finally:
            self._keepers -= 1
            if self._keepers == 0:
                self.drop()

    async def _open(self) -> "KeptConnection":
        return KeptConnection(await connect(self._dsn))

    def drop(self) -> None:
        """End it, without waiting for a server that is gone."""
        if self._kept is not None:
            self._kept.end()
            self._kept = None


class KeptConnection:
    """The connection that several share at a time."""

    def __init__(self, conn: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._conn = conn
        self._turn = asyncio.Lock()

    async def fetchrow(self, query: str, *arguments: object) -> "asyncpg.Record | None":
        """One row. A server that does not answer in time, or that takes no writes any more, is as good as
        gone, for all who share it: nobody else asks it as well."""
        async with self._turn:
            try:
                async with asyncio.timeout(_ANSWER_SECONDS):
                    return await self._conn.fetchrow(query, *arguments)
            except (TimeoutError, asyncpg.ReadOnlySQLTransactionError):
                self.end()
                raise

    def is_closed(self) -> bool:
        """It leads nowhere any more."""
        return self._conn.is_closed()

    def end(self) -> None:
        """For all who share it."""
        self._conn.terminate()
