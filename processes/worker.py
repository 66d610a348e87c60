"""`python -m processes.worker`: the process that runs the journeys. The composition root of this package."""

from datetime import timedelta

import uvloop
from prometheus_client import Metric
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import PollerBehaviorAutoscaling, UnsandboxedWorkflowRunner, Worker, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from kit.http.probes import Readiness, TemporalAway, probe_app
from kit.metrics import Meters
from kit.service import run_until_stopped, serve_http
from kit.settings import WorkerSettings, settings_of
from kit.telemetry import set_up_logging
from kit.temporal import (
    GRACE,
    build_of,
    connect,
    keep_ended_runs,
    register_search_attributes,
    version_of,
)
from kit.temporal_tls import until_renewed
from kit.tracing import set_up_tracing
from kit.versions import current_told, routing_of, tell_if_idle
from language.names import TaskQueue
from processes.starting import refusals_told
from workflows.case import CaseWorkflow
from workflows.initiative import InitiativeWorkflow
from workflows.transition import TransitionWorkflow

_NAME = "workflows"
MISSED_AFTER = timedelta(seconds=3)
"""How long the next step of a run waits for the worker that has the run in its memory, before any other takes
it and replays it. After the sudden end of a worker each of its runs loses so much, once; what is shorter than
a busy worker's backlog costs replays just when there is most to do."""
WORKFLOWS = (InitiativeWorkflow, CaseWorkflow, TransitionWorkflow)
_SHARED_MODULES = (
    "language",
    *(
        f"workflows.{name}"
        for name in ("calls", "facts", "ladder", "changing", "formal_check", "stage", "awards")
    ),
)


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
    deployment: str = "",
) -> Worker:
    """The worker of all workflow types; with a deployment it is a versioned one. The tests run it in the
    sandbox, which finds what a replay would read differently; in operation it would only cost, a third of the
    worker's time and half of a cold replay."""
    return Worker(
        client,
        task_queue=task_queue,
        workflows=WORKFLOWS,
        workflow_runner=runner or UnsandboxedWorkflowRunner(),
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        graceful_shutdown_timeout=GRACE,
        sticky_queue_schedule_to_start_timeout=MISSED_AFTER,
        deployment_config=version_of(deployment, build_id) if deployment else build_of(task_queue, build_id),
    )


async def _work(settings: WorkerSettings, readiness: Readiness) -> None:
    client = await connect(settings)
    await register_search_attributes(client)
    readiness.client = client
    if settings.temporal_retention_days:
        await keep_ended_runs(client, settings.temporal_retention_days)
    if settings.temporal_deployment_name:
        await tell_if_idle(client, settings.temporal_deployment_name, settings.build)
    worker = workflow_worker(client, build_id=settings.build, deployment=settings.temporal_deployment_name)
    await worker.run()


async def _routing_told(readiness: Readiness, deployment: str) -> list[Metric]:
    if readiness.client is None:
        raise TemporalAway
    try:
        return [current_told(await routing_of(readiness.client, deployment))]
    except RPCError as error:
        raise TemporalAway from error


async def run() -> None:
    """Connect, register what is missing, work until told to stop, which may be before there is a server."""
    settings = settings_of(WorkerSettings, _NAME)
    set_up_logging(_NAME, settings.log_level)
    set_up_tracing(_NAME)
    readiness = Readiness(database=None, needs_temporal=True)
    deployment = settings.temporal_deployment_name

    async def who_gets_work() -> list[Metric]:
        return await _routing_told(readiness, deployment) if deployment else []

    probes = probe_app(_NAME, readiness, Meters(whole_process=True), who_gets_work)
    serving = serve_http(probes, settings.http_host, settings.http_port)
    await run_until_stopped([_work(settings, readiness), serving, until_renewed(settings, _NAME)])


if __name__ == "__main__":
    with refusals_told():
        uvloop.run(run())
