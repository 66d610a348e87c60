"""The plumbing on a real database: migrations once, answers repeated, outbox in order."""

import asyncio
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from casework.history.journal import Event, list_events, record
from casework.migrations import CASEWORK_MIGRATIONS
from embedded.provision import service_url
from kit.clock import Clock
from kit.db import Database
from kit.migrate import KIT_MIGRATIONS, ChangedMigration, migrate
from tests.conftest import Cluster


async def _dsn(postgres: Cluster, service: str = "intake") -> str:
    return service_url(await postgres.fresh(), service, postgres.passwords[service])


async def test_migrations_apply_once_even_when_five_processes_race(postgres: Cluster, tmp_path: Path) -> None:
    (tmp_path / "0001_pre_things.sql").write_text("create table things (id int primary key);")
    dsn = await _dsn(postgres)
    applied = await asyncio.gather(*(migrate(dsn, "intake", [tmp_path]) for _ in range(5)))
    wanted = len(list(KIT_MIGRATIONS.glob("*.sql"))) + 1
    assert sorted(len(names) for names in applied) == [0, 0, 0, 0, wanted]


async def test_a_changed_migration_stops_the_start(postgres: Cluster, tmp_path: Path) -> None:
    file = tmp_path / "0001_pre_things.sql"
    file.write_text("create table things (id int primary key);")
    dsn = await _dsn(postgres)
    await migrate(dsn, "intake", [tmp_path])
    file.write_text("create table things (id bigint primary key);")
    with pytest.raises(ChangedMigration):
        await migrate(dsn, "intake", [tmp_path])


async def test_events_are_never_changed_or_deleted(postgres: Cluster) -> None:
    dsn = await _dsn(postgres)
    await migrate(dsn, "intake", [CASEWORK_MIGRATIONS])
    database = await Database.open(dsn, schema="intake", clock=Clock())
    subject = uuid4()
    async with database.transaction() as tx:
        await record(tx, Event(event_id=uuid4(), subject_id=subject, kind="Tried", detail={"n": 1}))
    async with database.reading() as tx:
        assert [event.kind for event in await list_events(tx, subject)] == ["Tried"]
        for statement in ("update events set kind = 'Other'", "delete from events"):
            with pytest.raises(asyncpg.RaiseError):
                await tx.conn.execute(statement)
    await database.close()


async def test_a_service_can_read_nothing_of_another(postgres: Cluster) -> None:
    admin = await postgres.fresh()
    for service in ("intake", "review"):
        await migrate(
            service_url(admin, service, postgres.passwords[service]), service, [CASEWORK_MIGRATIONS]
        )
    conn = await asyncpg.connect(service_url(admin, "intake", postgres.passwords["intake"]))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await conn.fetch("select * from review.events")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await conn.execute("create table public.leak (id int)")
    await conn.close()
