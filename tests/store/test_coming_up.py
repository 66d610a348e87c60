"""A service that comes up before the job is done: it waits, says for what, and goes on by itself."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from kit.clock import Clock
from kit.service import open_database
from kit.settings import ServiceSettings, settings_of
from language.names import TaskQueue
from processes.migrate import bring_up_to_date, folders_of
from processes.roles import make_roles
from tests.conftest import Cluster
from tests.notice_cases import eventually


def _said(lines: Sequence[Mapping[str, Any]]) -> Callable[[], Awaitable[bool]]:
    async def holds() -> bool:
        return any(line["event"] == "database.not_migrated" for line in lines)

    return holds


async def _comes_up(
    postgres: Cluster, url: str, service: TaskQueue, then: Callable[[], Awaitable[Any]]
) -> list[str]:
    """Start the service, see it wait, do what it waits for; what it said that it lacks."""
    dsn = postgres.url(url, service)
    settings = ServiceSettings.model_validate(
        {"http_port": 1, "database_url": dsn, "oidc_issuer": "http://issuer.test"}
    )
    with capture_logs() as lines:
        opening = asyncio.create_task(open_database(service, settings, Clock(), folders_of(service)))
        await eventually(_said(lines))
        assert not opening.done()
        await then()
        database = await asyncio.wait_for(opening, 10)
    assert await database.pool.fetchval("select count(*) from events") == 0
    await database.close()
    first = next(line for line in lines if line["event"] == "database.not_migrated")
    assert "./sangkien migrate" in first["advice"]
    return list(first["lacking"])


async def test_a_service_waits_for_its_tables(postgres: Cluster) -> None:
    url = await postgres.empty()
    conn = await asyncpg.connect(url)
    async with conn.transaction():
        await make_roles(conn, postgres.passwords)
    await conn.close()
    lacking = await _comes_up(
        postgres, url, TaskQueue.INTAKE, lambda: bring_up_to_date(url, postgres.passwords)
    )
    assert lacking == ["search_path"]


async def test_a_service_waits_for_a_view_that_it_may_not_read_yet(postgres: Cluster) -> None:
    url = await postgres.fresh()
    conn = await asyncpg.connect(url)
    await conn.execute("revoke select on organisation.units_v1 from sangkien_rulebook")
    lacking = await _comes_up(
        postgres, url, TaskQueue.RULEBOOK, lambda: bring_up_to_date(url, postgres.passwords)
    )
    await conn.close()
    assert lacking == ["organisation.units_v1"]


async def test_a_file_that_goes_after_the_new_code_is_not_waited_for(postgres: Cluster) -> None:
    url = await postgres.empty()
    applied = await bring_up_to_date(url, postgres.passwords, ("pre",), "apart")
    assert applied
    assert not any("_post_" in name for name in applied)
    afterwards = await bring_up_to_date(url, postgres.passwords, ("post",), "apart")
    assert afterwards
    assert all("_post_" in name for name in afterwards)


def test_services_that_share_a_process_find_their_values_under_their_own_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {
        "HTTP_PORT": "1",
        "DATABASE_URL": "postgresql://all",
        "OIDC_ISSUER": "http://issuer.test",
        "RULEBOOK_HTTP_PORT": "2",
        "RULEBOOK_DATABASE_URL": "postgresql://rulebook",
        "RULEBOOK_NOTHING_OF_OURS": "x",
    }.items():
        monkeypatch.setenv(name, value)
    rulebook = settings_of(ServiceSettings, TaskQueue.RULEBOOK)
    postroom = settings_of(ServiceSettings, TaskQueue.POSTROOM)
    assert (rulebook.http_port, rulebook.database_url.get_secret_value()) == (2, "postgresql://rulebook")
    assert (postroom.http_port, postroom.database_url.get_secret_value()) == (1, "postgresql://all")
    assert rulebook.oidc_issuer == postroom.oidc_issuer == "http://issuer.test"
