"""`sangkien bench intake`: filings through HTTP (token, validation, rules, journal, outbox) against bare ASGI
with the same inserts."""

import asyncio
import secrets
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import httpx
from rich.console import Console

from bench.instance import Bed, bench_bed
from bench.intake_bare import lay_tables
from bench.measuring import Round, processor_time, report, report_processor_time, run_round
from cli.filing import Manner, file_listed
from embedded.layout import free_ports

_AT_ONCE = 16
_WANTED = 0.7
_CHAINED = "select count(*) from intake.links"
_WAITING = "select count(*) from intake.outbox where delivered_at is null"
_LOOK_EVERY, _LOOKS = 0.2, 1_500


def run(filings: int, rounds: int) -> None:
    """Interleaved rounds of floor and ours."""
    asyncio.run(_run(filings, rounds))


async def _run(filings: int, rounds: int) -> None:
    async with bench_bed() as bed, _bare(bed) as http:
        floor: list[Round] = []
        ours: list[Round] = []
        spent: dict[str, tuple[Counter[str], int]] = {}
        for _ in range(rounds):
            floor.append(await run_round(filings, _AT_ONCE, lambda _: _file_bare(http)))
            before = processor_time(bed.instance)
            ours.append(await run_round(filings, _AT_ONCE, lambda number: _file_ours(bed, number)))
            late = await _until(bed, _WAITING, lambda waiting: waiting == 0)
            sofar, count = spent.get("ours", (Counter(), 0))
            spent["ours"] = sofar + (processor_time(bed.instance) - before), count + filings
        report("Filings (draft and filing: two requests each)", "filings/s", floor, ours, _WANTED)
        Console().print(
            f"{filings} accepted in {filings / ours[-1].per_second:.1f} s, all delivered {late:.1f} s later"
        )
        report_processor_time("filing", spent)


async def _until(bed: Bed, counted: str, holds: Callable[[int], bool]) -> float:
    """Look until the count is as wanted; the seconds that took."""
    began = time.perf_counter()
    conn = await asyncpg.connect(bed.instance.admin_database_url)
    try:
        for _ in range(_LOOKS):
            if holds(await conn.fetchval(counted)):
                return time.perf_counter() - began
            await asyncio.sleep(_LOOK_EVERY)
    finally:
        await conn.close()
    raise RuntimeError(f"not so after {_LOOKS * _LOOK_EVERY:.0f} s: {counted}")


async def _file_ours(bed: Bed, number: int) -> None:
    filed = await file_listed(
        bed.api, bed.province, bed.imported, bed.dossiers[number % len(bed.dossiers)], Manner(shift=bed.shift)
    )
    if filed.dossier_id is None:
        raise RuntimeError(f"not filed: {filed.refusal}")


async def _file_bare(http: httpx.AsyncClient) -> None:
    body = {
        "unit_id": str(uuid4()),
        "content": {"title": "x" * 120, "description": "y" * 400},
        "person_id": str(uuid4()),
    }
    made = await http.post("/dossiers", json=body, headers={"Idempotency-Key": secrets.token_hex(16)})
    dossier_id = made.raise_for_status().json()["id"]
    filed = await http.post(
        f"/dossiers/{dossier_id}/filing", headers={"Idempotency-Key": secrets.token_hex(16)}
    )
    filed.raise_for_status()


@asynccontextmanager
async def _bare(bed: Bed) -> AsyncIterator[httpx.AsyncClient]:
    """The floor in a uvicorn process, as each of our services is one, once a filing of ours left the rows
    that it writes."""
    await _file_ours(bed, 0)
    await _until(bed, _CHAINED, lambda chained: chained > 0)
    conn = await asyncpg.connect(bed.instance.admin_database_url)
    await lay_tables(conn)
    await conn.close()
    port = free_ports()["intake"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.intake_bare", bed.instance.admin_database_url, str(port)
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
            await _answers(http)
            yield http
    finally:
        process.terminate()
        await process.wait()


async def _answers(http: httpx.AsyncClient) -> None:
    for _ in range(100):
        try:
            await http.get("/health")
        except httpx.TransportError:
            await asyncio.sleep(0.1)
        else:
            return
    raise RuntimeError("the floor did not start")
