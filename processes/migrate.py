"""`python -m processes.migrate [pre|post]`: the job that brings a province's database up to date. Roles and
schemas, then the migrations of every service in the order of coming up, then grants; all of it as the owner
of the tables."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from casework.migrations import CASEWORK_MIGRATIONS
from kit.environment import secret
from kit.hosts import connect
from kit.migrate import KIT_MIGRATIONS, DatabaseNewer, Phase, migrate
from kit.pooler import require_own_sessions
from language.names import PORTAL, SCHEMAS
from language.refusals import Refusal
from processes.roles import (
    PREFIX,
    PrefixUnfit,
    RolesOfAnother,
    guard_and_grant,
    make_roles,
    owner_of,
    require_own_roles,
    told_prefix,
)
from processes.starting import refusals_told

ADMIN_URL: Final = "DATABASE_URL"
_SERVICES_FOLDER = Path(__file__).resolve().parents[1] / "services"


class DataFromBefore(Refusal):
    """The database was made before the services were divided as they are."""

    status = 409
    vi = (
        "Dữ liệu này do phiên bản trước của Sáng Kiến tạo ra và không dùng tiếp được. Hãy chuyển thư mục dữ "
        "liệu đi nơi khác hoặc trỏ SANGKIEN_DATA (DATABASE_URL) sang chỗ mới rồi chạy lại; muốn xem dữ liệu "
        "cũ, dùng đúng phiên bản đã tạo ra nó."
    )
    en = (
        "This data was made by an earlier version of Sáng Kiến and cannot be used any further. Move the data "
        "folder away, or point SANGKIEN_DATA (DATABASE_URL) to a new place, and run it again; to look at the "
        "old data, use the version that made it."
    )


DATA_UNFIT: Final = (DataFromBefore, DatabaseNewer)
"""Data that this release leaves as it is."""
ROLES_UNFIT: Final = (PrefixUnfit, RolesOfAnother)
"""Roles that this database cannot have."""


class EnvironmentIncomplete(Refusal):
    """The job was not told where the database is, or the passwords of the roles."""

    status = 422
    vi = "Thiếu biến môi trường: {names}. Hãy đặt các biến này rồi chạy lại."
    en = "Set these in the environment first: {names}. Then run it again."


def folders_of(schema: str) -> tuple[Path, ...]:
    """Where the tables of a service are written down: the plumbing's and casework's come first. The portal
    has no case, no history and no message."""
    own = _SERVICES_FOLDER / schema / "migrations"
    return (own,) if schema == PORTAL else (KIT_MIGRATIONS, CASEWORK_MIGRATIONS, own)


def password_name(service: str) -> str:
    """The variable that holds the password of the service's role."""
    return f"{service.upper()}_DB_PASSWORD"


LOCK = "select pg_advisory_lock(hashtextextended('sangkien migrate', 0))"
IS_FROM_BEFORE = "select to_regnamespace('directory') is not null"


async def bring_up_to_date(
    admin_url: str,
    passwords: Mapping[str, str],
    phases: tuple[Phase, ...] = ("pre", "post"),
    prefix: str = PREFIX,
) -> list[str]:
    """Do the whole job, repeat-safe, and return the files applied now; one of `DATA_UNFIT` or
    `RolesOfAnother` for a database that is left as it is. `prefix` begins the names of the roles."""
    await require_own_sessions(admin_url)
    conn = await connect(admin_url)
    try:
        # Two starts at once would both try to make the roles; the lock ends with the connection.
        await conn.execute(LOCK)
        if await conn.fetchval(IS_FROM_BEFORE):
            raise DataFromBefore
        async with conn.transaction():
            await require_own_roles(conn, prefix)
            await make_roles(conn, passwords, prefix)
        await conn.execute(f"set role {owner_of(prefix)}")
        applied = []
        for schema in SCHEMAS:
            applied += await migrate(conn, schema, folders_of(schema), phases)
        async with conn.transaction():
            await guard_and_grant(conn, prefix)
        return applied
    finally:
        await conn.close()


def migrate_by_environment(phases: tuple[Phase, ...] = ("pre", "post")) -> list[str]:
    """The admin's DSN and the roles' passwords from the environment, or from files that it names."""
    names = {schema: password_name(schema) for schema in SCHEMAS}
    told = {name: secret(name) or "" for name in (ADMIN_URL, *names.values())}
    missing = [name for name, value in told.items() if not value]
    if missing:
        raise EnvironmentIncomplete(names=", ".join(missing))
    passwords = {service: told[name] for service, name in names.items()}
    return asyncio.run(bring_up_to_date(told[ADMIN_URL], passwords, phases, told_prefix()))


def main() -> None:
    """Both phases, or the one named on the command line."""
    chosen: dict[str, tuple[Phase, ...]] = {"": ("pre", "post"), "pre": ("pre",), "post": ("post",)}
    asked = sys.argv[1] if len(sys.argv) == 2 else ""
    if len(sys.argv) > 2 or asked not in chosen:
        sys.exit("usage: python -m processes.migrate [pre|post]")
    with refusals_told():
        applied = migrate_by_environment(chosen[asked])
    sys.stdout.write("".join(f"{name}\n" for name in applied) or "up to date\n")


if __name__ == "__main__":
    main()
