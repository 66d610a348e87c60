"""Runs of cases that lie in no dossier, and the paths of them whose histories are committed."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from temporalio.client import WorkflowExecutionStatus, WorkflowHandle

from language.cases import CaseType
from language.deadline.arithmetic import build_clock
from language.deadline.clock import StageClock
from language.ids import EventId, PersonId, UnitId
from language.messages.case import CaseEnded, StartCase
from language.names import TaskQueue, case_workflow_id
from language.posts.kinds import PostKind
from tests.workflows.cases import CALENDAR, LADDER, working_days
from tests.workflows.world import Watched, World
from workflows.case import CaseWorkflow

PAYEE = PersonId(uuid4())


@dataclass
class CaseRun:
    """A payment list whose clock is moved by hand."""

    world: World
    about_id: UUID
    clock: StageClock
    watched: Watched

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        """The run."""
        return self.watched.handle

    @property
    def climbed(self) -> list[str]:
        """The rungs that its owner was asked for."""
        return self.world.office.climbed.get(self.about_id, [])

    async def end(self) -> None:
        """Somebody acted: the owner's word, and the end of the run."""
        ended = CaseEnded(event_id=EventId(uuid4()), about_id=self.about_id)
        await self.watched.handle.signal(CaseWorkflow.case_ended, ended)
        await asyncio.wait_for(self.watched.handle.result(), 30)

    async def status(self) -> WorkflowExecutionStatus | None:
        """Where the run is."""
        return (await self.watched.handle.describe()).status


async def start_case(world: World) -> CaseRun:
    """A list is made."""
    about_id = uuid4()
    clock = build_clock(datetime.now(UTC), working_days(10), LADDER, CALENDAR)
    start = StartCase(
        event_id=EventId(uuid4()),
        owner=TaskQueue.PAYOUT,
        case=CaseType.PAYMENT_LIST,
        about_id=about_id,
        unit_id=UnitId(uuid4()),
        posts=(PostKind.CHIEF_ACCOUNTANT,),
        excluded=(PAYEE,),
        clock=clock,
    )
    with world.env.with_time_skipping_disabled():
        handle = await world.env.client.start_workflow(
            CaseWorkflow.run,
            start,
            id=case_workflow_id(CaseType.PAYMENT_LIST, about_id),
            task_queue=TaskQueue.WORKFLOWS,
        )
    watched = Watched(world.env, handle)
    await watched.settle()
    return CaseRun(world=world, about_id=about_id, clock=clock, watched=watched)


async def case_in_time(world: World) -> CaseRun:
    """Somebody acts before the first rung."""
    run = await start_case(world)
    await run.end()
    return run


async def case_nobody_acts(world: World) -> CaseRun:
    """Every rung is climbed, and only then somebody acts."""
    run = await start_case(world)
    for rung in run.clock.rungs:
        await run.watched.until(rung.at)
    await run.end()
    return run


CASE_RUNS: Mapping[str, Callable[[World], Awaitable[CaseRun]]] = MappingProxyType(
    {"case_in_time": case_in_time, "case_nobody_acts": case_nobody_acts}
)
