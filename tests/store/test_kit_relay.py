"""The relay between a real database and a real Temporal: in order, at least once, and nothing holds up what
it has nothing to do with."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from temporalio import workflow
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, Interceptor, OutboundInterceptor, SignalWorkflowInput, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from embedded.temporal import program
from kit import delivery
from kit.clock import Clock
from kit.db import Database, Row
from kit.outbox import (
    Trouble,
    WorkflowStart,
    dismiss_messages,
    end_workflow,
    replace_workflow,
    restart_waits,
    restart_workflow,
    resume_workflow,
    signal_workflow,
    start_workflow,
    undeliverable,
)
from kit.relay import Patience, Relay
from kit.rows import read
from kit.wire import data_converter
from language.names import SEARCH_ATTRIBUTES
from tests.conftest import Cluster
from tests.notice_cases import eventually

QUEUE = "trial"
NOBODY = "nobody works here"
SIGNALED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED
SLOW = "slow:"
SLOW_SECONDS = 3.0


@workflow.defn
class Ending:
    """Ends at once, one way or the other."""

    @workflow.run
    async def run(self, how: str) -> None:
        """End."""
        if how == "failed":
            raise ApplicationError("told to", non_retryable=True)


class _SlowNetwork(Interceptor):
    """Some words take seconds, as they do when the server is busy with that run."""

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:
        return _Slow(next)


class _Slow(OutboundInterceptor):
    async def signal_workflow(self, input: SignalWorkflowInput) -> None:
        if input.id.startswith(SLOW):
            await asyncio.sleep(SLOW_SECONDS)
        await super().signal_workflow(input)


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[Client]:
    env = await WorkflowEnvironment.start_local(
        dev_server_existing_path=program(),
        dev_server_log_level="error",
        data_converter=data_converter(),
        search_attributes=list(SEARCH_ATTRIBUTES),
    )
    config = env.client.config()
    config["interceptors"] = [_SlowNetwork()]
    yield Client(**config)
    await env.shutdown()


@pytest.fixture
async def database(postgres: Cluster) -> AsyncIterator[Database]:
    dsn = postgres.url(await postgres.fresh(), "intake")
    opened = await Database.open(dsn, schema="intake", clock=Clock())
    yield opened
    await opened.close()


@asynccontextmanager
async def relaying(
    database: Database, client: Client, patience: Patience | None = None
) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(Relay(database, client, patience=patience).run())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def parked(client: Client, workflow_id: str, **options: Any) -> WorkflowHandle[Any, Any]:
    """A run that only listens."""
    return await client.start_workflow("Parked", id=workflow_id, task_queue=NOBODY, **options)


async def heard(handle: WorkflowHandle[Any, Any]) -> list[Any]:
    """The words that arrived, in order."""
    events = [event for event in (await handle.fetch_history()).events if event.event_type == SIGNALED]
    said = [event.workflow_execution_signaled_event_attributes.input.payloads for event in events]
    return [(await data_converter().decode(payloads))[0] for payloads in said]


async def say(database: Database, workflow_id: str, *words: object) -> None:
    async with database.transaction() as tx:
        for word in words:
            await signal_workflow(tx, uuid4(), workflow_id, "word", word)


async def words_to(database: Database, workflow_id: str) -> list[Row]:
    return await database.pool.fetch("select * from outbox where workflow_id = $1 order by id", workflow_id)


def delivered(database: Database, workflow_id: str) -> Callable[[], Awaitable[object]]:
    async def all_delivered() -> bool:
        return all(row["delivered_at"] for row in await words_to(database, workflow_id))

    return all_delivered


def in_trouble(
    database: Database, workflow_id: str, trouble: Trouble, *, given_up: bool
) -> Callable[[], Awaitable[object]]:
    async def seen() -> bool:
        async with database.reading() as tx:
            found = [one for one in await undeliverable(tx) if one.workflow_id == workflow_id]
        return [(one.trouble, one.given_up_at is not None) for one in found] == [(trouble, given_up)]

    return seen


async def test_an_idle_relay_delivers_a_moment_after_the_commit(database: Database, client: Client) -> None:
    name = f"quick:{uuid4()}"
    await parked(client, name)
    async with relaying(database, client):
        await say(database, name, 0)
        await eventually(delivered(database, name))
        took = []
        for number in range(1, 12):
            await asyncio.sleep(0.2)
            began = time.monotonic()
            await say(database, name, number)
            await eventually(delivered(database, name))
            took.append(time.monotonic() - began)
    # Without being woken it would be half a second on the average.
    assert sorted(took)[len(took) // 2] < 0.15


async def test_words_to_one_workflow_arrive_in_order_however_many(database: Database, client: Client) -> None:
    name = f"long:{uuid4()}"
    handle = await parked(client, name)
    await say(database, name, *range(150))
    async with relaying(database, client):
        await eventually(delivered(database, name))
    assert await heard(handle) == list(range(150))


async def test_a_slow_word_holds_up_its_own_workflow_only(database: Database, client: Client) -> None:
    slow, quick = [f"{SLOW}{uuid4()}" for _ in range(3)], [f"quick:{uuid4()}" for _ in range(3)]
    for name in (*slow, *quick):
        await parked(client, name)
    for name in slow:
        await say(database, name, 1)
    async with relaying(database, client):
        await asyncio.sleep(0.5)
        for name in quick:
            await say(database, name, 1)
        for name in quick:
            await eventually(delivered(database, name), 2)
        assert not any([row["delivered_at"] for name in slow for row in await words_to(database, name)])
        for name in slow:
            await eventually(delivered(database, name))


async def test_a_word_that_cannot_be_said_stops_its_own_workflow_only(
    database: Database, client: Client
) -> None:
    poisoned, well = f"poisoned:{uuid4()}", f"well:{uuid4()}"
    await parked(client, well)
    start = WorkflowStart(
        event_id=uuid4(),
        workflow_id=poisoned,
        workflow="Parked",
        message={},
        search_attributes={SEARCH_ATTRIBUTES[0].name: 7},
    )
    async with database.transaction() as tx:
        await start_workflow(tx, start)
    await say(database, poisoned, "behind it")
    async with relaying(database, client) as task:
        await eventually(in_trouble(database, poisoned, Trouble.FAULT, given_up=False))
        await say(database, well, 1)
        await eventually(delivered(database, well))
        assert not task.done()
        assert [row["attempts"] > 0 for row in await words_to(database, poisoned)] == [True, False]


def _start_of(workflow_id: str, **values: Any) -> WorkflowStart:
    return WorkflowStart(
        event_id=uuid4(), workflow_id=workflow_id, workflow="Parked", message={}, search_attributes=values
    )


async def _act(database: Database, act: str, workflow_id: str) -> None:
    async with database.transaction() as tx:
        if act == "RESTART":
            await restart_workflow(tx, _start_of(workflow_id))
        elif act == "REPLACE":
            await replace_workflow(tx, _start_of(workflow_id))
        elif act == "END":
            await end_workflow(tx, uuid4(), workflow_id)
        else:
            await resume_workflow(tx, _start_of(workflow_id), "word")


def _acted(database: Database, act: str, workflow_id: str) -> Callable[[], Awaitable[object]]:
    async def seen() -> bool:
        return any(
            row["action"] == act and row["delivered_at"] for row in await words_to(database, workflow_id)
        )

    return seen


UNSENDABLE = "x" * 5_000_000


@pytest.mark.parametrize("is_before", [True, False], ids=["in trouble before", "in trouble after"])
async def test_what_is_to_heal_a_run_is_not_held_up_by_what_ails_it(
    database: Database, client: Client, is_before: bool
) -> None:
    """A message that can never be sent; it stays for a person, and another behind it."""
    acts = {act: f"ailing:{uuid4()}" for act in ("RESTART", "REPLACE", "END")}
    for name in acts.values():
        await parked(client, name)
        await say(database, name, UNSENDABLE, "behind it")
    if is_before:
        async with relaying(database, client):
            for name in acts.values():
                await eventually(in_trouble(database, name, Trouble.FAULT, given_up=False))
    for act, name in acts.items():
        await _act(database, act, name)
    async with relaying(database, client):
        for act, name in acts.items():
            await eventually(_acted(database, act, name), 8)
            ailing = (await words_to(database, name))[0]
            assert (ailing["trouble"], ailing["given_up_at"] is not None) == ("FAULT", True), act


@pytest.mark.parametrize("act", ["RESTART", "RESUME"])
async def test_a_run_that_nobody_knows_is_begun_whatever_waits_for_it(
    database: Database, client: Client, act: str
) -> None:
    name = f"unheard:{uuid4()}"
    await say(database, name, "first", "second")
    await _act(database, act, name)
    async with relaying(database, client):
        await eventually(_acted(database, act, name), 8)


async def test_a_restart_that_cannot_be_sent_is_not_on_its_way(database: Database, client: Client) -> None:
    name = f"ailing:{uuid4()}"
    async with database.transaction() as tx:
        await restart_workflow(tx, _start_of(name, **{SEARCH_ATTRIBUTES[0].name: 7}))
        assert await restart_waits(tx, name)
    async with relaying(database, client):
        await eventually(in_trouble(database, name, Trouble.FAULT, given_up=False))
        async with database.reading() as tx:
            assert not await restart_waits(tx, name)
        await _act(database, "RESTART", name)
        await eventually(_acted(database, "RESTART", name), 8)


async def test_what_is_dismissed_while_it_is_under_way_stays_dismissed(
    database: Database, client: Client
) -> None:
    name = f"{SLOW}{uuid4()}"
    await say(database, name, "to nobody")
    async with relaying(database, client) as task:
        await asyncio.sleep(SLOW_SECONDS / 3)
        await database.pool.execute("update outbox set trouble = 'RUN_UNKNOWN'")
        async with database.transaction() as tx:
            assert await dismiss_messages(tx, name) == 1

        async def tried() -> bool:
            return (await words_to(database, name))[0]["attempts"] > 0

        await eventually(tried)
        assert not task.done()
    [word] = await words_to(database, name)
    assert word["given_up_at"]
    assert word["dismissed_at"]


async def test_a_run_that_nobody_knows_is_given_up_in_the_end(database: Database, client: Client) -> None:
    forgotten = f"forgotten:{uuid4()}"
    await say(database, forgotten, "too late")
    async with relaying(database, client, Patience(unknown=timedelta(hours=1))):
        await eventually(in_trouble(database, forgotten, Trouble.RUN_UNKNOWN, given_up=False))
    await database.pool.execute(
        "update outbox set unknown_since = now() - interval '61 minutes', next_try_at = now()"
    )
    async with relaying(database, client, Patience(unknown=timedelta(hours=1))):
        await eventually(in_trouble(database, forgotten, Trouble.RUN_UNKNOWN, given_up=True))
        await say(database, forgotten, "once more")

        async def both() -> bool:
            return all(row["given_up_at"] for row in await words_to(database, forgotten))

        await eventually(both)


async def test_a_run_restored_in_time_gets_its_word(database: Database, client: Client) -> None:
    name = f"restored:{uuid4()}"
    await say(database, name, "early")
    async with relaying(database, client):
        await eventually(in_trouble(database, name, Trouble.RUN_UNKNOWN, given_up=False))
        handle = await parked(client, name)
        await eventually(delivered(database, name), 40)
        async with database.reading() as tx:
            assert await undeliverable(tx) == []
    assert await heard(handle) == ["early"]


@pytest.mark.parametrize(
    ("how", "arrives"), [("completed", True), ("failed", False), ("terminated", False), ("timed out", False)]
)
async def test_how_a_run_ended_says_what_a_late_word_is(
    database: Database, client: Client, how: str, arrives: bool
) -> None:
    name = f"ended:{uuid4()}"
    if how in {"completed", "failed"}:
        async with Worker(
            client, task_queue=QUEUE, workflows=[Ending], workflow_runner=UnsandboxedWorkflowRunner()
        ):
            handle = await client.start_workflow(Ending.run, how, id=name, task_queue=QUEUE)
            with suppress(Exception):
                await handle.result()
    elif how == "terminated":
        await (await parked(client, name)).terminate()
    else:
        handle = await parked(client, name, execution_timeout=timedelta(seconds=1))
        with suppress(Exception):
            await handle.result()
    await say(database, name, "late")
    async with relaying(database, client):
        if arrives:
            await eventually(delivered(database, name))
        else:
            await eventually(in_trouble(database, name, Trouble.RUN_FAILED, given_up=True))


async def test_a_namespace_that_is_not_there_yet_is_an_outage(database: Database, client: Client) -> None:
    config = client.config()
    config["namespace"] = "not-yet"
    async with database.transaction() as tx:
        await signal_workflow(tx, uuid4(), "initiative:x", "word", 1)
    row = await database.pool.fetchrow("select * from outbox")
    assert row is not None
    result = await delivery.deliver(Client(**config), read(delivery.OutboxMessage, row))
    assert result.fate is delivery.Fate.AWAY


async def test_two_relays_deliver_each_word_once_while_one_leads(database: Database, client: Client) -> None:
    names = [f"many:{uuid4()}" for _ in range(40)]
    handles = [await parked(client, name) for name in names]
    async with relaying(database, client), relaying(database, client):
        for number in range(5):
            for name in names:
                await say(database, name, number)
        for name in names:
            await eventually(delivered(database, name))
    assert [await heard(handle) for handle in handles] == [list(range(5))] * len(names)
