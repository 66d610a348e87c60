"""A province of many years, seeded through SQL: copies of rows that the services themselves have written.

One dossier has gone its whole way through the services. Each row of the seed is one of its rows with other
ids, people, days and states. Ids follow from numbers: the same size gives the same province. Only the history
is not proved: chain and links have every column, but their hashes are made up, and the checkpoint at the end
signs where the seed ends."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import UUID

import asyncpg
from rich.progress import Progress, TaskID

from bench.lists_copies import HISTORIES, LISTS, ROWS, Copies, history_statement
from bench.lists_rows import DOSSIERS, MAKE, PLACES, WORDS
from casework.history.checkpoints import make_checkpoint
from casework.history.keys import Signer
from kit.clock import Clock
from kit.connecting import prepare
from kit.db import Tx
from language.text import fold

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_AT_ONCE = 10_000
_SCHOOLS, _COMMUNES, _DOSSIERS_A_SCHOOL = 650, 65, 20
_OPEN_SHARE = 3
_OF_THE_HEAD = 2_000
_IN_HASTE: Final = {
    "max_wal_size": "8GB",
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}
"""For the time of the seed only: should the machine fail, nobody needs it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much there is: every third dossier is open, the others are older and closed."""

    dossiers: int

    @property
    def closed(self) -> int:
        """The dossiers that are over."""
        return self.dossiers - self.dossiers // _OPEN_SHARE

    @property
    def of_the_head(self) -> int:
        """What waits for the decision of the head of the first school."""
        return min(_OF_THE_HEAD, self.dossiers // _OPEN_SHARE // 2)

    @property
    def schools(self) -> int:
        """As many as a province has, or fewer."""
        return max(3, min(_SCHOOLS, self.dossiers // _DOSSIERS_A_SCHOOL))

    @property
    def communes(self) -> int:
        """Ten schools each."""
        return max(1, min(_COMMUNES, self.schools // 10))


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The dossier whose rows are copied, with its stage and its award at the first level."""

    dossier: UUID
    stage: UUID
    award: UUID


Advance: TypeAlias = Callable[[], None]


async def seed(admin_url: str, size: Size, model: Model, signer: Signer) -> None:
    """Fill this database."""
    with Progress(transient=True) as progress:
        places = progress.add_task("units and people", total=len(PLACES))
        conn = await _connect(admin_url)
        try:
            await _prepare(conn, size, model, lambda: progress.advance(places))
            async with _haste(conn):
                await _in_parallel(admin_url, size, progress)
        finally:
            await conn.close()
        for service in HISTORIES:
            await _checkpoint(admin_url, service, signer, progress)


FACTS = "insert into lists_seed.facts values ($1, $2, $3, $4, $5, date_trunc('day', now()), $6, $7, $8)"
WORD = "insert into lists_seed.words (number, said, folded) values ($1, $2, $3)"


async def _prepare(conn: Connection, size: Size, model: Model, advance: Advance) -> None:
    await conn.execute(MAKE)
    words = [(number, said, fold(said)) for number, said in enumerate(WORDS)]
    await conn.executemany(WORD, words)
    numbers = (size.dossiers, size.closed, size.of_the_head, size.schools, size.communes)
    await conn.execute(FACTS, *numbers, model.dossier, model.stage, model.award)
    await conn.execute(DOSSIERS)
    for number, statement in enumerate(PLACES):
        await conn.execute(statement, *((size.schools, size.communes) if number == 0 else ()))
        advance()
    await conn.execute("analyze")


async def _in_parallel(admin_url: str, size: Size, progress: Progress) -> None:
    async with asyncio.TaskGroup() as group:
        for service in ROWS:
            bar = progress.add_task(service, total=size.dossiers)
            group.create_task(_fill(admin_url, service, size, progress, bar))


async def _connect(admin_url: str, schema: str = "public") -> Connection:
    conn = await asyncpg.connect(admin_url, server_settings={"search_path": f"{schema}, public"})
    await prepare(conn)
    return conn


@asynccontextmanager
async def _haste(conn: Connection) -> AsyncIterator[None]:
    for name, value in _IN_HASTE.items():
        await conn.execute(f"alter system set {name} = '{value}'")
    await conn.execute("select pg_reload_conf()")
    try:
        yield
    finally:
        for name in _IN_HASTE:
            await conn.execute(f"alter system reset {name}")
        await conn.execute("select pg_reload_conf()")
        await conn.execute("checkpoint")


COLUMNS = """
select column_name::text as name from information_schema.columns
where table_schema || '.' || table_name = $1 and is_generated = 'NEVER' and is_identity = 'NO'
order by ordinal_position
"""


async def _statement(conn: Connection, rows: Copies | str) -> str:
    if isinstance(rows, str):
        return rows
    return rows.statement([row["name"] for row in await conn.fetch(COLUMNS, rows.table)])


HEAD = "select coalesce(max(position), 0) from chain"
NEXT_SEQ = "select setval(pg_get_serial_sequence('events', 'seq'), (select max(seq) from events))"


async def _fill(admin_url: str, service: str, size: Size, progress: Progress, bar: TaskID) -> None:
    conn = await _connect(admin_url, service)
    try:
        # Triggers and foreign keys rest: what is copied fits together.
        await conn.execute("set session_replication_role = replica")
        await conn.execute("set maintenance_work_mem = '512MB'; set work_mem = '128MB'")
        statements = [await _statement(conn, rows) for rows in ROWS[service]]
        dropped = await _drop_indexes(conn, service)
        position = int(await conn.fetchval(HEAD)) if service in HISTORIES else 0
        for low in range(1, size.dossiers + 1, _AT_ONCE):
            high = min(low + _AT_ONCE - 1, size.dossiers)
            for statement in statements:
                await conn.execute(statement, low, high)
            if service in HISTORIES:
                written = await conn.execute(history_statement(service), low, high, position)
                position += int(written.rpartition(" ")[2])
            progress.update(bar, completed=high)
        if service == "payout":
            await conn.execute(LISTS)
        progress.update(bar, description=f"{service}: indexes", completed=0, total=len(dropped) + 1)
        for definition in dropped:
            await conn.execute(definition)
            progress.advance(bar)
        if service in HISTORIES:
            await conn.execute(NEXT_SEQ)
        tables = [row["name"] for row in await conn.fetch(TABLES, service)]
        await conn.execute(f"vacuum (analyze) {', '.join(tables)}")
        progress.advance(bar)
    finally:
        await conn.close()


SECONDARY = """
select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and not i.indisprimary
  and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
  and pg_relation_size(c.oid) < 10000000
"""
TABLES = "select schemaname || '.' || tablename as name from pg_tables where schemaname = $1"


async def _drop_indexes(conn: Connection, service: str) -> list[str]:
    """They are made anew at the end, which is many times faster; returns how."""
    found = await conn.fetch(SECONDARY, service)
    for row in found:
        await conn.execute(f"drop index {row['name']}")
    return [row["definition"] for row in found]


async def _checkpoint(admin_url: str, service: str, signer: Signer, progress: Progress) -> None:
    bar = progress.add_task(f"{service}: checkpoint", total=None)
    conn = await _connect(admin_url, service)
    try:
        async with conn.transaction():
            clock = Clock()
            await make_checkpoint(Tx(conn=conn, now=clock.now()), signer, clock.real_now())
        await conn.execute("vacuum (analyze) checkpoint_buckets")
    finally:
        await conn.close()
        progress.remove_task(bar)
