"""The calendar with the breaks of units: every change makes a version, and is published for those who keep
clocks that run."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from casework import rights
from casework.history.record import record
from casework.late.rungs import EarlyRung, all_early_rungs, late_edition
from kit.auth import Principal
from kit.db import Tx
from kit.http.refusals import EditConflict
from kit.ids import new_id
from language.deadline.arithmetic import local_day
from language.deadline.calendars import ChangedDay, changed_days, days_of, whole_calendar
from language.deadline.editions import Break, CalendarEdition
from language.events.actor import CLOCK_ACTED, Actor
from language.events.base import Change
from language.events.rulebook import BreakAdded, BreakEnded, CalendarChanged
from language.ids import UnitId
from language.posts.kinds import ADMINS
from language.refusals import NotFound
from language.views import FIRED
from packs.freezing import PolicyPack
from packs.terms import BreaksIn
from services.rulebook.domain.calendars import CalendarVersion, KeptBreak, require_short_enough
from services.rulebook.domain.refusals import BreakIsOver, BreakTouchesClocks
from services.rulebook.store import breaks, calendars, organisation, packs
from services.rulebook.store.running_clocks import count_touched

THE_CALENDAR: Final = uuid5(NAMESPACE_URL, "urn:sangkien:calendar")
"""What the history of the province's calendar is about; of a break it is the unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDay:
    """A day that is not as other days in a unit, and where that comes from; `unit_id` is the unit of a
    break."""

    day: date
    is_worked: bool
    source: str
    unit_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarView:
    """A version of the calendar; with a unit, also its days merged."""

    version: int
    holidays: list[date]
    make_up_days: list[date]
    reason: str
    made_at: datetime
    days: list[UnitDay] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBreak:
    """A break to be added, and why."""

    unit_id: UUID
    first_day: date
    last_day: date
    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChange:
    """What an edit makes of working days: in a unit and, where they have no break of their own, all under it;
    without a unit, everywhere. `units` counts those that there are today, `clocks` those that run some time
    between the first and the last of the days; `questioned` are the rungs that fired before their time by it,
    where it is about days that are over."""

    version: int
    unit_id: UUID | None
    units: int
    days: list[ChangedDay]
    clocks: int
    questioned: list[EarlyRung]


async def _read_calendar(tx: Tx) -> CalendarVersion:
    calendar = await calendars.current_calendar(tx)
    if calendar is None:
        raise NotFound
    return calendar


async def view_calendar(tx: Tx, unit_id: UUID | None) -> CalendarView:
    """The calendar in use, for everybody or as it is in a unit."""
    calendar = await _read_calendar(tx)
    days = await _unit_days(tx, calendar, unit_id) if unit_id else None
    return _view(calendar, days)


def _view(calendar: CalendarVersion, days: list[UnitDay] | None) -> CalendarView:
    return CalendarView(
        version=calendar.version,
        holidays=list(calendar.holidays),
        make_up_days=list(calendar.make_up_days),
        reason=calendar.reason,
        made_at=calendar.made_at,
        days=days,
    )


async def _unit_days(tx: Tx, calendar: CalendarVersion, unit_id: UUID) -> list[UnitDay]:
    path = await organisation.path_of(tx, unit_id)
    found = {
        day: UnitDay(day=day, is_worked=False, source="HOLIDAY", unit_id=None) for day in calendar.holidays
    }
    found |= {
        day: UnitDay(day=day, is_worked=True, source="MAKE_UP_DAY", unit_id=None)
        for day in calendar.make_up_days
    }
    for kept in await breaks.breaks_above(tx, calendar.version, path):
        paused = (
            UnitDay(day=day, is_worked=False, source=kept.name, unit_id=kept.unit_id)
            for day in days_of(_pause(kept))
        )
        found |= {paused_day.day: paused_day for paused_day in paused}
    return [found[day] for day in sorted(found)]


async def change_calendar(
    tx: Tx, caller: Principal, version: int, days: tuple[list[date], list[date]], reason: str
) -> CalendarView:
    """Add a version after `version`: clocks that start from now on take it, and those that run are projected
    anew."""
    actor = await rights.require_root(tx, caller, ADMINS)
    await breaks.lock_calendar(tx)
    current = await _read_calendar(tx)
    if current.version != version:
        raise EditConflict(current=current.version)
    calendar = await _next_version(tx, current, caller, days, reason)
    await record_calendar(tx, current, calendar, actor)
    await calendars.publish_change(tx, calendar.version, None, actor)
    return _view(calendar, None)


async def record_calendar(
    tx: Tx, before: CalendarVersion | None, calendar: CalendarVersion, actor: Actor = CLOCK_ACTED
) -> None:
    """The province's calendar has other days."""
    fact = CalendarChanged(
        calendar_version=Change(old=before.version if before else None, new=calendar.version),
        holidays=Change(old=tuple(before.holidays) if before else (), new=tuple(calendar.holidays)),
        make_up_days=Change(
            old=tuple(before.make_up_days) if before else (), new=tuple(calendar.make_up_days)
        ),
        reason=calendar.reason,
    )
    await record(tx, fact, about=THE_CALENDAR, actor=actor)


