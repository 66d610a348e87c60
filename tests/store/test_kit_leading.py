"""Who leads: a leader that dies, is stopped or is cut off is replaced within seconds, and what it does late
does no harm."""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeAlias
from uuid import uuid4

import asyncpg
import pytest

from kit.clock import Clock
from kit.db import Database
from kit.leading import LeadershipLost, Lease, lead, leading, still_leads, take_lead
from tests.conftest import Cluster, as_admin
from tests.notice_cases import eventually

TAKEN_OVER_WITHIN = 15.0
Work: TypeAlias = Callable[[Lease], Awaitable[None]]
BEATS = """
create table intake.beats (seq bigint generated always as identity primary key, name text, term bigint)
"""


@pytest.fixture
async def dsn(postgres: Cluster) -> str:
    admin_url = await postgres.fresh()
    await as_admin(admin_url, BEATS, "grant all on intake.beats to sangkien_intake")
    return postgres.url(admin_url, "intake")


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    opened = await Database.open(dsn, schema="intake", clock=Clock())
    yield opened
    await opened.close()


@asynccontextmanager
async def a_process(dsn: str, name: str) -> AsyncIterator[asyncio.subprocess.Process]:
    command = [sys.executable, "-m", "tests.store.leading_process", dsn, name]
    process = await asyncio.create_subprocess_exec(*command)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def leads(database: Database, name: str, seconds: float = TAKEN_OVER_WITHIN) -> float:
    """Wait until this one leads; how long it took."""
    began = time.monotonic()

    async def last_beat_is_ours() -> bool:
        return bool(
            await database.pool.fetchval("select name = $1 from beats order by seq desc limit 1", name)
        )

    await eventually(last_beat_is_ours, seconds)
    return time.monotonic() - began


async def terms(database: Database) -> list[tuple[str, int]]:
    """Who led in which term, in the order of first beats."""
    query = "select name, term from beats group by name, term order by min(seq)"
    return [tuple(row) for row in await database.pool.fetch(query)]


async def test_a_leader_that_is_killed_is_replaced_at_the_next_look(dsn: str, database: Database) -> None:
    async with a_process(dsn, "first") as first:
        await leads(database, "first")
        async with a_process(dsn, "second"):
            await asyncio.sleep(1)
            first.kill()
            assert await leads(database, "second") < 5


async def test_a_leader_that_is_stopped_is_replaced_and_stands_by_when_it_goes_on(
    dsn: str, database: Database
) -> None:
    async with a_process(dsn, "first") as first:
        await leads(database, "first")
        async with a_process(dsn, "second"):
            await asyncio.sleep(1)
            first.send_signal(signal.SIGSTOP)
            await leads(database, "second")
            first.send_signal(signal.SIGCONT)
            await asyncio.sleep(4)
            late = await database.pool.fetchval(
                "select count(*) from beats where name = 'first' and seq > (select min(seq) from "
                "beats where name <> 'first')"
            )
            assert late <= 1, "what was under way when it was stopped"
            assert (await terms(database))[:2] == [("first", 1), ("second", 2)]


class Proxy:
    """A network between client and server that can swallow everything, as a cut cable does."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.passes = asyncio.Event()
        self.passes.set()
        self._tasks: list[asyncio.Task[None]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry both ways."""
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self._port)
        self._tasks += [
            asyncio.create_task(self._carry(reader, to_server)),
            asyncio.create_task(self._carry(from_server, writer)),
        ]

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65_536):
                await self.passes.wait()
                writer.write(data)
            await self.passes.wait()
        except ConnectionError:
            return
        finally:
            writer.close()

    async def stop(self) -> None:
        """Let nothing wait any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def proxied(dsn: str) -> AsyncIterator[tuple[Proxy, str]]:
    address = dsn.rpartition("@")[2].partition("/")[0]
    proxy = Proxy(int(address.rpartition(":")[2]))
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield proxy, dsn.replace(address, f"127.0.0.1:{port}")
    finally:
        server.close()
        await proxy.stop()


async def test_a_leader_that_is_cut_off_is_replaced_and_knows_it(dsn: str, database: Database) -> None:
    ended = asyncio.Event()

    async def work(lease: Lease) -> None:
        try:
            while True:
                async with leading(far, lease) as tx:
                    await tx.conn.execute("insert into beats (name, term) values ('cut off', $1)", lease.term)
                await asyncio.sleep(0.1)
        finally:
            ended.set()

    async with proxied(dsn) as (proxy, through):
        far = await Database.open(through, schema="intake", clock=Clock())
        task = asyncio.create_task(lead(far, "trial", work))
        await leads(database, "cut off")
        async with a_process(dsn, "second"):
            await asyncio.sleep(1)
            proxy.passes.clear()
            await leads(database, "second")
            await asyncio.wait_for(ended.wait(), 20)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await far.close()


async def test_work_that_hangs_ends_leadership(database: Database) -> None:
    lost = asyncio.Event()

    async def work(lease: Lease) -> None:
        try:
            await lease.during(asyncio.sleep(3_600), at_most=0.2)
        except LeadershipLost:
            lost.set()
            raise

    task = asyncio.create_task(lead(database, "trial", work))
    await asyncio.wait_for(lost.wait(), 10)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_what_must_not_be_done_twice_asks_whether_it_still_leads(database: Database) -> None:
    async with database.connection() as conn:
        lease = await take_lead(conn, "trial", uuid4())
        assert lease is not None
        assert await take_lead(conn, "trial", uuid4()) is None
        async with database.transaction() as tx:
            await still_leads(tx, lease)
            with pytest.raises(asyncpg.LockNotAvailableError):
                await conn.execute("update leaders set term = term + 1 where what = 'trial'")
        await conn.execute("update leaders set term = term + 1 where what = 'trial'")
        async with database.transaction() as tx:
            with pytest.raises(LeadershipLost):
                await still_leads(tx, lease)


async def test_a_vanished_host_is_noticed_within_seconds_not_hours(database: Database) -> None:
    wanted = {
        "tcp_keepalives_idle": "10",
        "tcp_keepalives_interval": "5",
        "tcp_keepalives_count": "3",
        "tcp_user_timeout": "15000",
    }
    async with database.reading() as tx:
        found = {
            name: await tx.conn.fetchval("select setting from pg_settings where name = $1", name)
            for name in wanted
        }
    assert found == wanted


async def test_plans_are_made_for_what_is_asked(database: Database) -> None:
    async with database.reading() as tx:
        assert await tx.conn.fetchval("show plan_cache_mode") == "force_custom_plan"
        assert await tx.conn.fetchval("show search_path") == "intake, public"


async def test_who_leads_in_many_things_still_has_connections_to_work_on(
    database: Database, dsn: str
) -> None:
    jobs = await database.beside(dsn, size=2, name="jobs")
    led: set[str] = set()

    async def work(lease: Lease) -> None:
        async with jobs.transaction() as tx:
            await tx.conn.execute("select 1")
        led.add(lease.what)
        await asyncio.Event().wait()

    things = [f"thing {number}" for number in range(9)]
    leading_all = [asyncio.create_task(lead(jobs, thing, work)) for thing in things]
    try:
        async with asyncio.timeout(TAKEN_OVER_WITHIN):
            while led != set(things):
                await asyncio.sleep(0.05)
                assert not any(task.done() for task in leading_all)
    finally:
        for task in leading_all:
            task.cancel()
        await asyncio.gather(*leading_all, return_exceptions=True)
        await jobs.close()


@asynccontextmanager
async def leading_in(database: Database, work: Work, *things: str) -> AsyncIterator[None]:
    """This process leads in all of these."""
    tasks = [asyncio.create_task(lead(database, thing, work)) for thing in things]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _terms_of_things(database: Database) -> dict[str, int]:
    return {row["what"]: row["term"] for row in await database.pool.fetch("select what, term from leaders")}


SESSIONS = """
select count(distinct l.session)::int from leaders l join pg_stat_activity a
  on l.session = a.pid || '@' || extract(epoch from a.backend_start)
