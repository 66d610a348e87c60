"""The statements of a request, caught in an app of the same service in this process, and run bare."""

import os
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import asyncpg
import httpx

from kit.clock import Clock
from kit.connecting import Connection, prepare
from kit.context import Context
from kit.db import Database
from kit.service import Service
from processes.service import load

Statement: TypeAlias = tuple[str, tuple[object, ...]]


class _Catching:
    """A connection that writes down what is asked of it."""

    def __init__(self, conn: Connection, caught: list[Statement]) -> None:
        self._conn = conn
        self._caught = caught

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self._conn, name)
        if name not in {"fetch", "fetchrow", "fetchval", "execute"}:
            return asked

        async def ask(query: str, *arguments: object, **options: Any) -> Any:
            self._caught.append((query, arguments))
            return await asked(query, *arguments, **options)

        return ask


class _CatchingDatabase(Database):
    """Every connection it gives writes down what is asked of it."""

    caught: list[Statement]

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection of the pool, watched."""
        async with super().connection() as conn:
            yield _Catching(conn, self.caught)  # type: ignore[misc]


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """A service's app in this process, and one bare connection of the service's role."""

    http: httpx.AsyncClient
    database: _CatchingDatabase
    bare: "asyncpg.Connection[asyncpg.Record]"

    async def statements(self, path: str, headers: Mapping[str, str]) -> list[Statement]:
        """What this request asks of the database."""
        caught: list[Statement] = []
        self.database.caught = caught
        answer = await self.http.get(path, headers=dict(headers))
        answer.raise_for_status()
        return caught

    async def time(self, statements: Sequence[Statement]) -> float:
        """Milliseconds for these, one after another."""
        began = time.perf_counter()
        for query, arguments in statements:
            await self.bare.fetch(query, *arguments)
        return (time.perf_counter() - began) * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """A floor for each service."""

    of: Mapping[str, Floor]

    @classmethod
    @asynccontextmanager
    async def open(cls, environments: Mapping[str, Mapping[str, str]]) -> AsyncIterator[Self]:
        """Put the services together from the environments that their processes have."""
        async with AsyncExitStack() as stack:
            floors = {
                name: await stack.enter_async_context(_floor(load(name), values))
                for name, values in environments.items()
            }
            yield cls(of=floors)


@asynccontextmanager
async def _floor(service: Service, environment: Mapping[str, str]) -> AsyncIterator[Floor]:
    # The keys of the history are the process's own.
    os.environ["HISTORY_KEYS"] = environment["HISTORY_KEYS"]
    prefix = f"{service.name}_".upper()
    named = {name.lower(): value for name, value in environment.items()}
    named |= {
        name.removeprefix(prefix).lower(): value
        for name, value in environment.items()
        if name.startswith(prefix)
    }
    settings = service.settings(
        **{name: value for name, value in named.items() if name in service.settings.model_fields}  # type: ignore[arg-type]
    )
    dsn = settings.database_url.get_secret_value()
    database = await _CatchingDatabase.open(dsn, schema=service.name, clock=Clock(), size=4)
    bare = await asyncpg.connect(dsn)
    await prepare(bare)
    try:
        context = Context(
            settings=settings, clock=Clock(), database=database, activities=database, jobs=database
        )
        parts = await service.build(context)
        transport = httpx.ASGITransport(app=parts.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://floor") as http:
            yield Floor(http=http, database=database, bare=bare)
    finally:
        await bare.close()
        await database.close()
