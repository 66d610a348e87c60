"""Whether a pooler between us and PostgreSQL leaves us our sessions.

In transaction mode the server's session changes from one transaction to the next: who listens hears nothing,
a lease names a session that others work in, a lock taken for a session stays with a stranger. It looks well
and is not, so it is found out before anything is done."""

import asyncpg

from kit.hosts import PlainConnection, connect
from language.refusals import Refusal

_TRIES = 5
_ANSWER_SECONDS = 5.0
_NO_TRANSACTIONS = "statement pooling"
BACKEND = "select pg_backend_pid()"


class PoolerKeepsNoSession(Refusal):
    """The DSN leads to a pooler in transaction or statement mode."""

    status = 422
    vi = (
        "DATABASE_URL đi qua một bộ gộp kết nối (pooler) không giữ phiên: các tiến trình sẽ không nhận được "
        "tín hiệu và không giữ được quyền dẫn. Hãy đặt chế độ gộp theo phiên (session) cho các tài khoản "
        "của hệ thống, hoặc trỏ DATABASE_URL thẳng đến PostgreSQL."
    )
    en = (
        "DATABASE_URL leads through a pooler that keeps no session: processes would hear no call and hold no "
        "lead. Set pool_mode = session for the roles sangkien_*, or let DATABASE_URL lead straight to "
        "PostgreSQL."
    )


async def require_own_sessions(dsn: str) -> None:
    """`PoolerKeepsNoSession` where two transactions of one connection need not be in one session."""
    conn = await connect(dsn, statement_cache_size=0, command_timeout=_ANSWER_SECONDS)
    try:
        if await _backend(conn) != conn.get_server_pid():  # a pooler tells a process of its own making
            for _ in range(_TRIES):
                await _require_backend_of_its_own(conn, dsn)
    except asyncpg.PostgresConnectionError as error:
        if _NO_TRANSACTIONS in str(error):
            raise PoolerKeepsNoSession from error
        raise
    finally:
        conn.terminate()


async def _require_backend_of_its_own(conn: PlainConnection, dsn: str) -> None:
    """Another client begins a transaction: it would be given the server's session that has just become free,
    or leave us another one."""
    before = await _backend(conn)
    other = await connect(dsn, statement_cache_size=0, command_timeout=_ANSWER_SECONDS)
    try:
        async with other.transaction():
            if await other.fetchval(BACKEND) == before or await _backend(conn) != before:
                raise PoolerKeepsNoSession
    finally:
        other.terminate()


async def _backend(conn: PlainConnection) -> int:
    async with conn.transaction():
        return int(await conn.fetchval(BACKEND))
