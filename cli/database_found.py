"""What `sangkien doctor` finds in a PostgreSQL, whoever runs it: by the administrator's DSN all services, by
the DSN of a service's own role (in its container) what that role sees."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import asyncpg

from casework.history.keys import HistoryKeys, chain_message
from cli.connections_found import connections
from cli.finding import Finding
from cli.work_found import work
from kit.clock import Clock
from kit.db import Connection
from kit.hosts import connect
from kit.migrate import file_names
from kit.outages import OUTAGES, reason_of
from kit.pooler import require_own_sessions
from language.names import PORTAL, SCHEMAS
from language.refusals import Refusal
from processes.migrate import folders_of
from processes.roles import EXTENSIONS, role_of, service_url, told_prefix

_OLDEST, _NEWEST = 15, 18
_ANSWER_WITHIN = 5.0
_MOST_SKEW = timedelta(seconds=2)
_KEYS: Final = "Khóa lịch sử"
_MIGRATE = "chạy `./sangkien migrate` (run it)"
_WHY: Final[Mapping[type[BaseException], str]] = {
    asyncpg.InvalidAuthorizationSpecificationError: "tên hoặc mật khẩu sai, hoặc máy chủ không cho vào "
    "(wrong role or password, or pg_hba.conf lets nobody in)",
    asyncpg.InvalidCatalogNameError: "không có cơ sở dữ liệu này (no such database)",
    asyncpg.TooManyConnectionsError: "hết kết nối: tăng max_connections hoặc giảm DATABASE_POOL_SIZE "
    "(no connection is left)",
    asyncpg.CannotConnectNowError: "máy chủ đang khởi động, phục hồi hoặc dừng (starting or stopping)",
    asyncpg.TargetServerAttributeNotMatched: "không máy nào nhận ghi (no host takes writes)",
    TimeoutError: "không trả lời (no answer)",
    ConnectionError: "không kết nối được: sai tên máy, sai cổng, chưa chạy, thiếu tệp chứng chỉ, hoặc chứng "
    "chỉ không được tin (unreachable: name, port, not running, a certificate missing or not trusted)",
}


def examine_database(dsn: str, passwords: Mapping[str, str], keys: str | None) -> list[Finding]:
    """Everything that can be said of it, or why nothing can. `passwords` are those of the services' roles,
    and `keys` HISTORY_KEYS, as far as they are known."""
    return asyncio.run(_look(dsn, passwords, keys))


async def _look(dsn: str, passwords: Mapping[str, str], keys: str | None) -> list[Finding]:
    try:
        await require_own_sessions(dsn)
        async with _connected(dsn) as conn:
            return await _examine(conn, dsn, passwords, keys)
    except Refusal as refusal:
        return [_server(False, f"{refusal.detail_vi} ({refusal.detail_en})")]
    except (*OUTAGES, asyncpg.PostgresError) as error:
        return [_server(False, _why(error))]


def _why(error: BaseException) -> str:
    said = next(
        (text for kind, text in _WHY.items() if isinstance(error, kind)), "không dùng được (unusable)"
    )
    return f"{said}: {reason_of(error)}"


def _server(is_fine: bool, detail: str) -> Finding:
    return Finding(name="PostgreSQL", is_fine=is_fine, detail=detail)


@asynccontextmanager
async def _connected(dsn: str) -> AsyncIterator[Connection]:
    conn = await connect(dsn, timeout=_ANSWER_WITHIN, command_timeout=_ANSWER_WITHIN)
    try:
        yield conn
    finally:
        conn.terminate()


async def _examine(
    conn: Connection, dsn: str, passwords: Mapping[str, str], keys: str | None
) -> list[Finding]:
    role, place = await conn.fetchrow("select current_user::text, current_schema()::text") or ("", "")
    own = [schema for schema in SCHEMAS if schema == place]
    schemas = own or list(SCHEMAS)
    prefix = role.removesuffix(f"_{place}") if own else told_prefix()
    findings = [await _version(conn), await _writes(conn), await _clock(conn)]
    made = await _roles(conn, schemas, prefix)
    findings += [made, await _extensions(conn), *[await _tables(conn, schema) for schema in schemas]]
    if all(found.is_fine for found in findings):
        findings += [await _logins(dsn, passwords, prefix), await _keys(conn, schemas, keys)]
        findings += [] if own else await work(dsn)
    return [*findings, await connections(conn, prefix)]


SERVER = """
select current_setting('server_version_num')::int / 10000 as major,
  current_setting('server_version') as version,
  coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as tls,
  coalesce(host(inet_server_addr()), 'socket') || ':' || coalesce(inet_server_port(), 0) as place
