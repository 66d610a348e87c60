"""The plumbing on a real database: migrations once, answers repeated, outbox in order."""

import asyncio
import tomllib
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from casework.history.erasing import erase_personal_values
from casework.history.past import list_events
from casework.history.record import record
from kit.clock import Clock
from kit.db import Database
from kit.migrate import KIT_MIGRATIONS, ChangedMigration, DatabaseNewer, migrate
from kit.release import RELEASE
from language.events.actor import CLOCK_ACTED
from language.events.base import Change, Erased
from language.events.intake import ContentChange, ContentChanged, DraftCreated, WithdrawalRequested
from tests.conftest import Cluster

ROOT = Path(__file__).resolve().parents[2]


async def _migrated(url: str, *folders: Path) -> list[str]:
    conn = await asyncpg.connect(url)
    try:
        await conn.execute("create schema if not exists intake")
        return await migrate(conn, "intake", [KIT_MIGRATIONS, *folders])
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


async def test_tables_of_a_later_release_are_left_alone(postgres: Cluster, tmp_path: Path) -> None:
    url = await postgres.empty()
    (tmp_path / "0001_pre_things.sql").write_text("create table things (id int primary key);")
    later = tmp_path / "0002_post_more.sql"
    later.write_text("create table more (id int);")
    await _migrated(url, tmp_path)
    later.unlink()
    with pytest.raises(DatabaseNewer) as refused:
        await _migrated(url, tmp_path)
    assert "0002_post_more" in refused.value.detail_vi
    assert RELEASE in refused.value.detail_en


def test_the_release_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == RELEASE


async def test_events_are_read_back_in_their_order(postgres: Cluster) -> None:
    database = await Database.open(
        postgres.url(await postgres.fresh(), "intake"), schema="intake", clock=Clock()
    )
    subject = uuid4()
    facts = (DraftCreated(unit_id=uuid4(), season_id=uuid4()), WithdrawalRequested(reason="Trùng hồ sơ"))
    async with database.transaction() as tx:
        for fact in facts:
            await record(tx, fact, about=subject)
    async with database.reading() as tx:
        assert tuple(event.fact for event in await list_events(tx, subject)) == facts
    await database.close()


async def test_a_history_shows_personal_values_until_they_are_erased(postgres: Cluster) -> None:
    database = await Database.open(
        postgres.url(await postgres.fresh(), "intake"), schema="intake", clock=Clock()
    )
    subject = uuid4()
    changes = (
        ContentChange(field="title", content=Change(old="Máy cũ", new="Máy mới")),
        ContentChange(field="description", content=Change(old="", new="Nước không về ruộng")),
    )
    fact = ContentChanged(fields=("title", "description"), changes=changes)
    async with database.transaction() as tx:
        event_id = await record(tx, fact, about=subject)
    async with database.reading() as tx:
        [shown] = await list_events(tx, subject)
    assert shown.fact == fact
    async with database.transaction() as tx:
        await erase_personal_values(tx, [event_id], about=subject, grounds="x", actor=CLOCK_ACTED)
    async with database.reading() as tx:
        erased = (await list_events(tx, subject))[0].fact
    assert isinstance(erased, ContentChanged)
    assert erased.fields == ("title", "description")
    assert isinstance(erased.changes, Erased)
    await database.close()
