"""The floor of the journey: a workflow with the same signals, timers, activities and children as ours, and
empty bodies."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker

_FAR = timedelta(days=30)
QUEUE = "bench-bare"
_ACTIVITY_QUEUES = ("bench-organisation", "bench-intake", "bench-review", "bench-payout")
"""Activities belong to their owners, as ours do: on queues of their own, so that none is handed out eagerly
with a workflow task."""
_ORGANISATION, _INTAKE, _REVIEW, _PAYOUT = (
    workflow.ActivityConfig(task_queue=queue, start_to_close_timeout=timedelta(seconds=20))
    for queue in _ACTIVITY_QUEUES
)
LEVELS = 3


class Bare:
    """Activities with empty bodies. `opened` lets the people of the floor wait, as ours do, until there is
    something to act on."""

    def __init__(self) -> None:
        self._opened: defaultdict[tuple[str, str], asyncio.Event] = defaultdict(asyncio.Event)

    async def opened(self, workflow_id: str, name: str) -> None:
        """Returns once this activity of this workflow has run."""
        await self._opened[workflow_id, name].wait()

    @activity.defn
    async def nothing(self, name: str) -> str:
        """An activity with an empty body."""
        self._opened[activity.info().workflow_id or "", name].set()
        return name


@workflow.defn
class BarePayout:
    """Two activities, a timer that is not reached, the signal of the approval. (Payment is a batch for a
    unit, outside a case.)"""

    def __init__(self) -> None:
        self._words = 0

    @workflow.signal
    def word(self) -> None:
        """A fact."""
        self._words += 1

    @workflow.run
    async def run(self) -> None:
        """As the child workflow of an award once was."""
        await workflow.execute_activity_method(Bare.nothing, "resolve", **_ORGANISATION)
        await workflow.execute_activity_method(Bare.nothing, "assess", **_PAYOUT)
        await workflow.wait_condition(lambda: self._words >= 1, timeout=_FAR)


@workflow.defn
class BareJourney:
    """Three activities and a signal for the check; two activities, a timer and a signal a level, and a child
    with the money."""

    def __init__(self) -> None:
        self._words = 0

    @workflow.signal
    def word(self) -> None:
        """A fact."""
        self._words += 1

    @workflow.run
    async def run(self) -> None:
        """As InitiativeWorkflow."""
        for name, owner in (("freeze", _ORGANISATION), ("resolve", _ORGANISATION), ("open check", _INTAKE)):
            await workflow.execute_activity_method(Bare.nothing, name, **owner)
        await workflow.wait_condition(lambda: self._words >= 1, timeout=_FAR)
        for level in range(LEVELS):
            await workflow.execute_activity_method(Bare.nothing, "resolve", **_ORGANISATION)
            await workflow.execute_activity_method(Bare.nothing, f"open {level}", **_REVIEW)
            heard = level + 2
            await workflow.wait_condition(lambda: self._words >= heard, timeout=_FAR)  # noqa: B023 - awaited before the next turn
            await workflow.start_child_workflow(
                BarePayout.run,
                id=f"{workflow.info().workflow_id}:{level}",
                parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            )
        await workflow.execute_activity_method(Bare.nothing, "close", **_INTAKE)


@asynccontextmanager
async def bare_workers(client: Client) -> AsyncIterator[Bare]:
    """The floor's workers: one of workflows, one of activities for each owner."""
    bare = Bare()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(Worker(client, task_queue=QUEUE, workflows=[BareJourney, BarePayout]))
        for queue in _ACTIVITY_QUEUES:
            await stack.enter_async_context(Worker(client, task_queue=queue, activities=[bare.nothing]))
        yield bare
