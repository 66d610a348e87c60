"""Which tasks there are: mine, of my office, under my units, of all; listed exactly and counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from casework.tasks import COLUMNS, Task, TaskState
from kit.db import Tx
from kit.rows import read_all
from language.posts.kinds import PostKind, TaskKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilter:
    """Which tasks to list. `assignee_id` for mine, `unit_ids` for all under these units, `offices` for those
    of posts of a kind in a unit; all None for all."""

    assignee_id: UUID | None = None
    unit_ids: Sequence[UUID] | None = None
    offices: Sequence[tuple[PostKind, UUID]] | None = None
    states: Sequence[TaskState] = (TaskState.OPEN,)
    kind: str | None = None
    level: str | None = None
    overdue: bool | None = None
    unreachable: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCount:
    """How many tasks of this kind, level and state there are, and how many of them are overdue."""

    kind: TaskKind
    level: str | None
    state: TaskState
    count: int
    overdue: int


MATCHES = """
  ($1::uuid is null or assignee_id = $1) and ($2::uuid[] is null or unit_path && $2) and state = any($3)
  and ($4::text is null or kind = $4) and ($5::text is null or level = $5)
  and ($6::boolean is null or (state in ('WAITING', 'OPEN') and due_at < $7) = $6)
  and ($8::boolean is null or (state in ('WAITING', 'OPEN') and unreachable_since is not null) = $8)
  and ($9::text[] is null or (post_kind, unit_id) in (select kind, unit from unnest($9::text[],
  $10::uuid[]) as offices (kind, unit)))
"""
OVERDUE = "(state in ('WAITING', 'OPEN') and due_at < $7) as is_overdue"


def _arguments(tx: Tx, wanted: TaskFilter) -> list[object]:
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
    ]


LIST = (
    f"select {COLUMNS}, {OVERDUE} from tasks where {MATCHES} and (due_at, id) > ($11, $12) order by "
    "due_at, id limit $13"
)


async def list_tasks(tx: Tx, wanted: TaskFilter, after: tuple[datetime, UUID], limit: int) -> list[Task]:
    """Tasks by due date, from behind the given key."""
    rows = await tx.conn.fetch(LIST, *_arguments(tx, wanted), *after, limit)
    return read_all(Task, rows)


COUNT = f"""
select kind, level, state, count(*)::int as count, (count(*) filter (where state in ('WAITING', 'OPEN')
  and due_at < $7))::int as overdue
from tasks where {MATCHES} group by kind, level, state order by kind, level, state
"""


async def count_tasks(tx: Tx, wanted: TaskFilter) -> list[TaskCount]:
    """Exact counts of what `list_tasks` would list."""
    return read_all(TaskCount, await tx.conn.fetch(COUNT, *_arguments(tx, wanted)))
