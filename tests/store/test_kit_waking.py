"""Listeners are told after a commit, soon and not for each; and a role that was not provisioned writes
nowhere."""

import asyncio
import time
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from kit.clock import Clock
from kit.connecting import WrongSchema
from kit.db import Database
from kit.outbox import signal_workflow
from tests.conftest import Cluster


@pytest.fixture
async def dsn(postgres: Cluster) -> str:
    return postgres.url(await postgres.fresh(), "intake")


@pytest.fixture
async def told(dsn: str) -> AsyncIterator[list[float]]:
    """When the channel of the outbox was notified."""
    instants: list[float] = []
    conn = await asyncpg.connect(dsn)
    await conn.add_listener("outbox_intake", lambda *_: instants.append(time.monotonic()))
    yield instants
    await conn.close()


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    opened = await Database.open(dsn, schema="intake", clock=Clock())
    yield opened
    await opened.close()


async def _commit(database: Database) -> None:
    async with database.transaction() as tx:
        await signal_workflow(tx, uuid4(), "initiative:x", "word", 1)


async def test_the_first_word_is_told_at_once(database: Database, told: list[float]) -> None:
    await _commit(database)
    await asyncio.sleep(0.3)
    told.clear()
    await _commit(database)
    committed = time.monotonic()
    await asyncio.sleep(0.3)
    assert len(told) == 1
    assert told[0] - committed < 0.1


async def test_many_commits_are_told_together(database: Database, told: list[float]) -> None:
    began = time.monotonic()
    await asyncio.gather(*(_commit(database) for _ in range(300)))
    await asyncio.sleep(0.2)
    assert await database.pool.fetchval("select count(*) from outbox") == 300
    assert 1 <= len(told) <= 2 + (time.monotonic() - began) / 0.05


async def test_what_is_rolled_back_is_told_to_nobody(database: Database, told: list[float]) -> None:
    async with database.trial() as tx:
        await signal_workflow(tx, uuid4(), "initiative:x", "word", 1)
    await asyncio.sleep(0.2)
    assert told == []


async def test_a_role_whose_path_leads_elsewhere_is_refused(postgres: Cluster) -> None:
    dsn = postgres.url(await postgres.fresh(), "intake")
    with pytest.raises(WrongSchema):
        await Database.open(dsn, schema="review", clock=Clock())
