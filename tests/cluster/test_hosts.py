"""A host of the server that is gone, a namespace that comes late, and scripts that run twice."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest

from bench.instance import Bed
from bench.journey import one_case
from embedded.children import Child
from tests.conftest import free_port

VERSIONS = "select curr_version from schema_version"
PARTS = {
    "worker": ("processes.worker", (), ""),
    "activities": ("processes.service", ("review",), "activities"),
    "relay": ("processes.service", ("intake",), "relay"),
}


@asynccontextmanager
async def gone(child: Child) -> AsyncIterator[None]:
    """kill -9, and nobody starts it again until later."""
    child.kill()
    await child.stop()
    yield
    await child.start()


@pytest.mark.parametrize("host", ["temporal-history-1", "temporal-history-2"])
async def test_while_a_history_host_is_gone_a_dossier_goes_its_whole_way(bed: Bed, host: str) -> None:
    async with gone(bed.instance.children[host]):
        await asyncio.wait_for(one_case(bed), 120)


async def test_the_scripts_leave_alone_what_is_there(bed: Bed) -> None:
    before = await schema_versions(bed)
    await asyncio.to_thread(bed.instance.temporal_cluster.bring_schemas_up_to_date)
    await asyncio.to_thread(bed.instance.temporal_cluster.make_namespace)
    assert await schema_versions(bed) == before
    assert all(before)


async def schema_versions(bed: Bed) -> list[str]:
    """Of Temporal's two databases."""
    found = []
    for database in ("temporal", "temporal_visibility"):
        place = f"{bed.instance.admin_database_url.rpartition('/')[0]}/{database}"
        conn = await asyncpg.connect(place)
        found.append(await conn.fetchval(VERSIONS))
        await conn.close()
    return found


@asynccontextmanager
async def part_of(bed: Bed, name: str, folder: Path, namespace: str) -> AsyncIterator[tuple[Child, str]]:
    """One more process of ours that works in this namespace; and where it tells how it is."""
    module, services, parts = PARTS[name]
    port = str(free_port())
    environment = bed.instance.environment(*services) | {
        "TEMPORAL_NAMESPACE": namespace,
        "RUN_PARTS": parts or "api",
        "HTTP_PORT": port,
        **{f"{service}_HTTP_PORT".upper(): port for service in services},
    }
    command = [sys.executable, "-m", module, *services]
    child = Child(
        name=name, command=command, log=folder / f"{name}.log", environment=environment, say=lambda _: None
    )
    await child.start()
    try:
        yield child, f"http://127.0.0.1:{port}/readyz"
    finally:
        await child.stop()


async def all_answer(http: httpx.AsyncClient, addresses: Sequence[str], status: int) -> None:
    """Wait until all of them do."""
    for _ in range(300):
        if {await answer(http, address) for address in addresses} == {status}:
            return
        await asyncio.sleep(0.2)
    pytest.fail(f"not all of them answered {status}")


async def answer(http: httpx.AsyncClient, address: str) -> int | None:
    """The status, or None where nobody listens."""
    try:
        return (await http.get(address)).status_code
    except httpx.TransportError:
        return None


async def test_parts_wait_for_a_namespace_that_comes_late(bed: Bed, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack, httpx.AsyncClient(trust_env=False) as http:
        parts = [await stack.enter_async_context(part_of(bed, name, tmp_path, "late")) for name in PARTS]
        addresses = [address for _, address in parts]
        await all_answer(http, addresses, 503)
        began = [child.pid for child, _ in parts]
        await asyncio.to_thread(bed.instance.temporal_cluster.make_namespace, "late")
        await all_answer(http, addresses, 200)
        assert [child.pid for child, _ in parts] == began
        assert all(began)
    for name in PARTS:
        assert "Namespace late is not found" in (tmp_path / f"{name}.log").read_text(encoding="utf-8")
