"""Processes that run a part of a service without its API answer whoever watches them, and nobody else."""

import asyncio
import base64
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, RegisterNamespaceRequest
from temporalio.client import Client

from kit.temporal import keep_ended_runs
from kit.versions import make_current, require_known
from language.names import SERVICES
from tests.conftest import Cluster, free_port
from tests.notice_cases import eventually
from tests.store.test_kit_relay import client as client  # noqa: PLC0414 - the fixture


@dataclass(frozen=True, slots=True)
class Running:
    """A process, and how one asks it."""

    process: asyncio.subprocess.Process
    http: httpx.AsyncClient

    async def line(self) -> bytes:
        """The next that it logs."""
        assert self.process.stderr
        said = await asyncio.wait_for(self.process.stderr.readline(), 60)
        assert said, "it has ended"
        return said

    async def alive(self) -> bool:
        return await _status(self.http, "/livez") == 200

    async def ready(self) -> bool:
        return await _status(self.http, "/readyz") == 200


@asynccontextmanager
async def process_running(*command: str, **environment: str) -> AsyncIterator[Running]:
    port = free_port()
    told = os.environ | environment | {"HTTP_PORT": str(port)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", *command, env=told, stderr=PIPE, stdout=PIPE
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            yield Running(process, http)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


@asynccontextmanager
async def service_running(dsn: str, parts: str, temporal: str) -> AsyncIterator[Running]:
    """These parts of the review."""
    environment = {
        "DATABASE_URL": dsn,
        "OIDC_ISSUER": "http://issuer.test",
        "TEMPORAL_ADDRESS": temporal,
        "RUN_PARTS": parts,
    }
    async with process_running("processes.service", "review", **environment) as running:
        yield running


async def _status(http: httpx.AsyncClient, path: str) -> int:
    try:
        return (await http.get(path)).status_code
    except httpx.TransportError:
        return 0


@pytest.mark.parametrize("parts", ["relay", "activities"])
async def test_a_part_without_the_api_says_whether_it_lives_and_is_ready(
    postgres: Cluster, client: Client, parts: str
) -> None:
    dsn = postgres.url(await postgres.fresh(), "review")
    async with service_running(dsn, parts, client.service_client.config.target_host) as part:
        http = part.http

        async def ready() -> bool:
            return await _status(http, "/readyz") == 200

        await eventually(ready, 30)
        assert await _status(http, "/livez") == await _status(http, "/health") == 200
        for path in ("/v1/tasks", "/v1/alarms", "/openapi.json", "/docs"):
            assert await _status(http, path) == 404


async def test_a_part_that_cannot_reach_temporal_lives_and_is_not_ready(postgres: Cluster) -> None:
    dsn = postgres.url(await postgres.fresh(), "review")
    async with service_running(dsn, "relay", f"127.0.0.1:{free_port()}") as part:
        http = part.http

        async def alive() -> bool:
            return await _status(http, "/livez") == 200

        async def without_temporal() -> bool:
            answer = await http.get("/readyz")
            return (answer.status_code, answer.json()["code"]) == (503, "TemporalAway")

        await eventually(alive, 30)
        await eventually(without_temporal, 30)


async def test_the_worker_waits_for_a_namespace_that_is_not_there_yet(client: Client) -> None:
    namespace = f"n{uuid4().hex}"
    address = client.service_client.config.target_host
    async with process_running(
        "processes.worker", TEMPORAL_ADDRESS=address, TEMPORAL_NAMESPACE=namespace
    ) as worker:
        await eventually(worker.alive, 30)
        assert (await worker.http.get("/readyz")).json()["code"] == "TemporalAway"
        new = RegisterNamespaceRequest(
            namespace=namespace, workflow_execution_retention_period=Duration(seconds=86_400)
        )
        await client.workflow_service.register_namespace(new)
        await eventually(worker.ready, 30)
        await asyncio.sleep(1)
        assert worker.process.returncode is None
        assert await ends(worker)


async def test_a_worker_whose_build_is_not_current_says_so(client: Client) -> None:
    deployment = f"d{uuid4().hex}"
    told = {
        "TEMPORAL_ADDRESS": client.service_client.config.target_host,
        "TEMPORAL_DEPLOYMENT_NAME": deployment,
        "TEMPORAL_WORKER_BUILD_ID": "next",
    }
    async with process_running("processes.worker", **told) as worker:
        while b"worker.gets_no_work" not in await worker.line():
            continue
        await eventually(worker.ready, 60)
        await require_known(client, deployment, "next", 60)
        told = "\nsangkien_deployment_has_current_build"
        assert f"{told} 0.0" in (await worker.http.get("/metrics")).text
        await make_current(client, deployment, "next")
        assert f"{told} 1.0" in (await worker.http.get("/metrics")).text
        assert await ends(worker)


async def test_what_waits_says_so_and_ends_at_once_when_it_is_told_to() -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    database = f"postgresql://x:x@{nowhere}/x"
    service = {
        "DATABASE_URL": database,
        "OIDC_ISSUER": "http://issuer.test",
        "TEMPORAL_ADDRESS": nowhere,
    }
    pages = {
        "DATABASE_URL": database,
        "PUBLIC_ADDRESS": "http://127.0.0.1:1",
        "SERVICES": " ".join(f"{name}=http://127.0.0.1:1" for name in SERVICES),
        "OIDC_ISSUER": "http://issuer.test",
        "SESSION_KEYS": f"a:{base64.b64encode(bytes(32)).decode()}",
    }
    async with (
        process_running("processes.worker", TEMPORAL_ADDRESS=nowhere) as worker,
        process_running("processes.service", "review", **service) as review,
        process_running("processes.portal", **pages) as portal,
    ):
        for one in (worker, review, portal):
            while b"waiting" not in await one.line():
                continue
            await eventually(one.alive, 30)
            assert (await one.http.get("/readyz")).status_code == 503
            assert (await one.http.get("/v1/tasks")).status_code in {503, 404}
            assert await ends(one)


async def ends(running: Running) -> bool:
    """SIGTERM, and it is over by itself: with 0, not by the signal, which the first process of a container
    would not even get."""
    running.process.terminate()
    return await asyncio.wait_for(running.process.wait(), 10) == 0


async def test_ended_runs_stay_to_be_seen_for_a_season(client: Client) -> None:
    await keep_ended_runs(client, 400)
    described = await client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace=client.namespace)
    )
    assert described.config.workflow_execution_retention_ttl.seconds == 400 * 86_400
