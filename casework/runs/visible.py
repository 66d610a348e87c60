"""What Temporal shows of runs: which ended otherwise than they should, and which fail their task again and
again. Asked in bounded pages; a server that does not know the question answers nothing."""

from collections.abc import Iterable
from typing import Final

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

MOST_SHOWN: Final = 500
"""The newest of a kind in one look."""
STUBBORN_TASK: Final = 3
"""From so many attempts on a task of a run does not go through by itself."""
ENDED_BADLY: Final = frozenset(
    {WorkflowExecutionStatus.FAILED, WorkflowExecutionStatus.TERMINATED, WorkflowExecutionStatus.TIMED_OUT}
)
_ENDED: Final = "WorkflowType = '{workflow}' AND ExecutionStatus IN ('Failed', 'Terminated', 'TimedOut')"
_FAILING: Final = (
    "WorkflowType = '{workflow}' AND ExecutionStatus = 'Running' AND TemporalReportedProblems IN "
    "('category=WorkflowTaskFailed', 'category=WorkflowTaskTimedOut')"
)


async def ended_badly(client: Client, workflow: str) -> list[str]:
    """The ids of runs of this type of which one failed, was terminated or timed out, newest first."""
    return await _ids(client, _ENDED.format(workflow=workflow))


async def failing(client: Client, workflow: str) -> list[str]:
    """The ids of runs of this type whose task fails again and again, as the server has marked them."""
    try:
        return await _ids(client, _FAILING.format(workflow=workflow))
    except RPCError as error:
        if error.status is not RPCStatusCode.INVALID_ARGUMENT:
            raise
        # A server from before it marked them: `how_it_stands` finds those with an overdue step.
        return []


async def _ids(client: Client, query: str) -> list[str]:
    found = client.list_workflows(query, limit=MOST_SHOWN, page_size=MOST_SHOWN)
    return list(dict.fromkeys([run.id async for run in found]))


async def how_it_stands(client: Client, workflow_id: str) -> tuple[bool, str | None]:
    """Whether the newest run goes on, or ended well; else what is the matter: how it ended, that no run is
    known, or that it fails its task."""
    try:
        described = await client.get_workflow_handle(workflow_id).describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return False, "UNKNOWN"
    if described.status in ENDED_BADLY:
        return False, described.status.name
    raw = described.raw_description
    stubborn = raw.HasField("pending_workflow_task") and raw.pending_workflow_task.attempt >= STUBBORN_TASK
    return True, "TASK_FAILS" if stubborn else None


async def going_on(client: Client, workflow_ids: Iterable[str]) -> list[str]:
    """Those of these whose newest run goes on, or ended well."""
    return [one for one in workflow_ids if (await how_it_stands(client, one))[0]]
