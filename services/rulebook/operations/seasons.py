"""Seasons and their rounds: opened, and by an act with its document extended, closed or opened again; and who
may file late."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from casework import rights
from casework.history.record import record
from casework.notices import Matter, NewNotice, notify
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from language.cases import WindowAct
from language.deadline.arithmetic import LOCAL_ZONE, end_of_local_day, local_day
from language.events.actor import Actor
from language.events.base import Change
from language.events.rulebook import FilingWindowChanged, LateFilingPermitted, RoundCreated, SeasonCreated
from language.messages.notices import NoticeKind
from language.posts.kinds import ADMINS, PostKind
from language.refusals import CodeTaken
from language.words.values import coded_level
from services.rulebook.domain.refusals import ClosingOutOfOrder, UnitLevelUnknown
from services.rulebook.domain.seasons import LateFiling, Round, Season, closing_after, require_within
from services.rulebook.store import organisation, seasons

_CONCERNED: Final = frozenset({PostKind.UNIT_HEAD, PostKind.INTAKE_OFFICER})
_PERMIT: Final = ADMINS | {PostKind.UNIT_HEAD}
LATE: Final = "LATE"
"""What a notice says of a unit that may file late, beside the acts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingDays:
    """A code and the days from when to when, both included."""

    code: str
    opens_on: date
    closes_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRound:
    """A round to be added."""

    code: str
    level: str | None
    application_field: str | None
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowChange:
    """An act, its document and its reason; `closes_at` is the new end of what is extended or opened again."""

    act: WindowAct
    closes_at: datetime | None
    document: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLateFiling:
    """A unit that shall be let file late, by which document and why."""

    unit_id: UUID
    until: datetime
    document: str
    reason: str


async def create_season(tx: Tx, caller: Principal, days: FilingDays, name: str) -> Season:
    """Open a season: from the beginning of its first day to the end of its last."""
    actor = await rights.require_root(tx, caller, ADMINS)
    season = Season(
        id=new_id(),
        code=days.code,
        name=name,
        opens_at=datetime.combine(days.opens_on, time(), LOCAL_ZONE),
        closes_at=end_of_local_day(days.closes_on),
    )
    if not await seasons.insert_season(tx, season):
        raise CodeTaken(code=days.code)
    fact = SeasonCreated(code=days.code, name=name, opens_on=days.opens_on, closes_on=days.closes_on)
    await record(tx, fact, about=season.id, actor=actor)
    return season


async def create_round(tx: Tx, caller: Principal, season_id: UUID, new: NewRound) -> Round:
    """Add a round to a season."""
    actor = await rights.require_root(tx, caller, ADMINS)
    season = await seasons.get_season(tx, season_id, lock=True)
    require_within(season, new.opens_at, new.closes_at)
    if new.level is not None:
        await _require_level(tx, new.level)
    round_ = Round(
        id=new_id(),
        season_id=season_id,
        code=new.code,
        level=new.level,
        application_field=new.application_field,
        opens_at=new.opens_at,
        closes_at=new.closes_at,
    )
    if not await seasons.insert_round(tx, round_):
        raise CodeTaken(code=new.code)
    fact = RoundCreated(
        season_id=season_id,
        code=new.code,
        level=new.level,
        application_field=new.application_field,
        opens_at=new.opens_at,
        closes_at=new.closes_at,
    )
    await record(tx, fact, about=round_.id, actor=actor)
    return round_


async def _require_level(tx: Tx, level: str) -> None:
    known = await organisation.unit_levels(tx, local_day(tx.now))
    if level not in known:
        raise UnitLevelUnknown(level=coded_level(level), known=[coded_level(one) for one in sorted(known)])


async def change_season(tx: Tx, caller: Principal, season_id: UUID, change: WindowChange) -> Season:
    """Extend it, close it or open it again; whoever files or receives in it is told."""
    actor = await rights.require_root(tx, caller, ADMINS)
    season = await seasons.get_season(tx, season_id, lock=True)
    closes_at = closing_after(change.act, season, change.closes_at, tx.now)
    await seasons.set_season_end(tx, season_id, closes_at)
    event_id = await _record_change(tx, actor, season, None, change, closes_at)
    readers = await seasons.concerned(tx, local_day(tx.now), _CONCERNED, None, None, season_id)
    await _tell(
        tx,
        event_id,
        readers,
        Matter(subject_id=season_id, subject_code=season.code, due_at=closes_at),
        change.act,
    )
    return await seasons.get_season(tx, season_id)


