"""`up` on a PostgreSQL and a Temporal server that somebody else runs: the one's address in a file, the other
behind TLS, wanting a client certificate and an API key."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client

from cli.diagnosis import examine
from embedded import temporal
from embedded.errors import OldData
from embedded.instance import Instance
from embedded.layout import Ports, free_ports
from embedded.postgres import EmbeddedPostgres
from language.names import SEARCH_ATTRIBUTES
from processes.roles import owner_of
from tests.certificates import Authority
from tests.tls_listener import listening


@contextlib.asynccontextmanager
async def running(command: list[str], log: Path) -> AsyncIterator[None]:
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(*command, stdout=output, stderr=output)
    try:
        yield
    finally:
        process.kill()
        await process.wait()


async def connected(address: str) -> Client:
    for _ in range(100):
        with contextlib.suppress(RuntimeError):
            return await Client.connect(address)
        await asyncio.sleep(0.1)
    raise TimeoutError


async def doctor_looks_at_the_given_server(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not at the one that is brought along; who does not say which it is, is told so."""
    findings = {one.name: one for one in await asyncio.to_thread(examine, data)}
    assert not [one for one in findings.values() if not one.is_fine]
    assert "programs" not in findings
    assert {"logins", "history keys", "connections", "cases"} <= set(findings)
    with monkeypatch.context() as without:
        without.delenv("DATABASE_URL", raising=False)
        without.delenv("DATABASE_URL_FILE", raising=False)
        [found] = [one for one in await asyncio.to_thread(examine, data) if one.name == "PostgreSQL"]
    assert not found.is_fine
    assert "DATABASE_URL" in found.detail


async def test_the_given_servers_replace_the_embedded_ones_and_old_data_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = free_ports()
    postgres = EmbeddedPostgres(tmp_path / "postgres", theirs["postgres"], secrets.token_hex(8))
    postgres.initialise()
    address = f"127.0.0.1:{theirs['temporal']}"
    bare_server = [
        temporal.program(),
        "server",
        "start-dev",
        "--headless",
        "--port",
        str(theirs["temporal"]),
        "--log-level",
        "error",
    ]
    authority = Authority(tmp_path)
    own, mine = authority.issue("temporal.test"), authority.issue("mine")
    async with (
        running(postgres.command(), tmp_path / "postgres.log"),
        running(bare_server, tmp_path / "temporal.log"),
        listening(address, own, clients=authority.file, api_key="key") as listener,
    ):
        await postgres.wait_ready()
        client = await connected(address)
        (tmp_path / "url").write_text(f"{postgres.admin_url}\n")
        monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
        for name, value in {
            "TEMPORAL_ADDRESS": listener.address,
            "TEMPORAL_API_KEY": "key",
            "TEMPORAL_TLS_SERVER_NAME": "temporal.test",
            "TEMPORAL_TLS_SERVER_CA_CERT_PATH": authority.file,
            "TEMPORAL_TLS_CLIENT_CERT_PATH": mine.certificate,
            "TEMPORAL_TLS_CLIENT_KEY_PATH": mine.key,
        }.items():
            monkeypatch.setenv(name, str(value))
        async with Instance(data=tmp_path / "data", ports=Ports(theirs.base + 50)) as instance:
            assert set(instance.processes) == {
                "organisation+rulebook+postroom+payout",
                "intake",
                "review",
                "worker",
                "portal",
            }
            listed = await client.operator_service.list_search_attributes(
                ListSearchAttributesRequest(namespace="default")
            )
            assert {key.name for key in SEARCH_ATTRIBUTES} <= set(listed.custom_attributes)
            await doctor_looks_at_the_given_server(tmp_path / "data", monkeypatch)
        conn = await asyncpg.connect(postgres.admin_url)
        owners = dict(
            await conn.fetch(
                "select nspname, nspowner::regrole::text from pg_namespace where nspname in "
                "('intake', 'review')"
            )
        )
        assert owners == {"intake": owner_of(), "review": owner_of()}
        await conn.execute("create schema directory")
        await conn.close()
        with pytest.raises(OldData, match="SANGKIEN_DATA"):
            async with Instance(data=tmp_path / "data", ports=Ports(theirs.base + 50)):
                pass
