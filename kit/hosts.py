"""A connection to PostgreSQL, to whichever of the hosts of its DSN lets us in.

The hosts stand before the slash: `postgresql://role:secret@one,two:5433/db?target_session_attrs=read-write`.
asyncpg would ask one after the other, and wait for a host that has vanished as long as it may take for all;
here the next is asked as soon as one is slow."""

import asyncio
from collections.abc import Sequence
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import asyncpg

from kit.outages import OUTAGES, reaching
from language.refusals import Refusal

PlainConnection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
CONNECT_SECONDS = 10.0
_SLOW_SECONDS = 0.3


def each_host(dsn: str) -> list[str]:
    """The same DSN for each of its hosts."""
    place = urlsplit(dsn).netloc
    login, at, hosts = place.rpartition("@")
    return [dsn.replace(place, f"{login}{at}{host}", 1) for host in hosts.split(",")]


class DatabaseUrlUnfit(Refusal):
    """What stands in DATABASE_URL is no DSN. It is not repeated: there is a password in it."""

    status = 422
    vi = "DATABASE_URL viết sai. Đúng dạng: postgresql://tài-khoản:mật-khẩu@máy:cổng/cơ-sở-dữ-liệu."
    en = "DATABASE_URL makes no sense. Its form: postgresql://role:password@host:port/database."


async def connect(dsn: str, *, timeout: float = CONNECT_SECONDS, **options: Any) -> PlainConnection:  # noqa: ASYNC109 - asyncpg's own word
    """Connect within `timeout` seconds; one of `OUTAGES` where that cannot be, `DatabaseUrlUnfit` where it
    never can. The options are asyncpg's."""
    try:
        async with reaching(), asyncio.timeout(timeout):
            return await _first([_Attempt(one, options) for one in each_host(dsn)])
    except ValueError:  # asyncpg's own refusals of a DSN are such
        raise DatabaseUrlUnfit from None


class _Attempt:
    """One host that may let us in."""

    def __init__(self, dsn: str, options: dict[str, Any]) -> None:
        self._dsn = dsn
        self._options = options

    async def make(self) -> PlainConnection:
        return await asyncpg.connect(self._dsn, timeout=CONNECT_SECONDS, **self._options)


async def _first(attempts: Sequence[_Attempt]) -> PlainConnection:
    """Whichever lets us in first; each begins when the one before has failed, or is slow."""
    to_come = list(attempts)
    running: set[asyncio.Task[PlainConnection]] = set()
    failures: list[BaseException] = []
    try:
        while to_come or running:
            if to_come:
                running.add(asyncio.create_task(to_come.pop(0).make()))
            wait = _SLOW_SECONDS if to_come else None
            done, _ = await asyncio.wait(running, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                running.discard(task)
                if failure := task.exception():
                    failures.append(failure)
                else:
                    return task.result()
    finally:
        await _abandon(running)
    raise _worst(failures)


async def _abandon(tasks: set[asyncio.Task[PlainConnection]]) -> None:
    for task in tasks:
        task.cancel()
    for made in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(made, asyncpg.Connection):
            made.terminate()


def _worst(failures: Sequence[BaseException]) -> BaseException:
    """What somebody has to mend comes before what passes."""
    return next((one for one in failures if not isinstance(one, (*OUTAGES, OSError))), failures[-1])