"""


async def _version(conn: Connection) -> Finding:
    (row,) = await conn.fetch(SERVER)
    manner = "qua TLS (over TLS)" if row["tls"] else "không qua TLS (not over TLS)"
    detail = f"{row['version']}, {row['place']}, {manner}"
    if row["major"] < _OLDEST:
        return _server(False, f"{detail}: cần từ bản {_OLDEST} (too old)")
    tried = "" if row["major"] <= _NEWEST else f"; chưa thử với bản sau {_NEWEST} (not tried with it)"
    return _server(True, detail + tried)


async def _writes(conn: Connection) -> Finding:
    follows = await conn.fetchval("select pg_is_in_recovery()")
    closed = await conn.fetchval("select current_setting('transaction_read_only') = 'on'")
    if follows:
        detail = "máy chủ này chỉ đi theo máy khác: trỏ đến máy nhận ghi, hoặc ghi đủ các máy với "
        detail += "target_session_attrs=read-write (a standby: name all hosts)"
    else:
        detail = "chỉ cho đọc (read only)" if closed else "nhận ghi (takes writes)"
    return Finding(name="writes", title="Ghi", is_fine=not (follows or closed), detail=detail)


async def _clock(conn: Connection) -> Finding:
    """The database's clock between the two looks at ours."""
    clock = Clock()
    before = clock.real_now()
    theirs = await conn.fetchval("select clock_timestamp()")
    after = clock.real_now()
    skew = max(before - theirs, theirs - after, timedelta())
    is_fine = skew <= _MOST_SKEW
    detail = "khớp với đồng hồ máy này (it agrees with this machine's)"
    if not is_fine:
        detail = f"lệch {skew.total_seconds():.0f} giây với máy này: đồng bộ giờ (NTP) cho cả hai máy "
        detail += "(they differ: let both keep time)"
    return Finding(name="clock", title="Đồng hồ của cơ sở dữ liệu", is_fine=is_fine, detail=detail)


PATHS = """
select rolname, rolcanlogin, coalesce(array_to_string(rolconfig, E'\\n'), '') as settings from pg_roles
where rolname = any($1)
"""


async def _roles(conn: Connection, schemas: Sequence[str], prefix: str) -> Finding:
    roles = {role_of(schema, prefix): schema for schema in schemas}
    there = {row["rolname"]: row for row in await conn.fetch(PATHS, list(roles))}
    missing = [role for role in roles if role not in there]
    wrong = [
        role
        for role, row in there.items()
        if not (row["rolcanlogin"] and f"search_path={roles[role]}, public" in row["settings"].split("\n"))
    ]
    detail = "đủ (all there)"
    if missing or wrong:
        said = [f"thiếu (missing): {', '.join(missing)}"] if missing else []
        said += [f"đặt chưa đúng (not set up): {', '.join(wrong)}"] if wrong else []
        detail = f"{'; '.join(said)}; {_MIGRATE}"
    return Finding(name="roles", title="Tài khoản dịch vụ", is_fine=not (missing or wrong), detail=detail)


