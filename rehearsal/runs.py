"""The check of the runs in Temporal against what the databases say of dossiers and awards."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from temporalio.client import Client, WorkflowExecutionStatus

from language.names import CASE_WORKFLOW, INITIATIVE_WORKFLOW, PAYOUT_WORKFLOW

PAYOUT_STUCK: Final = "a payout did not end: its award waits for people"
PAYOUT_NOT_ENDED: Final = "the run of a payout did not end"
CASE_STUCK: Final = "the run of a case did not end"


def payout_violation(run: str, status: WorkflowExecutionStatus | None, unsettled: Collection[str]) -> str:
    """What is wrong with a payout's run that is not completed. The rules leave one open that runs while its
    award waits; of any other the end, or the word of it, is on its way, or never comes."""
    waits = status is WorkflowExecutionStatus.RUNNING and run in unsettled
    return f"{PAYOUT_STUCK if waits else PAYOUT_NOT_ENDED}: {run}"


async def _unended(client: Client, kind: str) -> dict[str, WorkflowExecutionStatus | None]:
    return {
        run.id: run.status
        async for run in client.list_workflows(f"WorkflowType = '{kind}'")
        if run.status is not WorkflowExecutionStatus.COMPLETED
    }


async def check_runs(address: str, filed: Mapping[str, bool], unsettled: Collection[str]) -> list[str]:
    """Exactly one workflow a filed dossier (by id: whether it is closed), completed with it; no payout and no
    other case runs on."""
    client = await Client.connect(address)
    runs: dict[str, list[Any]] = {}
    async for run in client.list_workflows(f"WorkflowType = '{INITIATIVE_WORKFLOW}'"):
        runs.setdefault(run.id, []).append(run.status)
    wrong = []
    for dossier_id, closed in filed.items():
        expected = WorkflowExecutionStatus.COMPLETED if closed else WorkflowExecutionStatus.RUNNING
        statuses = runs.pop(f"initiative:{dossier_id}", [])
        if len(statuses) != 1:
            wrong.append(f"a filed dossier has {len(statuses)} workflows: {dossier_id}")
        elif statuses[0] is not expected:
            wrong.append(
                f"the workflow of a {'closed' if closed else 'running'} dossier is "
                f"{statuses[0].name if statuses[0] else '?'}: {dossier_id}"
            )
    wrong += [f"a workflow belongs to no filed dossier: {run}" for run in runs]
    payouts = await _unended(client, PAYOUT_WORKFLOW)
    wrong += [payout_violation(run, status, unsettled) for run, status in payouts.items()]
    return wrong + [f"{CASE_STUCK}: {run}" for run in await _unended(client, CASE_WORKFLOW)]
