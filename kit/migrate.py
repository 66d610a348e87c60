"""Forward-only migrations: numbered SQL files of a service, applied once each under an advisory lock; a
changed old file stops the start.

`NNNN_pre_what.sql` runs before new code, `NNNN_post_what.sql` after it, so that two versions of the code can
run side by side."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Literal

import asyncpg

from kit.connecting import reaching, require_schema

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


LOCK = "select pg_advisory_xact_lock(hashtextextended('migrate:' || current_schema(), 0))"
APPLIED = "select name, checksum from schema_migrations"


async def migrate(
    dsn: str, schema: str, folders: Sequence[Path], phases: tuple[Phase, ...] = ("pre", "post")
) -> list[str]:
    """Bring the schema up to date and return the names applied now. The plumbing's own tables come first,
    then each folder's, named by what holds it."""
    async with reaching():
        conn = await asyncpg.connect(dsn)
    try:
        await require_schema(conn, schema)
        async with conn.transaction():
            await conn.execute(LOCK)
            await conn.execute(CREATE_TABLE)
            applied = {row["name"]: row["checksum"] for row in await conn.fetch(APPLIED)}
            wanted = [file for folder in (KIT_MIGRATIONS, *folders) for file in _files(folder, phases)]
            return [name for name, text in wanted if await _apply(conn, name, text, applied.get(name))]
    finally:
        await conn.close()


INSERT_APPLIED = "insert into schema_migrations (name, checksum) values ($1, $2)"


async def _apply(
    conn: "asyncpg.Connection[asyncpg.Record]", name: str, text: str, applied_checksum: str | None
) -> bool:
    checksum = sha256(text.encode()).hexdigest()
    if applied_checksum == checksum:
        return False
    if applied_checksum is not None:
        raise ChangedMigration(f"{name} was changed after it had been applied; write a new migration instead")
    await conn.execute(text)
    await conn.execute(INSERT_APPLIED, name, checksum)
    return True