async def _extensions(conn: Connection) -> Finding:
    there = {row["extname"] for row in await conn.fetch("select extname from pg_extension")}
    missing = sorted(set(EXTENSIONS) - there)
    detail = f"thiếu (missing): {', '.join(missing)}; {_MIGRATE}" if missing else "đủ (all there)"
    return Finding(name="extensions", title="Phần mở rộng", is_fine=not missing, detail=detail)


@dataclass(frozen=True, slots=True)
class _Files:
    missing: Sequence[str]
    unknown: Sequence[str]


async def _tables(conn: Connection, schema: str) -> Finding:
    """Whether the tables are those of this release."""
    title, name = f"Bảng của {schema}", f"tables {schema}"
    if not await conn.fetchval("select to_regclass($1) is not null", f"{schema}.schema_migrations"):
        return Finding(name=name, title=title, is_fine=False, detail=f"chưa có (not there); {_MIGRATE}")
    found = await _files(conn, schema)
    if found.unknown:
        detail = f"do bản phát hành mới hơn cập nhật (a later release made) {found.unknown[-1]}: dùng bản đó"
    elif found.missing:
        detail = f"còn thiếu (lacking) {', '.join(found.missing[:3])}; {_MIGRATE}"
    else:
        detail = "đúng với bản này (as this release wants them)"
    return Finding(name=name, title=title, is_fine=not (found.missing or found.unknown), detail=detail)


async def _files(conn: Connection, schema: str) -> _Files:
    rows = await conn.fetch(f"select name from {schema}.schema_migrations")
    applied = {row["name"] for row in rows}
    before, all_of_it = (file_names(folders_of(schema), phases) for phases in (("pre",), ("pre", "post")))
    return _Files([one for one in before if one not in applied], sorted(applied - set(all_of_it)))


async def _logins(dsn: str, passwords: Mapping[str, str], prefix: str) -> Finding:
    """Each service's role, with the password that it has here."""
    failed = []
    for service, password in passwords.items():
        try:
            async with _connected(service_url(dsn, service, password, prefix)):
                pass
        except OUTAGES as outage:
            failed.append(f"{role_of(service, prefix)} ({reason_of(outage)})")
    detail = "không có mật khẩu ở đây để thử (no passwords here to try)"
    if failed:
        detail = f"không đăng nhập được (cannot log in): {', '.join(failed)}; {_MIGRATE}"
    elif passwords:
        detail = "đều đăng nhập được (all can log in)"
    return Finding(name="logins", title="Đăng nhập của dịch vụ", is_fine=not failed, detail=detail)


async def _keys(conn: Connection, schemas: Sequence[str], keys: str | None) -> Finding:
    """Whether the key ring can vouch for the newest events that are there."""
    detail = "không có HISTORY_KEYS ở đây để thử (not here to try)"
    strange: list[str] = []
    if keys:
        try:
            ring = HistoryKeys.parse(keys)
        except ValueError as error:
            return Finding(
                name="history keys", title=_KEYS, is_fine=False, detail=f"sai dạng (malformed): {error}"
            )
        strange = [
            f"{one} {key}" for one in schemas if one != PORTAL and (key := await _strange(conn, one, ring))
        ]
        detail = "có đủ khóa của các sự kiện mới nhất (the newest events' keys are there)"
    if strange:
        detail = f"HISTORY_KEYS không có khóa mà lịch sử đã dùng (used, but not there): {', '.join(strange)}"
    return Finding(name="history keys", title=_KEYS, is_fine=not strange, detail=detail)


async def _strange(conn: Connection, schema: str, keys: HistoryKeys) -> str | None:
    """The key of the newest event, where it is not there; that of the newest link, where another has its
    name."""
    newest = f"select key_id from {schema}.events order by seq desc limit 1"
    used: str | None = await conn.fetchval(newest)
    if used is not None and not keys.knows(used):
        return used
    link = await conn.fetchrow(f"select * from {schema}.chain order by position desc limit 1")
    if link is None:
        return None
    message = chain_message(schema, link["position"], link["hash"])
    return None if keys.fits(message, link["key_id"], link["mac"]) else str(link["key_id"])
