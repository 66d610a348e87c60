"""PgBouncer before a PostgreSQL of a test; from Debian where it is missing."""

import asyncio
import fcntl
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg
import pytest

from embedded.postgres import own_namespace
from tests.conftest import free_port
from tests.notice_cases import eventually
from tests.postgres_servers import a_folder

_KEPT_IN = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sangkien-tests" / "pgbouncer"
_SETTINGS = """
[databases]
* = host=127.0.0.1 port={server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {users}
pool_mode = {mode}
default_pool_size = 60
server_round_robin = {round_robin}
"""


def program() -> Path:
    """Where PgBouncer is, fetched once when it is missing; the test is skipped where it cannot be had."""
    if os.geteuid() == 0 and not own_namespace():
        pytest.skip("PgBouncer does not run as root, and no user namespace can be made here")
    if found := shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin"):
        return Path(found)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        pytest.skip("PgBouncer is not here, and only root on Debian can fetch it")
    _KEPT_IN.mkdir(parents=True, exist_ok=True)
    with (_KEPT_IN / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = _KEPT_IN / "usr" / "sbin" / "pgbouncer"
        if not kept.exists():
            _fetch()
    return kept


def _fetch() -> None:
    archives = _KEPT_IN / "archives"
    (archives / "partial").mkdir(parents=True, exist_ok=True)
    fetch = ["apt-get", "install", "-y", "--download-only", "--no-install-recommends", "pgbouncer"]
    for command in (["apt-get", "update"], [*fetch, "-o", f"Dir::Cache::archives={archives}"]):
        done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
        if done.returncode:
            pytest.skip(f"PgBouncer cannot be had from Debian: {done.stderr.strip()[-200:]}")
    for package in archives.glob("*.deb"):
        subprocess.run(["dpkg", "-x", str(package), str(_KEPT_IN)], check=True)


@asynccontextmanager
async def pooled(
    dsn: str, passwords: Mapping[str, str], mode: str = "session", *, round_robin: bool = False
) -> AsyncIterator[str]:
    """The same DSN through a PgBouncer in this mode; `passwords` are those of all roles that come through."""
    bouncer = program()
    address = dsn.rpartition("@")[2].partition("/")[0]
    port = free_port()
    async with a_folder() as folder:
        users = folder / "users"
        users.write_text("".join(f'"{role}" "{password}"\n' for role, password in passwords.items()))
        settings = folder / "pgbouncer.ini"
        settings.write_text(
            _SETTINGS.format(
                server=address.rpartition(":")[2],
                port=port,
                users=users,
                mode=mode,
                round_robin=int(round_robin),
            )
        )
        libraries = bouncer.parents[1] / "lib" / "x86_64-linux-gnu"
        environment = os.environ | {"LD_LIBRARY_PATH": str(libraries)}
        with (folder / "log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *own_namespace(), str(bouncer), str(settings), env=environment, stdout=log, stderr=log
            )
        try:
            through = dsn.replace(address, f"127.0.0.1:{port}")
            await eventually(lambda: _answers(through))
            yield through
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _answers(dsn: str) -> bool:
    try:
        conn = await asyncpg.connect(dsn)
    except OSError:
        return False
    await conn.close()
    return True
