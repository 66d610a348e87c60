"""Two provinces side by side on one PostgreSQL and one Temporal: all processes of both run, dossiers are
filed in each, and nothing of one is to be seen in the other."""

import asyncio
import base64
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
import pytest
from cryptography.exceptions import InvalidTag
from temporalio.client import Client

from cli import sample
from cli.first_start import complete_first_start
from cli.signing_in import exchange_form
from embedded import temporal
from embedded.instance import Instance
from embedded.layout import Ports, free_ports
from embedded.postgres import EmbeddedPostgres
from kit.wire import data_converter
from language.names import TaskQueue
from processes.bootstrap import ADMIN
from processes.roles import service_url
from tests.e2e.test_launcher_external import connected, running

NAMES = ("hagiang", "caobang")


@dataclass
class Province:
    """A province that runs."""

    instance: Instance
    environment: dict[str, str]
    temporal: Client

    async def query(self, statement: str) -> set[str]:
        """The first column, as text."""
        conn = await asyncpg.connect(self.environment["DATABASE_URL"])
        try:
            return {str(row[0]) for row in await conn.fetch(statement)}
        finally:
            await conn.close()

    def url_of_intake(self, database: str) -> str:
        """How its intake logs in at a database of the server."""
        prefix, password = self.environment["ROLE_PREFIX"], self.instance.secrets["intake"]
        return service_url(database, "intake", password, prefix)

    async def runs(self) -> set[str]:
        """The workflows of its namespace."""
        return {run.id async for run in self.temporal.list_workflows()}


@contextmanager
def told(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> Iterator[None]:
    """With this environment."""
    with monkeypatch.context() as patched:
        for name, value in environment.items():
            patched.setenv(name, value)
        yield


async def brought_up(folder: Path, name: str, servers: tuple[str, str], ports: Ports) -> Province:
    """What is told to everything that is started for this province."""
    admin_url, address = servers
    conn = await asyncpg.connect(admin_url)
    await conn.execute(f"create database {name}")
    await conn.close()
    # Named alike: what keeps them apart is the keys.
    keys = f"2026:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    environment = {
        "DATABASE_URL": f"{admin_url.rpartition('/')[0]}/{name}",
        "ROLE_PREFIX": name,
        "TEMPORAL_ADDRESS": address,
        "TEMPORAL_NAMESPACE": name,
        "PAYLOAD_KEYS": keys,
        "PAYLOADS_ENCRYPTED_ONLY": "true",
    }
    client = await Client.connect(address, namespace=name, data_converter=data_converter(keys))
    instance = Instance(data=folder / name, ports=ports, pages=False)
    return Province(instance, environment, client)


@pytest.fixture
async def provinces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[Province]]:
    """Both, with a few dossiers each."""
    monkeypatch.setattr(sample, "_FIRST_DOSSIERS", 2)
    monkeypatch.delenv("HISTORY_KEYS")
    theirs = free_ports()
    postgres = EmbeddedPostgres(tmp_path / "postgres", theirs["postgres"], secrets.token_hex(8))
    postgres.initialise()
    address = f"127.0.0.1:{theirs['temporal']}"
    server = temporal.command(tmp_path / "temporal.db", theirs["temporal"])
    namespaces = [word for name in NAMES for word in ("--namespace", name)]
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running(postgres.command(), tmp_path / "postgres.log"))
        await stack.enter_async_context(running([*server, *namespaces], tmp_path / "temporal.log"))
        await postgres.wait_ready()
        await connected(address)
        made = []
        for number, name in enumerate(NAMES, start=1):
            ports = Ports(theirs.base + 50 * number)
            province = await brought_up(tmp_path, name, (postgres.admin_url, address), ports)
            with told(monkeypatch, province.environment):
                await stack.enter_async_context(province.instance)
                await complete_first_start(province.instance, empty=False)
            made.append(province)
        yield made


@pytest.mark.timeout(600)
async def test_nothing_of_one_province_is_to_be_seen_in_the_other(provinces: list[Province]) -> None:
    for own, other in (provinces, provinces[::-1]):
        dossiers = await own.query("select id from intake.dossiers where state <> 'DRAFT'")
        assert len(dossiers) == 2
        assert not dossiers & await other.query("select id from intake.dossiers")
        await _has_runs_of_its_own(own, other, dossiers)
        await _cannot_read_what_the_other_sent(own, other)
        await _is_nobody_at_the_other(own, other)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(own.url_of_intake(other.environment["DATABASE_URL"]))


async def _has_runs_of_its_own(own: Province, other: Province, dossiers: set[str]) -> None:
    wanted = {f"initiative:{dossier}" for dossier in dossiers}
    for _ in range(100):
        if wanted <= (runs := await own.runs()):
            break
        await asyncio.sleep(0.2)
    assert wanted <= runs
    assert not runs & await other.runs()


async def _cannot_read_what_the_other_sent(own: Province, other: Province) -> None:
    """With its own keys a province reads what it sent; with another's nobody does."""
    initiative = next(run for run in await own.runs() if run.startswith("initiative:"))
    history = await own.temporal.get_workflow_handle(initiative).fetch_history()
    sent = history.events[0].workflow_execution_started_event_attributes.input.payloads
    assert await own.temporal.data_converter.decode(sent)
    with pytest.raises(InvalidTag):
        await other.temporal.data_converter.decode(sent)


async def _is_nobody_at_the_other(own: Province, other: Province) -> None:
    form = exchange_form(own.instance.secrets["cli_client_secret"], ADMIN)
    answers = []
    async with httpx.AsyncClient() as http:
        asked = await http.post(f"{own.instance.urls[TaskQueue.ORGANISATION]}/oauth2/token", data=form)
        token = asked.json()["access_token"]
        for province in (own, other):
            url = f"{province.instance.urls[TaskQueue.INTAKE]}/v1/dossiers"
            answers.append((await http.get(url, headers={"Authorization": f"Bearer {token}"})).status_code)
    assert answers == [200, 401]