async def add_break(tx: Tx, caller: Principal, new: NewBreak) -> KeptBreak:
    """A break of a unit and all under it, by an administrator of the unit or above; by one above where clocks
    run on its days."""
    await rights.require_any(tx, caller, ADMINS)
    path = await organisation.path_of(tx, new.unit_id)
    actor = await rights.require(tx, caller, ADMINS, path)
    await breaks.lock_calendar(tx)
    current = await _read_calendar(tx)
    pause = Break(unit_id=UnitId(new.unit_id), first_day=new.first_day, last_day=new.last_day, name=new.name)
    actor = await _require_for_clocks(tx, caller, actor, path, pause)
    kept_above = await breaks.breaks_above(tx, current.version, path)
    require_short_enough([*map(_pause, kept_above), pause], pause, await _most_days(tx))
    calendar = await _next_version(
        tx, current, caller, (list(current.holidays), list(current.make_up_days)), new.reason
    )
    kept = KeptBreak(
        id=new_id(),
        unit_id=new.unit_id,
        first_day=new.first_day,
        last_day=new.last_day,
        name=new.name,
        since_version=calendar.version,
        ended_version=None,
        path=path,
    )
    await breaks.insert_break(tx, kept)
    fact = BreakAdded(
        break_id=kept.id,
        first_day=kept.first_day,
        last_day=kept.last_day,
        name=kept.name,
        calendar_version=Change(old=current.version, new=calendar.version),
        reason=new.reason,
    )
    await record(tx, fact, about=new.unit_id, actor=actor)
    await calendars.publish_change(tx, calendar.version, kept.unit_id, actor)
    return kept


async def end_break(tx: Tx, caller: Principal, break_id: UUID, reason: str) -> KeptBreak:
    """The break holds no longer; clocks that run get its days back."""
    found = await breaks.get_break(tx, break_id)
    actor = await rights.require(tx, caller, ADMINS, found.path)
    await breaks.lock_calendar(tx)
    found = await breaks.get_break(tx, break_id)
    if found.ended_version is not None:
        raise BreakIsOver
    actor = await _require_for_clocks(tx, caller, actor, found.path, _pause(found))
    current = await _read_calendar(tx)
    calendar = await _next_version(
        tx, current, caller, (list(current.holidays), list(current.make_up_days)), reason
    )
    await breaks.end_break(tx, break_id, calendar.version)
    fact = BreakEnded(
        break_id=break_id,
        first_day=found.first_day,
        last_day=found.last_day,
        name=found.name,
        calendar_version=Change(old=current.version, new=calendar.version),
        reason=reason,
    )
    await record(tx, fact, about=found.unit_id, actor=actor)
    await calendars.publish_change(tx, calendar.version, found.unit_id, actor)
    return await breaks.get_break(tx, break_id)


async def _require_for_clocks(
    tx: Tx, caller: Principal, actor: Actor, path: list[UUID], pause: Break
) -> Actor:
    """Who may enter or end it: where clocks run on its days only somebody above the unit (of the root, its
    own administrators), for the unit that has to keep a deadline does not move it."""
    if len(path) == 1:
        return actor
    touched = await count_touched(tx, path[-1], pause.first_day, pause.last_day)
    if not touched:
        return actor
    above = await rights.post_over(tx, caller, ADMINS, path[:-1])
    if above is None:
        raise BreakTouchesClocks(clocks=touched)
    return rights.in_post(caller, above)


async def _most_days(tx: Tx) -> int:
    """How many days of a year breaks may take by the pack in force."""
    content = await packs.pack_in_force(tx, local_day(tx.now))
    rule = PolicyPack.model_validate(content).breaks if content else BreaksIn()
    return rule.most_days_a_year


async def try_edit(tx: Tx, edit: Awaitable[CalendarView | KeptBreak]) -> CalendarChange:
    """Make an edit, in a transaction that is not kept, and say what is different after it."""
    made = await edit
    path = made.path if isinstance(made, KeptBreak) else []
    after, before = await calendars.newest_calendars(tx, 2)
    unit_id = path[-1] if path else None
    old, new = [whole_calendar(await _edition_in(tx, calendar, path), path) for calendar in (before, after)]
    changed = changed_days(old, new)
    return CalendarChange(
        version=after.version,
        unit_id=unit_id,
        units=await organisation.count_units(tx, unit_id, local_day(tx.now)),
        days=changed,
        clocks=await count_touched(tx, unit_id, changed[0].day, changed[-1].day) if changed else 0,
        questioned=await _early(tx, after.version, path),
    )


async def _early(tx: Tx, version: int, path: list[UUID]) -> list[EarlyRung]:
    late = await late_edition(tx, version, path, tx.now)
    return [one for view in sorted(FIRED) for one in await all_early_rungs(tx, view, late)] if late else []


async def _next_version(
    tx: Tx, current: CalendarVersion, caller: Principal, days: tuple[list[date], list[date]], reason: str
) -> CalendarVersion:
    calendar = CalendarVersion(
        version=current.version + 1,
        holidays=sorted(days[0]),
        make_up_days=sorted(days[1]),
        reason=reason,
        made_by=caller.person_id,
        made_at=tx.now,
    )
    if not await calendars.insert_calendar(tx, calendar):
        raise EditConflict(current=calendar.version)
    return calendar


def _pause(kept: KeptBreak) -> Break:
    return Break(
        unit_id=UnitId(kept.unit_id), first_day=kept.first_day, last_day=kept.last_day, name=kept.name
    )


async def _edition_in(tx: Tx, calendar: CalendarVersion, path: list[UUID]) -> CalendarEdition:
    return CalendarEdition(
        version=calendar.version,
        holidays=frozenset(calendar.holidays),
        make_up_days=frozenset(calendar.make_up_days),
        breaks=tuple(_pause(kept) for kept in await breaks.breaks_above(tx, calendar.version, path)),
    )
