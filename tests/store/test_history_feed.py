"""The chain and the feed lose nothing and repeat nothing, whoever commits late and whoever is killed."""

import asyncio
import os
import random
import sys
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr

from casework.history.chain import chain_waiting, list_history_alarms, queue_refused_again
from casework.history.feed import FeedEvent, read_page, wait_for_page
from casework.history.keeping import HistoryKeeper
from casework.history.keys import HistoryKeys, history_keys
from casework.history.record import record
from kit.clock import Clock
from kit.context import Context
from kit.settings import ServiceSettings
from language.events.base import Readers
from tests.conftest import Cluster
from tests.history_cases import SEED, History, MatterMoved, history

ALL = frozenset(Readers)
WRITERS, FACTS, LONG_TRANSACTIONS, KILLS = 4, 40, 6, 3


class _RolledBack(Exception):
    pass


async def _write(found: History, chance: random.Random, written: set[UUID]) -> None:
    for step in range(FACTS):
        await asyncio.sleep(chance.uniform(0, 0.15))
        with suppress(_RolledBack):
            async with found.database.transaction() as tx:
                subject = chance.choice(found.subjects)
                made = [await record(tx, MatterMoved(step=step), about=subject) for _ in range(2)]
                if chance.random() < 0.2:
                    raise _RolledBack
            written |= {*made}


async def _write_late(found: History, chance: random.Random, written: set[UUID]) -> None:
    """Begun early, committed long after others have gone past."""
    async with found.database.transaction() as tx:
        made = await record(tx, MatterMoved(step=0), about=found.subjects[0])
        await asyncio.sleep(chance.uniform(2, 5))
    written.add(made)


async def _follow(found: History, seen: list[FeedEvent]) -> None:
    after = 0
    while True:
        page = await wait_for_page(found.database, ALL, Readers.CASES, after=after, limit=7, wait=1)
        seen += page.items
        after = page.next


async def _until_seen(seen: list[FeedEvent], count: int) -> None:
    while True:
        if len(seen) >= count:
            return
        await asyncio.sleep(0.1)


async def _start_leader(dsn: str) -> asyncio.subprocess.Process:
    environment = os.environ | {
        "DATABASE_URL": dsn,
        "HTTP_PORT": "0",
        "OIDC_ISSUER": "http://issuer.test",
        "CHECKPOINT_KEY": SEED,
    }
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "tests.history_leader", env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert started.stdout
    assert await started.stdout.readline() == b"ready\n"
    return started


