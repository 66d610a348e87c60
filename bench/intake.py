"""`sangkien bench intake`: filings through HTTP (token, validation, rules, journal, outbox) against bare ASGI
with the same inserts."""

import asyncio
import json
import secrets
import sys
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import uvicorn
import uvloop

from bench.instance import Bed, bench_bed
from bench.measuring import Round, report, run_round
from cli.filing import Manner, file_listed
from embedded.layout import free_ports
from language.events.intake import DossierFiled, DraftCreated

_AT_ONCE = 16
_WANTED = 0.5
_TABLES = """
create schema bench;
create table bench.dossiers (
  id uuid primary key, unit_id uuid, content jsonb, state text, number int,
  created_at timestamptz default now()
);
create table bench.authors (
  dossier_id uuid, position int, person_id uuid, percent numeric(5, 2), primary key (dossier_id, position)
);
create table bench.events (
  seq bigint generated always as identity primary key, subject_id uuid, kind text, detail jsonb
);
create table bench.outbox (
  id bigint generated always as identity primary key, workflow_id text, payload jsonb
);
create table bench.answers (key text primary key, body bytea);
create table bench.registers (unit_id uuid primary key, last int);
"""


def run(filings: int, rounds: int) -> None:
    """Interleaved rounds of floor and ours."""
    asyncio.run(_run(filings, rounds))


async def _run(filings: int, rounds: int) -> None:
    async with bench_bed() as bed:
        floor: list[Round] = []
        ours: list[Round] = []
        bare = await _start_bare(bed)
        async with httpx.AsyncClient(base_url=bare.url, timeout=30) as http:
            for _ in range(rounds):
                floor.append(await run_round(filings, _AT_ONCE, lambda _: _file_bare(http)))
                ours.append(await run_round(filings, _AT_ONCE, lambda number: _file_ours(bed, number)))
        await bare.stop()
        report("Filings (draft and filing: two requests each)", "filings/s", floor, ours, _WANTED)


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
    made = (
        await http.post("/dossiers", json=body, headers={"Idempotency-Key": secrets.token_hex(16)})
    ).json()
    await http.post(f"/dossiers/{made['id']}/filing", headers={"Idempotency-Key": secrets.token_hex(16)})


class _Bare:
    """A uvicorn process with the bare app, as each of our services is one."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self._process = process
        self.url = url

    async def stop(self) -> None:
        """End it."""
        self._process.terminate()
        await self._process.wait()


async def _start_bare(bed: Bed) -> _Bare:
    conn = await asyncpg.connect(bed.instance.admin_database_url)
    await conn.execute(_TABLES)
    await conn.close()
    port = free_ports()["intake"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.intake", bed.instance.admin_database_url, str(port)
    )
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient() as http:
        for _ in range(100):
            try:
                await http.get(f"{url}/health")
                break
            except httpx.TransportError:
                await asyncio.sleep(0.1)
    return _Bare(process, url)


def _bare_app(pool: "asyncpg.Pool[asyncpg.Record]") -> Any:
    async def read_body(receive: Any) -> bytes:
        body: bytes = b""
        while True:
            message = await receive()
            body += bytes(message.get("body", b""))
            if not message.get("more_body"):
                return body

    async def draft(key: str, body: bytes) -> bytes:
        content = json.loads(body)
        dossier_id = uuid4()
        async with pool.acquire() as conn, conn.transaction():
            await conn.execute("insert into bench.answers (key) values ($1)", key)
            await conn.execute(
                "insert into bench.dossiers (id, unit_id, content, state) values ($1, $2, $3, 'DRAFT')",
                dossier_id,
                content["unit_id"],
                json.dumps(content["content"]),
            )
            await conn.execute(
                "insert into bench.authors values ($1, 0, $2, 100)", dossier_id, content["person_id"]
            )
            await conn.execute(
                "insert into bench.events (subject_id, kind, detail) values ($1, $2, '{}')",
                dossier_id,
                DraftCreated.__name__,
            )
            answer = json.dumps({"id": str(dossier_id)}).encode()
            await conn.execute("update bench.answers set body = $2 where key = $1", key, answer)
        return answer

    async def filing(key: str, dossier_id: str) -> bytes:
        async with pool.acquire() as conn, conn.transaction():
            await conn.execute("insert into bench.answers (key) values ($1)", key)
            row = await conn.fetchrow(
                "select unit_id, content from bench.dossiers where id = $1 for update", dossier_id
            )
            number = await conn.fetchval(
                "insert into bench.registers values ($1, 1) on conflict (unit_id) do update set "
                "last = registers.last + 1 returning last",
                row["unit_id"] if row else None,
            )
            await conn.execute(
                "update bench.dossiers set state = 'FILED', number = $2 where id = $1", dossier_id, number
            )
            await conn.execute(
                "insert into bench.events (subject_id, kind, detail) values ($1, $2, '{}')",
                dossier_id,
                DossierFiled.__name__,
            )
            await conn.execute(
                "insert into bench.outbox (workflow_id, payload) values ($1, '{}')",
                f"initiative:{dossier_id}",
            )
            answer = json.dumps({"id": dossier_id, "number": number}).encode()
            await conn.execute("update bench.answers set body = $2 where key = $1", key, answer)
        return answer

    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope.get("headers", []))
        key = headers.get(b"idempotency-key", b"").decode()
        path = scope["path"]
        body = await read_body(receive)
        answer = b"{}"
        if path == "/dossiers":
            answer = await draft(key, body)
        elif path.endswith("/filing"):
            answer = await filing(key, path.split("/")[2])
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"content-type", b"application/json")],
            }
        )
        await send({"type": "http.response.body", "body": answer})

    return app


async def _serve_bare(database_url: str, port: int) -> None:
    pool = await asyncpg.create_pool(database_url, min_size=1, max_size=16)
    await uvicorn.Server(
        uvicorn.Config(_bare_app(pool), port=port, log_level="error", lifespan="off")
    ).serve()


if __name__ == "__main__":
    uvloop.run(_serve_bare(sys.argv[1], int(sys.argv[2])))