async def change_round(
    tx: Tx, caller: Principal, season_id: UUID, round_id: UUID, change: WindowChange
) -> Round:
    """Extend it, close it or open it again, within its season; whoever files or receives in it is told."""
    actor = await rights.require_root(tx, caller, ADMINS)
    season = await seasons.get_season(tx, season_id, lock=True)
    round_ = await seasons.get_round(tx, season_id, round_id)
    closes_at = closing_after(change.act, round_, change.closes_at, tx.now)
    if change.act is not WindowAct.CLOSED:
        require_within(season, round_.opens_at, closes_at)
    await seasons.set_round_end(tx, round_id, closes_at)
    event_id = await _record_change(tx, actor, round_, round_id, change, closes_at)
    readers = await seasons.concerned(tx, local_day(tx.now), _CONCERNED, None, round_.level, season_id)
    code = f"{season.code}/{round_.code}"
    await _tell(
        tx, event_id, readers, Matter(subject_id=season_id, subject_code=code, due_at=closes_at), change.act
    )
    return await seasons.get_round(tx, season_id, round_id)


async def permit_late_filing(tx: Tx, caller: Principal, season_id: UUID, new: NewLateFiling) -> LateFiling:
    """Let a unit, and all under it, file after the end: by the head or an administrator of a unit above."""
    await rights.require_any(tx, caller, _PERMIT)
    path = await organisation.path_of(tx, new.unit_id)
    actor = await rights.require(tx, caller, _PERMIT, path[:-1] or path)
    season = await seasons.get_season(tx, season_id)
    if new.until <= tx.now:
        raise ClosingOutOfOrder
    permission = LateFiling(
        id=new_id(),
        season_id=season_id,
        unit_id=new.unit_id,
        until=new.until,
        document=new.document,
        reason=new.reason,
        given_by=caller.person_id,
        given_at=tx.now,
    )
    await seasons.insert_late_filing(tx, permission)
    fact = LateFilingPermitted(
        season_id=season_id,
        unit_id=new.unit_id,
        until=new.until,
        document=new.document,
        reason=new.reason,
    )
    event_id = await record(tx, fact, about=permission.id, actor=actor)
    readers = await seasons.concerned(tx, local_day(tx.now), _CONCERNED, new.unit_id, None, season_id)
    await _tell(
        tx,
        event_id,
        readers - {caller.person_id},
        Matter(subject_id=season_id, subject_code=season.code, due_at=new.until),
        LATE,
    )
    return permission


async def list_late_filings(tx: Tx, caller: Principal, season_id: UUID) -> list[LateFiling]:
    """Who may file late, for administrators and heads."""
    await rights.require_any(tx, caller, _PERMIT)
    await seasons.get_season(tx, season_id)
    return await seasons.list_late_filings(tx, season_id)


async def _record_change(
    tx: Tx,
    actor: Actor,
    window: Season | Round,
    round_id: UUID | None,
    change: WindowChange,
    closes_at: datetime,
) -> UUID:
    fact = FilingWindowChanged(
        season_id=window.season_id if isinstance(window, Round) else window.id,
        round_id=round_id,
        act=change.act,
        closes_at=Change(old=window.closes_at, new=closes_at),
        document=change.document,
        reason=change.reason,
    )
    return await record(tx, fact, about=window.id, actor=actor)


async def _tell(tx: Tx, event_id: UUID, readers: Collection[UUID], matter: Matter, what: str) -> None:
    await notify(
        tx,
        [
            NewNotice(
                event_id=event_id,
                person_id=person,
                kind=NoticeKind.FILING_WINDOW_CHANGED,
                matter=matter,
                detail=what,
            )
            for person in sorted(readers)
        ],
    )
