"""Roles, schemas and grants: one role owns every table and logs in nowhere; each service logs in as its own
role, which works in its own schema and reads of others only the views that `language.views` names.

Roles are the server's and not the database's. So of several provinces on one server each has roles with a
prefix of its own."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kit.db import Connection
from language.names import SCHEMAS
from language.refusals import Refusal
from language.views import READ_BY

PREFIX: Final = "sangkien"
_PREFIX_VARIABLE: Final = "ROLE_PREFIX"
_FIT: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
EXTENSIONS: Final = ("pg_trgm", "unaccent", "btree_gist")
_SETTINGS = {
    "statement_timeout": "15s",
    "lock_timeout": "5s",
    # A stopped process must not keep its row locks for ever.
    "idle_in_transaction_session_timeout": "60s",
    # A client whose host has vanished is noticed within seconds, not within hours, and its locks go with it.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "15000",
    "jit": "off",
    # A plan made for everybody stays bad for as long as its connection lives, once the tables have grown.
    "plan_cache_mode": "force_custom_plan",
}
_MAY = {
    "append only": ("SELECT", "INSERT"),
    "unchangeable": ("SELECT", "INSERT", "DELETE"),
    "table": ("SELECT", "INSERT", "UPDATE", "DELETE"),
}
_READ_ONLY = ("SELECT",)


class PrefixUnfit(Refusal):
    """ROLE_PREFIX cannot begin the name of a role."""

    status = 422
    vi = "ROLE_PREFIX phải bắt đầu bằng chữ thường, gồm chữ thường không dấu, số và _, dài tối đa 40 ký tự."
    en = "ROLE_PREFIX begins with a small letter and has small letters, digits and _, 40 of them at most."


class RolesOfAnother(Refusal):
    """The roles that a new database would get are those of another database on the same server: it would give
    them other passwords, and let them read what is not theirs."""

    status = 409
    vi = (
        "Máy chủ PostgreSQL này đã có các vai trò {prefix}_… của cơ sở dữ liệu {database}. Mỗi tỉnh cần vai "
        "trò riêng: hãy đặt ROLE_PREFIX khác rồi chạy lại."
    )
    en = (
        "On this server of PostgreSQL the roles {prefix}_… are those of the database {database}. Each "
        "province needs its own: set another ROLE_PREFIX and run it again."
    )


def told_prefix() -> str:
    """What ROLE_PREFIX says; `PrefixUnfit` for what is none."""
    prefix = os.environ.get(_PREFIX_VARIABLE) or PREFIX
    if not _FIT.fullmatch(prefix):
        raise PrefixUnfit
    return prefix


def owner_of(prefix: str = PREFIX) -> str:
    """The role that owns every table of a province."""
    return f"{prefix}_owner"


def role_of(service: str, prefix: str = PREFIX) -> str:
    """The login role of a service."""
    return f"{prefix}_{service}"


def service_url(admin_url: str, service: str, password: str, prefix: str = PREFIX) -> str:
    """The DSN with which a service logs in, beside the admin's."""
    scheme, _, rest = admin_url.partition("://")
    return f"{scheme}://{role_of(service, prefix)}:{password}@{rest.rpartition('@')[2]}"


IS_NEW = "select not exists (select from pg_namespace where nspname = any($1))"
USED_BY = """
select d.datname from pg_shdepend s join pg_database d on d.oid = s.dbid
where s.refclassid = 'pg_authid'::regclass
  and s.refobjid = (select oid from pg_roles where rolname = $1) and d.datname <> current_database()
order by 1 limit 1
"""


async def require_own_roles(conn: Connection, prefix: str) -> None:
    """A new database gets roles that no other has; `RolesOfAnother` otherwise. (A copy of a database has its
    roles already, and keeps them.)"""
    if await conn.fetchval(IS_NEW, list(SCHEMAS)):
        other = await conn.fetchval(USED_BY, owner_of(prefix))
        if other is not None:
            raise RolesOfAnother(prefix=prefix, database=other)


ROLE_EXISTS = "select true from pg_roles where rolname = $1"
DATABASE = "select quote_ident(current_database())"


async def make_roles(conn: Connection, passwords: Mapping[str, str], prefix: str = PREFIX) -> None:
    """Make roles and schemas that are missing and set the passwords; repeat-safe. Passwords are
    hexadecimal."""
    owner = owner_of(prefix)
    if not await conn.fetchval(ROLE_EXISTS, owner):
        await conn.execute(f"create role {owner} nologin")
    await conn.execute(f"grant {owner} to current_user")
    await conn.execute("revoke create on schema public from public")
    for extension in EXTENSIONS:
        await conn.execute(f"create extension if not exists {extension} schema public")
    for schema in SCHEMAS:
        await _make_role(conn, schema, role_of(schema, prefix), passwords[schema])
        await conn.execute(f"create schema if not exists {schema} authorization {owner}")
    await let_in(conn, prefix)


async def let_in(conn: Connection, prefix: str = PREFIX) -> None:
    """The services and the portal, and nobody else, may connect to this database."""
    database = await conn.fetchval(DATABASE)
    await conn.execute(f"revoke all on database {database} from public")
    for schema in SCHEMAS:
        await conn.execute(f"grant connect on database {database} to {role_of(schema, prefix)}")


