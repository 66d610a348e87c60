"""What counts as an outage of the database: a caller may simply try again later."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg


class DatabaseAway(ConnectionError):
    """No connection could be made: no address for the name, no route, nobody listens, no trust in who
    answers."""


class NoConnectionFree(Exception):
    """Every connection of the pool was busy for as long as a caller may wait."""


OUTAGES = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection lost in the middle of a statement; no host that takes writes
    asyncpg.OperatorInterventionError,  # starting, stopping, killed, cancelled, told to go
    asyncpg.InsufficientResourcesError,  # disk full, out of memory, too many connections
    asyncpg.PostgresSystemError,  # its disk fails
    asyncpg.ReadOnlySQLTransactionError,  # the server we knew follows another one now
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.LockNotAvailableError,
    # A password that is being changed, a role or a database that somebody is still making or restoring.
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    NoConnectionFree,
    ConnectionError,
    TimeoutError,
    socket.gaierror,
)
"""The database is away, starting, full, too busy, takes no writes, or lets nobody in."""


@asynccontextmanager
async def reaching() -> AsyncIterator[None]:
    """Whatever the network says while a connection is made means one thing: the database is away."""
    try:
        yield
    except (ConnectionError, TimeoutError):
        raise
    except OSError as error:
        raise DatabaseAway(type(error).__name__) from error


def reason_of(outage: BaseException) -> str:
    """A word for a line of the log: never what a server or a library says, for it may quote what was sent."""
    return str(outage) if isinstance(outage, DatabaseAway) else type(outage).__name__
