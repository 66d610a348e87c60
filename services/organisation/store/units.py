"""Units: a tree with levels and validity."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from kit.sorting import Key, ListPlace, Order, Sort, Sorts
from language.refusals import NotFound
from language.text import MARKED, UNMARKED, containing, fold
from services.organisation.domain.late_papers import LastHeld
from services.organisation.domain.unit import FormerName, Unit, UnitPast

_COLUMNS = "id, parent_id, path, code, name, level, valid_from, valid_to, version"


GET = f"select {_COLUMNS} from units where id = $1"


async def find_unit(tx: Tx, unit_id: UUID) -> Unit | None:
    """The unit, if there is one."""
    row = await tx.conn.fetchrow(GET, unit_id)
    return read(Unit, row) if row else None


async def get_unit(tx: Tx, unit_id: UUID) -> Unit:
    """The unit; `NotFound` without one."""
    unit = await find_unit(tx, unit_id)
    if unit is None:
        raise NotFound
    return unit


SOME = f"select {_COLUMNS} from units where id = any($1) order by id"


async def some_units(tx: Tx, unit_ids: Collection[UUID]) -> list[Unit]:
    """These units, as far as they are known."""
    return read_all(Unit, await tx.conn.fetch(SOME, list(unit_ids)))


LOCK = f"select {_COLUMNS} from units where id = $1 for update"


async def lock_unit(tx: Tx, unit_id: UUID) -> Unit:
    """The unit, locked until the transaction ends."""
    row = await tx.conn.fetchrow(LOCK, unit_id)
    if row is None:
        raise NotFound
    return read(Unit, row)


# There are few units: those of a level are sorted each time.
_UNMARKED: Final = f"lower(translate({{}}, '{MARKED}', '{UNMARKED}'))"
SORTS: Final = Sorts(
    "code",
    Sort(name="code", column="code", shown=attrgetter("code"), key=Key.TEXT),
    Sort(
        name="name",
        column=_UNMARKED.format("name"),
        shown=attrgetter("name"),
        key=Key.TEXT,
        made=_UNMARKED,
    ),
)


def _list(order: Order) -> str:
    return f"""
select {_COLUMNS} from units
where ($1::uuid is null or path @> array[$1]) and ($2::text is null or level = $2)
  and ($6::text is null or {_UNMARKED.format("name")} like $6 or lower(code) like $6)
  and ($7::uuid is null or parent_id = $7)
  and {order.behind(3)}
{order.by()} limit $5
"""


LIST = SORTS.statements(_list)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFilter:
    """Which units to list: all or those under one, right below one, of a level, with a text in name or
    code."""

    under: UUID | None = None
    level: str | None = None
    text: str | None = None
    parent: UUID | None = None


async def list_units(tx: Tx, wanted: UnitFilter, place: ListPlace, limit: int) -> list[Unit]:
    """Units in the order of the place, from there on."""
    pattern = containing(fold(wanted.text)) if wanted.text else None
    asked = (wanted.under, wanted.level, *place.arguments, limit, pattern, wanted.parent)
    return read_all(Unit, await tx.conn.fetch(LIST[place.order], *asked))


BY_CODES = "select code, id, path from units where code = any($1)"


async def units_by_code(tx: Tx, codes: Sequence[str]) -> dict[str, tuple[UUID, Sequence[UUID]]]:
    """Id and path of each known code."""
    return {row["code"]: (row["id"], row["path"]) for row in await tx.conn.fetch(BY_CODES, list(codes))}


IS_SUCCEEDED = "select successor_id is not null from units where id = $1"


async def is_succeeded(tx: Tx, unit_id: UUID) -> bool:
    """By an act another unit took over."""
    return bool(await tx.conn.fetchval(IS_SUCCEEDED, unit_id))


FORMER_NAMES = "select name, last_day from unit_names where unit_id = $1 order by last_day"
INHERITED = f"""
with recursive inherited (id) as (
  select id from units where successor_id = $1
  union
  select u.id from inherited i join units u on u.successor_id = i.id
)
select {_COLUMNS} from units where id in (select id from inherited) and valid_to < $2 order by valid_to, code
"""


async def past_of(tx: Tx, unit_id: UUID, day: date) -> UnitPast:
    """What it was called, and which units have ended into it."""
    names = read_all(FormerName, await tx.conn.fetch(FORMER_NAMES, unit_id))
    return UnitPast(names=names, inherited=read_all(Unit, await tx.conn.fetch(INHERITED, unit_id, day)))


WITH_CODES = f"select {_COLUMNS} from units where code = any($1)"


async def units_with_codes(tx: Tx, codes: Collection[str]) -> list[Unit]:
    """The units that have these codes."""
    return read_all(Unit, await tx.conn.fetch(WITH_CODES, list(codes)))


LAST_HELD = """
select distinct on (h.post_id) h.id, h.post_id, h.person_id
from posts p join holdings h on h.post_id = p.id and h.merged_into is null
where p.unit_id = $1 order by h.post_id, h.held_from desc, h.id
"""


async def last_held(tx: Tx, unit_id: UUID) -> Sequence[LastHeld]:
    """Who has held each post of the unit last."""
    return read_all(LastHeld, await tx.conn.fetch(LAST_HELD, unit_id))


LEVELS = "select id, level from units where id = any($1)"


async def levels_of(tx: Tx, unit_ids: Collection[UUID]) -> dict[UUID, str]:
    """The level of each of these units."""
    return {row["id"]: row["level"] for row in await tx.conn.fetch(LEVELS, list(unit_ids))}


LEVELS_UNDER = "select distinct level from units where path @> array[$1::uuid]"


async def levels_under(tx: Tx, unit_id: UUID) -> list[str]:
    """The levels of the unit and of all below it."""
    return [row["level"] for row in await tx.conn.fetch(LEVELS_UNDER, unit_id)]


COUNT_LONGER = """
select count(*)::int from units
where path @> array[$1::uuid] and id <> $1 and (valid_to is null or valid_to > $2)
"""


async def count_longer(tx: Tx, unit_id: UUID, last_day: date) -> int:
    """How many units below it are there after this day."""
    return int(await tx.conn.fetchval(COUNT_LONGER, unit_id, last_day))


INSERT = Insert(
    "units",
    "id, parent_id, path, code, name, level, valid_from, valid_to",
    "on conflict (code) do nothing returning true",
)


async def insert_unit(tx: Tx, unit: Unit) -> bool:
    """False when the code is taken."""
    return bool(await tx.conn.fetchval(INSERT.statement, *INSERT.row(unit)))


LOCK_IMPORTS = "select pg_advisory_xact_lock(hashtextextended('organisation imports', 0))"


async def lock_imports(tx: Tx) -> None:
    """One import at a time: two that bring the same codes would otherwise both make them."""
    await tx.conn.execute(LOCK_IMPORTS)


UPDATE = "update units set name = $2, valid_to = $3, version = version + 1 where id = $1"


async def update_unit(tx: Tx, unit_id: UUID, name: str, valid_to: date | None) -> None:
    """Rename, or set the day the unit ends."""
    await tx.conn.execute(UPDATE, unit_id, name, valid_to)


MOVE_SUBTREE = """
update units set path = $2::uuid[] || path[$3:], parent_id = case when id = $1 then $4 else parent_id end,
  version = version + 1
where path @> array[$1::uuid]
"""


async def move_subtree(tx: Tx, unit: Unit, parent: Unit) -> None:
    """The unit and everything below it lie under another parent."""
    await tx.conn.execute(MOVE_SUBTREE, unit.id, list(parent.path), len(unit.path), parent.id)
