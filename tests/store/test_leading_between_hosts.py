"""Who leads, between hosts: one that is frozen, cut off or gone is replaced within fifteen seconds, though
nothing tells the server that it is."""

import asyncio
import secrets
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from embedded.postgres import EmbeddedPostgres
from kit.clock import Clock
from kit.db import Database
from kit.outages import OUTAGES
from language.names import SCHEMAS
from processes.migrate import bring_up_to_date
from processes.roles import service_url
from tests.conftest import QUICK, as_admin, free_port
from tests.network_hosts import Host, Network, a_network
from tests.notice_cases import eventually
from tests.postgres_servers import a_folder
from tests.store.test_kit_leading import BEATS, leads, terms

FORGET = ("truncate intake.beats", "truncate intake.leaders")


@dataclass(frozen=True)
class Site:
    """The hosts, and the database on one of them, seen from here by its socket."""

    network: Network
    admin_url: str
    port: int
    passwords: dict[str, str]

    def dsn(self, host: Host) -> str:
        """As a process on that host finds it."""
        return service_url(f"postgresql://-@{host.database}:{self.port}/sangkien", "intake", self.password)

    @property
    def password(self) -> str:
        """Of the service that leads here."""
        return self.passwords["intake"]


@asynccontextmanager
async def _serving(network: Network, folder: Path) -> AsyncIterator[Site]:
    password, port = secrets.token_hex(16), free_port()
    embedded = EmbeddedPostgres(folder / "postgres", port, password)
    embedded.initialise()
    (folder / "postgres" / "pg_hba.conf").write_text(
        "local all all scram-sha-256\nhost all all 198.18.0.0/15 scram-sha-256\n"
    )
    places = ("-c", "listen_addresses=*", "-c", f"unix_socket_directories={folder}")
    command = network.database.command(*embedded.command(), *QUICK, *places)
    admin_url = f"postgresql://sangkien_admin:{password}@/postgres?host={folder}&port={port}"
    with (folder / "log").open("wb") as log:
        server = await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log)
    try:
        await eventually(lambda: _answers(admin_url), 20)
        await as_admin(admin_url, "create database sangkien")
        admin_url = admin_url.replace("/postgres?", "/sangkien?")
        passwords = {str(schema): secrets.token_hex(16) for schema in SCHEMAS}
        await bring_up_to_date(admin_url, passwords)
        await as_admin(admin_url, BEATS, "grant all on intake.beats to sangkien_intake")
        yield Site(network, admin_url, port, passwords)
    finally:
        server.kill()
        await server.wait()


async def _answers(admin_url: str) -> bool:
    with suppress(*OUTAGES, OSError):
        await as_admin(admin_url, "select 1")
        return True
    return False


@pytest.fixture(scope="module")
async def site() -> AsyncIterator[Site]:
    with a_network() as network:
        async with a_folder() as folder, _serving(network, folder) as made:
            yield made


@pytest.fixture
async def database(site: Site) -> AsyncIterator[Database]:
    await as_admin(site.admin_url, *FORGET)
    dsn = service_url(site.admin_url, "intake", site.password)
    opened = await Database.open(dsn, schema="intake", clock=Clock())
    yield opened
    await opened.close()


@asynccontextmanager
async def a_process(site: Site, host: Host, name: str) -> AsyncIterator[asyncio.subprocess.Process]:
    module = (sys.executable, "-m", "tests.store.leading_process", site.dsn(host), name)
    process = await asyncio.create_subprocess_exec(*host.command(*module))
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


@asynccontextmanager
async def both(site: Site, database: Database) -> AsyncIterator[asyncio.subprocess.Process]:
    """The process of the first host leads, that of the second stands by."""
    async with a_process(site, site.network.one, "first") as first:
        await leads(database, "first", 30)
        async with a_process(site, site.network.two, "second"):
            await eventually(lambda: _is_there(database, site.network.two), 30)
            yield first


async def _is_there(database: Database, host: Host) -> bool:
    there = "select count(*) > 0 from pg_stat_activity where client_addr <<= $1::inet"
    return bool(await database.pool.fetchval(there, f"{host.database.rpartition('.')[0]}.0/24"))


LATE = """
select count(*) from beats where name = 'first' and seq > (select min(seq) from beats where name = 'second')
"""


async def _stands_by(database: Database) -> None:
    """Back again, it does nothing but what was under way."""
    await asyncio.sleep(4)
    assert await database.pool.fetchval(LATE) <= 1
    assert (await terms(database))[:2] == [("first", 1), ("second", 2)]


async def test_a_host_that_is_frozen_is_replaced(site: Site, database: Database) -> None:
    async with both(site, database) as first:
        first.send_signal(signal.SIGSTOP)
        await leads(database, "second")
        first.send_signal(signal.SIGCONT)
        await _stands_by(database)


async def test_a_host_that_is_cut_off_is_replaced_and_stands_by_when_it_is_back(
    site: Site, database: Database
) -> None:
    async with both(site, database) as first:
        site.network.one.cut()
        try:
            await leads(database, "second")
            assert await _is_there(database, site.network.one), "nothing has told the server"
        finally:
            site.network.one.mend()
        await _stands_by(database)
        assert first.returncode is None


async def test_a_host_that_is_gone_is_replaced_and_its_sessions_end(site: Site, database: Database) -> None:
    async with both(site, database) as first:
        site.network.one.cut()
        try:
            first.kill()
            await leads(database, "second")

            async def is_forgotten() -> bool:
                return not await _is_there(database, site.network.one)

            await eventually(is_forgotten, 40)
        finally:
            site.network.one.mend()
