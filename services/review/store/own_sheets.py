"""The sheets that a member still has to fill in, by their tasks."""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.rows import read_all
from kit.sorting import Key, ListPlace, Order, Sort, Sorts


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedSheet:
    """A draft of the member's own, and what it is about."""

    id: UUID
    version: int
    stage_id: UUID
    task_id: UUID
    dossier_id: UUID
    dossier_code: str
    level: str
    due_at: datetime


SORTS: Final = Sorts(
    "due",
    Sort(name="due", column="t.due_at", shown=attrgetter("due_at")),
    Sort(name="code", column="t.subject_code", shown=attrgetter("dossier_code"), key=Key.TEXT),
    row_id="t.id",
    shown_id="task_id",
)


def _owed(order: Order) -> str:
    return f"""
select s.id, s.version, s.stage_id, t.id as task_id, t.subject_id as dossier_id,
  t.subject_code as dossier_code, t.level, t.due_at
from tasks t join score_sheets s on s.stage_id = t.about_id and s.person_id = t.assignee_id
where t.assignee_id = $1 and t.state = 'OPEN' and t.kind = 'MARK' and s.state = 'DRAFT'
  and {order.behind(2)}
{order.by()} limit $4
"""


OWED = SORTS.statements(_owed)


async def owed_by(tx: Tx, person_id: UUID, place: ListPlace, limit: int) -> list[OwedSheet]:
    """In the order of the place, from there on."""
    found = await tx.conn.fetch(OWED[place.order], person_id, *place.arguments, limit)
    return read_all(OwedSheet, found)
