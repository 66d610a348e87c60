"""Alarms of runs: raised and cleared by what a look finds, each with its event; the province's administrators
are told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID, uuid5

import structlog

from casework.history.record import record
from casework.notices import Matter, notify_of
from kit.db import Tx
from kit.ids import new_id
from kit.inserts import Insert
from kit.rows import read, read_all
from language.cases import AlarmKind
from language.deadline.arithmetic import local_day
from language.events.casework import RunAlarmCleared, RunAlarmRaised
from language.posts.kinds import ADMINS
from language.refusals import NotFound
from language.views import View

log = structlog.get_logger()

RunFault: TypeAlias = tuple[str, AlarmKind]
"""A run by its workflow id, and what is wrong with it."""
_NAMELESS: Final = UUID("0d5c7c9e-3a55-5d0f-8f5b-6a2d3c1b7e90")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAlarm:
    """What is wrong with a run since then. `about_id` is what it is about."""

    id: UUID
    kind: AlarmKind
    workflow_id: str
    about_id: UUID
    unit_path: tuple[UUID, ...]
    raised_at: datetime


def about_of(workflow_id: str) -> UUID:
    """What a run is about: its id ends with it."""
    try:
        return UUID(workflow_id.rpartition(":")[2])
    except ValueError:
        return uuid5(_NAMELESS, workflow_id)


_COLUMNS = "id, kind, workflow_id, about_id, unit_path, raised_at"
STANDING = f"select {_COLUMNS} from run_alarms where cleared_at is null"


async def standing_alarms(tx: Tx) -> dict[RunFault, RunAlarm]:
    """Everything that stands."""
    found = read_all(RunAlarm, await tx.conn.fetch(STANDING))
    return {(alarm.workflow_id, alarm.kind): alarm for alarm in found}


GET = f"select {_COLUMNS} from run_alarms where id = $1 and cleared_at is null"
LOCK = f"{GET} for update"


async def get_alarm(tx: Tx, alarm_id: UUID, *, lock: bool = False) -> RunAlarm:
    """The alarm, if it stands, locked if asked; `NotFound` otherwise."""
    row = await tx.conn.fetchrow(LOCK if lock else GET, alarm_id)
    if row is None:
        raise NotFound
    return read(RunAlarm, row)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Whose:
    """What a run is about, and where that lies."""

    workflow_id: str
    about_id: UUID
    subject_code: str
    unit_id: UUID
    unit_path: tuple[UUID, ...]


WHOSE = f"""
select w.workflow_id, w.about_id, coalesce(c.subject_code, d.code, w.workflow_id) as subject_code,
  u.id as unit_id, u.path as unit_path
from unnest($1::text[], $2::uuid[]) as w (workflow_id, about_id)
left join lateral (
  select k.subject_code, k.unit_id from clocks k
  where (k.subject_id = w.about_id or k.about_id = w.about_id) and k.workflow_id = w.workflow_id
  order by k.opened_at desc limit 1
) c on true
left join {View.DOSSIERS} d on d.id = w.about_id
join {View.UNITS} u on u.id = coalesce(c.unit_id, d.unit_id,
  (select r.id from {View.UNITS} r where r.parent_id is null order by r.valid_from, r.id limit 1))
"""
"""What nothing is known of is the province's."""
INSERT = Insert(
    "run_alarms",
    "id, kind, workflow_id, found, about_id, subject_code, unit_id, unit_path, raised_at",
    "on conflict (workflow_id, kind) where cleared_at is null do nothing returning true",
)


async def raise_alarms(tx: Tx, found: Mapping[RunFault, str]) -> None:
    """Put these on the list, and tell who can help; once, for as long as each stands."""
    ids = sorted({workflow_id for workflow_id, _ in found})
    rows = await tx.conn.fetch(WHOSE, ids, [about_of(workflow_id) for workflow_id in ids])
    whose = {one.workflow_id: one for one in read_all(_Whose, rows)}
    admins = await _administrators(tx)
    for (workflow_id, kind), what in found.items():
        log.warning("runs.alarm", workflow_id=workflow_id, kind=kind.value, found=what)
        if run := whose.get(workflow_id):
            await _raise(tx, run, kind, what, admins)


async def _raise(tx: Tx, run: _Whose, kind: AlarmKind, found: str, admins: Sequence[UUID]) -> None:
    row = INSERT.row(run, id=new_id(), kind=kind, found=found, raised_at=tx.now)
    if not await tx.conn.fetchval(INSERT.statement, *row):
        return
    fact = RunAlarmRaised(alarm=kind, workflow_id=run.workflow_id, found=found, unit_id=run.unit_id)
    event_id = await record(tx, fact, about=run.about_id)
    matter = Matter(subject_id=run.about_id, subject_code=run.subject_code)
    await notify_of(tx, event_id, fact, matter, admins)


ADMINISTRATORS = f"""
select distinct h.person_id from {View.POSTS} p join {View.HOLDINGS} h on h.post_id = p.id
where p.kind = any($1) and cardinality(p.unit_path) = 1
  and h.held_from <= $2 and (h.held_to is null or h.held_to >= $2)
"""


async def _administrators(tx: Tx) -> list[UUID]:
    """Of the province."""
    rows = await tx.conn.fetch(ADMINISTRATORS, list(ADMINS), local_day(tx.now))
    return [row["person_id"] for row in rows]


CLEAR = "update run_alarms set cleared_at = $2 where id = $1 and cleared_at is null returning true"


async def clear_alarm(tx: Tx, alarm: RunAlarm) -> None:
    """It is so no longer."""
    if await tx.conn.fetchval(CLEAR, alarm.id, tx.now):
        fact = RunAlarmCleared(alarm=alarm.kind, workflow_id=alarm.workflow_id, raised_at=alarm.raised_at)
        await record(tx, fact, about=alarm.about_id)
