"""The alarm list: cases that cannot go on by themselves, and whom that concerns; and what does not fit of the
service's history.

An open case has a next step with an instant, or is here; `stranded` are those of which neither is true."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final
from uuid import UUID

from casework.case import Particulars
from casework.history.record import record
from casework.notices import notify_of
from casework.roster import has_closed_account
from kit.db import Tx
from kit.ids import new_id
from kit.inserts import Insert
from kit.rows import read_all
from kit.sorting import ListPlace, Order, Sort, Sorts
from language.cases import AlarmKind, CaseType
from language.deadline.arithmetic import local_day
from language.events.casework import AlarmCleared, AlarmRaised
from language.posts.kinds import ADMINS, TaskKind
from language.views import View

ACCOUNT_CLOSED: Final = "ACCOUNT_CLOSED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something is wrong with a case since then. Of work that nobody is there for, `task` is what it is,
    `person_id` with whom it stays, and `found` ACCOUNT_CLOSED where nobody signs in as that person. Of the
    history, `about_id` is the event or stands for the checkpoint, and `subject_code` says the service and
    what was found. Of a run, `about_id` is what it is about, and `found` a code that says more. Of a
    webhook, `about_id` is the webhook, and `subject_code` its host. Of an act in
    question, `about_id` is the question, `person_id` who acted, and `found` what was done."""

    id: UUID
    kind: AlarmKind
    about_id: UUID
    subject_id: UUID
    subject_code: str
    level: str | None
    unit_id: UUID
    since: datetime
    task: TaskKind | None
    person_id: UUID | None
    found: str | None


INSERT = Insert(
    "alarms",
    "id, kind, case_type, about_id, subject_id, subject_code, level, unit_id, unit_path, raised_at",
    "on conflict (about_id, kind) where cleared_at is null do nothing returning true",
)


async def raise_alarm(
    tx: Tx, kind: AlarmKind, case_type: CaseType, case: Particulars, heads: Sequence[UUID] = ()
) -> None:
    """Put the case on the list, and tell the heads; once, for as long as it stands. Where there is no head
    above, the nearest administrators learn of it: an alarm that nobody hears is none."""
    row = INSERT.row(case, id=new_id(), kind=kind, case_type=case_type, raised_at=tx.now)
    if not await tx.conn.fetchval(INSERT.statement, *row):
        return
    fact = AlarmRaised(
        alarm=kind, case=case_type, about_id=case.about_id, level=case.level, unit_id=case.unit_id
    )
    event_id = await record(tx, fact, about=case.subject_id, rule_version=case.rule_version)
    await notify_of(tx, event_id, fact, case.matter, heads or await _administrators_of(tx, case.unit_path))


NEAREST = f"""
select distinct person_id from (
  select h.person_id, rank() over (order by cardinality(p.unit_path) desc) as place
  from {View.POSTS} p join {View.HOLDINGS} h on h.post_id = p.id
  where p.unit_id = any($1) and p.kind = any($2) and h.held_from <= $3
    and (h.held_to is null or h.held_to >= $3) and not {has_closed_account("h.person_id")}
) administrators where place = 1
"""


async def _administrators_of(tx: Tx, unit_path: Sequence[UUID]) -> list[UUID]:
    """Those of the unit, else of the nearest one above that has some who can sign in."""
    rows = await tx.conn.fetch(NEAREST, list(unit_path), list(ADMINS), local_day(tx.now))
    return [row["person_id"] for row in rows]


CLEAR = """
update alarms set cleared_at = $3 where about_id = $1 and kind = $2 and cleared_at is null returning raised_at
"""


async def clear_alarm(tx: Tx, kind: AlarmKind, case_type: CaseType, case: Particulars) -> None:
    """It is mended; nothing, if it never stood."""
    raised_at = await tx.conn.fetchval(CLEAR, case.about_id, kind, tx.now)
    if raised_at:
        fact = AlarmCleared(
            alarm=kind, case=case_type, about_id=case.about_id, level=case.level, raised_at=raised_at
        )
        await record(tx, fact, about=case.subject_id, rule_version=case.rule_version)


ROOT = f"""
select id, path from {View.UNITS} where parent_id is null order by valid_from, id limit 1
"""


async def warn_of(tx: Tx, kind: AlarmKind, thing_id: UUID, called: str) -> list[UUID]:
    """Put something of the province on the list that is no case; what happened to it, its own event says. Who
    is to be told: the province's administrators."""
    root = await tx.conn.fetchrow(ROOT)
    if root is None:
        raise AssertionError("there is a province before there is anything in it")
    row = INSERT.row(
        id=new_id(),
        kind=kind,
        case_type=None,
        about_id=thing_id,
        subject_id=thing_id,
        subject_code=called,
        level=None,
        unit_id=root["id"],
        unit_path=root["path"],
        raised_at=tx.now,
    )
    await tx.conn.fetchval(INSERT.statement, *row)
    return await _administrators_of(tx, root["path"])


