"""Behind PgBouncer: in session mode everything works, in any other nothing is begun."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from contextlib import AsyncExitStack
from uuid import uuid4

import asyncpg
import pytest

from kit.clock import Clock
from kit.db import Database
from kit.outbox import CHANNEL
from kit.pooler import PoolerKeepsNoSession
from kit.relay import LISTEN_TO
from processes.migrate import bring_up_to_date
from services.review.app import SERVICE
from tests.conftest import Cluster, TestIssuer, service_opener
from tests.pgbouncer import pooled
from tests.store.test_kit_leading import TAKEN_OVER_WITHIN, a_process, leads
from tests.store.test_kit_leading import database as database  # noqa: PLC0414 - the fixture
from tests.store.test_kit_leading import dsn as dsn  # noqa: PLC0414 - the fixture

MODES = [("transaction", False), ("transaction", True), ("statement", False)]


def logins(postgres: Cluster) -> dict[str, str]:
    """Every role that comes through, with its password."""
    admin, _, password = postgres.admin_url.partition("//")[2].rpartition("@")[0].partition(":")
    return {admin: password} | {f"sangkien_{name}": own for name, own in postgres.passwords.items()}


async def test_in_session_mode_a_database_is_made_and_a_service_works(
    postgres: Cluster, issuer: TestIssuer
) -> None:
    async with pooled(await postgres.empty(), logins(postgres)) as empty:
        assert await bring_up_to_date(empty, postgres.passwords, prefix="pooled")
    async with pooled(await postgres.fresh(), logins(postgres)) as admin_url:

        class Pooled(Cluster):
            async def fresh(self) -> str:
                return admin_url

            async def drop(self, admin_url: str) -> None:
                return

        through = Pooled(admin_url, postgres.passwords, "")
        async with service_opener(through, issuer)(SERVICE) as review:
            assert (await review.http.get("/readyz")).status_code == 200
            headers = review.headers(uuid4())
            asked = await review.http.post(
                f"/v1/stages/{uuid4()}/decision",
                json={"outcome": "RECOGNISED", "reasons": "x"},
                headers=headers,
            )
            assert (asked.status_code, asked.json()["code"]) == (404, "NotFound")
            async with review.database.reading() as tx:
                assert await tx.conn.fetchval("show search_path") == "review, public"
                assert await tx.conn.fetchval("show lock_timeout") == "5s"
                assert await tx.conn.fetchval("show idle_in_transaction_session_timeout") == "1min"
            heard = asyncio.Event()
            async with review.database.apart() as conn:
                channel = str(await conn.fetchval(LISTEN_TO, CHANNEL))
                await conn.add_listener(channel, lambda *_: heard.set())
                async with review.database.transaction() as tx:
                    tx.wakes.add(CHANNEL)
                await asyncio.wait_for(heard.wait(), 10)


async def test_in_session_mode_a_leader_that_is_killed_is_replaced(
    postgres: Cluster, dsn: str, database: Database
) -> None:
    async with pooled(dsn, logins(postgres)) as through, a_process(through, "first") as first:
        await leads(database, "first")
        async with a_process(through, "second"):
            await asyncio.sleep(1)
            first.kill()
            assert await leads(database, "second") < TAKEN_OVER_WITHIN


@pytest.mark.parametrize(("mode", "round_robin"), MODES)
async def test_in_any_other_mode_nothing_is_begun(postgres: Cluster, mode: str, round_robin: bool) -> None:
    """Also where other sessions of the pool are free."""
    admin_url = await postgres.fresh()
    dsn = postgres.url(admin_url, "review")
    async with pooled(dsn, logins(postgres), mode, round_robin=round_robin) as through:
        if mode == "transaction":
            await leave_sessions_free(through, 5)
        with pytest.raises(PoolerKeepsNoSession):
            await Database.open(through, schema="review", clock=Clock())
        admin_through = through.replace(dsn.rpartition("@")[0], admin_url.rpartition("@")[0])
        with pytest.raises(PoolerKeepsNoSession):
            await bring_up_to_date(admin_through, postgres.passwords)


async def leave_sessions_free(dsn: str, number: int) -> None:
    """So many transactions at once, whose sessions the pooler keeps for the next."""
    async with AsyncExitStack() as stack:
        for _ in range(number):
            conn = await asyncpg.connect(dsn, statement_cache_size=0)
            stack.push_async_callback(conn.close)
            await stack.enter_async_context(conn.transaction())
            await conn.execute("select 1")


async def test_a_process_ends_with_a_sentence(postgres: Cluster) -> None:
    dsn = postgres.url(await postgres.fresh(), "review")
    async with pooled(dsn, logins(postgres), "transaction") as through:
        environment = {"DATABASE_URL": through, "OIDC_ISSUER": "http://issuer.test", "HTTP_PORT": "0"}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "processes.service", "review"),
            env=os.environ | environment,
            stderr=PIPE,
        )
        _, told = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    assert "pool_mode = session" in told.decode()
    assert "Traceback" not in told.decode()
