"""`sangkien bench journey`: whole journeys through HTTP, five sheets a level, against bare workflows of the
shape that ours had before (`bench/bare.py`), and of the shape that it has now (`bench/lean.py`)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

from google.protobuf.message import Message
from rich.console import Console
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.service import GrpcCompression

from bench.bare import LEVELS, QUEUE, Bare, BareJourney, BarePayout, bare_workers
from bench.instance import Bed, bench_bed
from bench.lean import QUEUE as LEAN_QUEUE
from bench.lean import Lean, LeanJourney, LeanStart, lean_workers
from bench.measuring import Round, processor_time, report, report_processor_time, run_round
from cli.filing import Manner, file_listed
from cli.people_api import PeopleApi
from cli.province import WATCHER
from embedded.servers import TemporalServer
from kit.wire import data_converter
from language.ids import DossierId
from language.names import initiative_workflow_id

_AT_ONCE = 16
_WANTED = 1.0
_LEVEL_NAMES = ("UNIT", "COMMUNE", "PROVINCE")
_AWAITED = {"intake": None, "review": "DECIDE", "payout": None}
"""The services whose inboxes are looked at, and the one kind of task that matters there."""
_LOOK_EVERY = 0.15
_KILO = 1000
_ACTIONS: Mapping[EventType.ValueType, str] = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED: "starts",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED: "signals",
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: "activities",
    EventType.EVENT_TYPE_TIMER_STARTED: "timers",
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES: "search attribute updates",
    EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED: "children",
}
"""What a hosted Temporal would count as an action."""


def run(cases: int, rounds: int, server: TemporalServer) -> None:
    """Interleaved rounds of floor and ours."""
    asyncio.run(_run(cases, rounds, server))


async def _run(cases: int, rounds: int, server: TemporalServer) -> None:
    async with bench_bed(server=server) as bed:
        client = await Client.connect(
            bed.instance.temporal_address,
            data_converter=data_converter(),
            grpc_compression=GrpcCompression.NONE,
        )
        measured: dict[str, list[Round]] = {"floor": [], "lean": [], "ours": []}
        spent = {name: Counter[str]() for name in measured}

        async def one_round(name: str, one: Callable[[int], Awaitable[None]]) -> None:
            begun = processor_time(bed.instance)
            measured[name].append(await run_round(cases, _AT_ONCE, one))
            spent[name] += processor_time(bed.instance) - begun

        async with bare_workers(client) as bare, lean_workers(client) as lean:
            for _ in range(rounds):
                await one_round("floor", lambda _: _bare_round(client, bare))
                await one_round("lean", lambda _: _lean_round(client, lean))
                async with _inboxes(bed.api) as inboxes:
                    journey = _Journey(bed, client, inboxes)
                    await one_round("ours", journey.case)
            bare_id, lean_id = await _bare_case(client, bare), await _lean_case(client, lean)
        title = "Whole journeys (3 levels, 5 sheets each, 3 payouts)"
        report(f"{title}, floor: the shape before", "cases/s", measured["floor"], measured["ours"], _WANTED)
        report(f"{title}, floor: the shape now", "cases/s", measured["lean"], measured["ours"], None)
        report_processor_time("case", {name: (used, cases * rounds) for name, used in spent.items()})
        await _count_events(client, "floor", [bare_id, *(f"{bare_id}:{level}" for level in range(LEVELS))])
        await _count_events(client, "lean", [lean_id])
        await _count_events(client, "ours", journey.last_workflows)


async def _bare_case(client: Client, bare: Bare) -> str:
    workflow_id = f"bare-{uuid4()}"
    handle = await client.start_workflow(BareJourney.run, id=workflow_id, task_queue=QUEUE)
    await bare.opened(workflow_id, "open check")
    await asyncio.sleep(_LOOK_EVERY)
    await handle.signal(BareJourney.word)
    for level in range(LEVELS):
        await bare.opened(workflow_id, f"open {level}")
        await asyncio.sleep(_LOOK_EVERY)
        await handle.signal(BareJourney.word)
        await bare.opened(f"{workflow_id}:{level}", "assess")
        await asyncio.sleep(_LOOK_EVERY)
        await client.get_workflow_handle(f"{workflow_id}:{level}").signal(BarePayout.word)
    await handle.result()
    return workflow_id


async def _bare_round(client: Client, bare: Bare) -> None:
    await _bare_case(client, bare)


async def _lean_case(client: Client, lean: Lean) -> str:
    workflow_id = f"lean-{uuid4()}"
    await client.start_workflow(LeanJourney.run, LeanStart(), id=workflow_id, task_queue=LEAN_QUEUE)
    handle = client.get_workflow_handle(workflow_id)
    await asyncio.sleep(_LOOK_EVERY)
    await handle.signal(LeanJourney.accepted)
    for level in range(LEVELS):
        await lean.opened(workflow_id, f"open {level}")
        await asyncio.sleep(_LOOK_EVERY)
        await handle.signal(LeanJourney.decided)
        await lean.opened(workflow_id, f"assess {level + 1}")
        await asyncio.sleep(_LOOK_EVERY)
        await handle.signal(LeanJourney.approved)
    await handle.result()
    return workflow_id


async def _lean_round(client: Client, lean: Lean) -> None:
    await _lean_case(client, lean)


async def _count_events(client: Client, name: str, workflow_ids: list[str]) -> None:
    """Over all runs of these workflows."""
    events = size = payload = runs = 0
    actions: Counter[str] = Counter()
    for workflow_id in workflow_ids:
        async for run in client.list_workflows(f"WorkflowId = '{workflow_id}'"):
            history = await client.get_workflow_handle(workflow_id, run_id=run.run_id).fetch_history()
            runs += 1
            events += len(history.events)
            actions.update(kind for event in history.events if (kind := _ACTIONS.get(event.event_type)))
            size += sum(event.ByteSize() for event in history.events)
            payload += sum(_payload_size(event) for event in history.events)
    of_kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(actions.items()))
    Console().print(
        f"{name}: {events} events of {size / _KILO:.1f} kB together, {payload / _KILO:.1f} kB of it payload, "
        f"and {actions.total()} actions a case ({of_kinds}), in {runs} runs"
    )


def _payload_size(message: Message) -> int:
    """The bytes of what we write into a history: inputs, results, what signals carry, search attributes."""
    if isinstance(message, Payload):
        return message.ByteSize()
    return sum(_payload_size(part) for _, value in message.ListFields() for part in _messages_in(value))


def _messages_in(value: Any) -> Iterable[Message]:
    if isinstance(value, Message):
        return (value,)
    if isinstance(value, Mapping):
        return (part for part in value.values() if isinstance(part, Message))
    return (part for part in value if isinstance(part, Message)) if isinstance(value, Sequence) else ()


class _Inboxes:
    """What lies in the inboxes, looked at for everybody by one auditor: sixteen people who look for
    themselves would measure their looking."""

    def __init__(self, api: PeopleApi) -> None:
        self._api = api
        self._tasks: dict[tuple[str, str, str | None], Mapping[str, Any]] = {}
        self._looked = asyncio.Condition()

    async def watch(self) -> None:
        """Look at each service's inbox again and again."""
        while True:
            for service, kind in _AWAITED.items():
                narrowed = {"kind": kind} if kind else {}
                page = await self._api.get(
                    WATCHER,
                    service,
                    "/v1/tasks",
                    scope="all",
                    state=["OPEN", "WAITING"],
                    limit=200,
                    **narrowed,
                )
                self._tasks |= {
                    (task["kind"], task["subject_id"], task["level"]): task for task in page["items"]
                }
            async with self._looked:
                self._looked.notify_all()
            await asyncio.sleep(_LOOK_EVERY)

    async def task(self, kind: str, dossier_id: str, level: str | None) -> Mapping[str, Any]:
        """The task, as soon as somebody has it."""
        async with self._looked:
            await self._looked.wait_for(lambda: (kind, dossier_id, level) in self._tasks)
        return self._tasks[kind, dossier_id, level]


