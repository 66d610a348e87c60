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
from kit.release import RELEASE
from language.refusals import Refusal

Phase = Literal["pre", "post"]
KIT_MIGRATIONS = Path(__file__).parent / "migrations"

CREATE_TABLE = """
create table if not exists schema_migrations (
  name text primary key,
  checksum text not null,
  applied_at timestamptz not null default now()
);
alter table schema_migrations add column if not exists release text;
"""


class ChangedMigration(Exception):
    """An applied file no longer reads as it did: write a new one instead."""


class DatabaseNewer(Refusal):
    """A later release has changed these tables: this one would read them wrongly and write them back."""

    status = 409
    vi = (
        "Dữ liệu này đã được bản phát hành {release} cập nhật (có {example}, bản {own} không biết). Hãy chạy "
        "bản phát hành đó hoặc mới hơn; muốn lùi lại thì khôi phục bản sao lưu trước khi nâng cấp."
    )
    en = (
        "This data was brought up to date by release {release} (it has {example}, which release {own} does "
        "not know). Run that release or a later one; to go back, restore the backup from before the upgrade."
    )


def _files(folder: Path, phases: tuple[Phase, ...]) -> list[tuple[str, str]]:
    found = sorted(path for path in folder.glob("*.sql") if path.name.split("_")[1] in phases)
    return [(f"{folder.parent.name}/{path.stem}", path.read_text(encoding="utf-8")) for path in found]


def _wanted(folders: Sequence[Path], phases: tuple[Phase, ...]) -> list[tuple[str, str]]:
    return [file for folder in folders for file in _files(folder, phases)]


def file_names(folders: Sequence[Path], phases: tuple[Phase, ...]) -> list[str]:
    """The names under which the files of these phases are written down."""
    return [name for name, _ in _wanted(folders, phases)]


SEARCH = "select set_config('search_path', $1 || ', public', true)"
LOCK = "select pg_advisory_xact_lock(hashtextextended('migrate:' || $1, 0))"
APPLIED = "select name, checksum from schema_migrations"
NEWEST = "select release from schema_migrations where name = $1"


async def migrate(
    conn: Connection, schema: str, folders: Sequence[Path], phases: tuple[Phase, ...] = ("pre", "post")
) -> list[str]:
    """Bring the schema up to date and return the names applied now. What is made belongs to the role of the
    connection. Each folder's files are named by what holds it. `DatabaseNewer` for a schema that has files
    which nobody here knows."""
    async with conn.transaction():
        await conn.execute(LOCK, schema)
        await conn.execute(SEARCH, schema)
        await conn.execute(CREATE_TABLE)
        applied = {row["name"]: row["checksum"] for row in await conn.fetch(APPLIED)}
        await _require_known(conn, applied, folders)
        wanted = _wanted(folders, phases)
        return [name for name, text in wanted if await _apply(conn, name, text, applied.get(name))]


async def _require_known(conn: Connection, applied: Collection[str], folders: Sequence[Path]) -> None:
    known = set(file_names(folders, ("pre", "post")))
    if unknown := sorted(set(applied) - known):
        release = await conn.fetchval(NEWEST, unknown[-1])
        raise DatabaseNewer(release=release or "?", example=unknown[-1], own=RELEASE)


INSERT_APPLIED = "insert into schema_migrations (name, checksum, release) values ($1, $2, $3)"


async def _apply(conn: Connection, name: str, text: str, applied_checksum: str | None) -> bool:
    checksum = sha256(text.encode()).hexdigest()
    if applied_checksum == checksum:
        return False
    if applied_checksum is not None:
        raise ChangedMigration(f"{name} was changed after it had been applied; write a new migration instead")
    await conn.execute(text)
    await conn.execute(INSERT_APPLIED, name, checksum, RELEASE)
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
    return [*(name for name in file_names(folders, ("pre",)) if name not in applied), *unreadable]
