"""The plumbing on a real database: migrations once, answers repeated, outbox in order."""

import asyncio
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from casework.history.journal import Event, list_events, record
from embedded.provision import service_url
from kit.clock import Clock
from kit.db import Database
from kit.migrate import KIT_MIGRATIONS, ChangedMigration, migrate
from services.review.app import SERVICE
from tests.conftest import Cluster, ServiceOpener

BODY = b'{"outcome": "RECOGNISED", "reasons": "x"}'
KEPT_BEFORE = """
insert into idempotency_keys (caller_id, key, request_hash, status, headers, body) values ($1, $2, $3, 201,
  '{}', '{"kept": true}')
"""


async def _dsn(postgres: Cluster, service: str = "intake") -> str:
    return service_url(await postgres.fresh(), service, postgres.passwords[service])


async def test_migrations_apply_once_even_when_five_processes_race(postgres: Cluster, tmp_path: Path) -> None:
    (tmp_path / "0001_pre_things.sql").write_text("create table things (id int primary key);")
    dsn = await _dsn(postgres)
    applied = await asyncio.gather(*(migrate(dsn, "intake", tmp_path) for _ in range(5)))
    wanted = len(list(KIT_MIGRATIONS.glob("*.sql"))) + 1
    assert sorted(len(names) for names in applied) == [0, 0, 0, 0, wanted]


async def test_a_changed_migration_stops_the_start(postgres: Cluster, tmp_path: Path) -> None:
    file = tmp_path / "0001_pre_things.sql"
    file.write_text("create table things (id int primary key);")
    dsn = await _dsn(postgres)
    await migrate(dsn, "intake", tmp_path)
    file.write_text("create table things (id bigint primary key);")
    with pytest.raises(ChangedMigration):
        await migrate(dsn, "intake", tmp_path)


async def test_events_are_never_changed_or_deleted(postgres: Cluster, tmp_path: Path) -> None:
    dsn = await _dsn(postgres)
    await migrate(dsn, "intake", tmp_path)
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


async def test_a_service_can_read_nothing_of_another(postgres: Cluster, tmp_path: Path) -> None:
    admin = await postgres.fresh()
    for service in ("intake", "review"):
        await migrate(service_url(admin, service, postgres.passwords[service]), service, tmp_path)
    conn = await asyncpg.connect(service_url(admin, "intake", postgres.passwords["intake"]))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await conn.fetch("select * from review.events")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await conn.execute("create table public.leak (id int)")
    await conn.close()


async def test_answers_kept_before_their_keys_were_hashed_are_still_found(
    open_service: ServiceOpener,
) -> None:
    async with open_service(SERVICE) as review:
        person, key = uuid4(), "a-key-from-long-ago"
        path = f"/v1/stages/{uuid4()}/decision"
        plain = sha256(f"POST {path}?  \n".encode() + BODY).hexdigest()
        await review.database.pool.execute(KEPT_BEFORE, person, key, plain)
        await review.database.pool.execute(
            (KIT_MIGRATIONS / "0008_post_salted_requests.sql").read_text(encoding="utf-8")
        )
        headers = {**review.headers(person, key=key), "Content-Type": "application/json"}
        again = await review.http.post(path, content=BODY, headers=headers)
        assert (again.status_code, again.json(), again.headers["idempotency-replayed"]) == (
            201,
            {"kept": True},
            "true",
        )
        other = await review.http.post(path, content=BODY.replace(b"x", b"y"), headers=headers)
        assert (other.status_code, other.json()["code"]) == (422, "IdempotencyKeyReused")