async def warn_no_more(tx: Tx, kind: AlarmKind, thing_id: UUID) -> bool:
    """It is mended, or nobody needs it; False where it did not stand."""
    return bool(await tx.conn.fetchval(CLEAR, thing_id, kind, tx.now))


STANDS = "select exists (select 1 from alarms where about_id = $1 and kind = $2 and cleared_at is null)"


async def stands(tx: Tx, kind: AlarmKind, about_id: UUID) -> bool:
    """The case is on the list for this."""
    return bool(await tx.conn.fetchval(STANDS, about_id, kind))


SORTS: Final = Sorts("since", Sort(name="since", column="since", shown=attrgetter("since")))


def _is(kind: AlarmKind) -> str:
    return f"($6::text is null or $6 = '{kind}')"


def _list(order: Order) -> str:
    # Of each source as many as a page takes, in the order of its own index: there may be many.
    raised = f"{order.behind(2, 'raised_at')} {order.by('raised_at')} limit $4"
    left = f"{order.behind(2, 'unreachable_since')} {order.by('unreachable_since')} limit $4"
    kind = "($6::text is null or kind = $6)"
    return f"""
select id, kind, about_id, subject_id, subject_code, level, unit_id, since, task, person_id, found from (
  (select id, kind, about_id, subject_id, subject_code, level, unit_id, raised_at as since,
    null as task, null::uuid as person_id, null as found
  from alarms where cleared_at is null and unit_path && $1 and {kind} and {raised})
  union all
  (select id, kind, about_id, about_id, subject_code, null, unit_id, raised_at, null, null, found
  from run_alarms where cleared_at is null and unit_path && $1 and {kind} and {raised})
  union all
  (select id, 'ACT_IN_QUESTION', id, subject_id, subject_code, null, unit_id, raised_at, null, actor_id, act
  from questioned_acts
  where decided_at is null and unit_id in (select id from {View.UNITS} where path && $1)
    and {_is(AlarmKind.ACT_IN_QUESTION)} and {raised})
  union all
  (select id, 'NOBODY_THERE', about_id, subject_id, subject_code, level, unit_id, unreachable_since, kind,
    assignee_id, case when {has_closed_account("assignee_id")} then '{ACCOUNT_CLOSED}' end
  from tasks
  where state in ('WAITING', 'OPEN') and unreachable_since is not null and unit_path && $1
    and {_is(AlarmKind.NOBODY_THERE)} and {left})
  union all
  select event_id, 'HISTORY_DOES_NOT_FIT', event_id,
    coalesce((select e.subject_id from events e where e.event_id = a.event_id), event_id),
    current_schema() || ' ' || kind, null, $5::uuid, since, null, null, null
  from history_alarms a where $5::uuid is not null and {_is(AlarmKind.HISTORY_DOES_NOT_FIT)}
  union all
  select id, 'HISTORY_DOES_NOT_FIT', id, id, current_schema() || ' ' || kind || ' ' || number, null, $5::uuid,
    since, null, null, null
  from checkpoint_alarms where $5::uuid is not null and {_is(AlarmKind.HISTORY_DOES_NOT_FIT)}) standing
where {order.behind(2)} {order.by()} limit $4
"""


LIST = SORTS.statements(_list)


async def list_alarms(
    tx: Tx,
    unit_ids: Sequence[UUID],
    root_id: UUID | None,
    place: ListPlace,
    limit: int,
    kind: AlarmKind | None = None,
) -> list[Alarm]:
    """What stands under these units, from the place on, of this kind; with the root unit also what does not
    fit of the service's history, which is the whole province's."""
    asked = (list(unit_ids), *place.arguments, limit, root_id, kind)
    return read_all(Alarm, await tx.conn.fetch(LIST[place.order], *asked))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranded:
    """An open case without a next step that nobody knows of."""

    about_id: UUID
    subject_code: str
    kind: CaseType
    level: str | None
    unit_id: UUID


STRANDED: Final = """
select about_id, subject_code, kind, level, unit_id from clocks c where closed_at is null
  and not exists (select 1 from rungs_ahead ahead where ahead.about_id = c.about_id)
  and not exists (select 1 from alarms a where a.about_id = c.about_id and a.cleared_at is null)
  and not exists (select 1 from tasks t where t.about_id = c.about_id and t.state in ('WAITING', 'OPEN')
    and t.unreachable_since is not null)
order by opened_at, about_id
"""
"""Also run as it stands by the rehearsal's check, with the service's schema as search path."""


async def stranded(tx: Tx) -> list[Stranded]:
    """Every open case that has neither a rung ahead nor an alarm: there must be none."""
    return read_all(Stranded, await tx.conn.fetch(STRANDED))
