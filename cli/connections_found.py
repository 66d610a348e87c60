"""Whether the connections that all parts may open together are as many as the server allows."""

from typing import Final

from cli.finding import Finding
from kit.db import Connection
from kit.settings import PoolSizes, SettingsUnfit, settings_of
from language.names import PORTAL, SERVICES
from services.portal.settings import MOST_BESIDE, PortalPool

_TITLE: Final = "Số kết nối"

ALLOWED = """
select current_setting('max_connections')::int
  - current_setting('superuser_reserved_connections')::int
  - coalesce(current_setting('reserved_connections', true), '0')::int as allowed,
  (
    select count(*)::int from pg_stat_activity
    where not starts_with(usename, $1 || '_') and coalesce(backend_type, 'client backend') = 'client backend'
      and pid <> pg_backend_pid()
  ) as of_others,
  (select count(*)::int from pg_stat_activity where starts_with(usename, $1 || '_')) as of_ours
"""


def most_connections() -> int:
    """What one process of every part may open, by the settings of this environment."""
    services = sum(settings_of(PoolSizes, service).most_connections for service in SERVICES)
    return services + settings_of(PortalPool, PORTAL).database_pool_size + MOST_BESIDE


async def connections(conn: Connection, prefix: str) -> Finding:
    """One process of each part; a second one of the same kind may open as many again."""
    try:
        most = most_connections()
    except SettingsUnfit as unfit:
        return Finding(name="connections", title=_TITLE, is_fine=False, detail=unfit.detail_vi)
    (row,) = await conn.fetch(ALLOWED, prefix)
    left = row["allowed"] - row["of_others"]
    detail = (
        f"mỗi phần một tiến trình thì mở đến {most} (most, one process a part); nay {row['of_ours']} (now); "
        f"máy chủ còn cho {left} (the server leaves), người khác dùng {row['of_others']} (others)"
    )
    if most > left:
        detail += ": tăng max_connections, hoặc giảm DATABASE_POOL_SIZE, ACTIVITY_POOL_SIZE (too few)"
    return Finding(name="connections", title=_TITLE, is_fine=most <= left, detail=detail)
