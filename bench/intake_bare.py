"""The floor of `sangkien bench intake`: bare ASGI and asyncpg that write the rows of a filing, and nothing
else. The rows are those that one filing of ours left, into tables like its own."""

import itertools
import json
import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import asyncpg
import uvicorn
import uvloop

_number = itertools.count(1_000_000)
_FRESH: Final[Mapping[str, Mapping[str, Callable[[], object]]]] = {
    "dossier_authors": {"dossier_id": uuid4},
    "events": {"event_id": uuid4},
    "chain": {"position": lambda: next(_number), "event_id": uuid4},
    "links": {"position": lambda: next(_number), "event_id": uuid4, "subject_id": uuid4},
    "idempotency_keys": {"key": lambda: secrets.token_hex(16)},
    "clocks": {"about_id": uuid4},
    "tasks": {"id": uuid4},
    "posts_seen": {"about_id": uuid4},
    "notices": {"id": uuid4, "event_id": uuid4},
    "outbox": {"event_id": uuid4},
}
"""What differs from row to row, by table."""
_DRAFT: Final = ("dossier_authors", "events", "chain", "links", "idempotency_keys")
_FILING: Final = (
    *("events", "chain", "links") * 2,
    *("clocks", "tasks", "posts_seen", "notices", "outbox", "idempotency_keys"),
)
_COLUMNS = """
select column_name from information_schema.columns
where table_schema = 'intake' and table_name = $1 and is_identity = 'NO' order by ordinal_position
"""
_DRAFTED = """
insert into bench.dossiers (id, unit_id, unit_path, season_id, created_by, created_at, content, state)
select $1, unit_id, unit_path, season_id, created_by, now(), $2, 'DRAFT' from intake.dossiers limit 1
"""
_TO_FILE = "select * from bench.dossiers where id = $1 for update"
_REGISTER = """
insert into bench.registers (unit_id, year, last_number) values ($1, 2026, 1)
on conflict (unit_id, year) do update set last_number = registers.last_number + 1 returning last_number
"""
_CODE = """
insert into bench.codes (year, last_number) values (2026, 1)
on conflict (year) do update set last_number = codes.last_number + 1 returning last_number
"""
_FILED = """
update bench.dossiers d set state = 'FILED', register_number = $2, code = $3, filed_at = now(),
  moved_at = now(),
  register_year = o.register_year, answer_due_on = o.answer_due_on, plan_hash = o.plan_hash,
  rule_version = o.rule_version, check_officers = o.check_officers, supplement_budget = o.supplement_budget,
  check_rules = o.check_rules, check_due_at = o.check_due_at, version = d.version + 1
from (select * from intake.dossiers where filed_at is not null limit 1) o where d.id = $1
"""


async def lay_tables(conn: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Empty tables like those of intake, with their indexes."""
    await conn.execute("create schema bench")
    for table in ("dossiers", "registers", "codes", *_FRESH):
        await conn.execute(f"create table bench.{table} (like intake.{table} including all)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    statement: str
    values: tuple[object, ...]
    fresh: Mapping[int, Callable[[], object]]

    async def write(self, conn: Any) -> None:
        values = [self.fresh[at]() if at in self.fresh else value for at, value in enumerate(self.values)]
        await conn.execute(self.statement, *values)


async def _like(pool: "asyncpg.Pool[asyncpg.Record]", table: str) -> _Row:
    columns = [row["column_name"] for row in await pool.fetch(_COLUMNS, table)]
    found = await pool.fetchrow(f"select {', '.join(columns)} from intake.{table} limit 1")
    if found is None:
        raise LookupError(table)
    places = ", ".join(f"${number + 1}" for number in range(len(columns)))
    return _Row(
        statement=f"insert into bench.{table} ({', '.join(columns)}) values ({places})",
        values=tuple(found.values()),
        fresh={columns.index(column): make for column, make in _FRESH[table].items()},
    )


class _Bare:
    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", rows: Mapping[str, _Row]) -> None:
        self._pool = pool
        self._rows = rows

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        more = True
        while more:
            message = await receive()
            body += bytes(message.get("body", b""))
            more = bool(message.get("more_body"))
        path = scope["path"]
        answer = b"{}"
        if path == "/dossiers":
            answer = await self._draft(body)
        elif path.endswith("/filing"):
            answer = await self._filing(path.split("/")[2])
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    async def _draft(self, body: bytes) -> bytes:
        dossier_id, content = uuid4(), json.loads(body)["content"]
        async with self._pool.acquire() as conn, conn.transaction():
            await conn.execute(_DRAFTED, dossier_id, json.dumps(content))
            for table in _DRAFT:
                await self._rows[table].write(conn)
        return json.dumps({"id": str(dossier_id)}).encode()

    async def _filing(self, dossier_id: str) -> bytes:
        async with self._pool.acquire() as conn, conn.transaction():
            row = await conn.fetchrow(_TO_FILE, dossier_id)
            number = await conn.fetchval(_REGISTER, row["unit_id"] if row else None)
            code = await conn.fetchval(_CODE)
            await conn.execute(_FILED, dossier_id, number, f"SK-{code}")
            for table in _FILING:
                await self._rows[table].write(conn)
        return json.dumps({"id": dossier_id, "number": number}).encode()


async def _serve(database_url: str, port: int) -> None:
    pool = await asyncpg.create_pool(database_url, min_size=1, max_size=16)
    bare = _Bare(pool, {table: await _like(pool, table) for table in _FRESH})
    await uvicorn.Server(uvicorn.Config(bare, port=port, log_level="error", lifespan="off")).serve()


if __name__ == "__main__":
    uvloop.run(_serve(sys.argv[1], int(sys.argv[2])))
