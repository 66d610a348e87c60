"""Forward-only migrations: numbered SQL files of a service, applied once each by the job that owns the
tables; a changed old file stops it. A service never migrates: it looks whether everything it knows of is
there.

`NNNN_pre_what.sql` runs before new code, `NNNN_post_what.sql` after it, so that two versions of the code can
run side by side."""

from collections.abc import Collection, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Literal

from kit.db import Connection

Phase = Literal["pre", "post"]
KIT_MIGRATIONS = Path(__file__).parent / "migrations"

CREATE_TABLE = """
create table if not exists schema_migrations (
  name text primary key,
  checksum text not null,
  applied_at timestamptz not null default now()
)
"""


class ChangedMigration(Exception):
    """An applied file no longer reads as it did: write a new one instead."""


def _files(folder: Path, phases: tuple[Phase, ...]) -> list[tuple[str, str]]:
    found = sorted(path for path in folder.glob("*.sql") if path.name.split("_")[1] in phases)
    return [(f"{folder.parent.name}/{path.stem}", path.read_text(encoding="utf-8")) for path in found]


def _wanted(folders: Sequence[Path], phases: tuple[Phase, ...]) -> list[tuple[str, str]]:
    return [file for folder in folders for file in _files(folder, phases)]


SEARCH = "select set_config('search_path', $1 || ', public', true)"
LOCK = "select pg_advisory_xact_lock(hashtextextended('migrate:' || $1, 0))"
APPLIED = "select name, checksum from schema_migrations"


async def migrate(
    conn: Connection, schema: str, folders: Sequence[Path], phases: tuple[Phase, ...] = ("pre", "post")
) -> list[str]:
    """Bring the schema up to date and return the names applied now. What is made belongs to the role of the
    connection. Each folder's files are named by what holds it."""
    async with conn.transaction():
        await conn.execute(LOCK, schema)
        await conn.execute(SEARCH, schema)
        await conn.execute(CREATE_TABLE)
        applied = {row["name"]: row["checksum"] for row in await conn.fetch(APPLIED)}
        wanted = _wanted(folders, phases)
        return [name for name, text in wanted if await _apply(conn, name, text, applied.get(name))]


INSERT_APPLIED = "insert into schema_migrations (name, checksum) values ($1, $2)"


async def _apply(conn: Connection, name: str, text: str, applied_checksum: str | None) -> bool:
    checksum = sha256(text.encode()).hexdigest()
    if applied_checksum == checksum:
        return False
    if applied_checksum is not None:
        raise ChangedMigration(f"{name} was changed after it had been applied; write a new migration instead")
    await conn.execute(text)
    await conn.execute(INSERT_APPLIED, name, checksum)
    return True


MAY_READ = "select coalesce(has_table_privilege(to_regclass($1), 'select'), false)"
UNREADABLE = """
select wanted.name from unnest($1::text[]) as wanted (name)
where not coalesce(has_schema_privilege(to_regnamespace(split_part(wanted.name, '.', 1)), 'usage'), false)
  or not coalesce(has_table_privilege(to_regclass(wanted.name), 'select'), false)
order by wanted.name
"""


async def lacking(conn: Connection, folders: Sequence[Path], views: Collection[str]) -> list[str]:
    """What a service still has to wait for: files that are not applied in its own schema, and others' views
    that it may not read yet. Files after the new code are not waited for."""
    unreadable = [row["name"] for row in await conn.fetch(UNREADABLE, list(views))]
    if not await conn.fetchval(MAY_READ, "schema_migrations"):
        return ["schema_migrations", *unreadable]
    applied = {row["name"] for row in await conn.fetch(APPLIED)}
    return [*(name for name, _ in _wanted(folders, ("pre",)) if name not in applied), *unreadable]
