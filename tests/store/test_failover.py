"""Another server takes the writes from now on: what is asked meanwhile is answered as an outage, and all find
the new one by themselves."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import cast
from uuid import UUID, uuid4

import asyncpg
import pytest
from structlog.testing import capture_logs
from temporalio.client import Client

from kit.clock import Clock
from kit.db import Database
from kit.hosts import connect, each_host
from kit.leading import Lease, lead, leading, take_lead
from kit.outages import OUTAGES
from kit.relay import Relay
from services.review.app import SERVICE
from tests.conftest import Cluster, TestIssuer, TestService, service_opener
from tests.notice_cases import eventually
from tests.postgres_servers import Pair, a_pair, wait_for_copy

FOUND_WITHIN = 15.0
THINGS = [f"thing {number}" for number in range(9)]
LEADING = """
select array_agg(what order by what) from leaders where until > clock_timestamp() and session in (
  select pid || '@' || extract(epoch from backend_start) from pg_stat_activity
)
"""


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    async with a_pair() as servers:
        yield servers


@pytest.fixture
async def review(pair: Pair, issuer: TestIssuer) -> AsyncIterator[TestService]:
    async with service_opener(pair.cluster(), issuer)(SERVICE) as service:
        yield service


async def write(review: TestService, person: UUID) -> tuple[int, str]:
    """A command that comes as far as writing down its answer: there is no such stage."""
    answer = await review.http.post(
        f"/v1/stages/{uuid4()}/decision",
        json={"outcome": "RECOGNISED", "reasons": "x"},
        headers=review.headers(person),
    )
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code == 503) == ("retry-after" in answer.headers)
    return answer.status_code, answer.json()["code"]


@asynccontextmanager
async def all_lead(database: Database) -> AsyncIterator[None]:
    """A relay and nine others, each writing in a transaction of its own."""

    async def work(lease: Lease) -> None:
        while True:
            async with leading(database, lease) as tx:
                await tx.conn.execute("update leaders set since = since where what = $1", lease.what)
            await asyncio.sleep(0.1)

    relay = Relay(database, cast(Client, None))  # there is no message
    tasks = [asyncio.create_task(lead(database, thing, work)) for thing in THINGS]
    tasks.append(asyncio.create_task(relay.run()))
    try:
        yield
    finally:
        assert not any(task.done() for task in tasks), "no outage ends a part"
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def soon(what: Callable[[], Awaitable[bool]]) -> float:
    """How many seconds it took to become true."""
    began = time.monotonic()
    await eventually(what, FOUND_WITHIN)
    return time.monotonic() - began


async def _lead_on(url: str) -> bool:
    try:
        conn = await asyncpg.connect(url)
    except OUTAGES:
        return False
    try:
        await conn.execute("set search_path to review, public")
        return bool(await conn.fetchval(LEADING) == ["relay", *THINGS])
    finally:
        await conn.close()


async def test_a_host_that_is_gone_is_replaced_by_the_one_that_is_promoted(
    pair: Pair, review: TestService
) -> None:
    person = uuid4()
    assert await write(review, person) == (404, "NotFound")
    async with all_lead(review.database):
        await soon(lambda: _lead_on(pair.first.embedded.admin_url))
        await wait_for_copy(pair)
        await pair.first.kill()
        assert await write(review, person) == (503, "ServiceBusy")
        read = await review.http.get("/v1/tasks", headers=review.headers(person))
        assert (read.status_code, read.json()["code"]) == (503, "ServiceBusy")
        assert (await review.http.get("/readyz")).status_code == 503
        await pair.promote()
        assert await write(review, person) == (404, "NotFound"), "the first that is asked is let in"
        assert (await review.http.get("/readyz")).status_code == 200
        await soon(lambda: _lead_on(pair.second.embedded.admin_url))


async def test_a_server_that_becomes_read_only_is_left_by_all_though_it_ends_no_connection(
    pair: Pair, review: TestService
) -> None:
    person = uuid4()
    assert await write(review, person) == (404, "NotFound")
    with capture_logs() as lines:
        async with all_lead(review.database):
            await soon(lambda: _lead_on(pair.first.embedded.admin_url))
            await wait_for_copy(pair)
            await pair.promote()
            await pair.close_the_first()

            async def is_taken() -> bool:
                return await write(review, person) == (404, "NotFound")

            await soon(is_taken)
            await soon(lambda: _lead_on(pair.second.embedded.admin_url))
    told = [line["event"] for line in lines if line["event"].endswith((".away", ".interrupted"))]
    assert len(told) == len(set(told)), "an outage is one line of each"
    assert "relay.interrupted" in told


async def test_the_connection_of_the_leases_leaves_a_server_that_takes_no_writes(
    pair: Pair, review: TestService
) -> None:
    """Though somebody keeps it: who keeps it may have nothing to write for long."""
    leases = review.database.leases
    async with leases.kept() as kept:
        await pair.close_the_first()

        async def is_left() -> bool:
            with suppress(asyncpg.ReadOnlySQLTransactionError):
                await take_lead(kept, "trial", uuid4())
            return kept.is_closed()

        await soon(is_left)
        await pair.promote()
        async with leases.kept() as other:
            assert await take_lead(other, "another", uuid4())


async def test_a_host_that_does_not_answer_holds_up_nobody(postgres: Cluster) -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    frozen = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    admin_url = await postgres.fresh()
    address = admin_url.rpartition("@")[2].partition("/")[0]
    dsn = postgres.url(admin_url, "review").replace(address, f"{frozen},{address}")
    try:
        began = time.monotonic()
        database = await Database.open(
            f"{dsn}?target_session_attrs=read-write", schema="review", clock=Clock(), wait_seconds=2.0
        )
        await database.answers()
        async with database.transaction() as tx:
            assert await tx.conn.fetchval("select 1") == 1
        await database.close()
        assert time.monotonic() - began < 3
    finally:
        server.close()


async def test_where_no_host_takes_writes_that_is_an_outage(pair: Pair) -> None:
    await pair.first.kill()
    with pytest.raises(OUTAGES):
        await connect(pair.cluster().url(pair.cluster().admin_url, "review"))


def test_each_host_of_a_dsn_is_asked_by_itself() -> None:
    assert each_host("postgresql://r:p%40w@one,two:5433/d?target_session_attrs=read-write") == [
        "postgresql://r:p%40w@one/d?target_session_attrs=read-write",
        "postgresql://r:p%40w@two:5433/d?target_session_attrs=read-write",
    ]
    assert each_host("postgresql:///d?host=/run/postgresql") == ["postgresql:///d?host=/run/postgresql"]
