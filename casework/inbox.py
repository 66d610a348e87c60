"""Which tasks there are: mine, of my office, under my units, of all; listed exactly, and counted as far as
counting is quick.

What one asks for is often little among much. So every statement is led by an index to what it shows: under
few units, of a person or of an office there is little to walk. Of all tasks, whatever is asked for, a page is
merged from the few groups of like tasks (kind, level, state), each in its own order."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final
from uuid import UUID

from casework.about import ALL, Found, narrowed
from casework.naming import EVER, Days
from casework.tasks import COLUMNS, Task, TaskState
from kit.counting import MOST, counting
from kit.db import Tx
from kit.rows import read, read_all
from kit.sorting import ListPlace, Order, Sort, Sorts
from language.posts.kinds import PostKind, TaskKind
from language.refusals import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilter:
    """Which tasks to list. `assignee_id` for mine, `unit_ids` for all under these units, `offices` for those
    of posts of a kind in a unit; all None for all. `actor_id` is whose work it is, `about` which dossiers,
    `season_id` in which season these were filed."""

    assignee_id: UUID | None = None
    unit_ids: Sequence[UUID] | None = None
    offices: Sequence[tuple[PostKind, UUID]] | None = None
    states: Sequence[TaskState] = (TaskState.OPEN,)
    kind: TaskKind | None = None
    level: str | None = None
    overdue: bool | None = None
    unreachable: bool | None = None
    code: str | None = None
    due: Days = EVER
    opened: Days = EVER
    actor_id: UUID | None = None
    season_id: UUID | None = None
    about: Found = ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCount:
    """How many tasks of this kind, level and state there are, and how many of them are overdue; with `more`
    at least so many."""

    kind: TaskKind
    level: str | None
    state: TaskState
    count: int
    more: bool
    overdue: int


SORTS: Final = Sorts(
    "due",
    Sort(name="due", column="due_at", shown=attrgetter("due_at")),
    Sort(name="opened", column="opened_at", shown=attrgetter("opened_at")),
)
_PENDING = frozenset({TaskState.WAITING, TaskState.OPEN})
_COUNTED: Final = 2_000
"""So many are counted at most of a person, an office, or under some units."""
_COUNTED_OF_ALL: Final = 1_000
"""So many of each kind, level and state are counted at most of all; those that are due first."""

_OF_SEASON = "($20::uuid is null or season_id = $20)"


def _otherwise(state: str) -> str:
    """What narrows a look beyond kind, level and state; `state` is where the state is read."""
    is_pending = f"{state} in ('WAITING', 'OPEN')"
    return f"""
  ($1::uuid is null or assignee_id = $1) and ($2::uuid[] is null or unit_path && $2)
  and ($6::boolean is null or ($6 and {is_pending} and due_at < $7)
    or (not $6 and (due_at >= $7 or ($11 and not {is_pending}))))
  and ($8::boolean is null or ($8 and {is_pending} and unreachable_since is not null)
    or (not $8 and (not {is_pending} or unreachable_since is null)))
  and ($9::text[] is null or (unit_id = any($10::uuid[]) and post_kind = any($9::text[])
    and (post_kind, unit_id) in (select kind, unit from unnest($9::text[], $10::uuid[]) as o (kind, unit))))
  and ($12::text is null or subject_code = $12)
  and ($13::timestamptz is null or due_at >= $13) and ($14::timestamptz is null or due_at < $14)
  and ($15::timestamptz is null or opened_at >= $15) and ($16::timestamptz is null or opened_at < $16)
  and ($17::uuid is null or assignee_id = $17) {narrowed("subject_id", 18)} and {_OF_SEASON}
"""


# A parameter that says nothing falls away before the statement is planned (plan_cache_mode).
MATCHES = f"""
  state = any($3) and ($4::text is null or kind = $4) and ($5::text is null or level = $5)
  and {_otherwise("state")}
"""
OVERDUE = "(state in ('WAITING', 'OPEN') and due_at < $7) as is_overdue"
_KEY = "(kind || ' ' || coalesce(level, '') || ' ' || state)"
_GROUP = f"select {_KEY} as key, kind, level, state from tasks where {_OF_SEASON}"
_FIRST = f"order by {_KEY} limit 1"
GROUPS = f"""
with recursive every as (
  ({_GROUP} {_FIRST})
  union all
  select following.* from every g cross join lateral ({_GROUP} and {_KEY} > g.key {_FIRST}) following
),
alike as (
  select key, kind, level, state from every
  where state = any($3) and ($4::text is null or kind = $4) and ($5::text is null or level = $5)
)
"""
"""The groups that there are, of a season or of all, found by one step in the index each."""
_ALIKE = f"{_KEY} = g.key and {_otherwise('g.state')}"


def arguments(tx: Tx, wanted: TaskFilter) -> list[object]:
    """Those of `MATCHES`, $1 to $20."""
    units = list(wanted.unit_ids) if wanted.unit_ids is not None else None
    offices = wanted.offices
    return [
        wanted.assignee_id,
        units,
        list(wanted.states),
        wanted.kind,
        wanted.level,
        wanted.overdue,
        tx.now,
        wanted.unreachable,
        None if offices is None else [kind for kind, _ in offices],
        [unit for _, unit in offices or ()],
        not _PENDING.issuperset(wanted.states),
        wanted.code,
        wanted.due.begins,
        wanted.due.ends,
        wanted.opened.begins,
        wanted.opened.ends,
        wanted.actor_id,
        *wanted.about.arguments,
        wanted.season_id,
    ]


def is_of_all(wanted: TaskFilter) -> bool:
    """Nothing narrows it but what groups are made by, a season, or days. What nobody is there for is little,
    and has an index of its own."""
    whose = (wanted.assignee_id, wanted.unit_ids, wanted.offices, wanted.actor_id)
    of_what = (wanted.code, wanted.about.dossier_ids)
    return (*whose, *of_what) == (None,) * 6 and not wanted.unreachable


def _list(order: Order) -> str:
    return f"""
