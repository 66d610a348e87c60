"""Acts about units, and what they are judged by: units, posts and what others publish as open."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from operator import attrgetter
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from kit.sorting import ListPlace, Order, Sort, Sorts
from language.ids import UnitId
from language.posts.kinds import PostKind
from language.refusals import NotFound
from language.units.succession import KnownPost, KnownUnit, OpenThing, Window
from language.views import View
from services.organisation.domain.succession import Succession

_COLUMNS = (
    "id, document, from_day, steps, unit_ids, state, drafted_by, drafted_at, approved_by, approved_at, "
    "in_force_at, held_up_at, version"
)
INSERT = Insert(
    "successions", "id, document, from_day, steps, unit_ids, state, drafted_by, drafted_at, version"
)


async def insert_succession(tx: Tx, new: Succession) -> None:
    """Write it down."""
    steps = [asdict(step) for step in new.steps]
    await tx.conn.execute(INSERT.statement, *INSERT.row(new, steps=steps, unit_ids=list(new.unit_ids)))


GET = f"select {_COLUMNS} from successions where id = $1"
LOCK = f"select {_COLUMNS} from successions where id = $1 for update"


async def get_succession(tx: Tx, succession_id: UUID, *, lock: bool = False) -> Succession:
    """The act, if wished locked; `NotFound` without one."""
    row = await tx.conn.fetchrow(LOCK if lock else GET, succession_id)
    if row is None:
        raise NotFound
    return read(Succession, row)


SORTS: Final = Sorts("-drafted", Sort(name="drafted", column="drafted_at", shown=attrgetter("drafted_at")))


def _list(order: Order) -> str:
    return f"select {_COLUMNS} from successions where {order.behind(1)} {order.by()} limit $3"


LIST = SORTS.statements(_list)


async def list_successions(tx: Tx, place: ListPlace, limit: int) -> list[Succession]:
    """Acts in the order of the place, from there on."""
    return read_all(Succession, await tx.conn.fetch(LIST[place.order], *place.arguments, limit))


DUE = f"""
select {_COLUMNS} from successions where state = 'APPROVED' and from_day <= $1
order by from_day, approved_at, id for update
"""


async def lock_due(tx: Tx, day: date) -> list[Succession]:
    """Approved acts whose day has come, in the order in which they come into force."""
    return read_all(Succession, await tx.conn.fetch(DUE, day))


IS_DUE = "select exists (select 1 from successions where state = 'APPROVED' and from_day <= $1)"


async def is_any_due(tx: Tx, day: date) -> bool:
    """An approved act waits whose day has come."""
    return bool(await tx.conn.fetchval(IS_DUE, day))


APPROVE = """
update successions set state = 'APPROVED', approved_by = $2, approved_at = $3, version = version + 1
where id = $1
"""


async def approve(tx: Tx, succession_id: UUID, approved_by: UUID) -> None:
    """Another administrator has said yes."""
    await tx.conn.execute(APPROVE, succession_id, approved_by, tx.now)


CANCEL = "update successions set state = 'CANCELLED', version = version + 1 where id = $1"


async def cancel(tx: Tx, succession_id: UUID) -> None:
    """Taken back."""
    await tx.conn.execute(CANCEL, succession_id)


HOLD_UP = "update successions set held_up_at = $2, version = version + 1 where id = $1 and held_up_at is null"


async def hold_up(tx: Tx, succession_id: UUID) -> None:
    """It waits."""
    await tx.conn.execute(HOLD_UP, succession_id, tx.now)


IN_FORCE = """
update successions set state = 'IN_FORCE', in_force_at = $2, held_up_at = null, version = version + 1,
  position = (select coalesce(max(position), 0) + 1 from successions)
