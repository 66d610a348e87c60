"""Where a matter belongs today, by the units that the organisation publishes, in the transaction of the act
that asks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from casework.roster import hold_roster
from kit.db import Tx
from kit.rows import read_all
from language.deadline.arithmetic import local_day
from language.refusals import Refusal, UnitUnknown
from language.units import places
from language.units.places import UnitOnPath, nearest_standing
from language.views import View


class SuccessionUnderWay(Refusal):
    """An act about units is due and is being carried out: nothing begins by how things were."""

    status = 503
    vi = "Đơn vị đang được sắp xếp lại theo quyết định có hiệu lực hôm nay. Hãy thử lại sau ít giây."
    en = "The unit is being rearranged by an act that is in force from today. Try again in a few seconds."


class UnitEnded(Refusal):
    """The unit takes nothing any more; `successor` does, or the unit above."""

    status = 409
    vi = (
        "{unit} đã kết thúc hoạt động từ sau ngày {last_day} nên không nhận hồ sơ mới. Hãy lập hồ sơ ở "
        "{successor}."
    )
    en = "{unit} ended after {last_day} and takes no new dossiers. Begin the dossier in {successor}."


class UnitNotBegun(Refusal):
    """The unit begins on a later day."""

    status = 409
    vi = "{unit} bắt đầu hoạt động từ ngày {first_day}. Hãy lập hồ sơ từ ngày đó."
    en = "{unit} begins on {first_day}. Begin the dossier from that day on."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    id: UUID
    path: tuple[UnitOnPath, ...]
    is_changing: bool


PATHS = f"""
select u.id,
  (select jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name, 'level', a.level,
      'valid_from', greatest(a.valid_from, date '0001-01-01'), 'valid_to', nullif(a.valid_to, 'infinity'),
      'successor_id', a.successor_id) order by step.place)
    from unnest(u.path) with ordinality as step (id, place)
    join {View.UNITS} a on a.id = step.id) as path,
  exists (
    select 1 from {View.SUCCESSIONS} s where not s.in_force and s.from_day <= $2 and s.unit_ids && u.path
  ) as is_changing
from {View.UNITS} u where u.id = any($1)
"""


async def _paths(tx: Tx, unit_ids: Collection[UUID], day: date) -> Mapping[UUID, tuple[UnitOnPath, ...]]:
    """The path to each of these units that is known; one statement, so that it sees one state. Holds the
    roster: what is begun by the answer is there when the owner passes on what is open in a unit."""
    await hold_roster(tx)
    seen = read_all(_Seen, await tx.conn.fetch(PATHS, list(unit_ids), day))
    if any(one.is_changing for one in seen):
        raise SuccessionUnderWay
    return {one.id: one.path for one in seen}


async def require_open(tx: Tx, unit_id: UUID) -> None:
    """The unit takes dossiers today; else a refusal that says where to."""
    day = local_day(tx.now)
    path = (await _paths(tx, [unit_id], day)).get(unit_id)
    if path is None:
        raise UnitUnknown
    unit = path[-1]
    if not unit.has_begun(day):
        raise UnitNotBegun(unit=unit.name, first_day=unit.valid_from)
    if unit.valid_to is not None and unit.has_ended(day):
        successor = places.heir(path, day) or nearest_standing(path, day) or path[0]
        raise UnitEnded(unit=unit.name, last_day=unit.valid_to, successor=successor.name)


async def require_settled(tx: Tx, unit_id: UUID) -> None:
    """What gets a number or is booked now is the unit's own: while an act about it is being carried out, or
    what is open in it has not gone over to its successor yet, it waits."""
    day = local_day(tx.now)
    path = (await _paths(tx, [unit_id], day)).get(unit_id)
    found = places.heir(path, day) if path else None
    if found and found.id != unit_id:
        raise SuccessionUnderWay


async def heir_of(tx: Tx, unit_id: UUID) -> UUID:
    """Who acts for the unit today: itself, or its successor. A unit that is not known, or ended without a
    successor, is left as it is."""
    day = local_day(tx.now)
    path = (await _paths(tx, [unit_id], day)).get(unit_id)
    found = places.heir(path, day) if path else None
    return found.id if found else unit_id


async def unit_for_level(tx: Tx, filed_in: UUID, planned: UUID) -> UUID:
    """The unit that examines a level that opens now; see `language.units.places`."""
    day = local_day(tx.now)
    paths = await _paths(tx, {filed_in, planned}, day)
    if filed_in not in paths or planned not in paths:
        return planned
    return places.unit_for_level(paths[filed_in], paths[planned], day).id
