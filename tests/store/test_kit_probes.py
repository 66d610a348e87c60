"""Processes that run a part of a service without its API answer whoever watches them, and nobody else."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from kit.temporal import keep_ended_runs
from tests.conftest import Cluster, free_port
from tests.notice_cases import eventually
from tests.store.test_kit_relay import client as client  # noqa: PLC0414 - the fixture


@asynccontextmanager
async def _process(dsn: str, parts: str, temporal: str) -> AsyncIterator[httpx.AsyncClient]:
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": dsn,
        "HTTP_PORT": str(port),
        "OIDC_ISSUER": "http://issuer.test",
        "TEMPORAL_ADDRESS": temporal,
        "RUN_PARTS": parts,
    }
    command = (sys.executable, "-P", "-m", "processes.service", "review")
    process = await asyncio.create_subprocess_exec(*command, env=environment)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            yield http
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


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
    async with _process(dsn, parts, client.service_client.config.target_host) as http:

        async def ready() -> bool:
            return await _status(http, "/readyz") == 200

        await eventually(ready, 30)
        assert await _status(http, "/livez") == await _status(http, "/health") == 200
        for path in ("/v1/tasks", "/v1/alarms", "/openapi.json", "/docs"):
            assert await _status(http, path) == 404


async def test_a_part_that_cannot_reach_temporal_lives_and_is_not_ready(postgres: Cluster) -> None:
    dsn = postgres.url(await postgres.fresh(), "review")
    async with _process(dsn, "relay", f"127.0.0.1:{free_port()}") as http:

        async def alive() -> bool:
            return await _status(http, "/livez") == 200

        await eventually(alive, 30)
        answer = await http.get("/readyz")
        assert (answer.status_code, answer.json()["code"]) == (503, "TemporalAway")


async def test_ended_runs_stay_to_be_seen_for_a_season(client: Client) -> None:
    await keep_ended_runs(client, 400)
    described = await client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace=client.namespace)
    )
    assert described.config.workflow_execution_retention_ttl.seconds == 400 * 86_400
