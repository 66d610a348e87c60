"""The whole way, for real: a part is scraped, a rule fires, Alertmanager calls whoever is to be woken."""

import asyncio
from asyncio.subprocess import DEVNULL, STDOUT, create_subprocess_exec
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import orjson
import yaml
from starlette.requests import Request
from starlette.responses import Response

from kit.service import serve_http
from tests.conftest import Cluster, as_admin, free_port
from tests.notice_cases import eventually
from tests.store.test_kit_probes import service_running
from tests.store.watching_programs import command_of, programs

DEPLOY = Path(__file__).parents[2] / "deploy"
STUCK = """
insert into review.outbox (event_id, workflow_id, action, name, payload, trouble, given_up_at)
values (gen_random_uuid(), 'x', 'SIGNAL', 'x', '{}', 'RUN_FAILED', now())
"""


@asynccontextmanager
async def _pager(calls: list[Mapping[str, Any]]) -> AsyncIterator[str]:
    """Where Alertmanager calls."""

    async def take(scope: Any, receive: Any, send: Any) -> None:
        calls.append(orjson.loads(await Request(scope, receive).body()))
        await Response()(scope, receive, send)

    port = free_port()
    serving = asyncio.create_task(serve_http(take, "127.0.0.1", port))
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


@asynccontextmanager
async def _program(name: str, *options: str) -> AsyncIterator[None]:
    command = await asyncio.to_thread(command_of, name)
    process = await create_subprocess_exec(*command, *options, stdout=DEVNULL, stderr=STDOUT)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _prometheus(folder: Path, part: str, manager: str) -> Path:
    """Our own configuration and rules, with the addresses and the patience of a test."""
    config = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text("utf-8"))
    config["global"] = {"scrape_interval": "5s", "evaluation_interval": "1s", "scrape_timeout": "5s"}
    config["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] = [manager]
    targets = [{"targets": [part], "labels": {"service": "review", "part": "api"}}]
    (folder / "targets").mkdir()
    (folder / "targets" / "containers.yml").write_text(yaml.safe_dump(targets), encoding="utf-8")
    rules = yaml.safe_load((DEPLOY / "prometheus" / "rules.yml").read_text("utf-8"))
    for group in rules["groups"]:
        for rule in group["rules"]:
            rule["for"] = "1s"
    (folder / "rules.yml").write_text(yaml.safe_dump(rules), encoding="utf-8")
    file = folder / "prometheus.yml"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    return file


def _alertmanager(folder: Path, pager: str) -> Path:
    config = yaml.safe_load((DEPLOY / "alertmanager" / "alertmanager.yml").read_text("utf-8"))
    config["receivers"][0]["webhook_configs"][0]["url"] = pager
    for route in (config["route"], *config["route"]["routes"]):
        route["group_wait"] = "1s"
    file = folder / "alertmanager.yml"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    return file


async def test_what_does_not_arrive_wakes_somebody(postgres: Cluster, tmp_path: Path) -> None:
    programs()
    calls: list[Mapping[str, Any]] = []
    admin_url = await postgres.fresh()
    async with AsyncExitStack() as stack:
        pager = await stack.enter_async_context(_pager(calls))
        dsn = postgres.url(admin_url, "review")
        part = await stack.enter_async_context(service_running(dsn, "api", "127.0.0.1:1"))
        await eventually(part.ready, 90)
        manager, own = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
        config = _alertmanager(tmp_path, pager)
        alone = ("--cluster.listen-address=", f"--storage.path={tmp_path / 'alertmanager'}")
        listening = f"--web.listen-address={manager}"
        await stack.enter_async_context(
            _program("prometheus-alertmanager", f"--config.file={config}", listening, *alone)
        )
        config = _prometheus(tmp_path, str(part.http.base_url.netloc.decode()), manager)
        kept = f"--storage.tsdb.path={tmp_path / 'prometheus'}"
        await stack.enter_async_context(
            _program("prometheus", f"--config.file={config}", f"--web.listen-address={own}", kept)
        )
        async with httpx.AsyncClient(base_url=f"http://{own}", trust_env=False) as prometheus:

            async def is_scraped() -> bool:
                try:
                    asked = await prometheus.get("/api/v1/query", params={"query": "sangkien_ready"})
                except httpx.TransportError:
                    return False
                if asked.status_code != httpx.codes.OK:
                    return False
                found = asked.json()["data"]["result"]
                return [one["value"][1] for one in found] == ["1"]

            await eventually(is_scraped, 120)
        await asyncio.sleep(3)
        assert not calls, "all is well"
        await as_admin(admin_url, STUCK)

        async def called() -> bool:
            return any(
                alert["labels"]["alertname"] == "MessagesStuck" for call in calls for alert in call["alerts"]
            )

        await eventually(called, 120)
        alert = calls[0]["alerts"][0]
        assert alert["labels"]["service"] == "review"
        assert alert["annotations"]["runbook"] == "docs/incidents.md#messages-waiting"
