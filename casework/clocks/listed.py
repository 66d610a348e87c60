"""Cases by their clocks, for who watches over units: one by one, how long what is open has been so, and where
things are done in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Final
from uuid import UUID

from casework.naming import EVER, Days
from kit.counting import MOST, counting
from kit.db import Tx
from kit.rows import read_all
from kit.sorting import ListPlace, Order, Sort, Sorts
from language.cases import CaseType
from language.deadline.arithmetic import local_day
from language.views import View


class CaseState(StrEnum):
    """A case runs until it is done, by whatever end."""

    RUNNING = "RUNNING"
    OVER = "OVER"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases: under these units (None: all), in exactly this one, of a kind, at a level, still running
    or over, late or not, standing still or not, begun or done in a span."""

    unit_ids: Sequence[UUID] | None = None
    in_unit_id: UUID | None = None
    kind: CaseType | None = None
    level: str | None = None
    state: CaseState | None = None
    overdue: bool | None = None
    suspended: bool | None = None
    opened: Days = EVER
    closed: Days = EVER


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCase:
    """A case with its days. Overdue: it is still open behind its term, or was done behind it; what stands
    still is not."""

    about_id: UUID
    subject_id: UUID
    subject_code: str
    kind: CaseType
    level: str | None
    unit_id: UUID
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    is_suspended: bool
    is_overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCases:
    """How many cases of a kind and level are open, by how many days ago they began."""

    kind: CaseType
    level: str | None
    up_to_a_week: int
    up_to_a_month: int
    up_to_two_months: int
    longer: int
    count: int
    overdue: int
    suspended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsPunctuality:
    """Of a unit and all below it: what was done in time and late in a span, and what is open now. `itself`:
    only what lies in the unit that was asked for, not below it."""

    unit_id: UUID
    unit_name: str
    itself: bool
    in_time: int
    late: int
    running: int
    running_late: int


SORTS: Final = Sorts(
    "due",
    Sort(name="due", column="due_at", shown=attrgetter("due_at")),
    Sort(name="opened", column="opened_at", shown=attrgetter("opened_at")),
    row_id="about_id",
    shown_id="about_id",
)
WEEK, MONTH, TWO_MONTHS = timedelta(days=7), timedelta(days=30), timedelta(days=60)
_LATE: Final = (
    "(case when closed_at is null then not is_standing and due_at < $2 else closed_at > due_at end)"
)
MATCHES: Final = f"""
  ($1::uuid[] is null or unit_path && $1) and ($3::uuid is null or unit_id = $3)
  and ($4::text is null or kind = $4) and ($5::text is null or level = $5)
  and ($6::text is null or ($6 = 'RUNNING' and closed_at is null) or ($6 = 'OVER' and closed_at is not null))
  and ($7::boolean is null or {_LATE} = $7)
  and ($8::timestamptz is null or opened_at >= $8) and ($9::timestamptz is null or opened_at < $9)
  and ($10::timestamptz is null or closed_at >= $10) and ($11::timestamptz is null or closed_at < $11)
  and ($12::boolean is null or (closed_at is null and is_standing) = $12)
"""


def arguments(tx: Tx, wanted: CaseFilter) -> list[object]:
    """Those of `MATCHES`, $1 to $12."""
    return [
        None if wanted.unit_ids is None else list(wanted.unit_ids),
        tx.now,
        wanted.in_unit_id,
        wanted.kind,
        wanted.level,
        wanted.state,
        wanted.overdue,
        wanted.opened.begins,
        wanted.opened.ends,
        wanted.closed.begins,
        wanted.closed.ends,
        wanted.suspended,
    ]


def _ordered(order: Order, by: str) -> str:
    return f"""
select about_id, subject_id, subject_code, kind, level, unit_id, opened_at, due_at, closed_at,
  is_standing as is_suspended, {_LATE} as is_overdue
from clocks where {MATCHES} and {order.behind(13)} {by} limit $15
"""


def _gathered(order: Order) -> str:
    # What was done in some days is gathered and sorted: whoever walks by the term passes by all other years.
    return _ordered(order, order.by(f"{order.sort.column} at time zone 'UTC'"))


