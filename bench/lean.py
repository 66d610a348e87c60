"""The floor of today's shape: a workflow with the same runs, signals, timers and activities as ours now has,
and empty bodies. (`bench/bare.py` keeps the shape that ours had before: each figure is told against both.)"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from bench.bare import LEVELS

_FAR = timedelta(days=30)
QUEUE = "bench-lean"
_ACTIVITY_QUEUES = ("bench-lean-intake", "bench-lean-review", "bench-lean-payout")
_INTAKE, _REVIEW, _PAYOUT = (
    workflow.ActivityConfig(task_queue=queue, start_to_close_timeout=timedelta(seconds=20))
    for queue in _ACTIVITY_QUEUES
)


class Lean:
    """Activities with empty bodies. `opened` lets the people of the floor wait, as ours do, until there is
    something to act on."""

    def __init__(self) -> None:
        self._opened: defaultdict[tuple[str, str], asyncio.Event] = defaultdict(asyncio.Event)

    async def opened(self, workflow_id: str, name: str) -> None:
        """Returns once this activity of this workflow has run."""
        await self._opened[workflow_id, name].wait()

    @activity.defn(name="lean_nothing")
    async def nothing(self, name: str) -> str:
        """An activity with an empty body."""
        self._opened[activity.info().workflow_id or "", name].set()
        return name


@dataclass(frozen=True, slots=True, kw_only=True)
class LeanStart:
    """What a run begins with: the level that is open (0 before the check has ended), the levels whose award
    is to be assessed, and how many awards wait."""

    level: int = 0
    owed: int = 0
    waiting: int = 0


@workflow.defn
class LeanJourney:
    """A signal for the check; an activity, a timer and a signal a level, in a run of its own; an activity, a
    timer and a signal an award, beside them."""

    @workflow.init
    def __init__(self, start: LeanStart) -> None:
        self._decided = 0
        self._approved = 0
        self._accepted = start.level > 0

    @workflow.signal
    def accepted(self) -> None:
        """The check has ended."""
        self._accepted = True

    @workflow.signal
    def decided(self) -> None:
        """The level has spoken."""
        self._decided += 1

    @workflow.signal
    def approved(self) -> None:
        """An award is approved."""
        self._approved += 1

    @workflow.run
    async def run(self, start: LeanStart) -> None:
        """As InitiativeWorkflow."""
        awards = [asyncio.create_task(self._await_approval(number)) for number in range(start.waiting)]
        if start.owed:
            awards.append(asyncio.create_task(self._assess(start.level - 1, len(awards))))
        if not start.level:
            await workflow.wait_condition(lambda: self._accepted, timeout=_FAR)
            await workflow.execute_activity_method(Lean.nothing, "open 0", **_REVIEW)
        await workflow.wait_condition(lambda: self._decided > 0, timeout=_FAR)
        level = max(start.level, 1)
        if level < LEVELS:
            await workflow.execute_activity_method(Lean.nothing, f"open {level}", **_REVIEW)
            waiting = sum(not award.done() for award in awards)
            workflow.continue_as_new(LeanStart(level=level + 1, owed=1, waiting=waiting))
        await workflow.execute_activity_method(Lean.nothing, "close", **_INTAKE)
        awards.append(asyncio.create_task(self._assess(level, len(awards))))
        await asyncio.gather(*awards)

    async def _assess(self, level: int, number: int) -> None:
        await workflow.execute_activity_method(Lean.nothing, f"assess {level}", **_PAYOUT)
        await self._await_approval(number)

    async def _await_approval(self, number: int) -> None:
        """Each word of this run is the approval of one award, in their order."""
        await workflow.wait_condition(lambda: self._approved > number, timeout=_FAR)


@asynccontextmanager
async def lean_workers(client: Client) -> AsyncIterator[Lean]:
    """The floor's workers: one of workflows, without a sandbox as ours, and one for each owner."""
    lean = Lean()
    async with AsyncExitStack() as stack:
        worker = Worker(
            client, task_queue=QUEUE, workflows=[LeanJourney], workflow_runner=UnsandboxedWorkflowRunner()
        )
        await stack.enter_async_context(worker)
        for queue in _ACTIVITY_QUEUES:
            await stack.enter_async_context(Worker(client, task_queue=queue, activities=[lean.nothing]))
        yield lean