async def _make_role(conn: Connection, service: str, role: str, password: str) -> None:
    if not await conn.fetchval(ROLE_EXISTS, role):
        await conn.execute(f"create role {role} login")
    # The password goes into a statement that takes no parameters: nothing but hex may pass.
    bytes.fromhex(password)
    await conn.execute(f"alter role {role} login password '{password}'")
    for name, value in {"search_path": f"{service}, public", **_SETTINGS}.items():
        written = value if name == "search_path" else f"'{value}'"
        await conn.execute(f"alter role {role} set {name} = {written}")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Grant:
    """What a role may do with a schema, or with a table or view in it (`relation`)."""

    role: str
    schema: str
    relation: str | None
    privilege: str

    @property
    def words(self) -> str:
        """As GRANT and REVOKE have it."""
        what = f"table {self.schema}.{self.relation}" if self.relation else f"schema {self.schema}"
        return f"{self.privilege} on {what}"


RELATIONS = """
select n.nspname as schema, c.relname as relation,
  case
    when c.relkind = 'v' then 'view'
    when c.relname = 'schema_migrations' then 'list of migrations'
    when exists (
      select from pg_trigger t join pg_proc f on f.oid = t.tgfoid
      where t.tgrelid = c.oid and f.proname = 'refuse_change' and t.tgtype & 8 > 0 and t.tgtype & 16 > 0
    ) then 'append only'
    when exists (
      select from pg_trigger t join pg_proc f on f.oid = t.tgfoid
      where t.tgrelid = c.oid and f.proname = 'refuse_change' and t.tgtype & 16 > 0
    ) then 'unchangeable'
    else 'table'
  end as kind
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = any($1) and c.relkind in ('r', 'p', 'v')
"""
GRANTED = """
select r.rolname as role, n.nspname as schema, null as relation, a.privilege_type as privilege
from pg_namespace n cross join aclexplode(n.nspacl) a join pg_roles r on r.oid = a.grantee
where n.nspname = any($1) and r.rolname = any($2)
union all
select r.rolname, n.nspname, c.relname, a.privilege_type
from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join aclexplode(c.relacl) a
  join pg_roles r on r.oid = a.grantee
where n.nspname = any($1) and r.rolname = any($2) and c.relkind in ('r', 'p', 'v')
"""


async def granted(conn: Connection, prefix: str = PREFIX) -> set[Grant]:
    """What the services' roles may do in the services' schemas, by the catalog."""
    rows = await conn.fetch(GRANTED, list(SCHEMAS), [role_of(schema, prefix) for schema in SCHEMAS])
    return {
        Grant(role=role, schema=schema, relation=relation, privilege=privilege)
        for role, schema, relation, privilege in rows
    }


async def wanted_grants(conn: Connection, prefix: str = PREFIX) -> set[Grant]:
    """In its own schema: everything, but of an append-only table (one whose trigger refuses every change) to
    read and to add only. Of others: the views that the service reads."""
    wanted = {
        Grant(
            role=role_of(service, prefix),
            schema=view.partition(".")[0],
            relation=view.partition(".")[2],
            privilege="SELECT",
        )
        for service, views in READ_BY.items()
        for view in views
    }
    for schema, relation, kind in await conn.fetch(RELATIONS, list(SCHEMAS)):
        wanted |= {
            Grant(role=role_of(schema, prefix), schema=schema, relation=relation, privilege=privilege)
            for privilege in _MAY.get(kind, _READ_ONLY)
        }
    return wanted | {
        Grant(role=grant.role, schema=grant.schema, relation=None, privilege="USAGE") for grant in wanted
    }


EMPTIABLE = """
select n.nspname as schema, c.relname as relation
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = any($1) and c.relkind in ('r', 'p')
  and exists (select from pg_trigger t join pg_proc f on f.oid = t.tgfoid
    where t.tgrelid = c.oid and f.proname = 'refuse_change')
  and not exists (select from pg_trigger t join pg_proc f on f.oid = t.tgfoid
    where t.tgrelid = c.oid and f.proname = 'refuse_change' and t.tgtype & 32 <> 0)
"""


async def guard_and_grant(conn: Connection, prefix: str = PREFIX) -> None:
    """Give every role what it is to have and take away what it is not; and let no append-only table be
    emptied at one stroke, by nobody."""
    for schema, relation in await conn.fetch(EMPTIABLE, list(SCHEMAS)):
        await conn.execute(
            f"create trigger {relation}_is_never_emptied before truncate on {schema}.{relation} "
            f"for each statement execute function {schema}.refuse_change()"
        )
    wanted, there = await wanted_grants(conn, prefix), await granted(conn, prefix)
    for grant in sorted(wanted - there, key=lambda one: one.words):
        await conn.execute(f"grant {grant.words} to {grant.role}")
    for grant in sorted(there - wanted, key=lambda one: one.words):
        await conn.execute(f"revoke {grant.words} from {grant.role}")
