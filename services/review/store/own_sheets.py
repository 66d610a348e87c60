"""The sheets that a member still has to fill in, by their tasks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit.db import Tx
from kit.rows import read_all


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


OWED = """
select s.id, s.version, s.stage_id, t.id as task_id, t.subject_id as dossier_id,
  t.subject_code as dossier_code, t.level, t.due_at
from tasks t join score_sheets s on s.stage_id = t.about_id and s.person_id = t.assignee_id
where t.assignee_id = $1 and t.state = 'OPEN' and t.kind = 'MARK' and s.state = 'DRAFT'
  and (t.due_at, t.id) > ($2, $3)
order by t.due_at, t.id limit $4
"""


async def owed_by(tx: Tx, person_id: UUID, after: tuple[datetime, UUID], limit: int) -> list[OwedSheet]:
    """By when they are due."""
    return read_all(OwedSheet, await tx.conn.fetch(OWED, person_id, *after, limit))
