"""Who waits for whom: open work by the person who has it, with the units whose dossiers wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.rows import read_all
from language.posts.kinds import TaskKind
from language.views import View

_MOST: Final = 200
"""So many lines are told, those first of which most is overdue."""
_NAMED: Final = 3
"""So many of the units that wait are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Open work of one kind that one person has in a unit: how much, how much of it is overdue, since when
    the oldest is open; from how many units dossiers wait, and the first of those by name."""

    assignee_id: UUID
    assignee_name: str | None
    unit_id: UUID
    unit_name: str | None
    kind: TaskKind
    count: int
    overdue: int
    since: datetime
    waiting_units: int
    waiting_unit_names: list[str]


WAITING: Final = f"""
select w.*, p.full_name as assignee_name, u.name as unit_name, coalesce((
    select array_agg(n.name order by n.name) from (
      select name from {View.UNITS} where id = any(w.of_units) order by name limit {_NAMED}) n
  ), '{{}}') as waiting_unit_names
from (
  select t.assignee_id, t.unit_id, t.kind, count(*)::int as count,
    (count(*) filter (where t.due_at < $2))::int as overdue, min(t.opened_at) as since,
    count(distinct d.unit_id)::int as waiting_units,
    array_agg(distinct d.unit_id) filter (where d.unit_id is not null) as of_units
  from tasks t left join {View.DOSSIERS} d on d.id = t.subject_id
  where t.state = 'OPEN' and t.state in ('WAITING', 'OPEN') and ($1::uuid[] is null or t.unit_path && $1)
  group by t.assignee_id, t.unit_id, t.kind
  order by overdue desc, count desc, since, t.assignee_id, t.unit_id, t.kind limit {_MOST}
) w
left join {View.NAMES} p on p.id = w.assignee_id left join {View.UNITS} u on u.id = w.unit_id
order by w.overdue desc, w.count desc, w.since, w.assignee_id, w.unit_id, w.kind
"""


async def who_waits(tx: Tx, unit_ids: Sequence[UUID] | None) -> list[Waiting]:
    """Under these units, of None everywhere."""
    units = None if unit_ids is None else list(unit_ids)
    return read_all(Waiting, await tx.conn.fetch(WAITING, units, tx.now))
