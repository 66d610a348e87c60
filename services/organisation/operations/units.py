"""Units: added, renamed, ended, moved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from casework import rights
from casework.history.record import record
from casework.late.acts import Questioned
from kit.auth import Principal
from kit.db import Tx
from kit.http.refusals import EditConflict
from kit.ids import new_id
from language.deadline.arithmetic import local_day
from language.events import organisation
from language.events.base import Change, changed
from language.ids import UnitId
from language.posts.kinds import ADMINS
from language.posts.reach import UnitChanged
from language.refusals import CodeTaken
from language.words.values import coded_level
from services.organisation.domain.late_papers import papers_of_end
from services.organisation.domain.levels import may_lie_below
from services.organisation.domain.refusals import (
    LevelOutOfOrder,
    MoveIntoItself,
    ParentEnded,
    UnitNotEmpty,
    UnitSucceeded,
)
from services.organisation.domain.unit import Unit
from services.organisation.operations.delegating import end_resting_in
from services.organisation.operations.recording import unit_created
from services.organisation.operations.roster_changes import write_change
from services.organisation.store import successions, units


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUnit:
    """A unit to be added under `parent_id`."""

    parent_id: UUID
    code: str
    name: str
    level: str
    valid_from: date
    valid_to: date | None


async def create_unit(tx: Tx, caller: Principal, new: NewUnit) -> Unit:
    """Add a unit; an administrator of the parent or above may."""
    parent = await units.get_unit(tx, new.parent_id)
    actor = await rights.require(tx, caller, ADMINS, parent.path)
    _require_standing(tx, parent)
    if not may_lie_below(new.level, (await units.levels_of(tx, parent.path)).values()):
        raise LevelOutOfOrder(level=coded_level(new.level))
    unit_id = new_id()
    unit = Unit(
        id=unit_id,
        parent_id=parent.id,
        path=[*parent.path, unit_id],
        code=new.code,
        name=new.name,
        level=new.level,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        version=1,
    )
    if not await units.insert_unit(tx, unit):
        raise CodeTaken(code=new.code)
    await record(tx, unit_created(unit), about=unit.id, actor=actor)
    return unit


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedUnit:
    """A unit as it was changed, and the acts that its last day puts into question because it came late."""

    unit: Unit
    questioned: Sequence[Questioned] = ()

    @property
    def version(self) -> int:
        """Of the unit."""
        return self.unit.version


async def change_unit(
    tx: Tx, caller: Principal, unit_id: UUID, version: int, name: str, valid_to: date | None
) -> ChangedUnit:
    """Rename a unit, or set its last day: it does not end over what has no place to go. On a day that is over
    nobody has known of it: what was done in the unit since is in question."""
    unit = await units.lock_unit(tx, unit_id)
    actor = await rights.require(tx, caller, ADMINS, unit.path)
    if unit.version != version:
        raise EditConflict(current=unit.version)
    if valid_to != unit.valid_to and await units.is_succeeded(tx, unit_id):
        raise UnitSucceeded(unit=unit.name)
    if valid_to is not None and valid_to != unit.valid_to:
        await _require_empty(tx, unit, valid_to)
    await units.update_unit(tx, unit_id, name, valid_to)
    fact = organisation.UnitChanged(name=changed(unit.name, name), valid_to=changed(unit.valid_to, valid_to))
    await record(tx, fact, about=unit_id, actor=actor)
    left = replace(unit, name=name, valid_to=valid_to, version=version + 1)
    if valid_to == unit.valid_to:
        return ChangedUnit(unit=left)
    today = local_day(tx.now)
    papers = papers_of_end(await units.last_held(tx, unit_id), unit.valid_to, valid_to, today)
    first = min(unit.valid_to or date.max, valid_to or date.max)
    change = UnitChanged(unit_id=UnitId(unit_id))
    return ChangedUnit(unit=left, questioned=await write_change(tx, [change], first, None, papers=papers))


def _require_standing(tx: Tx, parent: Unit) -> None:
    if parent.has_ended(local_day(tx.now)):
        raise ParentEnded(unit=parent.name)


async def _require_empty(tx: Tx, unit: Unit, last_day: date) -> None:
    """Nothing below the unit stands longer than it, and nothing is open in it."""
    longer = await units.count_longer(tx, unit.id, last_day)
    things = [thing for thing in await successions.open_things(tx, [unit.id]) if thing.unit_id == unit.id]
    if longer or things:
        example = things[0].code if things else unit.code
        raise UnitNotEmpty(units=longer, things=len(things), example=example)


async def move_unit(tx: Tx, caller: Principal, unit_id: UUID, version: int, parent_id: UUID) -> Unit:
    """Put a unit with all below it under another parent, from now on; an administrator over the parent that
    it leaves and over the one that it gets may. What is open keeps its path; delegations that rested on where
    it lay end."""
    await units.lock_imports(tx)
    unit = await units.lock_unit(tx, unit_id)
    actor = await rights.require(tx, caller, ADMINS, unit.path[:-1] or unit.path)
    parent = await units.get_unit(tx, parent_id)
    await rights.require(tx, caller, ADMINS, parent.path)
    if unit.version != version:
        raise EditConflict(current=unit.version)
    _require_standing(tx, parent)
    if await units.is_succeeded(tx, unit_id):
        raise UnitSucceeded(unit=unit.name)
    if unit.parent_id is None or unit.id in parent.path:
        raise MoveIntoItself
    above = (await units.levels_of(tx, parent.path)).values()
    for level in await units.levels_under(tx, unit_id):
        if not may_lie_below(level, above):
            raise LevelOutOfOrder(level=coded_level(level))
    await units.move_subtree(tx, unit, parent)
    fact = organisation.UnitMoved(parent_id=Change(old=unit.parent_id, new=parent.id))
    await record(tx, fact, about=unit_id, actor=actor)
    today = local_day(tx.now)
    ended, told = await end_resting_in(tx, actor, [unit_id], today)
    await write_change(tx, [UnitChanged(unit_id=UnitId(unit_id)), *ended], today, None, told)
    return await units.get_unit(tx, unit_id)