select {COLUMNS}, {OVERDUE} from tasks where {MATCHES} and {order.behind(21)} {order.by()} limit $23
"""


def _list_of_all(order: Order, by: str) -> str:
    return f"""
{GROUPS}
select {COLUMNS}, {OVERDUE} from (
  select t.* from alike g cross join lateral (
    select * from tasks where {_ALIKE} and {order.behind(21)} {by} limit $23) t
) t {order.by()} limit $23
"""


def _gathered(order: Order) -> str:
    # What is due, or was opened, in some days is gathered and sorted, for no index has this order: what was
    # opened last is seldom overdue, and whoever walks from there passes by all that is open; so does whoever
    # walks by due days to those opened in a month long ago.
    return _list_of_all(order, order.by(f"{order.sort.column} at time zone 'UTC'"))


LIST = SORTS.statements(_list)
LIST_OF_ALL = SORTS.statements(lambda order: _list_of_all(order, order.by()))
LIST_OF_ALL_GATHERED = SORTS.statements(_gathered)


def list_statement(wanted: TaskFilter, order: str) -> str:
    """The one that is led by an index to what is wanted."""
    if not is_of_all(wanted):
        return LIST[order]
    is_by_due = SORTS.orders[order].sort.column == "due_at"
    narrowed = wanted.opened.is_short if is_by_due else wanted.overdue or wanted.due != EVER
    return LIST_OF_ALL_GATHERED[order] if narrowed else LIST_OF_ALL[order]


ONE = f"select {COLUMNS}, {OVERDUE.replace('$7', '$2')}, unit_path from tasks where id = $1"


async def get_task(tx: Tx, task_id: UUID) -> tuple[Task, Sequence[UUID]]:
    """The task, and the path of its unit; `NotFound` without one."""
    row = await tx.conn.fetchrow(ONE, task_id, tx.now)
    if row is None:
        raise NotFound
    return read(Task, row), row["unit_path"]


async def list_tasks(tx: Tx, wanted: TaskFilter, place: ListPlace, limit: int) -> list[Task]:
    """Tasks in the order of the place, from there on."""
    statement = list_statement(wanted, place.order)
    rows = await tx.conn.fetch(statement, *arguments(tx, wanted), *place.arguments, limit)
    return read_all(Task, rows)


async def count_all(tx: Tx, wanted: TaskFilter) -> int:
    """How many `list_tasks` would list."""
    place = SORTS.beginning
    statement = counting(list_statement(wanted, place.order))
    return int(await tx.conn.fetchval(statement, *arguments(tx, wanted), *place.arguments, MOST + 1))


_LATE = "(count(*) filter (where state in ('WAITING', 'OPEN') and due_at < $7))::int"
COUNT = f"""
with counted as (select kind, level, state, due_at from tasks where {MATCHES} limit $21 + 1)
select kind, level, state, count(*)::int as count, (select count(*) from counted) > $21 as more,
  {_LATE} as overdue
from counted group by kind, level, state order by kind, level, state
"""
COUNT_OF_ALL = f"""
{GROUPS}
select g.kind, g.level, g.state, least(c.count, $21)::int as count,
  c.count > $21 as more, least(c.overdue, $21)::int as overdue
from alike g cross join lateral (
  select count(*) as count, {_LATE} as overdue from (
    select state, due_at from tasks where {_ALIKE} order by due_at, id limit $21 + 1) first
) c where c.count > 0 order by 1, 2, 3
"""


async def count_tasks(tx: Tx, wanted: TaskFilter) -> list[TaskCount]:
    """How much `list_tasks` would list, as far as counting is quick."""
    of_all = is_of_all(wanted)
    statement, most = (COUNT_OF_ALL, _COUNTED_OF_ALL) if of_all else (COUNT, _COUNTED)
    return read_all(TaskCount, await tx.conn.fetch(statement, *arguments(tx, wanted), most))
