"""The clock of a thing with a deadline: kept by its owner with everything it was computed from, in the
transaction that starts it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from language.cases import CaseType
from language.deadline.clock import OfficeCalendar, Rung, StageClock
from language.deadline.jitter import delay_of
from language.plan.review_plan import Budget, ExtensionRule, RungRule
from language.refusals import NotFound

_COLUMNS = """about_id, subject_id, subject_code, kind, level, unit_id, unit_path, workflow_id,
  rule_version, rule, budget, ladder, calendar,
  opened_at, due_at, rungs, revision, closed_at, extension, spread_minutes,
  (select coalesce(max(number), 0) from restores) as epoch, is_standing as is_suspended"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClock:
    """A clock that starts now. `about_id` is the thing with the deadline, `subject_id` the dossier, `rule`
    the rule that gives the budget; `workflow_id` is the run that waits for its rungs."""

    about_id: UUID
    subject_id: UUID
    subject_code: str
    kind: CaseType
    level: str | None
    unit_id: UUID
    unit_path: Sequence[UUID]
    workflow_id: str
    rule_version: str
    rule: str
    budget: Budget
    ladder: tuple[RungRule, ...]
    extension: ExtensionRule | None
    spread_minutes: int
    started: StageClock


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptClock:
    """A clock as read back; closed when what it was for is over."""

    about_id: UUID
    subject_id: UUID
    subject_code: str
    kind: CaseType
    level: str | None
    unit_id: UUID
    unit_path: Sequence[UUID]
    workflow_id: str
    rule_version: str
    rule: str
    budget: Budget
    ladder: tuple[RungRule, ...]
    calendar: OfficeCalendar
    opened_at: datetime
    due_at: datetime
    rungs: tuple[Rung, ...]
    revision: int
    epoch: int
    closed_at: datetime | None
    extension: ExtensionRule | None
    spread_minutes: int
    is_suspended: bool

    @property
    def delay(self) -> timedelta:
        """How long after its instant a rung fires."""
        return delay_of(self.subject_id, timedelta(minutes=self.spread_minutes))


INSERT = Insert(
    "clocks",
    "about_id, subject_id, subject_code, kind, level, unit_id, unit_path, workflow_id, rule_version, rule, "
    "budget, ladder, calendar, opened_at, due_at, rungs, extension, spread_minutes",
    "on conflict do nothing",
)


async def open_clock(tx: Tx, new: NewClock) -> None:
    """Keep a clock that starts; a repeat changes nothing."""
    clock = new.started
    row = INSERT.row(
        new, calendar=clock.calendar, opened_at=clock.opened_at, due_at=clock.due_at, rungs=clock.rungs
    )
    await tx.conn.execute(INSERT.statement, *row)


CLOSE = """
with closed as (update clocks set closed_at = $2 where about_id = $1 and closed_at is null)
update alarms set cleared_at = $2 where about_id = $1 and cleared_at is null
"""


async def close_clock(tx: Tx, about_id: UUID) -> None:
    """What it was for is over, and with it every alarm."""
    await tx.conn.execute(CLOSE, about_id, tx.now)


ADD_RUNG = "update clocks set ladder = $2 where about_id = $1"


async def save_ladder(tx: Tx, about_id: UUID, ladder: Sequence[RungRule]) -> None:
    """The clock has these rungs from now on."""
    await tx.conn.execute(ADD_RUNG, about_id, list(ladder))


FIND = f"select {_COLUMNS} from clocks where about_id = $1"


async def find_clock(tx: Tx, about_id: UUID) -> KeptClock | None:
    """The clock of this thing, if it has one."""
    row = await tx.conn.fetchrow(FIND, about_id)
    return read(KeptClock, row) if row else None


async def kept_clock(tx: Tx, about_id: UUID) -> KeptClock:
    """The clock of this thing; `NotFound` when it never had one."""
    clock = await find_clock(tx, about_id)
    if clock is None:
        raise NotFound
    return clock


FIND_SOME = f"select {_COLUMNS} from clocks where about_id = any($1)"


async def some_clocks(tx: Tx, about_ids: Sequence[UUID]) -> list[KeptClock]:
    """The clocks of these things, running or closed."""
    return read_all(KeptClock, await tx.conn.fetch(FIND_SOME, list(about_ids)))


OF_SUBJECT = f"select {_COLUMNS} from clocks where subject_id = $1 order by opened_at, about_id"


async def clocks_of(tx: Tx, subject_id: UUID) -> list[KeptClock]:
    """The dossier's clocks in this service, in the order they started."""
    return read_all(KeptClock, await tx.conn.fetch(OF_SUBJECT, subject_id))
