"""Every kind of process tells what it measures, on one address each: no id, no name, and few values of every
label."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from uuid import uuid4

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample
from temporalio.client import Client

from services.review.app import SERVICE
from tests.conftest import Cluster, ServiceOpener, free_port
from tests.notice_cases import eventually
from tests.store.test_kit_probes import Running, process_running, service_running
from tests.store.test_kit_relay import client as client  # noqa: PLC0414 - the fixture

AN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}|[0-9a-f]{32}")
ONE = "00000000-0000-4000-8000-000000000001"
MOST_SERIES_OF_A_FAMILY = 500


async def scraped(http: httpx.AsyncClient) -> Mapping[str, Sequence[Sample]]:
    """What the part tells, by family; each is told once."""
    answer = await http.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = list(text_string_to_metric_families(answer.text))
    names = [family.name for family in families]
    assert len(names) == len(set(names)), "a family is told twice"
    return {family.name: family.samples for family in families}


def _tells_nobodys(found: Mapping[str, Sequence[Sample]]) -> None:
    for name, samples in found.items():
        assert len(samples) <= MOST_SERIES_OF_A_FAMILY, name
        for sample in samples:
            assert not any(AN_ID.search(value) for value in sample.labels.values()), sample


@pytest.mark.parametrize("parts", ["api", "activities", "relay"])
async def test_each_part_of_a_service_tells_what_it_measures(
    postgres: Cluster, client: Client, parts: str
) -> None:
    dsn = postgres.url(await postgres.fresh(), "review")
    async with service_running(dsn, parts, client.service_client.config.target_host) as part:
        await eventually(part.ready, 90)
        await asyncio.sleep(1)
        found = await scraped(part.http)
        _tells_nobodys(found)
        pools = {sample.labels["pool"] for sample in found["sangkien_pool_connections_max"]}
        assert pools == {"requests", "activities", "jobs"}
        assert found["process_resident_memory_bytes"][0].value > 10_000_000
        assert bool(found["sangkien_leads"]) == (parts == "relay")
        assert ("temporal_request" in found) == (parts != "api")
        assert ("temporal_worker_task_slots_available" in found) == (parts == "activities")
        assert ("sangkien_tasks_open" in found) == (parts == "api")


async def _leads(part: Running) -> float | None:
    """Whether it leads as relay; None while it says nothing of it."""
    if not await part.ready():
        return None
    found = (await scraped(part.http))["sangkien_leads"]
    return next((sample.value for sample in found if sample.labels["work"] == "relay"), None)


async def test_who_leads_says_so_and_so_does_who_stands_by(postgres: Cluster, client: Client) -> None:
    dsn, address = postgres.url(await postgres.fresh(), "review"), client.service_client.config.target_host
    async with service_running(dsn, "relay", address) as first:

        async def first_leads() -> bool:
            return await _leads(first) == 1

        await eventually(first_leads, 90)
        async with service_running(dsn, "relay", address) as second:

            async def second_stands_by() -> bool:
                return await _leads(second) == 0

            async def second_leads() -> bool:
                return await _leads(second) == 1

            await eventually(second_stands_by, 90)
            first.process.kill()
            await eventually(second_leads, 90)


async def test_requests_are_measured_by_the_template_of_their_route(postgres: Cluster) -> None:
    dsn = postgres.url(await postgres.fresh(), "review")
    async with service_running(dsn, "api", "127.0.0.1:1") as review:
        await eventually(review.ready, 90)
        for path in (f"/v1/stages/{ONE}", f"/nowhere/{ONE}", "/openapi.json", "/livez", "/metrics"):
            await review.http.get(path)
        await review.http.patch("/v1/tasks")
        found = await scraped(review.http)
        counted = {
            (sample.labels["method"], sample.labels["route"], sample.labels["status"])
            for sample in found["sangkien_request_duration_seconds"]
            if sample.name.endswith("_count")
        }
        assert counted == {
            ("GET", "other", "401"),
            ("GET", "other", "404"),
            ("GET", "other", "200"),
            ("PATCH", "other", "401"),
        }
        _tells_nobodys(found)


async def test_the_worker_tells_what_temporals_engine_measures(client: Client) -> None:
    async with process_running(
        "processes.worker", TEMPORAL_ADDRESS=client.service_client.config.target_host
    ) as worker:
        await eventually(worker.ready, 90)
        await asyncio.sleep(1)
        found = await scraped(worker.http)
        _tells_nobodys(found)
        assert "temporal_num_pollers" in found
        queues = {sample.labels.get("task_queue") for samples in found.values() for sample in samples}
        assert queues <= {None, "workflows"}


async def test_services_of_one_process_tell_what_is_common_once(postgres: Cluster, client: Client) -> None:
    """Memory and Temporal's engine belong to the process: summed over addresses they must not count twice."""
    admin_url, port = await postgres.fresh(), free_port()
    environment = {
        "OIDC_ISSUER": "http://issuer.test",
        "TEMPORAL_ADDRESS": client.service_client.config.target_host,
        "REVIEW_DATABASE_URL": postgres.url(admin_url, "review"),
        "PAYOUT_DATABASE_URL": postgres.url(admin_url, "payout"),
        "PAYOUT_HTTP_PORT": str(port),
    }
    async with (
        process_running("processes.service", "review", "payout", **environment) as review,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as payout,
    ):

        async def both_ready() -> bool:
            return await review.ready() and (await payout.get("/readyz")).status_code == 200

        await eventually(both_ready, 90)
        assert "process_resident_memory_bytes" in await scraped(review.http)
        found = await scraped(payout)
        assert "sangkien_pool_connections" in found
        assert not [name for name in found if name.startswith(("process_", "python_", "temporal_"))]


async def test_what_a_route_answers_is_measured_under_its_whole_template(open_service: ServiceOpener) -> None:
    async with open_service(SERVICE) as service:
        someone = service.headers(uuid4())
        await service.http.get(f"/v1/stages/{ONE}", headers=someone)
        await service.http.get("/v1/tasks?actions=true", headers=someone)
        await service.http.get("/v1/tasks", headers=someone | {"Accept": "text/csv"})
        found = await scraped(service.http)
        routes = {sample.labels["route"] for sample in found["sangkien_request_duration_seconds"]}
        assert routes == {"/v1/stages/{stage_id}", "/v1/tasks"}
        _tells_nobodys(found)


async def test_what_is_measured_is_told_without_a_database_too(
    open_service: ServiceOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_service(SERVICE) as service:
        assert (await scraped(service.http))["sangkien_ready"][0].value == 1

        async def away(_: object) -> None:
            raise ConnectionRefusedError

        monkeypatch.setattr("casework.routes.metrics._KEPT_SECONDS", -1.0)
        monkeypatch.setattr("casework.routes.metrics.figures", away)
        found = await scraped(service.http)
        assert found["sangkien_ready"][0].value == 0
        assert "sangkien_pool_connections" in found
        assert "sangkien_tasks_open" not in found
