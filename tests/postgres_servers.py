"""PostgreSQL servers that a test starts, stops, kills and promotes."""

import asyncio
import os
import secrets
import signal
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from embedded.postgres import EmbeddedPostgres
from language.names import SCHEMAS
from processes.migrate import bring_up_to_date
from tests.conftest import QUICK, Cluster, as_admin, free_port, place_of_clusters
from tests.notice_cases import eventually


@dataclass
class Server:
    """One server, and its process while it runs."""

    embedded: EmbeddedPostgres
    folder: Path
    options: Sequence[str] = QUICK
    process: asyncio.subprocess.Process | None = field(default=None, init=False)

    async def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self.embedded.command(), *self.options, stdout=log, stderr=log
            )
        await self.embedded.wait_ready()

    async def stop(self) -> None:
        """End it in good order, at once, without waiting for who is connected."""
        await self._end(signal.SIGINT)

    async def kill(self) -> None:
        """End it as a host ends that loses its power."""
        await self._end(signal.SIGKILL)

    async def _end(self, number: signal.Signals) -> None:
        if self.process and self.process.returncode is None:
            self.process.send_signal(number)
            await self.process.wait()
            self.embedded.forget_dead_server()

    @property
    def address(self) -> str:
        """`host:port`."""
        return f"127.0.0.1:{self.embedded.port}"


@asynccontextmanager
async def a_folder() -> AsyncIterator[Path]:
    """A place for clusters that are thrown away."""
    with tempfile.TemporaryDirectory(prefix="sangkien-test-", dir=place_of_clusters()) as folder:
        yield Path(folder)


@dataclass(frozen=True)
class Pair:
    """A server that takes writes, and one that follows it until it is promoted."""

    first: Server
    second: Server
    passwords: dict[str, str]

    def cluster(self) -> "PairAsCluster":
        """Both as one, as services know them: whichever takes writes."""
        hosts = f"{self.first.address},{self.second.address}"
        admin_url = self.first.embedded.admin_url.replace(self.first.address, hosts)
        return PairAsCluster(f"{admin_url}?target_session_attrs=read-write", self.passwords, "")

    async def promote(self) -> None:
        """Let the second take writes from now on."""
        await as_admin(self.second.embedded.admin_url, "select pg_promote()")

    async def close_the_first(self) -> None:
        """It takes no writes any more, and ends no connection: what a managed server does when it changes
        places."""
        await as_admin(
            self.first.embedded.admin_url,
            "alter system set default_transaction_read_only = on",
            "select pg_reload_conf()",
        )


class PairAsCluster(Cluster):
    """Its one database, which is dropped with the servers."""

    async def fresh(self) -> str:
        return self.admin_url

    async def drop(self, admin_url: str) -> None:
        return


@asynccontextmanager
async def a_pair() -> AsyncIterator[Pair]:
    """Both run, the second follows the first."""
    password = secrets.token_hex(16)
    passwords = {str(schema): secrets.token_hex(16) for schema in SCHEMAS}
    async with a_folder() as folder:
        servers = []
        for name in ("first", "second"):
            (folder / name).mkdir()
            embedded = EmbeddedPostgres(folder / name / "postgres", free_port(), password)
            servers.append(Server(embedded, folder / name))
        first, second = servers
        try:
            first.embedded.initialise()
            await first.start()
            await bring_up_to_date(first.embedded.admin_url, passwords)
            await _follow(second, first, password)
            await second.start()
            yield Pair(first, second, passwords)
        finally:
            await first.kill()
            await second.kill()


async def _follow(second: Server, first: Server, password: str) -> None:
    copy = second.embedded.program("pg_basebackup")
    command = [*copy, "-h", "127.0.0.1", "-p", str(first.embedded.port), "-U", "sangkien_admin"]
    done = await asyncio.create_subprocess_exec(
        *command,
        *("-D", str(second.embedded.data), "-R", "-X", "stream", "-c", "fast"),
        env=os.environ | {"PGPASSWORD": password},
    )
    assert await done.wait() == 0


IS_COPIED = "select bool_and(replay_lsn >= pg_current_wal_lsn()) from pg_stat_replication"


async def wait_for_copy(pair: Pair) -> None:
    """What the first has written is there on the second."""
    conn = await asyncpg.connect(pair.first.embedded.admin_url)

    async def is_there() -> bool:
        return bool(await conn.fetchval(IS_COPIED))

    try:
        await eventually(is_there)
    finally:
        await conn.close()