where id = $1
"""


async def set_in_force(tx: Tx, succession_id: UUID) -> None:
    """It was carried out; one at a time, so that positions are committed in their order."""
    await tx.conn.execute(IN_FORCE, succession_id, tx.now)


AROUND = """
select id, parent_id, level, valid_from, valid_to from units
where path && $1 or id in (select unnest(path) from units where id = any($1))
"""


async def units_around(tx: Tx, unit_ids: Collection[UUID]) -> dict[UnitId, KnownUnit]:
    """These units, all that lie below them, and all above."""
    found = read_all(KnownUnit, await tx.conn.fetch(AROUND, list(unit_ids)))
    return {unit.id: unit for unit in found}


POSTS = """
select p.id, p.unit_id, p.kind from posts p
where p.unit_id = any($1) and p.passed_to is null
order by (
  select min(held_from) from holdings where post_id = p.id and (held_to is null or held_to >= $2)
), p.id
"""


async def posts_in(tx: Tx, unit_ids: Collection[UUID], day: date) -> tuple[KnownPost, ...]:
    """The posts in these units that have not ended, longest held first."""
    return tuple(read_all(KnownPost, await tx.conn.fetch(POSTS, list(unit_ids), day)))


OPEN_THINGS: Final = f"""
with inside as (select id from units where path && $1)
select 'DOSSIER' as kind, d.id, d.code, d.unit_id, false as begins_anew
from {View.DOSSIERS} d join inside on inside.id = d.unit_id
where d.closed_at is null
union all
select 'STAGE', s.id, d.code, s.unit_id, s.in_successor = 'OPENED_ANEW'
from {View.STAGES} s join inside on inside.id = s.unit_id
join {View.DOSSIERS} d on d.id = s.dossier_id where s.state = 'OPEN'
union all
select 'COMPLAINT', c.about_id, d.code, c.unit_id, false
from {View.REVIEW_CLOCKS} c join inside on inside.id = c.unit_id
join {View.DOSSIERS} d on d.id = c.subject_id where c.kind = 'COMPLAINT'
union all
select 'AWARD', a.id, a.dossier_code, a.unit_id, false
from {View.AWARDS} a join inside on inside.id = a.unit_id
union all
select 'PAYMENT_LIST', l.id, l.number || '/' || l.year, l.unit_id, false from {View.PAYMENT_LISTS} l
join inside on inside.id = l.unit_id
order by kind, code
"""


async def open_things(tx: Tx, unit_ids: Collection[UUID]) -> list[OpenThing]:
    """What is open in these units and below."""
    return read_all(OpenThing, await tx.conn.fetch(OPEN_THINGS, list(unit_ids)))


WINDOWS: Final = f"""
select 'ROUND' as kind, r.id, r.code, u.id as unit_id, r.level
from {View.ROUNDS} r join units u on u.id = any($1)
where r.closes_at > $2 and (r.level is null or r.level = u.level)
union all
select 'LATE_FILING', l.id, s.code, l.unit_id, null
from {View.LATE_FILINGS} l join {View.SEASONS} s on s.id = l.season_id
where l.unit_id = any($1) and l.until > $2
order by kind, code, unit_id
"""


async def open_windows(tx: Tx, unit_ids: Collection[UUID], after: datetime) -> list[Window]:
    """In which times these units may file beyond this instant: rounds for them, and permissions of their
    own."""
    return read_all(Window, await tx.conn.fetch(WINDOWS, list(unit_ids), after))


CODES = "select id, code from units where id = any($1)"
NAMES = "select id, name from units where id = any($1)"


async def codes_of(tx: Tx, unit_ids: Collection[UUID]) -> dict[UUID, str]:
    """The codes of these units."""
    return {row["id"]: row["code"] for row in await tx.conn.fetch(CODES, list(unit_ids))}


async def names_of(tx: Tx, unit_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of these units."""
    return {row["id"]: row["name"] for row in await tx.conn.fetch(NAMES, list(unit_ids))}


PLACE_UNITS = """
update units u set parent_id = placed.parent_id, path = placed.path, version = version + 1
from (
  select (one->>'id')::uuid as id, (one->>'parent_id')::uuid as parent_id,
    array(
      select value::uuid from jsonb_array_elements_text(one->'path') with ordinality as step (value, place)
      order by step.place
    ) as path
  from jsonb_array_elements($1::jsonb) one
) placed
where u.id = placed.id and (u.path <> placed.path or u.parent_id is distinct from placed.parent_id)
returning u.id
"""


