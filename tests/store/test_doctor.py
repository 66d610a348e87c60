"""What `doctor` finds in a PostgreSQL that somebody else runs: whatever is wrong is a sentence of its own."""

import asyncio
import base64
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client

from casework.history.chain import chain_waiting
from casework.history.keys import history_keys
from casework.history.record import record
from cli import database_found, diagnosis
from cli.connections_found import most_connections
from cli.database_found import examine_database
from cli.diagnosis import examine
from cli.finding import Finding
from kit.clock import Clock
from kit.db import Database
from kit.metrics import Meters
from kit.service import open_context
from kit.settings import PoolSizes, settings_of
from kit.temporal import register_search_attributes
from language.events.intake import DraftCreated
from language.names import SCHEMAS, SEARCH_ATTRIBUTES, TaskQueue
from processes.migrate import folders_of
from services.review.app import SERVICE
from tests.conftest import ISSUER, Cluster, as_admin, free_port
from tests.notice_cases import eventually
from tests.store.test_kit_relay import client as client  # noqa: PLC0414 - the fixture


async def found(
    dsn: str, passwords: dict[str, str] | None = None, keys: str | None = None
) -> dict[str, Finding]:
    """What was found, by its name."""
    findings = await asyncio.to_thread(examine_database, dsn, passwords or {}, keys)
    return {finding.name: finding for finding in findings}


def wrong(findings: dict[str, Finding]) -> set[str]:
    return {name for name, finding in findings.items() if not finding.is_fine}


async def test_nothing_is_wrong_with_a_database_that_was_made_ready(postgres: Cluster) -> None:
    findings = await found(await postgres.fresh(), postgres.passwords, os.environ["HISTORY_KEYS"])
    assert not wrong(findings)
    assert {"writes", "clock", "roles", "extensions", "logins", "history keys", "connections"} <= set(
        findings
    )
    assert {"cases", "deliveries", "history alarms"} <= set(findings)
    assert {f"tables {schema}" for schema in SCHEMAS} <= set(findings)
    assert findings["PostgreSQL"].detail.startswith(("15", "16", "17", "18"))


UNREACHED = {
    "nobody listens": ("{port}", "{free}", "unreachable"),
    "no such host": ("127.0.0.1", "no-such-host.invalid", "unreachable"),
    "wrong password": ("sangkien_admin:", "sangkien_admin:x", "wrong role or password"),
    "no such role": ("sangkien_admin:", "nobody_here:", "wrong role or password"),
    "no such database": ("{end}", "/nothing", "no such database"),
    "no certificate file": ("{end}", "/x?sslmode=verify-full&sslrootcert=/no/such", "FileNotFoundError"),
    "no TLS there": ("{end}", "/x?sslmode=require", "unreachable"),
    "another scheme": ("postgresql://", "mysql://", "no sense"),
    "a port that is none": ("{port}", ":secret/", "no sense"),
}


@pytest.mark.parametrize("trouble", UNREACHED)
async def test_what_cannot_be_reached_is_told_with_its_reason(postgres: Cluster, trouble: str) -> None:
    old, new, said = UNREACHED[trouble]
    port = postgres.admin_url.rpartition(":")[2].partition("/")[0]
    places = {"{port}": f":{port}/", "{free}": f":{free_port()}/", "{end}": "/END"}
    dsn = f"{postgres.admin_url.rpartition('/')[0]}/END"
    findings = await found(dsn.replace(places.get(old, old), places.get(new, new)))
    assert wrong(findings) == set(findings) == {"PostgreSQL"}
    detail = findings["PostgreSQL"].detail
    assert said in detail
    assert "secret" not in detail


async def test_a_database_with_nothing_in_it_is_not_made_ready(postgres: Cluster) -> None:
    findings = await found(await postgres.empty())
    assert wrong(findings) == {"extensions", *(f"tables {schema}" for schema in SCHEMAS)}
    assert all("sangkien migrate" in findings[name].detail for name in wrong(findings))


async def test_tables_of_another_release_are_told(postgres: Cluster) -> None:
    admin_url = await postgres.fresh()
    newest = "(select max(name) from payout.schema_migrations where name like '%pre%')"
    await as_admin(
        admin_url,
        "insert into intake.schema_migrations (name, checksum) values ('intake/9999_pre_later', 'x')",
        f"delete from payout.schema_migrations where name = {newest}",
    )
    findings = await found(admin_url)
    assert wrong(findings) == {"tables intake", "tables payout"}
    assert "9999_pre_later" in findings["tables intake"].detail
    assert "lacking" in findings["tables payout"].detail


@asynccontextmanager
async def changed(admin_url: str, there: str, back: str) -> AsyncIterator[None]:
    """Something that all databases of the server share is changed, and changed back."""
    await as_admin(admin_url, there)
    try:
        yield
    finally:
        await as_admin(admin_url, back)


async def test_roles_that_are_not_there_or_not_set_up_are_told(postgres: Cluster) -> None:
    admin_url = await postgres.fresh()
    rename = "alter role sangkien_portal rename to portal_away"
    back = "alter role portal_away rename to sangkien_portal"
    async with changed(admin_url, rename, back):
        findings = await found(admin_url)
        assert wrong(findings) == {"roles"}
        assert "missing): sangkien_portal" in findings["roles"].detail
    reset = "alter role sangkien_portal reset search_path"
    async with changed(admin_url, reset, "alter role sangkien_portal set search_path = portal, public"):
        findings = await found(admin_url)
        assert "not set up): sangkien_portal" in findings["roles"].detail


