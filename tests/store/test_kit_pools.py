"""A pool that is used up holds up nobody else, and says so within seconds."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import httpx
import pytest

from kit.clock import Clock
from kit.db import OUTAGES, Database
from services.review.app import SERVICE
from tests.conftest import ServiceOpener, TestService

WRITERS = 32
LOCKED = "select pg_advisory_xact_lock(42)"


@pytest.fixture
async def review(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as service:
        yield service


async def _timed(asked: "asyncio.Future[httpx.Response]") -> tuple[int, float]:
    began = time.monotonic()
    answer = await asked
    return answer.status_code, time.monotonic() - began


async def _write(database: Database) -> str:
    try:
        async with database.transaction() as tx:
            await tx.conn.execute(LOCKED)
    except OUTAGES as outage:
        return type(outage).__name__
    return "written"


async def test_health_and_reads_answer_while_writers_wait_for_one_lock(review: TestService) -> None:
    headers = review.headers(uuid4())
    async with review.database.transaction() as holder:
        await holder.conn.execute(LOCKED)
        writers = [asyncio.create_task(_write(review.database)) for _ in range(WRITERS)]
        await asyncio.sleep(0.3)
        for path in ("/health", "/readyz", "/livez", "/v1/tasks"):
            status, took = await _timed(asyncio.ensure_future(review.http.get(path, headers=headers)))
            assert (path, status) == (path, 200)
            assert took < 1
        began = time.monotonic()
        command = await review.http.post(
            f"/v1/stages/{uuid4()}/decision", json={"outcome": "RECOGNISED", "reasons": "x"}, headers=headers
        )
        assert (command.status_code, command.json()["code"]) == (503, "TooManyAtOnce")
        assert int(command.headers["retry-after"]) >= 1
        assert time.monotonic() - began < 4
    assert set(await asyncio.gather(*writers)) <= {"written", "LockNotAvailableError", "NoConnectionFree"}


async def test_health_answers_with_no_connection_left_at_all(review: TestService) -> None:
    taken = [await review.database.pool.acquire() for _ in range(16)]
    assert (await review.http.get("/health")).status_code == 200
    refused = await review.http.get("/v1/tasks", headers=review.headers(uuid4()))
    assert (refused.status_code, refused.json()["code"]) == (503, "TooManyAtOnce")
    for conn in taken:
        await review.database.pool.release(conn)


async def test_health_is_well_again_at_the_first_question_after_its_connection_died(
    review: TestService,
) -> None:
    assert (await review.http.get("/health")).status_code == 200
    admin = await asyncpg.connect(review.admin_url)
    await admin.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'sangkien_review'"
    )
    await admin.close()
    assert (await review.http.get("/health")).status_code == 200


@pytest.mark.parametrize(
    "outage",
    [
        socket.gaierror(-2, "Name or service not known"),
        asyncpg.ReadOnlySQLTransactionError("cannot execute INSERT in a read-only transaction"),
        asyncpg.DiskFullError("could not extend file: No space left on device"),
        asyncpg.OutOfMemoryError("out of memory"),
    ],
    ids=["no such name", "read only", "disk full", "out of memory"],
)
async def test_outages_are_answered_as_such(review: TestService, outage: Exception) -> None:
    @review.app.get("/trial")
    async def trial() -> None:
        raise outage

    answer = await review.http.get("/trial")
    assert (answer.status_code, answer.json()["code"]) == (503, "ServiceBusy")


async def test_a_server_that_takes_no_writes_is_left_for_another_one(review: TestService) -> None:
    """After a failover the name leads to the new server: only connections made from now on get there."""
    async with review.database.reading() as tx:
        before = await tx.conn.fetchval("select pg_backend_pid()")

    async def write() -> None:
        async with review.database.transaction() as tx:
            await tx.conn.execute("set transaction read only")
            await tx.conn.execute("update idempotency_keys set key = key")

    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await write()
    async with review.database.reading() as tx:
        assert await tx.conn.fetchval("select pg_backend_pid()") != before


async def test_a_name_that_leads_nowhere_is_an_outage() -> None:
    with pytest.raises(OUTAGES):
        await Database.open("postgresql://x:y@no-such-host.invalid/z", schema="review", clock=Clock())


async def test_a_turn_that_does_not_come_in_time_leaves_nothing_begun(review: TestService) -> None:
    """The same command twice at once: the second gives up, and its connection is as good as before."""
    complaints: list[str] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: complaints.append(context["message"]))
    dsn = review.shared.cluster.url(review.admin_url, SERVICE.name)
    database = await review.database.beside(dsn, size=1, name="activities")
    try:
        await database.pool.execute("set lock_timeout = '50ms'")
        async with review.database.transaction(turn=7):
            with pytest.raises(asyncpg.LockNotAvailableError):
                async with database.transaction(turn=7):
                    pass
        async with database.transaction(turn=7) as tx:
            assert await tx.conn.fetchval("select 1") == 1
    finally:
        database.pool.terminate()
        loop.set_exception_handler(None)
    assert complaints == []
