"""Roles and schemas: each service logs in as its own role, owns its own schema, and can read nothing else
but what others publish to it."""

from collections.abc import Mapping
from typing import Final

import asyncpg

from casework.history.proof import VIEWS as HISTORY_VIEWS
from language.names import TaskQueue

SERVICES = (TaskQueue.DIRECTORY, TaskQueue.INTAKE, TaskQueue.REVIEW, TaskQueue.PAYOUT)
READS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    TaskQueue.INTAKE: {TaskQueue.REVIEW: HISTORY_VIEWS, TaskQueue.PAYOUT: HISTORY_VIEWS}
}
"""Which views of whom a service reads: intake puts together what proves a dossier."""
_EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist")
_ROLE_EXISTS = "select true from pg_roles where rolname = $1"


def role_of(service: str) -> str:
    """The login role of a service."""
    return f"sangkien_{service}"


def service_url(admin_url: str, service: str, password: str) -> str:
    """The DSN with which a service logs in, beside the admin's."""
    scheme, _, rest = admin_url.partition("://")
    return f"{scheme}://{role_of(service)}:{password}@{rest.rpartition('@')[2]}"


async def provision(admin_url: str, passwords: dict[str, str]) -> None:
    """Make roles and schemas that are missing and set the passwords; repeat-safe. Passwords are
    hexadecimal."""
    conn = await asyncpg.connect(admin_url)
    try:
        async with conn.transaction():
            # Two starts at once would both try to create the roles.
            await conn.execute("select pg_advisory_xact_lock(hashtextextended('sangkien provision', 0))")
            database = await conn.fetchval("select quote_ident(current_database())")
            await conn.execute(f"revoke all on database {database} from public")
            await conn.execute("revoke create on schema public from public")
            for extension in _EXTENSIONS:
                await conn.execute(f"create extension if not exists {extension} schema public")
            for service in SERVICES:
                await _provision_service(conn, database, service, passwords[service])
    finally:
        await conn.close()


async def _provision_service(
    conn: "asyncpg.Connection[asyncpg.Record]", database: str, service: str, password: str
) -> None:
    role = role_of(service)
    if not await conn.fetchval(_ROLE_EXISTS, role):
        await conn.execute(f"create role {role} login")
    bytes.fromhex(
        password
    )  # the password goes into a statement that takes no parameters: nothing but hex may pass
    await conn.execute(f"alter role {role} login password '{password}'")
    await conn.execute(f"grant {role} to current_user")
    await conn.execute(f"grant connect on database {database} to {role}")
    await conn.execute(f"create schema if not exists {service} authorization {role}")


async def grant_views(admin_url: str) -> list[str]:
    """Let each service read the views that are published to it, once their owners have made them; returns
    those that are not there yet. Repeat-safe."""
    conn = await asyncpg.connect(admin_url)
    missing: list[str] = []
    try:
        for reader, owners in READS.items():
            for owner, views in owners.items():
                await conn.execute(f"grant usage on schema {owner} to {role_of(reader)}")
                for view in (f"{owner}.{view}" for view in views):
                    if await conn.fetchval("select to_regclass($1) is null", view):
                        missing.append(view)
                    else:
                        await conn.execute(f"grant select on {view} to {role_of(reader)}")
    finally:
        await conn.close()
    return missing