async def test_passwords_that_do_not_fit_are_told(postgres: Cluster) -> None:
    findings = await found(await postgres.fresh(), {**postgres.passwords, "review": "ab"})
    assert wrong(findings) == {"logins"}
    assert "sangkien_review (InvalidPasswordError)" in findings["logins"].detail


async def test_a_database_that_takes_no_writes_is_told(postgres: Cluster) -> None:
    admin_url = await postgres.fresh()
    name = admin_url.rpartition("/")[2]
    await as_admin(admin_url, f"alter database {name} set default_transaction_read_only = on")
    assert wrong(await found(admin_url)) == {"writes"}


async def test_clocks_that_differ_are_told(postgres: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    class Late(Clock):
        def real_now(self) -> datetime:
            return super().real_now() - timedelta(seconds=90)

    monkeypatch.setattr(database_found, "Clock", Late)
    findings = await found(await postgres.fresh())
    assert wrong(findings) == {"clock"}
    assert "lệch 90 giây" in findings["clock"].detail


async def test_a_key_ring_that_does_not_fit_is_told(postgres: Cluster) -> None:
    admin_url = await postgres.fresh()
    database = await Database.open(postgres.url(admin_url, "intake"), schema="intake", clock=Clock())
    other = base64.b64encode(secrets.token_bytes(32)).decode()
    try:
        async with database.transaction() as tx:
            await record(tx, DraftCreated(unit_id=uuid4(), season_id=uuid4()), about=uuid4())
        assert wrong(await found(admin_url, keys=f"other:{other}")) == {"history keys"}
        async with database.transaction() as tx:
            await chain_waiting(tx, history_keys())
    finally:
        await database.close()
    assert not wrong(await found(admin_url, keys=os.environ["HISTORY_KEYS"]))
    assert wrong(await found(admin_url, keys=f"test:{other}")) == {"history keys"}, "the same name only"
    assert wrong(await found(admin_url, keys="test:short")) == {"history keys"}


async def test_pools_that_add_up_to_more_than_the_server_allows_are_told(
    postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin_url = await postgres.fresh()
    before = most_connections()
    monkeypatch.setenv("REVIEW_DATABASE_POOL_SIZE", "400")
    assert most_connections() == before + 384
    findings = await found(admin_url)
    assert wrong(findings) == {"connections"}
    assert str(before + 384) in findings["connections"].detail
    assert "max_connections" in findings["connections"].detail


async def test_a_process_opens_no_more_connections_than_are_told(postgres: Cluster) -> None:
    dsn = postgres.url(await postgres.fresh(), "review")
    settings = SERVICE.settings(http_port=0, database_url=dsn, oidc_issuer=ISSUER)  # type: ignore[arg-type]
    context = await open_context(TaskQueue.REVIEW, settings, Clock(), folders_of("review"), Meters())
    pools = (context.database, context.activities, context.jobs)
    try:
        taken = [(pool, await pool.pool.acquire()) for pool in pools for _ in range(pool.pool.get_max_size())]
        async with context.jobs.apart(), context.jobs.leases.kept():
            await context.database.answers()
            async with asyncio.timeout(5):
                context.database._waker.wake({"outbox"})
                await asyncio.sleep(0.2)
            count = "select count(*) from pg_stat_activity where datname = current_database()"
            opened = await taken[0][1].fetchval(count)
        assert opened == settings_of(PoolSizes, "review").most_connections
        for pool, conn in taken:
            await pool.pool.release(conn)
    finally:
        for database in pools:
            await database.close()


async def test_in_the_container_of_a_service_its_own_is_looked_at(
    postgres: Cluster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres.url(await postgres.fresh(), "review"))
    monkeypatch.setattr(diagnosis, "_LOCK", tmp_path / "requirements.lock")
    findings = {one.name: one for one in await asyncio.to_thread(examine, tmp_path / "none")}
    assert not wrong(findings) - {"ports", "disk"}
    assert [name for name in findings if name.startswith("tables")] == ["tables review"]
    assert findings["packages"].detail.startswith("không có requirements.lock")


async def test_programs_that_are_not_there_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    findings = {one.name: one for one in await asyncio.to_thread(examine, tmp_path)}
    assert "PG_BIN" in findings["PostgreSQL"].detail


async def test_a_namespace_that_is_not_ready_is_told(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    address, namespace = client.service_client.config.target_host, f"n{uuid4().hex}"
    monkeypatch.setenv("TEMPORAL_ADDRESS", address)
    monkeypatch.setenv("TEMPORAL_NAMESPACE", namespace)

    async def says(*words: str) -> bool:
        findings = await asyncio.to_thread(examine, tmp_path)
        return all(word in one.detail for one in findings if one.name == "Temporal" for word in words)

    assert await says(namespace, "TEMPORAL_NAMESPACE")
    new = RegisterNamespaceRequest(
        namespace=namespace, workflow_execution_retention_period=Duration(seconds=86_400)
    )
    await client.workflow_service.register_namespace(new)
    await eventually(lambda: says("the worker adds them", SEARCH_ATTRIBUTES[0].name), 30)
    await register_search_attributes(await Client.connect(address, namespace=namespace))
    await eventually(lambda: says("not over TLS"), 30)
