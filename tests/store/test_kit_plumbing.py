"""The plumbing on a real database: migrations once, answers repeated, outbox in order."""

import asyncio
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from casework.history.journal import Event, list_events, record
from kit.clock import Clock
from kit.db import Database
from kit.migrate import KIT_MIGRATIONS, ChangedMigration, migrate
from tests.conftest import Cluster


async def _migrated(url: str, *folders: Path) -> list[str]:
    conn = await asyncpg.connect(url)
    try:
        await conn.execute("create schema if not exists intake")
        return await migrate(conn, "intake", folders)
    finally:
        await conn.close()


async def test_migrations_apply_once_even_when_five_processes_race(postgres: Cluster, tmp_path: Path) -> None:
    (tmp_path / "0001_pre_things.sql").write_text("create table things (id int primary key);")
    url = await postgres.empty()
    conn = await asyncpg.connect(url)
    await conn.execute("create schema intake")
    await conn.close()
    applied = await asyncio.gather(*(_migrated(url, tmp_path) for _ in range(5)))
    wanted = len(list(KIT_MIGRATIONS.glob("*.sql"))) + 1
    assert sorted(len(names) for names in applied) == [0, 0, 0, 0, wanted]


async def test_a_changed_migration_stops_the_job(postgres: Cluster, tmp_path: Path) -> None:
    file = tmp_path / "0001_pre_things.sql"
    file.write_text("create table things (id int primary key);")
    url = await postgres.empty()
    await _migrated(url, tmp_path)
    file.write_text("create table things (id bigint primary key);")
    with pytest.raises(ChangedMigration):
        await _migrated(url, tmp_path)


async def test_events_are_read_back_in_their_order(postgres: Cluster) -> None:
    database = await Database.open(
        postgres.url(await postgres.fresh(), "intake"), schema="intake", clock=Clock()
    )
    subject = uuid4()
    async with database.transaction() as tx:
        for kind in ("Tried", "TriedAgain"):
            await record(tx, Event(event_id=uuid4(), subject_id=subject, kind=kind, detail={"n": 1}))
    async with database.reading() as tx:
        assert [event.kind for event in await list_events(tx, subject)] == ["Tried", "TriedAgain"]
    await database.close()
