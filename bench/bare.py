"""The floor of the journey: a workflow with the same signals, timers, activities and children as ours, and empty bodies."""

from datetime import timedelta

from temporalio import activity, workflow

_FAR = timedelta(days=30)
_QUEUE = "bench-bare"
_CALL = workflow.ActivityConfig(task_queue=_QUEUE, start_to_close_timeout=timedelta(seconds=20))
LEVELS = 3


@activity.defn
async def nothing(name: str) -> str:
    """An activity with an empty body."""
    return name


@workflow.defn
class BarePayout:
    """Two activities, a timer that is not reached, the signal of the approval. (Payment is a batch for a unit, outside a case.)"""

    def __init__(self) -> None:
        self._words = 0

    @workflow.signal
    def word(self) -> None:
        """A fact."""
        self._words += 1

    @workflow.run
    async def run(self) -> None:
        """As PayoutWorkflow."""
        await workflow.execute_activity(nothing, "resolve", **_CALL)
        await workflow.execute_activity(nothing, "assess", **_CALL)
        await workflow.wait_condition(lambda: self._words >= 1, timeout=_FAR)


@workflow.defn
class BareJourney:
    """Three activities and a signal for the check; two activities, a timer and a signal a level, and a child with the money."""

    def __init__(self) -> None:
        self._words = 0

    @workflow.signal
    def word(self) -> None:
        """A fact."""
        self._words += 1

    @workflow.run
    async def run(self) -> None:
        """As InitiativeWorkflow."""
        for name in ("freeze", "resolve", "open check"):
            await workflow.execute_activity(nothing, name, **_CALL)
        await workflow.wait_condition(lambda: self._words >= 1, timeout=_FAR)
        for level in range(LEVELS):
            await workflow.execute_activity(nothing, "resolve", **_CALL)
            await workflow.execute_activity(nothing, "open", **_CALL)
            heard = level + 2
            await workflow.wait_condition(lambda: self._words >= heard, timeout=_FAR)  # noqa: B023 - awaited before the next turn
            await workflow.start_child_workflow(
                BarePayout.run, id=f"{workflow.info().workflow_id}:{level}", parent_close_policy=workflow.ParentClosePolicy.ABANDON
            )
        await workflow.execute_activity(nothing, "close", **_CALL)