@asynccontextmanager
async def _inboxes(api: PeopleApi) -> AsyncIterator[_Inboxes]:
    inboxes = _Inboxes(api)
    # In a group, so that a look that fails ends the round instead of leaving everybody waiting.
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(inboxes.watch())
        yield inboxes
        watching.cancel()


class _Journey:
    """One case through the public API, as its people."""

    def __init__(self, bed: Bed, client: Client, inboxes: _Inboxes) -> None:
        self._bed = bed
        self._client = client
        self._inboxes = inboxes
        self._accounts = bed.imported.accounts
        self.last_workflows: list[str] = []

    async def case(self, number: int) -> None:
        """From draft to the last award approved and the journey closed."""
        bed = self._bed
        filed = await file_listed(
            bed.api,
            bed.province,
            bed.imported,
            bed.dossiers[number % len(bed.dossiers)],
            Manner(shift=bed.shift),
        )
        if filed.dossier_id is None:
            raise RuntimeError(f"not filed: {filed.refusal}")
        check = await self._inboxes.task("FORMAL_CHECK", filed.dossier_id, None)
        await bed.api.post(
            self._accounts[check["assignee_id"]], "intake", f"/v1/dossiers/{filed.dossier_id}/acceptance"
        )
        for level in _LEVEL_NAMES:
            await self._level(filed.dossier_id, level, last=level == _LEVEL_NAMES[-1])
        dossier = DossierId(UUID(filed.dossier_id))
        await self._client.get_workflow_handle(initiative_workflow_id(dossier)).result()
        self.last_workflows = [initiative_workflow_id(dossier)]

    async def _level(self, dossier_id: str, level: str, *, last: bool) -> None:
        """Five members mark, the decider decides, two accountants sign."""
        api = self._bed.api
        decision = await self._inboxes.task("DECIDE", dossier_id, level)
        stage = decision["about_id"]
        opened = await api.get(WATCHER, "review", f"/v1/stages/{stage}")
        await asyncio.gather(
            *(self._mark(self._accounts[seat["person_id"]], stage, opened) for seat in opened["council"])
        )
        verdict = {"outcome": "RECOGNISED", "propose": not last}
        await api.post(
            self._accounts[decision["assignee_id"]], "review", f"/v1/stages/{stage}/decision", verdict
        )
        for kind, step in (("VERIFY_AWARD", "verification"), ("APPROVE_AWARD", "approval")):
            task = await self._inboxes.task(kind, dossier_id, level)
            await api.post(
                self._accounts[task["assignee_id"]], "payout", f"/v1/awards/{task['about_id']}/{step}"
            )

    async def _mark(self, account: str, stage: str, opened: Any) -> None:
        own = (await self._bed.api.get(account, "review", f"/v1/stages/{stage}"))["sheets"][0]
        scores = {line["id"]: line["max_score"] for line in opened["rules"]["criteria"]}
        sheet = {"scores": scores, "vote": "APPROVE", "submit": True}
        await self._bed.api.put(
            account, "review", f"/v1/score-sheets/{own['id']}", sheet, f'"v{own["version"]}"'
        )


async def one_case(bed: Bed) -> None:
    """One dossier through all levels, its awards approved."""
    client = await Client.connect(
        bed.instance.temporal_address,
        data_converter=data_converter(),
        grpc_compression=GrpcCompression.NONE,
    )
    async with _inboxes(bed.api) as inboxes:
        await _Journey(bed, client, inboxes).case(0)
