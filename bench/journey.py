"""`sangkien bench journey`: whole journeys through HTTP, five sheets a level, against bare workflows of the same shape."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

from rich.console import Console
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.worker import Worker

from bench.bare import LEVELS, BareJourney, BarePayout, nothing
from bench.instance import Bed, bench_bed
from bench.measuring import Round, report, run_round
from cli.filing import file_listed
from cli.people_api import Refused
from cli.province import WATCHER
from workflows.contracts.ids import DossierId
from workflows.contracts.names import initiative_workflow_id, payout_workflow_id, stage_id
from workflows.wire import data_converter

_AT_ONCE = 16
_WANTED = 0.7
_LEVEL_NAMES = ("UNIT", "COMMUNE", "PROVINCE")
_LOOK_EVERY = 0.05
_ACTIONS = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
    EventType.EVENT_TYPE_TIMER_STARTED,
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
}
"""What a hosted Temporal would count as an action."""


def run(cases: int, rounds: int) -> None:
    """Interleaved rounds of floor and ours."""
    asyncio.run(_run(cases, rounds))


async def _run(cases: int, rounds: int) -> None:
    async with bench_bed() as bed:
        client = await Client.connect(bed.instance.temporal_address, data_converter=data_converter())
        floor: list[Round] = []
        ours: list[Round] = []
        journey = _Journey(bed, client)
        async with Worker(client, task_queue="bench-bare", workflows=[BareJourney, BarePayout], activities=[nothing]):
            for _ in range(rounds):
                floor.append(await run_round(cases, _AT_ONCE, lambda _: _bare_round(client)))
                ours.append(await run_round(cases, _AT_ONCE, journey.case))
            bare_id = await _bare_case(client)
        report("Whole journeys (3 levels, 5 sheets each, 3 payouts)", "cases/s", floor, ours, _WANTED)
        await _count_events(client, "floor", [bare_id, *(f"{bare_id}:{level}" for level in range(LEVELS))])
        await _count_events(client, "ours", journey.last_workflows)


async def _bare_case(client: Client) -> str:
    workflow_id = f"bare-{uuid4()}"
    handle = await client.start_workflow(BareJourney.run, id=workflow_id, task_queue="bench-bare")
    for _ in range(1 + LEVELS):
        await handle.signal(BareJourney.word)
    await handle.result()
    for level in range(LEVELS):
        child = client.get_workflow_handle(f"{workflow_id}:{level}")
        await child.signal(BarePayout.word)
        await child.result()
    return workflow_id


async def _bare_round(client: Client) -> None:
    await _bare_case(client)


async def _count_events(client: Client, name: str, workflow_ids: list[str]) -> None:
    events = actions = 0
    for workflow_id in workflow_ids:
        history = await client.get_workflow_handle(workflow_id).fetch_history()
        events += len(history.events)
        actions += sum(event.event_type in _ACTIONS for event in history.events)
    Console().print(f"{name}: {events} events and {actions} actions a case")


class _Journey:
    """One case through the public API, as its people."""

    def __init__(self, bed: Bed, client: Client) -> None:
        self._bed = bed
        self._client = client
        self._accounts = bed.imported.accounts
        self.last_workflows: list[str] = []

    async def case(self, number: int) -> None:
        """From draft to the last award approved and the journey closed."""
        bed = self._bed
        listed = bed.dossiers[number % len(bed.dossiers)]
        filed = await file_listed(bed.api, bed.province, bed.imported, listed, bed.shift)
        if filed.dossier_id is None:
            raise RuntimeError(f"not filed: {filed.refusal}")
        dossier = DossierId(UUID(filed.dossier_id))
        school = bed.province.school_codes[listed.district, listed.school].lower()
        await self._until(lambda: self._task(f"vanthu.{school}", "intake", filed.dossier_id))
        await bed.api.post(f"vanthu.{school}", "intake", f"/v1/dossiers/{dossier}/acceptance")
        for level in _LEVEL_NAMES:
            await self._stage(str(stage_id(dossier, level)), last=level == _LEVEL_NAMES[-1])
        await self._client.get_workflow_handle(initiative_workflow_id(dossier)).result()
        self.last_workflows = [initiative_workflow_id(dossier), *(payout_workflow_id(dossier, level) for level in _LEVEL_NAMES)]

    async def _until(self, look: Callable[[], Awaitable[Any]]) -> Any:
        while True:
            found = await look()
            if found:
                return found
            await asyncio.sleep(_LOOK_EVERY)

    async def _task(self, account: str, service: str, subject_id: str | None) -> Any:
        page = await self._bed.api.get(account, service, "/v1/tasks", limit=200)
        return next((task for task in page["items"] if task["subject_id"] == subject_id), None)

    async def _stage(self, stage: str, *, last: bool) -> None:
        """Five members mark, the decider decides, two accountants sign."""
        api = self._bed.api
        opened = await self._until(lambda: self._open_stage(stage))
        members = [seat["person_id"] for seat in opened["council"]]
        await asyncio.gather(*(self._mark(self._accounts[member], stage, opened) for member in members))
        decider = self._accounts[opened["decider_id"]]
        await api.post(decider, "review", f"/v1/stages/{stage}/decision", {"outcome": "RECOGNISED", "propose": not last})
        award = await self._until(lambda: self._award(opened["dossier_id"], opened["level"]))
        unit = next(code for code, unit_id in self._bed.imported.unit_ids.items() if unit_id == opened["unit_id"]).lower()
        await api.post(f"ketoan.{unit}", "payout", f"/v1/awards/{award['id']}/verification")
        await api.post(f"ketoantruong.{unit}", "payout", f"/v1/awards/{award['id']}/approval")

    async def _open_stage(self, stage: str) -> Any:
        try:
            return await self._bed.api.get(WATCHER, "review", f"/v1/stages/{stage}")
        except Refused:
            return None

    async def _award(self, dossier_id: str, level: str) -> Any:
        page = await self._bed.api.get(WATCHER, "payout", "/v1/awards", dossier_id=dossier_id)
        return next((award for award in page["items"] if award["level"] == level), None)

    async def _mark(self, account: str, stage: str, opened: Any) -> None:
        own = (await self._bed.api.get(account, "review", f"/v1/stages/{stage}"))["sheets"][0]
        scores = {line["id"]: line["max_score"] for line in opened["rules"]["criteria"]}
        sheet = {"scores": scores, "vote": "APPROVE", "submit": True}
        await self._bed.api.put(account, "review", f"/v1/score-sheets/{own['id']}", sheet, f'"v{own["version"]}"')
