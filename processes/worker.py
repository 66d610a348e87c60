"""`python -m processes.worker`: the process that runs the journeys. The composition root of this package."""

import structlog
import uvloop
from fastapi import FastAPI
from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, UnsandboxedWorkflowRunner, Worker, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from kit.service import run_until_stopped, serve_http
from kit.settings import ProcessSettings, settings_of
from kit.telemetry import set_up_logging
from kit.temporal import GRACE, build_of, connect, is_healthy, keep_ended_runs, register_search_attributes
from language.names import TaskQueue
from language.refusals import Refusal
from processes.starting import refusals_told
from workflows.case import CaseWorkflow
from workflows.initiative import InitiativeWorkflow
from workflows.transition import TransitionWorkflow

log = structlog.get_logger()

WORKFLOWS = (InitiativeWorkflow, CaseWorkflow, TransitionWorkflow)
_SHARED_MODULES = (
    "language",
    *(
        f"workflows.{name}"
        for name in ("calls", "facts", "ladder", "changing", "formal_check", "stage", "awards")
    ),
)


class WorkerAway(Refusal):
    """The worker has lost its server."""

    status = 503
    vi = "Bộ xử lý quy trình chưa kết nối được Temporal."
    en = "The workflow worker cannot reach Temporal."


def sandbox() -> SandboxedWorkflowRunner:
    """The sandbox around the modules of the workflow classes. All others hold no state and pass through:
    loading them anew doubles a run's cost."""
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*_SHARED_MODULES)
    return SandboxedWorkflowRunner(restrictions=restrictions)


def workflow_worker(
    client: Client,
    task_queue: str = TaskQueue.WORKFLOWS,
    build_id: str = "development",
    runner: WorkflowRunner | None = None,
) -> Worker:
    """The worker of all workflow types. The tests run it in the sandbox, which finds what a replay would read
    differently; in operation it would only cost, a third of the worker's time and half of a cold replay."""
    return Worker(
        client,
        task_queue=task_queue,
        workflows=WORKFLOWS,
        workflow_runner=runner or UnsandboxedWorkflowRunner(),
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        graceful_shutdown_timeout=GRACE,
        deployment_config=build_of(task_queue, build_id),
    )


async def _run_worker(client: Client, settings: ProcessSettings) -> None:
    await register_search_attributes(client)
    if settings.temporal_retention_days:
        await keep_ended_runs(client, settings.temporal_retention_days)
    await workflow_worker(client, build_id=settings.build_id).run()


async def run() -> None:
    """Connect, register what is missing, work until told to stop."""
    settings = settings_of(ProcessSettings, "workflows")
    set_up_logging("workflows", settings.log_level)
    client = await connect(settings)
    app = FastAPI(openapi_url=None)

    @app.get("/health")
    async def health() -> dict[str, str]:
        """Connected to a server that answers."""
        if not await is_healthy(client):
            raise WorkerAway
        return {"service": "workflows", "status": "ok"}

    await run_until_stopped(
        [_run_worker(client, settings), serve_http(app, settings.http_host, settings.http_port)]
    )


if __name__ == "__main__":
    with refusals_told():
        uvloop.run(run())