"""
THINGS = [f"thing {number}" for number in range(9)]


async def test_all_that_a_process_leads_in_is_led_over_one_connection(database: Database) -> None:
    async def work(lease: Lease) -> None:
        while True:
            await lease.pause(60)

    async with leading_in(database, work, *THINGS):

        async def all_lead() -> bool:
            return len(await _terms_of_things(database)) == len(THINGS)

        await eventually(all_lead)
        assert await database.pool.fetchval(SESSIONS) == 1

    async def is_ended() -> bool:
        return bool(await database.pool.fetchval(SESSIONS) == 0)

    await eventually(is_ended)


async def test_a_leader_in_a_long_transaction_holds_up_nobody_elses_lease(
    database: Database, dsn: str
) -> None:
    """Longer than a lease lasts: those who share its connection go on leading, and who stands by for it
    neither takes over nor waits."""
    ended = asyncio.Event()

    async def work(lease: Lease) -> None:
        if lease.what == "long":
            async with leading(database, lease) as tx:
                await tx.conn.execute("select pg_sleep(12)")
                ended.set()
        while True:
            await lease.pause(0.2)

    other = await Database.open(dsn, schema="intake", clock=Clock())
    try:
        async with leading_in(database, work, "long", *THINGS):
            await asyncio.sleep(1)
            async with leading_in(other, work, "long", *THINGS):
                await asyncio.wait_for(ended.wait(), 20)
                assert await _terms_of_things(database) == dict.fromkeys(["long", *THINGS], 1)
    finally:
        await other.close()


async def test_who_stops_to_lead_gives_it_back(database: Database, dsn: str) -> None:
    """The others of the process lead on over the same connection."""
    led: list[int] = []

    async def work(lease: Lease) -> None:
        led.append(lease.term)
        if len(led) == 1:
            raise LeadershipLost
        await lease.pause(60)

    async def goes_on(lease: Lease) -> None:
        await lease.pause(60)

    other = await Database.open(dsn, schema="intake", clock=Clock())
    try:
        async with leading_in(database, goes_on, "another"), leading_in(other, goes_on, "third"):
            began = time.monotonic()
            async with leading_in(database, work, "trial"), leading_in(other, work, "trial"):
                while len(led) < 2:  # noqa: ASYNC110 - waits for other tasks
                    await asyncio.sleep(0.05)
            assert time.monotonic() - began < 5
            assert await _terms_of_things(database) == {"another": 1, "third": 1, "trial": 2}
    finally:
        await other.close()


async def test_the_end_of_the_connection_is_the_end_of_all_that_it_led_in(database: Database) -> None:
    """Nobody leads on by a session that others may take for gone."""
    lost: set[str] = set()

    async def work(lease: Lease) -> None:
        try:
            while True:
                await lease.pause(0.2)
        finally:
            if lease.term == 1:
                lost.add(lease.what)

    async with leading_in(database, work, *THINGS):

        async def all_lead() -> bool:
            return len(await _terms_of_things(database)) == len(THINGS)

        await eventually(all_lead)
        await database.pool.execute(
            "select pg_terminate_backend(split_part(session, '@', 1)::int) from (select distinct session "
            "from leaders) gone"
        )

        async def all_lead_again() -> bool:
            return set((await _terms_of_things(database)).values()) == {2}

        await eventually(all_lead_again, TAKEN_OVER_WITHIN)
        assert lost == set(THINGS)
        assert await database.pool.fetchval(SESSIONS) == 1
