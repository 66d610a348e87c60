"""What the rulebook reads of the organisation: units with their levels, and who holds posts of the
province."""

from collections.abc import Sequence, Set
from datetime import date
from uuid import UUID

from kit.db import Tx
from language.deadline.arithmetic import local_day
from language.posts.kinds import PostKind
from language.refusals import NotFound
from language.views import View

PATH = f"select path from {View.UNITS} where id = $1"


async def path_of(tx: Tx, unit_id: UUID) -> list[UUID]:
    """From the root to the unit; `NotFound` without one."""
    path: list[UUID] | None = await tx.conn.fetchval(PATH, unit_id)
    if path is None:
        raise NotFound
    return path


ROUTES = f"""
select u.id, holder.level, holder.id as holder_id
from {View.UNITS} u join {View.UNITS} holder on holder.id = any(u.path)
where u.id = any($1) and (holder.valid_to is null or holder.valid_to >= $2)
order by u.id, array_length(holder.path, 1)
"""


async def units_by_level(tx: Tx, unit_ids: Sequence[UUID]) -> dict[UUID, dict[str, UUID]]:
    """Of each known unit the units of each level on its way from the root that have not ended; the nearest
    wins."""
    found: dict[UUID, dict[str, UUID]] = {}
    for row in await tx.conn.fetch(ROUTES, list(unit_ids), local_day(tx.now)):
        found.setdefault(row["id"], {})[row["level"]] = row["holder_id"]
    return found


COUNT_UNDER = f"""
select count(*)::int from {View.UNITS}
where ($1::uuid is null or path @> array[$1]) and valid_from <= $2 and (valid_to is null or valid_to >= $2)
"""


async def count_units(tx: Tx, under: UUID | None, day: date) -> int:
    """How many there are on the day, all or those under one with the unit itself."""
    return int(await tx.conn.fetchval(COUNT_UNDER, under, day))


UNIT_LEVELS = f"select distinct level from {View.UNITS} where valid_to is null or valid_to >= $1"


async def unit_levels(tx: Tx, day: date) -> Set[str]:
    """The levels of units that there are on the day or later."""
    return frozenset(row["level"] for row in await tx.conn.fetch(UNIT_LEVELS, day))


HOLDERS_AT_ROOT = f"""
select distinct h.person_id from {View.POSTS} p join {View.HOLDINGS} h on h.post_id = p.id
where array_length(p.unit_path, 1) = 1 and p.kind = $1
  and h.held_from <= $2 and (h.held_to is null or h.held_to >= $2)
"""


async def holders_at_root(tx: Tx, kind: PostKind, day: date) -> set[UUID]:
    """Who holds such a post of the province itself on the day."""
    return {row["person_id"] for row in await tx.conn.fetch(HOLDERS_AT_ROOT, kind, day)}