async def place_units(
    tx: Tx, parents: Mapping[UnitId, UnitId | None], paths: Mapping[UnitId, Sequence[UnitId]]
) -> list[UUID]:
    """Put these units where they lie from now on; which of them had lain elsewhere."""
    placed = [{"id": unit, "parent_id": parents[unit], "path": list(path)} for unit, path in paths.items()]
    return [row["id"] for row in await tx.conn.fetch(PLACE_UNITS, placed)]


END_UNIT = "update units set valid_to = $2, successor_id = $3, version = version + 1 where id = $1"


async def end_unit(tx: Tx, unit_id: UUID, last_day: date, successor_id: UUID | None) -> None:
    """The unit is there until this day."""
    await tx.conn.execute(END_UNIT, unit_id, last_day, successor_id)


KEEP_NAME = """
insert into unit_names (unit_id, name, last_day) select id, name, $2 from units where id = $1
on conflict do nothing
"""
RENAME = "update units set name = $2, version = version + 1 where id = $1"


async def rename_unit(tx: Tx, unit_id: UUID, name: str, last_day: date) -> None:
    """The unit has another name; the one that it had until this day is kept."""
    await tx.conn.execute(KEEP_NAME, unit_id, last_day)
    await tx.conn.execute(RENAME, unit_id, name)


GIVE_POST = """
update posts p set unit_id = $2, title = case
  when exists (select 1 from posts o where o.unit_id = $2 and o.kind = p.kind and o.title = p.title)
  then left(p.title || ' (' || (select name from units where id = p.unit_id) || ') ' || p.id, 500)
  else p.title end
where p.id = $1
"""


async def pass_post(tx: Tx, post_id: UUID, unit_id: UUID) -> None:
    """The post is one of that unit from now on; where that has one of its title, the old unit's name tells
    them apart."""
    await tx.conn.execute(GIVE_POST, post_id, unit_id)


END_POST = "update posts set passed_to = $2 where id = $1"
END_HOLDINGS = """
update holdings set held_to = $2 where post_id = $1 and held_from <= $2 and (held_to is null or held_to > $2)
"""
VOID_HOLDINGS = "delete from holdings where post_id = $1 and held_from > $2"


async def end_post(tx: Tx, post_id: UUID, work_to: UUID, last_day: date) -> None:
    """Nobody holds the post after this day, and another has its work. Who would have come to it only later
    does not."""
    await tx.conn.execute(END_POST, post_id, work_to)
    await tx.conn.execute(VOID_HOLDINGS, post_id, last_day)
    await tx.conn.execute(END_HOLDINGS, post_id, last_day)


MOVE_DELEGATIONS = """
update delegations d set unit_id = coalesce((
  select p.unit_id from holdings h join posts p on p.id = h.post_id
  where h.person_id = d.grantor_id and p.id = any($4) and (h.held_to is null or h.held_to > $3)
  order by h.held_from, h.id limit 1
), $2)
where d.unit_id = $1 and d.ends_on > $3 and d.cancelled_at is null
"""


async def pass_delegations(
    tx: Tx, unit_id: UUID, into_id: UUID, last_day: date, passed: Collection[UUID]
) -> None:
    """Work of the unit that is passed on after this day is that of the unit to which the post of whoever
    passed it on went, by these posts; else of the one that took over."""
    await tx.conn.execute(MOVE_DELEGATIONS, unit_id, into_id, last_day, list(passed))


CONCERNED = """
select distinct h.person_id from posts p join holdings h on h.post_id = p.id and h.merged_into is null
where (h.held_to is null or h.held_to >= $4)
  and (p.unit_id = any($1) or (h.held_from <= $4 and p.unit_id = any($2) and p.kind = any($3)))
"""
_HEADS: Final = (PostKind.ADMIN, PostKind.UNIT_HEAD, PostKind.DEPUTY_HEAD)


async def concerned(tx: Tx, own: Collection[UUID], others: Collection[UUID], day: date) -> list[UUID]:
    """Everybody in a post of the first units on the day or later, and who heads or administers the others."""
    found = await tx.conn.fetch(CONCERNED, list(own), list(others), list(_HEADS), day)
    return [row["person_id"] for row in found]
