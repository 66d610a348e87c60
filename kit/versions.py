"""Versions of a worker side by side: which build of a deployment gets the work. A versioned worker gets none
until its build is made current, or work is ramped to it."""

import asyncio
from dataclasses import dataclass
from typing import Final

import structlog
from prometheus_client.core import GaugeMetricFamily
from temporalio.api.deployment.v1 import WorkerDeploymentInfo
from temporalio.api.enums.v1 import WorkerDeploymentVersionStatus
from temporalio.api.workflowservice.v1 import (
    DescribeWorkerDeploymentRequest,
    SetWorkerDeploymentCurrentVersionRequest,
    SetWorkerDeploymentRampingVersionRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from language.refusals import Refusal

log = structlog.get_logger()

_STATUS: Final = "WORKER_DEPLOYMENT_VERSION_STATUS_"
_LOOK_AGAIN_AFTER: Final = 0.5


class BuildUnknown(Refusal):
    """No worker of this build has ever asked for work."""

    status = 404
    vi = "Chưa có bộ chạy quy trình nào của bản dựng {build} thuộc {deployment}: hãy chạy nó trước."
    en = "No worker of the build {build} of {deployment} has ever been there: start it first."


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """A build that has been there, and what Temporal says of it: current, ramping, draining, drained or
    inactive."""

    name: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """Who gets the work. Where no build is current (`current` is empty), workers that are not versioned do.
    `ramping` gets `percent` of it."""

    current: str = ""
    ramping: str = ""
    percent: float = 0.0
    builds: tuple[Build, ...] = ()


async def routing_of(client: Client, deployment: str) -> Routing:
    """As it is now; of a deployment that has never been there: nobody."""
    request = DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=deployment)
    try:
        described = await client.workflow_service.describe_worker_deployment(request)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return Routing()
        raise
    return _routing(described.worker_deployment_info)


def _routing(info: WorkerDeploymentInfo) -> Routing:
    routes = info.routing_config
    return Routing(
        current=routes.current_deployment_version.build_id,
        ramping=routes.ramping_deployment_version.build_id,
        percent=routes.ramping_version_percentage,
        builds=tuple(
            Build(
                name=one.deployment_version.build_id,
                status=WorkerDeploymentVersionStatus.Name(one.status).removeprefix(_STATUS).lower(),
            )
            for one in info.version_summaries
        ),
    )


async def require_known(client: Client, deployment: str, build: str, wait_seconds: float) -> None:
    """A worker of this build has been there, or comes within so many seconds; else `BuildUnknown`."""
    loop = asyncio.get_running_loop()
    give_up_at = loop.time() + wait_seconds
    while build not in {one.name for one in (await routing_of(client, deployment)).builds}:
        if loop.time() >= give_up_at:
            raise BuildUnknown(build=build, deployment=deployment)
        await asyncio.sleep(_LOOK_AGAIN_AFTER)


async def make_current(client: Client, deployment: str, build: str) -> None:
    """All work goes to this build, also that of runs which began on another; with no build, to workers that
    are not versioned. Nothing ramps any more to a build that becomes current. Repeat-safe."""
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace,
        deployment_name=deployment,
        build_id=build,
        identity=client.identity,
        ignore_missing_task_queues=True,
    )
    await client.workflow_service.set_worker_deployment_current_version(request)


async def ramp(client: Client, deployment: str, build: str, percent: float) -> None:
    """So much of the work goes to this build, by workflow id: a run stays where it falls as long as the
    percentage does not change. With none (0) nothing ramps any more. Repeat-safe."""
    request = SetWorkerDeploymentRampingVersionRequest(
        namespace=client.namespace,
        deployment_name=deployment,
        build_id=build if percent else "",
        percentage=percent,
        identity=client.identity,
        ignore_missing_task_queues=True,
    )
    await client.workflow_service.set_worker_deployment_ramping_version(request)


def current_told(routing: Routing) -> GaugeMetricFamily:
    """Whether versioned workers get work at all, for whoever watches."""
    meaning = "1 where some build of the worker's deployment is current, 0 where its builds get no work."
    return GaugeMetricFamily("sangkien_deployment_has_current_build", meaning, value=bool(routing.current))


async def tell_if_idle(client: Client, deployment: str, build: str) -> None:
    """A line in the log where this build gets no work as things stand."""
    routing = await routing_of(client, deployment)
    if build not in {routing.current, routing.ramping}:
        advice = "Chưa nhận việc: xem processes.rollout (it gets no work until it is made current)."
        log.warning("worker.gets_no_work", deployment=deployment, build=build, advice=advice)
