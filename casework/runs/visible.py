"""What Temporal shows of runs: which ended otherwise than they should, and which fail their task again and
again. Asked in bounded pages; a server that does not know the question answers nothing."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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
_ANSWERS_WITHIN: Final = timedelta(seconds=5)
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStands:
    """How the newest run stands: `ended` is how, if it has; UNKNOWN where the server knows none. `fails`: its
    task, again and again."""

    ended: str | None
    ended_badly: bool
    fails: bool = False


async def how_it_stands(client: Client, workflow_id: str) -> RunStands:
    """Asked by its id, for lists of the server come late."""
    try:
        described = await client.get_workflow_handle(workflow_id).describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return RunStands(ended="UNKNOWN", ended_badly=True)
    status, raw = described.status, described.raw_description
    if status and status is not WorkflowExecutionStatus.RUNNING:
        return RunStands(ended=status.name, ended_badly=status in ENDED_BADLY)
    fails = raw.HasField("pending_workflow_task") and raw.pending_workflow_task.attempt >= STUBBORN_TASK
    return RunStands(ended=None, ended_badly=False, fails=fails)


async def running(client: Client, workflow: str) -> AsyncIterator[list[str]]:
    """The ids of runs of this type that go on, in pages; the server's list comes some seconds late."""
    query = f"WorkflowType = '{workflow}' AND ExecutionStatus = 'Running'"
    page: list[str] = []
    async for run in client.list_workflows(query, page_size=MOST_SHOWN):
        page.append(run.id)
        if len(page) == MOST_SHOWN:
            yield page
            page = []
    yield page


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBegan:
    """Since when a run has gone on, over all that it was continued as; None where it does not go on any
    more."""

    began_at: datetime | None


async def since_when(client: Client, workflow_id: str) -> RunBegan | None:
    """Of the newest run; None where the server knows none."""
    try:
        newest = await client.get_workflow_handle(workflow_id).describe(rpc_timeout=_ANSWERS_WITHIN)
        if newest.status is not WorkflowExecutionStatus.RUNNING:
            return RunBegan(began_at=None)
        first_id = newest.raw_description.workflow_execution_info.first_run_id
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return None
    try:
        handle = client.get_workflow_handle(workflow_id, run_id=first_id or None)
        first = await handle.describe(rpc_timeout=_ANSWERS_WITHIN)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        # It ended, was continued and is forgotten: longer ago than anything is restored from.
        return RunBegan(began_at=_LONG_AGO)
    return RunBegan(began_at=first.start_time)


async def going_on(client: Client, workflow_ids: Iterable[str]) -> list[str]:
    """Those of these whose newest run goes on, or ended well."""
    return [one for one in workflow_ids if not (await how_it_stands(client, one)).ended_badly]