LIST: Final = SORTS.statements(lambda order: _ordered(order, order.by()))
LIST_DONE: Final = SORTS.statements(_gathered)


def list_statement(wanted: CaseFilter, order: str) -> str:
    """The one that is led by an index to what is wanted."""
    return (LIST if wanted.closed == EVER else LIST_DONE)[order]


async def list_cases(tx: Tx, wanted: CaseFilter, place: ListPlace, limit: int) -> list[ListedCase]:
    """Cases in the order of the place, from there on."""
    statement = list_statement(wanted, place.order)
    rows = await tx.conn.fetch(statement, *arguments(tx, wanted), *place.arguments, limit)
    return read_all(ListedCase, rows)


async def count_cases(tx: Tx, wanted: CaseFilter) -> int:
    """How many `list_cases` would list."""
    statement = counting(list_statement(wanted, SORTS.usual))
    asked = (*arguments(tx, wanted), *SORTS.beginning.arguments, MOST + 1)
    return int(await tx.conn.fetchval(statement, *asked))


OPEN: Final = """
select kind, level,
  (count(*) filter (where opened_at >= $3))::int as up_to_a_week,
  (count(*) filter (where opened_at < $3 and opened_at >= $4))::int as up_to_a_month,
  (count(*) filter (where opened_at < $4 and opened_at >= $5))::int as up_to_two_months,
  (count(*) filter (where opened_at < $5))::int as longer,
  count(*)::int as count,
  (count(*) filter (where not is_standing and due_at < $2))::int as overdue,
  (count(*) filter (where is_standing))::int as suspended
from clocks where closed_at is null and ($1::uuid[] is null or unit_path && $1)
group by kind, level order by kind, level
"""


async def open_cases(tx: Tx, unit_ids: Sequence[UUID] | None) -> list[OpenCases]:
    """What is open, by how long it has been so: whole days, today among them."""
    today = local_day(tx.now)
    begins = [Days(first=today - span).begins for span in (WEEK, MONTH, TWO_MONTHS)]
    units = None if unit_ids is None else list(unit_ids)
    return read_all(OpenCases, await tx.conn.fetch(OPEN, units, tx.now, *begins))


# Counted by the unit of each case first, along one index; units are few, and are put together by where they
# lie today.
PUNCTUALITY: Final = f"""
with under as (
  select distinct on (u.id) u.id, coalesce(u.path[cardinality(a.path) + 1], a.id) as step,
    u.id = a.id as itself
  from {View.UNITS} u join {View.UNITS} a on a.id = any($1) and u.path @> array[a.id]
  order by u.id, cardinality(a.path)
),
over as (
  select unit_id, count(*) filter (where closed_at <= due_at) as in_time,
    count(*) filter (where closed_at > due_at) as late
  from clocks
  where closed_at is not null and ($3::timestamptz is null or closed_at >= $3)
    and ($4::timestamptz is null or closed_at < $4) and ($5::text is null or kind = $5)
  group by unit_id
),
running as (
  select unit_id, count(*) as running, count(*) filter (where not is_standing and due_at < $2) as running_late
  from clocks where closed_at is null and ($5::text is null or kind = $5)
  group by unit_id
)
select s.*, n.name as unit_name from (
  select under.step as unit_id, under.itself, coalesce(sum(over.in_time), 0)::int as in_time,
    coalesce(sum(over.late), 0)::int as late, coalesce(sum(running.running), 0)::int as running,
    coalesce(sum(running.running_late), 0)::int as running_late
  from under left join over on over.unit_id = under.id left join running on running.unit_id = under.id
  group by under.step, under.itself
) s join {View.UNITS} n on n.id = s.unit_id
where s.in_time + s.late + s.running > 0
order by s.late + s.running_late desc, s.in_time + s.late + s.running desc, n.name, s.unit_id
limit {MOST}
"""


async def punctuality(
    tx: Tx, unit_ids: Sequence[UUID], closed: Days, kind: CaseType | None
) -> list[UnitsPunctuality]:
    """Unit by unit, those first in which most is late: those directly below these, and these themselves."""
    asked = (list(unit_ids), tx.now, closed.begins, closed.ends, kind)
    return read_all(UnitsPunctuality, await tx.conn.fetch(PUNCTUALITY, *asked))
