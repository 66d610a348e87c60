"""What must not be of the runs at Temporal, seen from the rows of the dossiers."""

from collections.abc import Mapping
from typing import Any, Final

from temporalio.client import Client, WorkflowExecutionStatus

CASE_STUCK: Final = "the run of a case did not end"
_ENDED = (WorkflowExecutionStatus.COMPLETED, WorkflowExecutionStatus.CONTINUED_AS_NEW)


async def check_workflows(address: str, filed: Mapping[str, bool], *, was_restored: bool) -> list[str]:
    """Exactly one workflow a filed dossier (by id: whether it is closed and its money judged), which has gone
    from run to run and is completed then."""
    client = await Client.connect(address)
    runs: dict[str, list[Any]] = {}
    replaced = {WorkflowExecutionStatus.TERMINATED} if was_restored else set()
    passed = replaced | {WorkflowExecutionStatus.CONTINUED_AS_NEW}
    async for run in client.list_workflows("WorkflowType = 'InitiativeWorkflow'"):
        if run.status not in passed:
            runs.setdefault(run.id, []).append(run.status)
    wrong = []
    for dossier_id, ended in filed.items():
        expected = WorkflowExecutionStatus.COMPLETED if ended else WorkflowExecutionStatus.RUNNING
        statuses = runs.pop(f"initiative:{dossier_id}", [])
        if was_restored and ended and not statuses:
            continue
        if len(statuses) != 1:
            wrong.append(f"a filed dossier has {len(statuses)} workflows: {dossier_id}")
        elif statuses[0] is not expected:
            wrong.append(
                f"the workflow of a {'closed' if ended else 'running'} dossier is "
                f"{statuses[0].name if statuses[0] else '?'}: {dossier_id}"
            )
    wrong += [f"a workflow belongs to no filed dossier: {run}" for run in runs]
    wrong += [
        f"{CASE_STUCK}: {run.id}"
        async for run in client.list_workflows("WorkflowType = 'CaseWorkflow'")
        if run.status not in {*_ENDED, *replaced}
    ]
    return wrong