async def _kill(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    await process.communicate()


async def _kill_in_turn(dsn: str, leaders: list[asyncio.subprocess.Process]) -> None:
    for turn in range(KILLS):
        await asyncio.sleep(1.2)
        place = turn % len(leaders)
        await _kill(leaders[place])
        leaders[place] = await _start_leader(dsn)


async def test_a_reader_gets_everything_once_and_in_order_while_leaders_are_killed(postgres: Cluster) -> None:
    chance = random.Random(7)
    async with history(postgres) as found:
        dsn = postgres.url(found.admin_url, "review")
        written: set[UUID] = set()
        seen: list[FeedEvent] = []
        leaders = [await _start_leader(dsn) for _ in range(2)]
        following = asyncio.create_task(_follow(found, seen))
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(WRITERS):
                    group.create_task(_write(found, chance, written))
                for _ in range(LONG_TRANSACTIONS):
                    group.create_task(_write_late(found, chance, written))
                group.create_task(_kill_in_turn(dsn, leaders))
            async with asyncio.timeout(30):
                await _until_seen(seen, len(written))
        finally:
            following.cancel()
            for leader in leaders:
                await _kill(leader)
        assert [event.position for event in seen] == list(range(1, len(written) + 1))
        assert {event.event_id for event in seen} == written
        report = await found.verify()
        assert not report.faults
        assert report.signed_to > 0
        assert report.head == len(written)


async def test_a_late_commit_gets_a_later_position(postgres: Cluster) -> None:
    async with history(postgres) as found:
        async with found.database.transaction() as late:
            early_begun = await record(late, MatterMoved(step=1), about=found.subjects[0])
            overtaking = await found.record(MatterMoved(step=2), found.subjects[0])
            assert await found.chain() == 1
        assert await found.chain() == 1
        rows = await found.database.pool.fetch("select event_id from chain order by position")
        assert [row["event_id"] for row in rows] == [overtaking, early_begun]
        assert not (await found.verify()).faults


async def test_leaders_at_the_same_time_make_one_chain(postgres: Cluster) -> None:
    async with history(postgres) as found:
        await found.happen(60)

        async def drain() -> int:
            taken = 0
            while True:
                async with found.database.transaction() as tx:
                    now = await chain_waiting(tx, history_keys(), limit=7)
                if not now:
                    return taken
                taken += now

        assert sum(await asyncio.gather(*(drain() for _ in range(4)))) == 60
        assert (await found.verify()).head == 60
        assert not (await found.verify()).faults


async def test_an_event_under_an_unknown_key_waits_for_the_key(
    postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with history(postgres) as found:
        await found.happen(2)
        other = HistoryKeys({"other": b"o" * 32})
        async with found.database.transaction() as tx:
            assert await chain_waiting(tx, other) == 2
            assert {alarm.kind.value for alarm in await list_history_alarms(tx)} == {"KEY_UNKNOWN"}
        async with found.database.transaction() as tx:
            await queue_refused_again(tx)
        assert await found.chain() == 2
        async with found.database.reading() as tx:
            assert await list_history_alarms(tx) == []
        assert not (await found.verify()).faults


async def test_keys_can_be_changed_while_events_wait(
    postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with history(postgres) as found:
        await found.happen(2)
        old = os.environ["HISTORY_KEYS"]
        monkeypatch.setenv("HISTORY_KEYS", f"new:{'A' * 43}=,{old}")
        history_keys.cache_clear()
        try:
            await found.happen(2)
            await found.chain()
            assert not (await found.verify()).faults
            found_ids = await found.database.pool.fetch("select distinct key_id from events order by key_id")
            assert [row["key_id"] for row in found_ids] == ["new", "test"]
        finally:
            monkeypatch.undo()
            history_keys.cache_clear()


@pytest.mark.parametrize("text", ["", "id", "id:AAAA", ":" + "A" * 44, "id:" + "A" * 43 + "=:x"])
def test_keys_of_another_form_stop_the_process(text: str) -> None:
    with pytest.raises(ValueError):
        HistoryKeys.parse(text)


async def test_a_page_goes_on_past_what_is_not_for_the_reader(postgres: Cluster) -> None:
    async with history(postgres) as found:
        await found.happen(5)
        await found.chain()
        async with found.database.reading() as tx:
            page = await read_page(tx, {Readers.MONEY}, Readers.CASES, after=0, limit=3)
            assert (page.items, page.next, page.head) == ([], 3, 5)
            page = await read_page(tx, {Readers.CASES}, Readers.CASES, after=3, limit=3)
            assert [event.position for event in page.items] == [4, 5]
            end = await read_page(tx, ALL, Readers.CASES, after=5, limit=3)
            assert (end.items, end.next, end.head) == ([], 5, 5)


async def test_a_waiting_reader_is_answered_when_something_is_chained(postgres: Cluster) -> None:
    async with history(postgres) as found:
        waiting = asyncio.create_task(
            wait_for_page(found.database, ALL, Readers.CASES, after=0, limit=10, wait=10)
        )
        await asyncio.sleep(0.2)
        await found.record(MatterMoved(step=1), uuid4())
        await found.chain()
        async with asyncio.timeout(3):
            assert len((await waiting).items) == 1
        async with asyncio.timeout(3):
            empty = await wait_for_page(found.database, ALL, Readers.CASES, after=1, limit=10, wait=0.4)
        assert empty.items == []


async def _until_signed(found: History, number: int) -> None:
    while True:
        if await found.database.pool.fetchval("select max(number) from checkpoints") == number:
            return
        await asyncio.sleep(0.1)


def _context(postgres: Cluster, found: History) -> Context:
    settings = ServiceSettings(
        http_port=0,
        database_url=SecretStr(postgres.url(found.admin_url, "review")),
        oidc_issuer="x",
        checkpoint_key=SecretStr(SEED),
        checkpoint_minutes=0,
        history_keys=SecretStr(os.environ["HISTORY_KEYS"]),
    )
    return Context(
        settings=settings,
        clock=Clock(),
        database=found.database,
        activities=found.database,
        jobs=found.database,
    )


async def test_the_keeper_looks_again_at_what_was_refused_and_at_the_checkpoints(postgres: Cluster) -> None:
    async with history(postgres) as found:
        await found.happen(3)
        await found.chain()
        await found.sign()
        await found.attack(lambda conn: conn.execute("update checkpoints set day = day + 1"))
        await found.happen(1)
        async with found.database.transaction() as tx:
            await chain_waiting(tx, HistoryKeys({"other": b"o" * 32}))
        context = _context(postgres, found)
        context.settings.checkpoint_minutes = 60
        keeping = asyncio.create_task(HistoryKeeper(context).run())
        try:
            async with asyncio.timeout(10):
                await _until_alarmed(found, events=0, checkpoints=1)
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping
        assert await found.database.pool.fetchval("select count(*) from chain") == 4


_ALARMS = "select ((select count(*) from history_alarms), (select count(*) from checkpoint_alarms))"


async def _until_alarmed(found: History, *, events: int, checkpoints: int) -> None:
    while True:
        if await found.database.pool.fetchval(_ALARMS) == (events, checkpoints):
            return
        await asyncio.sleep(0.1)


async def test_the_keeper_signs_the_first_events_at_once_and_the_next_when_it_is_time(
    postgres: Cluster,
) -> None:
    async with history(postgres) as found:
        context = _context(postgres, found)
        for minutes, numbers in ((0, (1, 2)), (60, (2, 2))):
            context.settings.checkpoint_minutes = minutes
            keeping = asyncio.create_task(HistoryKeeper(context).run())
            try:
                for number in numbers:
                    await found.happen(2)
                    async with asyncio.timeout(10):
                        await _until_chained(found)
                        await _until_signed(found, number)
            finally:
                keeping.cancel()
                with suppress(asyncio.CancelledError):
                    await keeping
        report = await found.verify()
        assert not report.faults
        assert report.open == 4, "the second keeper had no reason to sign"


async def _until_chained(found: History) -> None:
    while True:
        if not await found.database.pool.fetchval("select count(*) from events_to_chain"):
            return
        await asyncio.sleep(0.1)
